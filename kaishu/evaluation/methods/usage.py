"""Rates of use 利用率 of open data by area or theme: views and downloads against the number of data sets.

A rate over nothing is not defined, and not 0: without data sets there is no rate of them, without views no
downloads per view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, floats, refuse
from kaishu.evaluation.methods.errors import BadChoice


@dataclass(frozen=True, slots=True)
class UsageRates:
    """Each (areas,), NaN where not defined.

    ``view_rate`` b/n 浏览率, ``download_rate`` d/n 下载率; the share of each in the sum of the areas' rates;
    the share of each area in all views and downloads; ``downloads_per_view`` d/b 浏览下载转化率.
    """

    view_rate: Array
    download_rate: Array
    share_of_view_rates: Array
    share_of_download_rates: Array
    share_of_views: Array
    share_of_downloads: Array
    downloads_per_view: Array


def usage_rates(datasets: ArrayLike, views: ArrayLike, downloads: ArrayLike) -> UsageRates:
    """Rates of areas with so many data sets, views and downloads, each (areas,), NaN for missing.

    The share of download rates is taken of the sum of download rates.

    >>> rates = usage_rates([10, 5, 0], [200, 50, 0], [20, 10, 0])
    >>> rates.view_rate.tolist(), rates.downloads_per_view.tolist()
    ([20.0, 10.0, nan], [0.1, 0.2, nan])
    >>> rates.share_of_download_rates.tolist(), rates.share_of_views.tolist()
    ([0.5, 0.5, nan], [0.8, 0.2, 0.0])
    """
    method = Said("利用率", "Rates of use")
    n, b, d = (floats(each, method) for each in (datasets, views, downloads))
    if not n.shape == b.shape == d.shape:
        raise BadChoice(method, Said("三列的长度不同", "the three columns differ in length"))
    for each in (n, b, d):
        refuse(each < 0, method, Said("有负数", "some are negative"))
    view_rate, download_rate = _over(b, n), _over(d, n)
    return UsageRates(
        view_rate,
        download_rate,
        _over(view_rate, np.nansum(view_rate)),
        _over(download_rate, np.nansum(download_rate)),
        _over(b, np.nansum(b)),
        _over(d, np.nansum(d)),
        _over(d, b),
    )


def data_volume(rows: ArrayLike, fields: ArrayLike) -> Array:
    """Rows times fields 数据容量.

    >>> data_volume([1000, 20], [7, 5]).tolist()
    [7000.0, 100.0]
    """
    method = Said("数据容量", "Data volume")
    lines, columns = floats(rows, method), floats(fields, method)
    for each in (lines, columns):
        refuse(each < 0, method, Said("有负数", "some are negative"))
    return np.asarray(lines * columns)


def _over(part: Array, whole: ArrayLike) -> Array:
    base = np.asarray(whole, dtype=np.float64)
    return np.asarray(part / np.where(base > 0, base, np.nan))

"""Preparation of raw values: denominators, how much of a unit is there, and values put in for missing ones.

Matrices are (units, columns) with NaN for missing. Source: OECD/JRC, Handbook on Constructing Composite
Indicators, 2008, steps 3 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import NOISE, Array, Mask, column_figures, floats, refuse
from kaishu.evaluation.methods.errors import BadChoice

IMPUTATION = Said("填补缺失", "Imputation")


@dataclass(frozen=True, slots=True)
class Imputed:
    """The matrix with values put in, and which cells they are; cells without a base stay missing."""

    values: Array
    imputed: Mask


def denominate(x: ArrayLike, denominator: ArrayLike, scale: float = 1.0) -> Array:
    """x / (D / scale) 去规模: per head, per km²; ``scale`` 10 000 for every ten thousand.

    A missing denominator, or 0, makes the value missing; a negative one is refused. ``denominator`` is
    (units,) for all columns or has the shape of ``x``.

    >>> denominate([30, 5, 8], [20000, 10000, 0], 10000).tolist()
    [15.0, 5.0, nan]
    """
    method = Said("去规模", "Denomination")
    values, base = floats(x, method), floats(denominator, method)
    if not scale > 0:
        raise BadChoice(method, Said("比例应大于 0", "a scale is above 0"))
    refuse(base < 0, method, Said("分母有负数", "some denominators are negative"))
    if values.ndim == 2 and base.ndim == 1:
        base = base[:, None]
    usable = np.where(base > 0, base, np.nan)
    return np.asarray(values / (usable / scale))


def availability(x: ArrayLike, applicable: Mask | None = None) -> Array:
    """Share of a unit's applicable columns that has a value 数据可得率, (units,); missing if none applies.

    >>> availability([[1, np.nan, 3], [np.nan] * 3]).round(4).tolist()
    [0.6667, 0.0]
    """
    values = floats(x)
    counts = np.broadcast_to(True if applicable is None else applicable, values.shape)
    expected = counts.sum(axis=-1)
    present = (counts & ~np.isnan(values)).sum(axis=-1)
    return np.asarray(np.where(expected > 0, present / np.maximum(expected, 1), np.nan))


def enough(x: ArrayLike, threshold: float = 2 / 3, applicable: Mask | None = None) -> Mask:
    """Units whose availability reaches the threshold (two thirds unless said) 数据充足, (units,).

    >>> enough([[1, np.nan, 3], [1, np.nan, np.nan]]).tolist()
    [True, False]
    """
    if not 0 <= threshold <= 1:
        reason = Said("阈值应在 0 到 1 之间", "a threshold lies between 0 and 1")
        raise BadChoice(Said("数据可得率", "Availability"), reason)
    share = availability(x, applicable)
    return np.asarray(share >= threshold - NOISE)


def impute(x: ArrayLike, by: Literal["mean", "median"], groups: ArrayLike | None = None) -> Imputed:
    """The column's mean or median 均值、中位数填补, of all units or of the unit's group.

    >>> impute([[1.0], [3.0], [8.0], [np.nan]], "mean").values[3].tolist()
    [4.0]
    >>> impute([[1.0], [3.0], [8.0], [np.nan]], "median", ["a", "a", "b", "b"]).values[3].tolist()
    [8.0]
    """
    if by not in ("mean", "median"):
        raise BadChoice(IMPUTATION, Said(f"没有“{by}”这种填补", f'there is no imputation by "{by}"'))
    values = floats(x, IMPUTATION)
    _, members = np.unique(
        np.zeros(len(values)) if groups is None else np.asarray(groups), return_inverse=True
    )
    if members.shape != values.shape[:1]:
        raise BadChoice(IMPUTATION, Said("分组的个数与对象不符", "there are not as many groups as units"))
    filled = values.copy()
    for group in range(members.max(initial=-1) + 1):
        part = values[members == group]
        middle = column_figures(part).mean if by == "mean" else _medians(part)
        filled[members == group] = np.where(np.isnan(part), middle, part)
    return Imputed(filled, np.isnan(values) & ~np.isnan(filled))


def _medians(x: Array) -> Array:
    ordered = np.sort(x, axis=0)
    count = (~np.isnan(x)).sum(axis=0)
    columns = np.arange(x.shape[1])
    low = ordered[np.maximum(count - 1, 0) // 2, columns]
    high = ordered[np.minimum(count // 2, len(x) - 1), columns]
    return np.asarray(np.where(count > 0, low / 2 + high / 2, np.nan))


def impute_from_row(x: ArrayLike, branches: ArrayLike | None = None, direction: ArrayLike = 1) -> Imputed:
    """From the unit's own other values 同支均值填补: their mean after min-max, brought back to the column.

    ``branches`` (columns,) names each column's branch of the tree; only columns of the same branch count.
    A unit without a value in the branch keeps its gap.

    >>> impute_from_row([[0.0, 10.0], [10.0, 20.0], [5.0, np.nan]]).values[2].tolist()
    [5.0, 15.0]
    """
    values = floats(x, IMPUTATION)
    figures = column_figures(values)
    span = figures.maximum - figures.minimum
    high = np.broadcast_to(np.asarray(direction) > 0, figures.count.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (values - figures.minimum) / span
    share = np.where(high, share, 1.0 - share)
    share = np.where(np.isfinite(share), share, np.nan)  # a constant column says nothing of its units
    _, members = np.unique(
        np.zeros(values.shape[1]) if branches is None else np.asarray(branches), return_inverse=True
    )
    filled = values.copy()
    for branch in range(members.max(initial=-1) + 1):
        columns = np.nonzero(members == branch)[0]
        own = column_figures(share[:, columns].T).mean[:, None]
        back = np.where(high[columns], own, 1.0 - own) * span[columns] + figures.minimum[columns]
        gaps = np.isnan(values[:, columns])
        filled[:, columns] = np.where(gaps, back, values[:, columns])
    return Imputed(filled, np.isnan(values) & ~np.isnan(filled))


def impute_panel(x: ArrayLike, times: ArrayLike, how: Literal["last", "linear", "constant"]) -> Imputed:
    """From the same unit's other years, x (years, …) with rising ``times`` (years,).

    ``last`` the latest earlier value 上期值; ``linear`` between two known years 线性插值, nothing beyond;
    ``constant`` as ``last``, and before the first known year that year's value 常数外推.

    >>> panel = [[np.nan], [2.0], [np.nan], [np.nan], [8.0]]
    >>> impute_panel(panel, [2018, 2019, 2020, 2021, 2022], "linear").values[:, 0].tolist()
    [nan, 2.0, 4.0, 6.0, 8.0]
    >>> impute_panel(panel, [2018, 2019, 2020, 2021, 2022], "constant").values[:, 0].tolist()
    [2.0, 2.0, 2.0, 2.0, 8.0]
    """
    values, when = floats(x, IMPUTATION), floats(times, IMPUTATION)
    if when.shape != values.shape[:1] or not (np.diff(when) > 0).all():
        raise BadChoice(IMPUTATION, Said("年份应与数据逐年对应并递增", "times rise, one for each year"))
    if how not in ("last", "linear", "constant"):
        raise BadChoice(IMPUTATION, Said(f"没有“{how}”这种填补", f'there is no imputation by "{how}"'))
    known = ~np.isnan(values)
    index = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1))
    before = np.maximum.accumulate(np.where(known, index, -1), axis=0)
    after = np.minimum.accumulate(np.where(known, index, len(values))[::-1], axis=0)[::-1]
    earlier = np.where(before >= 0, np.take_along_axis(values, np.maximum(before, 0), axis=0), np.nan)
    last = len(values) - 1
    later = np.where(after <= last, np.take_along_axis(values, np.minimum(after, last), axis=0), np.nan)
    if how == "last":
        found = earlier
    elif how == "constant":
        found = np.where(np.isnan(earlier), later, earlier)
    else:
        start, end = when[np.maximum(before, 0)], when[np.minimum(after, last)]
        here = when.reshape(index.shape)
        found = earlier + (later - earlier) * ((here - start) / np.where(end > start, end - start, 1.0))
    filled = np.where(known, values, found)
    return Imputed(filled, ~known & ~np.isnan(filled))

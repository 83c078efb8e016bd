"""The Mazziotta-Pareto index: a mean that is lowered by unevenness between a unit's members.

Source: M. Mazziotta and A. Pareto, Social Indicators Research 127, 2016, doi 10.1007/s11205-015-0998-2.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.aggregation import Missing, checked_weights, members_used, weighted_total
from kaishu.evaluation.methods.arrays import Array, Mask, floats, same
from kaishu.evaluation.methods.normalisation import Columns, Frozen


def mazziotta_pareto(
    x: ArrayLike,
    weights: ArrayLike | None = None,
    direction: ArrayLike = 1,
    *,
    uneven: Literal["lowers", "raises"] = "lowers",
    frozen: Frozen | None = None,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array:
    """MPI = M - S (S / M), of z = 100 ± 10 (x - mean) / sd; M, S mean and sd of a unit's z.

    Both sd divide by n. ``uneven='raises'`` adds the penalty, for indices of what is bad. ``frozen`` takes
    mean and sd of another year. The method has equal weights; with ``weights`` M and S are weighted, which is
    an extension of ours. A column without spread has z = 100. No index where M is not above 0.

    >>> mazziotta_pareto([[1, 30], [2, 10], [3, 20]]).round(4).tolist()
    [98.5, 93.4768, 105.7704]
    """
    method = Said("马佐塔—帕雷托指数", "Mazziotta-Pareto")
    matrix = floats(x, method)
    given = checked_weights(np.ones(matrix.shape[-1:]) if weights is None else weights, method)
    scores, present, left = members_used(matrix, given, missing, applicable, method)
    columns = Columns.of(np.where(present, scores, np.nan), direction, method)
    figures = columns.figures
    middle = figures.mean
    with np.errstate(invalid="ignore"):
        whole = np.sqrt(1.0 - 1.0 / np.maximum(figures.count, 1))  # from n - 1 to n
        spread = np.where(figures.count > 1, figures.sd * whole, 0.0)
    flat = same(figures.minimum, figures.maximum) | (spread < np.finfo(np.float64).tiny)
    if frozen is not None:
        middle, spread = columns.parameter(frozen[0]), columns.parameter(frozen[1])
        flat = spread <= 0
    away = (columns.x - middle[..., None, :]) / np.where(flat, 1.0, spread)[..., None, :]
    away = np.where(flat[..., None, :] & ~np.isnan(columns.x), 0.0, away)
    z = 100.0 + 10.0 * np.where(columns.better_high, away, -away)
    values = np.where(present, z, 0.0)
    used = weighted_total(present.astype(np.float64), given)
    used = np.where(used > 0, used, np.nan)
    mean = weighted_total(values, given) / used
    square = weighted_total(values * values, given) / used
    variance = np.maximum(square - mean * mean, 0.0)
    penalty = variance / np.where(mean > 0, mean, np.nan)
    return np.where(left, np.nan, mean - penalty if uneven == "lowers" else mean + penalty)

"""Contributions 贡献: what each member adds to an index, so that the contributions sum to it.

Every mean here lies where the pulls of its members even out: sum of w (f(x) - f(M)) = 0, with f(x) = x, ln x,
1/x or x^p. Writing f(x) - f(M) as (x - M) K(x, M) gives M = sum of v x with effective weights v proportional
to w K, which is exact: for the arithmetic mean K = 1 and v = w; for the geometric 1/K is the logarithmic mean
of x and M; for the harmonic v x is in proportion to w. What a member contributes is v x. Since v multiplies
down a tree, leaves contribute to the root in the same way.
Source: M. B. Reinsdorf, W. E. Diewert and C. Ehemann, Journal of Economic and Social Measurement 28, 2002
(decomposition of geometric means).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.aggregation import (
    Missing,
    checked_weights,
    members_used,
    power,
)
from kaishu.evaluation.methods.arrays import Array, Mask
from kaishu.evaluation.methods.errors import BadChoice

#: Means that are decomposed; the others (median, minimum, Copeland, TOPSIS …) have no contributions.
Mean = Literal["arithmetic", "geometric", "harmonic", "power"]
UNDEFINED = ("median", "minimum", "copeland", "topsis", "mazziotta-pareto")


def effective_weights(
    x: ArrayLike,
    weights: ArrayLike,
    how: str,
    *,
    exponent: float = 1.0,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array | None:
    """v (units, members) with sum of v x = the mean and, for each unit, sum of v = 1; None if not defined.

    Members left out have 0; a unit without a mean has NaN. Where a member 0 makes a mean 0, the members that
    are 0 share all the weight.

    >>> effective_weights([[1.0, 4.0]], [0.5, 0.5], "geometric").round(4).tolist()
    [[0.6667, 0.3333]]
    >>> effective_weights([[1.0, 4.0]], [0.5, 0.5], "median") is None
    True
    """
    if how in UNDEFINED:
        return None
    if how not in ("arithmetic", "geometric", "harmonic", "power"):
        method = Said("贡献分解", "Contributions")
        raise BadChoice(method, Said(f"没有“{how}”这种合成", f'there is no aggregation "{how}"'))
    p = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}.get(how, exponent)
    mean = power(x, weights, p, missing=missing, applicable=applicable)
    method = Said("贡献分解", "Contributions")
    given = checked_weights(weights, method)
    values, present, _ = members_used(x, given, missing, applicable, method)
    used = present & (given > 0)
    pulls = np.where(used, given * np.where(used, _slope(values, mean[..., None], p), 0.0), 0.0)
    nought = used & (values == 0)
    decided = (mean[..., None] == 0) & nought.any(axis=-1, keepdims=True) & (p <= 0)
    pulls = np.where(decided, np.where(nought, given, 0.0), pulls)
    total = pulls.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(np.isnan(mean)[..., None] | ~(total > 0), np.nan, pulls / total))


def contributions(
    x: ArrayLike,
    weights: ArrayLike,
    how: str,
    *,
    exponent: float = 1.0,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array | None:
    """v x (units, members), which sum to the mean; None for a method without contributions.

    >>> contributions([[1.0, 4.0]], [0.5, 0.5], "geometric").round(4).tolist()
    [[0.6667, 1.3333]]
    >>> contributions([[2.0, 6.0]], [0.5, 0.5], "harmonic").round(4).tolist()
    [[1.5, 1.5]]
    """
    effective = effective_weights(x, weights, how, exponent=exponent, missing=missing, applicable=applicable)
    return None if effective is None else effective * np.nan_to_num(np.asarray(x, dtype=np.float64))


def _slope(x: Array, mean: Array, p: float) -> Array:
    """K(x, M) / K(M, M): the slope of f between x and M, against that at M; 1 where they are equal."""
    if p == 1.0:
        return np.ones(np.broadcast_shapes(x.shape, mean.shape))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        away = np.where(x == mean, 0.0, (x - mean) / mean)
        close = np.abs(away) < 1e-8
        step = np.where(close, 1.0, away)
        change = np.log1p(step) if p == 0.0 else np.expm1(p * np.log1p(step)) / p
        return np.asarray(np.where(close, 1.0, change / step))

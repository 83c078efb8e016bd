"""TOPSIS 优劣解距离法: how near a unit is to the best of every member and how far from the worst.

Source: C. L. Hwang and K. Yoon, Multiple Attribute Decision Making, Springer, 1981.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.aggregation import Missing, checked_weights, members_used, weighted_total
from kaishu.evaluation.methods.arrays import Array, Mask


def topsis(
    x: ArrayLike,
    weights: ArrayLike,
    direction: ArrayLike = 1,
    *,
    missing: Missing = "skip",
    applicable: Mask | None = None,
) -> Array:
    """C = D- / (D+ + D-), from r = x / sqrt(sum x^2) and v = w r; 1 for the best of all, 0 for the worst.

    Shapes of ``x`` and ``weights``, and the policies, are those of ``aggregation``; the distances are taken
    over the members that a unit has. Missing where all units are alike, since there is no distance then.

    >>> topsis([[1, 9], [5, 5], [9, 1]], [0.5, 0.5]).round(4).tolist()
    [0.5, 0.5, 0.5]
    >>> topsis([[250, 16], [200, 16], [300, 32]], [0.5, 0.5], [-1, 1]).round(4).tolist()
    [0.2119, 0.3583, 0.6417]
    """
    method = Said("优劣解距离法", "TOPSIS")
    given = checked_weights(weights, method)
    values, present, left = members_used(x, given, missing, applicable, method)
    length = np.sqrt((values * values).sum(axis=-2, keepdims=True))
    scaled = values / np.where(length > 0, length, 1.0)
    some = present.any(axis=-2, keepdims=True)
    highest = np.where(present, scaled, -np.inf).max(axis=-2, keepdims=True, initial=-np.inf)
    lowest = np.where(present, scaled, np.inf).min(axis=-2, keepdims=True, initial=np.inf)
    highest, lowest = np.where(some, highest, 0.0), np.where(some, lowest, 0.0)
    more = np.asarray(direction) > 0
    to_best = np.where(present, scaled - np.where(more, highest, lowest), 0.0)
    to_worst = np.where(present, scaled - np.where(more, lowest, highest), 0.0)
    squared = given * given
    below = np.sqrt(weighted_total(to_best * to_best, squared))
    above = np.sqrt(weighted_total(to_worst * to_worst, squared))
    both = above + below
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where((both > 0) & ~left, above / np.where(both > 0, both, 1.0), np.nan))

"""Outranking 优势比较 and the Copeland score: units are compared two at a time, member by member.

M_ij is the share of weight of the members in which unit i has more than j, and half of that in which they are
equal. Only members that both have count, with their weights scaled to 1; a pair sharing none is a tie. So
M_ij + M_ji = 1 whatever the order of the units. x is (units, members), more is better.
Source: OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 7 (non-compensatory approach);
A. H. Copeland, A reasonable social welfare function, University of Michigan, 1951.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.methods.aggregation import Missing, checked_weights, members_used
from kaishu.evaluation.methods.arrays import NOISE, Array, Mask
from kaishu.evaluation.methods.errors import BadChoice
from kaishu.evaluation.methods.ranking import rank

OUTRANKING = Said("优势比较", "Outranking")

#: Pairs compared at a time, so that a block of them stays in the processor's cache.
PAIRS = 200_000
#: Cells of the table of comparisons (pairs x members) that is kept for many weightings of the same units.
KEPT = 8_000_000

_NEVER_MORE, _NEVER_LESS = -1, np.iinfo(np.int32).max


def outranking_matrix(
    x: ArrayLike, weights: ArrayLike, *, missing: Missing = "skip", applicable: Mask | None = None
) -> Array:
    """The matrix M (units, units), 0.5 on its diagonal; missing for units left out by the policy.

    >>> outranking_matrix([[1, 5], [2, 4], [2, np.nan]], [0.3, 0.7]).round(4).tolist()
    [[0.5, 0.7, 0.0], [0.3, 0.5, 0.5], [1.0, 0.5, 0.5]]
    """
    places, present, given = _places(x, weights, missing, applicable)
    units = len(places)
    matrix = np.empty((units, units))
    for start, end, margin in _margins(places, present, given):
        block = 0.5 + margin / 2
        matrix[start:end, start:] = block
        matrix[start:, start:end] = 1.0 - block.T
        matrix[start:end, start:end] = block[:, : end - start]
    nothing = ~present.any(axis=-1)
    matrix[nothing, :] = np.nan
    matrix[:, nothing] = np.nan
    return matrix


def copeland(
    x: ArrayLike, weights: ArrayLike, *, missing: Missing = "skip", applicable: Mask | None = None
) -> Array:
    """Pairs won (M > 1/2) less pairs lost 科普兰得分; compared with a tolerance of 1e-12.

    ``x`` (units, members) with weights (members,) or (runs, 1, members), or (runs, units, members). The
    matrix is made in blocks and not kept. Units without any member are missing and in no pair.

    >>> copeland([[1, 5], [2, 4], [0, 0]], [0.3, 0.7]).tolist()
    [2.0, 0.0, -2.0]
    >>> copeland([[1.0, np.nan], [np.nan, 2.0], [np.nan, np.nan]], [0.5, 0.5]).tolist()
    [0.0, 0.0, nan]
    """
    values = np.asarray(x, dtype=np.float64)
    given = checked_weights(weights, OUTRANKING)
    if values.ndim == 3:
        each = np.broadcast_to(given, (len(values), 1, values.shape[2]))
        marks = [None] * len(values) if applicable is None else np.broadcast_to(applicable, values.shape)
        runs = zip(values, each, marks, strict=True)
        return np.array([copeland(one, w[0], missing=missing, applicable=m) for one, w, m in runs])
    if given.ndim == 3:
        return _copeland_runs(values, given, missing, applicable)
    places, present, given = _places(values, given, missing, applicable)
    score = np.zeros(len(places))
    for start, end, margin in _margins(places, present, given):
        won = (margin > NOISE).astype(np.int8) - (margin < -NOISE).astype(np.int8)
        score[start:end] += won.sum(axis=1, dtype=np.int64)
        score[end:] -= won[:, end - start :].sum(axis=0, dtype=np.int64)
    return np.where(present.any(axis=-1), score, np.nan)


def robust_pairs(
    x: ArrayLike, weights: ArrayLike, *, missing: Missing = "skip", applicable: Mask | None = None
) -> Mask:
    """Pairs (i, j) in which i has more in every shared member of weight (M = 1): no weights can turn them.

    >>> robust_pairs([[2, 5], [1, 4], [3, 0]], [0.3, 0.7]).tolist()
    [[False, True, False], [False, False, False], [False, False, False]]
    """
    with np.errstate(invalid="ignore"):
        matrix = outranking_matrix(x, weights, missing=missing, applicable=applicable)
        return np.asarray(matrix >= 1.0 - NOISE)


def _copeland_runs(values: Array, weights: Array, missing: Missing, applicable: Mask | None) -> Array:
    """One comparison of all pairs for all runs, as long as its table is small; else run by run."""
    if weights.shape[1] != 1:
        raise BadChoice(OUTRANKING, Said("权重不能因对象而异", "weights cannot differ between units"))
    units, members = values.shape
    if missing == "propagate" or units * units * members > KEPT:
        return np.array([copeland(values, w[0], missing=missing, applicable=applicable) for w in weights])
    places, present, _ = _places(values, np.ones(members), missing, applicable)
    first, second = np.triu_indices(units, 1)
    sign = np.empty((members, len(first)))
    for member in range(members):
        left, right = _sides(places[:, member], present[:, member])
        more, less = left[0][first] > right[0][second], left[1][first] < right[1][second]
        sign[member] = more.astype(np.int8) - less
    shared = (present[first] & present[second]).T.astype(np.float64)
    result = np.empty((len(weights), units))
    step = max(1, KEPT // max(len(first), 1))
    for start in range(0, len(weights), step):
        some = weights[start : start + step, 0]
        margin = some @ sign
        noise = NOISE * np.maximum(some @ shared, 0.0)
        won = (margin > noise).astype(np.int8) - (margin < -noise).astype(np.int8)
        square = np.zeros((len(some), units, units), dtype=np.int8)
        square[:, first, second] = won
        square[:, second, first] = -won
        result[start : start + step] = square.sum(axis=-1, dtype=np.int64)
    with_members = np.array([(present & (w[0] > 0)).any(axis=-1) for w in weights])
    return np.where(with_members, result, np.nan)


def _places(
    x: ArrayLike, weights: ArrayLike, missing: Missing, applicable: Mask | None
) -> tuple[NDArray[np.int32], Mask, Array]:
    """Each member's values as dense ranks from the least, equal but for noise sharing one; which are used."""
    given = checked_weights(weights, OUTRANKING)
    if given.ndim != 1:
        raise BadChoice(OUTRANKING, Said("权重不能因对象而异", "weights cannot differ between units"))
    values, present, left = members_used(x, given, missing, applicable, OUTRANKING)
    present = present & ~left[:, None] & (given > 0)
    ranks = rank(np.where(present, values, np.nan).T, ties="dense", lowest_first=True).T
    return np.nan_to_num(ranks).astype(np.int32), present, given


def _sides(
    places: NDArray[np.int32], present: Mask
) -> tuple[tuple[NDArray[np.int32], ...], tuple[NDArray[np.int32], ...]]:
    """Ranks for `left > right` and for `left < right`, where what is missing is never either."""
    low, high = np.where(present, places, _NEVER_MORE), np.where(present, places, _NEVER_LESS)
    return (low, high), (high, low)


def _margins(places: NDArray[np.int32], present: Mask, weights: Array) -> Iterator[tuple[int, int, Array]]:
    """Blocks of M_ij - M_ji, from the diagonal to the right: first row, end, (rows, units - first)."""
    units, members = places.shape
    sides = [_sides(places[:, member].copy(), present[:, member]) for member in range(members)]
    whole = present.all()
    weighted = present * weights
    start = 0
    while start < units:
        end = min(units, start + max(1, PAIRS // (units - start)))
        margin = np.zeros((end - start, units - start))
        part = np.empty_like(margin)
        for (left, right), weight in zip(sides, weights, strict=True):
            more = left[0][start:end, None] > right[0][None, start:]
            less = left[1][start:end, None] < right[1][None, start:]
            np.multiply(np.subtract(more.view(np.int8), less.view(np.int8)), weight, out=part)
            margin += part
        if whole:
            margin /= weights.sum()
        else:
            shared = weighted[start:end] @ present[start:].T.astype(np.float64)
            margin = np.where(shared > 0, margin / np.where(shared > 0, shared, 1.0), 0.0)
        yield start, end, margin
        start = end

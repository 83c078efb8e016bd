"""Ranks 排名: 1 is the best, from scores in full precision unless rounding is asked for."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import NOISE, Array, floats
from kaishu.evaluation.methods.decimals import round_half_away
from kaishu.evaluation.methods.errors import BadChoice

#: What equals share: the best of their ranks (1 2 2 4), the mean (1 2.5 2.5 4), or dense ranks (1 2 2 3).
Ties = Literal["best", "average", "dense"]

RANKING = Said("排名", "Ranking")


def rank(
    scores: ArrayLike,
    *,
    ties: Ties = "best",
    within: ArrayLike | None = None,
    decimals: int | None = None,
    lowest_first: bool = False,
    tolerance: float = NOISE,
) -> Array:
    """Ranks along the last axis; missing scores have none (NaN).

    ``scores`` (units,) or (runs, units); ``within`` (units,) names each unit's group, ranked by itself;
    ``decimals`` ranks what is printed with so many. Scores that differ by no more than arithmetic noise
    (``tolerance``, relative) are equal. Standard competition ranking, as in sports.

    >>> rank([4.0, 5.0, 4.0, 3.0, float("nan")]).tolist()
    [2.0, 1.0, 2.0, 4.0, nan]
    >>> rank([4.0, 5.0, 4.0, 3.0], ties="average").tolist(), rank([4.0, 5.0, 4.0, 3.0], ties="dense").tolist()
    ([2.5, 1.0, 2.5, 4.0], [2.0, 1.0, 2.0, 3.0])
    >>> rank([0.1 + 0.2, 0.3, 9.0], within=["city", "city", "province"]).tolist()
    [1.0, 1.0, 1.0]
    >>> rank([0.9621, 0.9624, 0.967], decimals=3).tolist()
    [2.0, 2.0, 1.0]
    """
    values = floats(scores, RANKING)
    if ties not in ("best", "average", "dense"):
        raise BadChoice(RANKING, Said(f"没有“{ties}”这种并列规则", f'there is no rule of ties "{ties}"'))
    if decimals is not None:
        values = round_half_away(values, decimals)
    values = values if lowest_first else -values
    if within is None:
        return _lowest_first(values, ties, tolerance)
    ranks = np.full(values.shape, np.nan)
    names, groups = np.unique(np.asarray(within), return_inverse=True)
    if groups.shape != values.shape[-1:]:
        raise BadChoice(RANKING, Said("分组的个数与对象不符", "there are not as many groups as units"))
    for group in range(len(names)):
        members = groups == group
        ranks[..., members] = _lowest_first(values[..., members], ties, tolerance)
    return ranks


def _lowest_first(values: Array, ties: Ties, tolerance: float) -> Array:
    units = values.shape[-1]
    if units == 0:
        return np.empty(values.shape)
    order = np.argsort(values, axis=-1, kind="stable")  # missing values come last
    ordered = np.take_along_axis(values, order, axis=-1)
    sizes = np.abs(ordered)
    floor = np.fmax.reduce(sizes, axis=-1)[..., None] * 1e-15
    enough = np.maximum(np.maximum(sizes[..., 1:], sizes[..., :-1]) * tolerance, floor)
    with np.errstate(invalid="ignore"):
        above = ~(ordered[..., 1:] - ordered[..., :-1] <= enough)
    first_of_all = np.ones((*values.shape[:-1], 1), dtype=bool)
    begins = np.concatenate([first_of_all, above], axis=-1)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, _places(begins, ties), axis=-1)
    ranks[np.isnan(values)] = np.nan
    return ranks


def _places(begins: NDArray[np.bool_], ties: Ties) -> Array:
    """Ranks in order, from where each set of equals begins."""
    if ties == "dense":
        return begins.cumsum(axis=-1).astype(np.float64)
    units = begins.shape[-1]
    position = np.arange(units)
    first = np.maximum.accumulate(np.where(begins, position, 0), axis=-1)
    if ties == "best":
        return (first + 1).astype(np.float64)
    ends = np.concatenate([begins[..., 1:], np.ones((*begins.shape[:-1], 1), dtype=bool)], axis=-1)
    last = np.minimum.accumulate(np.where(ends, position, units)[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray((first + last) / 2 + 1, dtype=np.float64)

"""Grades 等级, stages 阶段 and attainment 达标率: what a score means in words.

Grades are numbered 0, 1, 2 … from the best; -1 where the score is missing. Limits belong to the better grade
and are compared in decimal arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, Mask, floats
from kaishu.evaluation.methods.decimals import at_least
from kaishu.evaluation.methods.errors import BadChoice

#: Places in a list of grades or stages, -1 for none.
Places = NDArray[np.int64]
GRADING = Said("分级", "Grading")


def grades(scores: ArrayLike, limits: Sequence[float | Decimal]) -> Places:
    """The first grade whose limit is reached; ``limits`` fall, and what reaches none has grade len(limits).

    ``scores`` (units,) or (runs, units).

    >>> grades([4.5, 4.49, 3.0, 1.0, np.nan], [4.5, 4, 3]).tolist()
    [0, 1, 2, 3, -1]
    """
    values = floats(scores, GRADING)
    if any(Decimal(str(low)) >= Decimal(str(high)) for high, low in pairwise(limits)):
        raise BadChoice(GRADING, Said("分数线应由高到低，各不相同", "limits fall, each below the one before"))
    found = np.full(values.shape, len(limits), dtype=np.int64)
    for place in range(len(limits) - 1, -1, -1):
        found[at_least(values, limits[place])] = place
    found[np.isnan(values)] = -1
    return found


def quantile_limits(scores: ArrayLike, shares: Sequence[float]) -> list[float]:
    """Limits so that the first ``shares[0]`` of units have the best grade, and so on 分位数分级; shares rise.

    Linear between order statistics, as spreadsheets have it; equal scores always share a grade.

    >>> quantile_limits([1, 2, 3, 4, 5], [0.25, 0.5])
    [4.0, 3.0]
    """
    known = _known(scores)
    if list(shares) != sorted(set(shares)) or not all(0 < share < 1 for share in shares):
        raise BadChoice(GRADING, Said("分位应在 0 与 1 之间递增", "shares rise between 0 and 1"))
    return _falling(np.quantile(known, [1 - share for share in shares])) if known.size else []


def equal_width_limits(scores: ArrayLike, classes: int) -> list[float]:
    """Limits that cut the observed range into classes of one width 等距分级.

    >>> equal_width_limits([0, 3, 9], 3)
    [6.0, 3.0]
    """
    _several(classes)
    known = _known(scores)
    return _falling(np.linspace(known.max(), known.min(), classes + 1)[1:-1]) if known.size else []


def sd_limits(scores: ArrayLike, multiples: Sequence[float] = (1.0, 0.0, -1.0)) -> list[float]:
    """Limits at mean + k sd 标准差分级, sd with n - 1.

    >>> sd_limits([2, 4, 6])
    [6.0, 4.0, 2.0]
    """
    known = _known(scores)
    if known.size < 2:
        return []
    return _falling(known.mean() + known.std(ddof=1) * np.array(sorted(multiples, reverse=True)))


def natural_breaks(scores: ArrayLike, classes: int) -> list[float]:
    """Limits that make classes as even inside as can be 自然断点法: the least sum of squares, found exactly.

    Each limit is the least score of its class. Fewer different scores than classes make fewer classes.
    Source: G. F. Jenks, International Yearbook of Cartography 7, 1967; W. D. Fisher, JASA 53, 1958 (exact).

    >>> natural_breaks([1, 2, 3, 10, 11, 12, 30], 3)
    [30.0, 10.0]
    """
    _several(classes)
    values, counts = np.unique(_known(scores), return_counts=True)
    if not len(values):
        return []
    starts = _best_starts(values - values.mean(), counts, min(classes, len(values)))
    return [float(values[start]) for start in starts[::-1]]


def _best_starts(values: Array, counts: NDArray[np.int64], classes: int) -> list[int]:
    """Where classes 2, 3 … begin in sorted different values, by dynamic programming over (class, end)."""
    size = len(values)
    n = np.concatenate([[0.0], np.cumsum(counts)])
    total = np.concatenate([[0.0], np.cumsum(counts * values)])
    square = np.concatenate([[0.0], np.cumsum(counts * values * values)])

    def within(start: NDArray[np.int64], end: int) -> Array:
        """Sum of squares around the mean of the values start to end - 1."""
        part = total[end] - total[start]
        return np.asarray(square[end] - square[start] - part * part / (n[end] - n[start]))

    cost = np.array([np.inf, *(within(np.array([0]), end)[0] for end in range(1, size + 1))])
    choice = np.zeros((classes, size + 1), dtype=np.int64)
    for each in range(1, classes):
        further = np.full(size + 1, np.inf)
        for end in range(each + 1, size + 1):
            start = np.arange(each, end)
            sums = cost[start] + within(start, end)
            best = int(np.argmin(sums))
            further[end], choice[each, end] = sums[best], start[best]
        cost = further
    starts, end = [], size
    for each in range(classes - 1, 0, -1):
        end = int(choice[each, end])
        starts.append(end)
    return starts[::-1]


def veto(found: Places, hit: Mask, at_most: int) -> Places:
    """Units hit by a veto 一票否决 have no better grade than ``at_most``.

    >>> veto(np.array([0, 2, -1]), np.array([True, True, True]), 1).tolist()
    [1, 2, -1]
    """
    return np.where(hit & (found >= 0), np.maximum(found, at_most), found)


def stages(
    met: Sequence[ArrayLike], rule: Literal["highest", "climbing"] = "highest"
) -> tuple[Places, list[Mask]]:
    """The stage each unit has reached, from its conditions; -1 for none.

    ``met`` has for each stage, from the first to the highest, a mask (units, conditions). A stage is reached
    when all of its conditions hold. ``highest`` takes the highest stage reached; ``climbing`` the highest to
    which all stages below are reached too. Also returns which stages each unit reaches, for explanation.

    >>> low, high = [[True], [True], [False]], [[True, True], [True, False], [True, True]]
    >>> stages([low, high])[0].tolist(), stages([low, high], "climbing")[0].tolist()
    ([1, 0, 1], [1, 0, -1])
    """
    if rule not in ("highest", "climbing"):
        raise BadChoice(Said("阶段", "Stages"), Said(f"没有“{rule}”这种规则", f'there is no rule "{rule}"'))
    reached = [np.asarray(each, dtype=bool).all(axis=-1) for each in met]
    if not reached:
        raise BadChoice(Said("阶段", "Stages"), Said("没有阶段", "there are no stages"))
    found = np.full(reached[0].shape, -1, dtype=np.int64)
    so_far = np.ones(reached[0].shape, dtype=bool)
    for place, holds in enumerate(reached):
        so_far &= holds
        found[so_far if rule == "climbing" else holds] = place
    return found, [np.asarray(each) for each in reached]


def attainment(scores: ArrayLike, full: ArrayLike, applicable: Mask | None = None) -> Array:
    """Score over full mark 达标率, and so the mean over units (last axis but one) of each column.

    Units to which a column does not apply, and missing scores, are left out of its mean.

    >>> attainment([[4.0, 2.0], [1.0, np.nan]], 5).tolist()
    [0.5, 0.4]
    """
    values, marks = floats(scores, GRADING), floats(full, GRADING)
    if not (marks > 0).all():
        raise BadChoice(Said("达标率", "Attainment"), Said("满分应大于 0", "a full mark is above 0"))
    share = values / marks
    counts = ~np.isnan(share) & (True if applicable is None else applicable)
    n = counts.sum(axis=-2)
    total = np.where(counts, share, 0.0).sum(axis=-2)
    return np.asarray(np.where(n > 0, total / np.maximum(n, 1), np.nan))


def _known(scores: ArrayLike) -> Array:
    values = floats(scores, GRADING)
    return values[~np.isnan(values)]


def _falling(limits: Array) -> list[float]:
    """As a list without repetitions, to which equal scores lead."""
    return list(dict.fromkeys(float(limit) for limit in limits))


def _several(classes: int) -> None:
    if classes < 1:
        raise BadChoice(GRADING, Said("至少要有 1 级", "there is one class at least"))

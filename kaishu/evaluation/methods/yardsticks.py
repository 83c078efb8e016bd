"""Normalisation against something fixed: goalposts, a target, a unit of reference, steps, a judge's mark.

Input and result are those of ``normalisation``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.arrays import Array, Mask, floats, refuse, same
from kaishu.evaluation.methods.decimals import at_least, at_most
from kaishu.evaluation.methods.errors import BadChoice
from kaishu.evaluation.methods.normalisation import Columns, Constant, Frozen, Normalised, Scale, stretch


def share_of_maximum(
    x: ArrayLike,
    direction: ArrayLike = 1,
    *,
    maximum: ArrayLike | None = None,
    constant: Constant = "leave-out",
) -> Normalised:
    """x / max 与最大值之比; min / x where less is better. Values below 0 are refused.

    ``maximum`` freezes the best value (the least where less is better). A column of zeros is treated as
    constant; a zero where less is better has 1, since nothing is better.

    >>> share_of_maximum([1, 2, 4]).scores.tolist(), share_of_maximum([1, 2, 4], -1).scores.tolist()
    ([0.25, 0.5, 1.0], [1.0, 0.5, 0.25])
    """
    method = Said("与最大值之比", "Share of the maximum")
    columns = Columns.of(x, direction, method)
    refuse(columns.x < 0, method, Said("有负数", "some are negative"))
    found = np.where(columns.better_high, columns.figures.maximum, columns.figures.minimum)
    best = found if maximum is None else columns.parameter(maximum)
    flat = columns.better_high & (best <= 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        high = columns.x / np.where(flat, 1.0, best)[..., None, :]
        low = np.where(columns.x > 0, best[..., None, :] / columns.x, 1.0)
    scores = np.where(columns.better_high, high, low)
    return columns.done(scores, flat=flat, constant=constant, best=best)


def to_reference(
    x: ArrayLike,
    reference: int,
    direction: ArrayLike = 1,
    *,
    constant: Constant = "leave-out",
) -> Normalised:
    """1 - (x_ref - x) / (x_ref - min) 与参照对象的距离; (max - x) / (max - x_ref) where less is better.

    ``reference`` is the row of the unit of reference. Where that unit is itself the worst there is no
    distance to measure, and the policy for constant columns applies.

    >>> to_reference([10, 20, 40], 1).scores.tolist(), to_reference([10, 20, 40], 1, -1).scores.tolist()
    ([0.0, 1.0, 3.0], [1.5, 1.0, 0.0])
    """
    method = Said("与参照对象的距离", "Distance to the unit of reference")
    columns = Columns.of(x, direction, method)
    if not 0 <= reference < columns.x.shape[-2]:
        raise BadChoice(method, Said("没有这个参照对象", "there is no such unit of reference"))
    stands = columns.x[..., reference, :]
    if np.isnan(stands).any():
        raise BadChoice(method, Said("参照对象缺少数值", "the unit of reference lacks a value"))
    low = np.where(columns.better_high, columns.figures.minimum, stands)
    high = np.where(columns.better_high, stands, columns.figures.maximum)
    flat = same(low, high)
    scores = columns.share(low, high, flat)
    return columns.done(scores, flat=flat, constant=constant, lower=low, upper=high, reference=stands)


def to_target(
    x: ArrayLike,
    target: ArrayLike,
    direction: ArrayLike = 1,
    *,
    scale: Scale = (0.0, 1.0),
    frozen: Frozen | None = None,
    cut: bool = True,
) -> Normalised:
    """(x - min) / (T - min) 目标达成度; (max - x) / (max - T) where less is better; 1 once it is met.

    Without ``cut`` the score goes on above 1. Where every unit has met the target, all have 1; without
    ``cut`` that is refused, because the distance has no length.

    >>> to_target([10, 20, 50], 40).scores.round(4).tolist()
    [0.0, 0.3333, 1.0]
    >>> to_target([10, 20, 50], 15, -1, scale=(0, 5)).scores.round(4).tolist()
    [5.0, 4.2857, 0.0]
    """
    method = Said("目标达成度", "Distance to the target")
    columns = Columns.of(x, direction, method)
    aim = columns.parameter(target)
    lower, upper = columns.range(frozen)
    low, high = np.where(columns.better_high, lower, aim), np.where(columns.better_high, aim, upper)
    met = ~(high > low) | same(low, high)
    if not cut and (met & (columns.figures.count > 0)).any():
        raise BadChoice(
            method,
            Said("所有对象都已达到目标，得不出距离", "every unit has met the target, so nothing is measured"),
        )
    share = columns.share(low, high, met)
    share = np.where(met[..., None, :], 1.0, np.minimum(share, 1.0) if cut else share)
    share = np.maximum(share, 0.0) if cut else share
    return columns.done(stretch(share, scale, method), lower=lower, upper=upper, target=aim)


def goalposts(
    x: ArrayLike,
    posts: Frozen,
    direction: ArrayLike = 1,
    *,
    scale: Scale = (0.0, 1.0),
    cut: bool = True,
    log: bool = False,
) -> Normalised:
    """(x - lo) / (hi - lo) 阈值法, or (hi - x) / (hi - lo) where less is better, cut to 0 and 1.

    ``log`` takes logarithms of values and posts, as the Human Development Index does with income
    (UNDP, HDR technical note 1). Posts stand in rising order; which end is better only ``direction`` says.

    >>> goalposts([85, 52.5, 10], (20, 85)).scores.tolist()
    [1.0, 0.5, 0.0]
    >>> goalposts([100, 75000, 150000], (100, 75000), log=True).scores.tolist()
    [0.0, 1.0, 1.0]
    """
    method = Said("对数阈值法", "Goalposts on logarithms") if log else Said("阈值法", "Goalposts")
    columns = Columns.of(x, direction, method)
    low, high = columns.parameter(posts[0]), columns.parameter(posts[1])
    if not (low < high).all():
        reason = Said(
            "下限应小于上限；指标越小越好只用方向表示",
            "the lower post is below the upper one; that less is better is said by the direction alone",
        )
        raise BadChoice(method, reason)
    if log:
        columns, low, high = _logarithms(columns, low, high, cut=cut)
    share = columns.share(low, high, np.zeros(low.shape, dtype=bool))
    share = np.clip(share, 0.0, 1.0) if cut else share
    posts_used = (columns.parameter(posts[0]), columns.parameter(posts[1]))
    return columns.done(stretch(share, scale, method), lower=posts_used[0], upper=posts_used[1])


def _logarithms(columns: Columns, low: Array, high: Array, *, cut: bool) -> tuple[Columns, Array, Array]:
    above_zero = Said("对数要求大于 0", "a logarithm needs more than 0")
    if not (low > 0).all():
        raise BadChoice(columns.method, above_zero)
    inside = np.maximum(columns.x, low[..., None, :]) if cut else columns.x
    refuse(inside <= 0, columns.method, above_zero)
    taken = Columns(columns.method, np.log(inside), columns.vector, columns.figures, columns.better_high)
    return taken, np.log(low), np.log(high)


def efficacy(
    x: ArrayLike,
    not_allowed: ArrayLike | None = None,
    satisfactory: ArrayLike | None = None,
    direction: ArrayLike | None = None,
    *,
    base: float = 60.0,
    span: float = 40.0,
    constant: Constant = "leave-out",
) -> Normalised:
    """60 + 40 (x - x_n) / (x_s - x_n) 功效系数法, x_n not allowed 不容许值, x_s satisfactory 满意值.

    Given values carry the direction in their order, so that a direction beside them is refused. Without
    them the worst and the best observed value are taken, by ``direction``. Nothing is cut.

    >>> efficacy([20, 50, 80, 95], 20, 80).scores.tolist()
    [60.0, 80.0, 100.0, 110.0]
    >>> efficacy([20, 50, 80], 80, 20).scores.tolist(), efficacy([20, 50, 80], direction=-1).scores.tolist()
    ([100.0, 80.0, 60.0], [100.0, 80.0, 60.0])
    """
    method = Said("功效系数法", "Efficacy score")
    if (not_allowed is None) != (satisfactory is None):
        raise BadChoice(method, Said("不容许值和满意值要一起给出", "the two values are given together"))
    columns = Columns.of(x, 1 if direction is None else direction, method)
    if not_allowed is not None and satisfactory is not None:
        if direction is not None:
            reason = Said(
                "方向已由两个值的大小表示", "the order of the two values already says the direction"
            )
            raise BadChoice(method, reason)
        worst, best = columns.parameter(not_allowed), columns.parameter(satisfactory)
        if same(np.minimum(worst, best), np.maximum(worst, best)).any():
            raise BadChoice(method, Said("不容许值等于满意值", "the two values are equal"))
    else:
        low, high = columns.range(None)
        worst, best = np.where(columns.better_high, low, high), np.where(columns.better_high, high, low)
    flat = same(np.minimum(worst, best), np.maximum(worst, best))
    with np.errstate(invalid="ignore"):
        length = np.where(flat, 1.0, best - worst)[..., None, :]
    scores = base + span * ((columns.x - worst[..., None, :]) / length)
    scale = (base, base + span)
    return columns.done(scores, flat=flat, constant=constant, scale=scale, lower=worst, upper=best)


def steps(
    x: ArrayLike, table: Sequence[tuple[float, float]], direction: int = 1, *, below: float = 0.0
) -> Normalised:
    """The score of the best step whose limit is met 分档计分; a limit belongs to the better step.

    ``table`` holds (limit, score) pairs; a limit is met by x >= limit, or x <= limit where less is better,
    in decimal arithmetic; what meets no limit has ``below``.

    >>> steps([0, 9.9, 10, 25], [(0, 0), (10, 3), (20, 5)]).scores.tolist()
    [0.0, 0.0, 3.0, 5.0]
    >>> steps([0.1 + 0.2, 0.5, 3], [(0.3, 5), (1, 2)], -1).scores.tolist()
    [5.0, 2.0, 0.0]
    """
    method = Said("分档计分", "Steps")
    limits = [limit for limit, _ in table]
    if not limits or len(set(limits)) < len(limits):
        raise BadChoice(method, Said("每档的界限应各不相同", "every step has a limit of its own"))
    columns = Columns.of(x, direction, method)
    rising = sorted(table) if direction > 0 else sorted(table, reverse=True)
    marks = [score for _, score in rising]
    if [below, *marks] != sorted([below, *marks]):
        raise BadChoice(method, Said("更好的一档分值更低", "a better step has a lower score"))
    scores = np.full(columns.x.shape, below)
    for limit, score in rising:
        met = at_least(columns.x, limit) if direction > 0 else at_most(columns.x, limit)
        scores = np.where(met, score, scores)
    return columns.done(scores)


def binary(x: ArrayLike, direction: ArrayLike = 1, *, full: float = 1.0) -> Normalised:
    """0 or the full mark 是否型; ``x`` is 0 or 1, anything else is refused.

    >>> binary([1, 0, float("nan")], full=5).scores.tolist(), binary([1, 0], -1).scores.tolist()
    ([5.0, 0.0, nan], [0.0, 1.0])
    """
    method = Said("是否型计分", "Yes or no")
    columns = Columns.of(x, direction, method)
    refuse(
        ~np.isin(columns.x, (0, 1)) & ~np.isnan(columns.x),
        method,
        Said("有 0、1 以外的数", "not all are 0 or 1"),
    )
    return columns.done(np.where((columns.x == 1) == columns.better_high, full, 0.0))


def direct(x: ArrayLike, direction: ArrayLike = 1, *, scale: Scale = (0.0, 5.0)) -> Normalised:
    """The judge's mark as given 直接计分, checked to lie on the scale; mirrored where less is better.

    >>> direct([0, 3.5, 5]).scores.tolist(), direct([0, 3.5, 5], -1).scores.tolist()
    ([0.0, 3.5, 5.0], [5.0, 1.5, 0.0])
    """
    method = Said("直接计分", "Marks as given")
    columns = Columns.of(x, direction, method)
    outside: Mask = ~(at_least(columns.x, scale[0]) & at_most(columns.x, scale[1])) & ~np.isnan(columns.x)
    reason = Said(
        f"有分值不在 {scale[0]:g} 到 {scale[1]:g} 之间", f"some are outside {scale[0]:g} to {scale[1]:g}"
    )
    refuse(outside, method, reason)
    return columns.done(np.where(columns.better_high, columns.x, scale[0] + scale[1] - columns.x))


def same_direction_twice(posts: tuple[float, float], direction: int | None) -> bool:
    """Whether reversed goalposts and a direction both say which end is better, which is refused.

    >>> same_direction_twice((85, 20), -1), same_direction_twice((85, 20), None)
    (True, False)
    """
    low, high = floats(posts)
    return bool(low > high) and direction is not None

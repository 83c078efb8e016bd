"""Choices that contradict themselves or each other: ranges without width, a direction given twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kaishu.base.errors import Said
from kaishu.evaluation.system.choices import (
    Efficacy,
    Goalposts,
    Levels,
    LogGoalposts,
    MinMax,
    Steps,
    ZScore,
)
from kaishu.evaluation.system.lines import Path
from kaishu.evaluation.system.model import Indicator, Judged, Node, Passport

Found = tuple[Path, Said]


def choice_problems(passport: Passport) -> Iterator[Found]:
    """Of the whole system."""
    low, high = passport.scale
    if low >= high:
        yield ("scale",), Said("应先写低分再写高分", "the low end comes first")
    yield from normalisation_problems(passport.normalise, None, ("normalise",))
    units = passport.units
    if "period" in passport.ranges.within and units.period is None:
        yield (
            ("ranges", "within"),
            Said("请在 units 里写 period 列", "say in units which column is the period"),
        )
    if "group" in passport.ranges.within and units.group is None:
        yield ("ranges", "within"), Said("请在 units 里写 group 列", "say in units which column is the group")
    if passport.ranges.base is not None and units.period is None:
        yield ("ranges", "base"), Said("请在 units 里写 period 列", "say in units which column is the period")
    if passport.ranges.base is not None and "period" in passport.ranges.within:
        yield (
            ("ranges", "base"),
            Said(
                "已按各期分别取范围，不能再用基期", "ranges are taken in each period; there is no base then"
            ),
        )


def indicator_problems(passport: Passport, node: Node, path: Path) -> Iterator[Found]:
    """Of one leaf."""
    indicator = node.indicator
    assert indicator is not None
    chosen = indicator.normalise or passport.normalise
    yield from normalisation_problems(chosen, indicator.direction, (*path, "normalise"))
    if indicator.range is not None:
        yield from _frozen(indicator, chosen, (*path, "range"))
    if isinstance(indicator.from_, Judged):
        low, high = passport.scale
        for place, criterion in enumerate(indicator.from_.judged.criteria):
            if not low <= criterion.score <= high and indicator.normalise in (None, "direct"):
                yield (
                    (*path, "from", "judged", "criteria", place, "score"),
                    Said(f"应在{low:g}与{high:g}之间", f"should lie between {low:g} and {high:g}"),
                )


def _frozen(indicator: Indicator, chosen: object, path: Path) -> Iterator[Found]:
    fixed = isinstance(chosen, Goalposts | LogGoalposts | Steps | Efficacy | Levels) or chosen in (
        "direct",
        "binary",
        "rank",
        "borda",
        "percentile",
    )
    if fixed:
        yield path, Said("这种标准化不用观测范围", "this normalisation uses no observed range")
        return
    assert indicator.range is not None
    low, high = indicator.range.frozen
    scored = chosen == "z-score" or isinstance(chosen, ZScore)
    if (scored and high <= 0) or (not scored and low >= high):
        yield (
            (*path, "frozen"),
            Said(
                "应为[最小, 最大]（z-score 为[均值, 标准差]）",
                "should be [min, max] ([mean, sd] for z-score)",
            ),
        )


def normalisation_problems(chosen: object, direction: str | None, path: Path) -> Iterator[Found]:
    """Of one choice of normalisation."""
    if isinstance(chosen, MinMax) and chosen.min_max[0] >= chosen.min_max[1]:
        yield (*path, "min-max"), Said("应先写低分再写高分", "the low end comes first")
    if isinstance(chosen, ZScore) and chosen.z_score[1] <= 0:
        yield (*path, "z-score"), Said("标准差应大于0", "the standard deviation is more than 0")
    posts = _posts(chosen)
    if posts is not None:
        low, high = posts
        if low == high:
            yield path, Said("两个端点相同", "both ends are the same")
        elif low > high and direction is not None:
            yield (
                path,
                Said(
                    "方向写了两次：既写了 direction，端点又是倒的；请只留一个",
                    "the direction is given twice: by direction and by reversed ends; keep one",
                ),
            )
    if isinstance(chosen, LogGoalposts) and min(chosen.log_goalposts) <= 0:
        yield (*path, "log-goalposts"), Said("取对数的端点应大于0", "ends of a logarithm are more than 0")
    if isinstance(chosen, Steps):
        yield from _steps(chosen, direction, (*path, "steps"))


def _posts(chosen: object) -> tuple[float, float] | None:
    if isinstance(chosen, Goalposts):
        return chosen.goalposts
    if isinstance(chosen, LogGoalposts):
        return chosen.log_goalposts
    return chosen.efficacy if isinstance(chosen, Efficacy) else None


def _steps(chosen: Steps, direction: str | None, path: Path) -> Iterator[Found]:
    limits = [limit for limit, _ in chosen.steps]
    scores = [score for _, score in chosen.steps]
    if any(one >= other for one, other in pairwise(limits)):
        yield path, Said("界限应从小到大，不重复", "limits go up, none twice")
        return
    rising = all(one <= other for one, other in pairwise(scores))
    falling = all(one >= other for one, other in pairwise(scores))
    if not rising and not falling:
        yield path, Said("分数应一路上升或一路下降", "scores go up throughout, or down throughout")
    elif direction is not None and len(scores) > 1 and (direction == "more") != rising:
        yield (
            path,
            Said(
                "方向写了两次，而且相反：direction 与各级的分数",
                "the direction is given twice and contradicts itself: direction, and the scores of the steps",
            ),
        )

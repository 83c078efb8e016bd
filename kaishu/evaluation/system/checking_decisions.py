"""Grades, vetoes, stages and ranks: do they speak of what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kaishu.base.errors import Said
from kaishu.evaluation.system import deciding
from kaishu.evaluation.system.deciding import Comparison, Condition, IsMissing, Limit, OfNode, OfRaw
from kaishu.evaluation.system.lines import Path
from kaishu.evaluation.system.model import INDEX, Passport

Found = tuple[Path, Said]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def grade_names(passport: Passport) -> list[str]:
    """Grades, best first; letters where none are named."""
    grading = passport.grades
    if grading is None:
        return []
    if isinstance(grading, tuple):
        return [each.grade for each in grading]
    if isinstance(grading, deciding.Quantiles):
        count = len(grading.quantiles) + (sum(grading.quantiles) < 1 - 1e-9)
    elif isinstance(grading, deciding.Deviations):
        count = len(grading.sd) + 1
    elif isinstance(grading, deciding.EqualWidth):
        count = grading.equal_width
    else:
        count = grading.natural_breaks
    return list(grading.names or _LETTERS[:count])


def decision_problems(passport: Passport) -> Iterator[Found]:
    """Of ranks, grades, vetoes and stages."""
    if passport.rank.within == "group" and passport.units.group is None:
        yield ("rank", "within"), Said("请在 units 里写 group 列", "say in units which column is the group")
    yield from _grades(passport)
    known = grade_names(passport)
    for place, veto in enumerate(passport.vetoes):
        if veto.at_most not in known:
            listed = "、".join(known)
            yield (
                ("vetoes", place, "at-most"),
                Said(
                    f"没有等级“{veto.at_most}”；有：{listed}",
                    f'no grade "{veto.at_most}"; there are {listed}',
                ),
            )
        yield from _condition(passport, veto.when, ("vetoes", place, "when"))
    names = [stage.stage for stage in passport.stages]
    for place, stage in enumerate(passport.stages):
        if names.index(stage.stage) != place:
            yield ("stages", place, "stage"), Said("阶段重名", "a stage of this name is there already")
        for number, condition in enumerate(stage.all):
            yield from _condition(passport, condition, ("stages", place, "all", number))


def _grades(passport: Passport) -> Iterator[Found]:
    grading = passport.grades
    names = grade_names(passport)
    if len(set(names)) < len(names):
        yield ("grades",), Said("等级重名", "two grades have the same name")
    if isinstance(grading, tuple):
        yield from _limits(grading)
        return
    if grading is None:
        return
    wanted = len(
        grade_names(passport.model_copy(update={"grades": grading.model_copy(update={"names": ()})}))
    )
    if grading.names and len(grading.names) != wanted:
        yield (
            ("grades", "names"),
            Said(f"应有{wanted}个等级名称", f"{wanted} names are needed"),
        )
    if isinstance(grading, deciding.Quantiles) and (
        min(grading.quantiles) <= 0 or sum(grading.quantiles) > 1 + 1e-9
    ):
        yield (
            ("grades", "quantiles"),
            Said("各级占比应大于0，合计不超过1", "shares are above 0 and at most 1 in all"),
        )
    if isinstance(grading, deciding.Deviations) and list(grading.sd) != sorted(set(grading.sd), reverse=True):
        yield ("grades", "sd"), Said("应从大到小", "the highest comes first")


def _limits(grading: Sequence[Limit]) -> Iterator[Found]:
    if not grading:
        yield ("grades",), Said("至少要有一个等级", "needs at least one grade")
    for place, each in enumerate(grading):
        if each.at_least is None and place < len(grading) - 1:
            yield (
                ("grades", place),
                Said("只有最低一级可以不写 at-least", "only the lowest grade needs no at-least"),
            )
            return
    limits = [each.at_least for each in grading if each.at_least is not None]
    for place in range(1, len(limits)):
        if limits[place] >= limits[place - 1]:
            yield ("grades", place, "at-least"), Said("等级应从高到低", "the best grade comes first")


def _condition(passport: Passport, condition: Condition, path: Path) -> Iterator[Found]:
    if isinstance(condition, deciding.All | deciding.Any | deciding.Count):
        key = {deciding.All: "all", deciding.Any: "any", deciding.Count: "of"}[type(condition)]
        inner = condition.all if isinstance(condition, deciding.All) else ()
        inner = condition.any if isinstance(condition, deciding.Any) else inner
        inner = condition.of if isinstance(condition, deciding.Count) else inner
        for place, each in enumerate(inner):
            yield from _condition(passport, each, (*path, key, place))
    elif isinstance(condition, deciding.Not):
        yield from _condition(passport, condition.not_, (*path, "not"))
    else:
        yield from _code(passport, condition, path)
        if isinstance(condition, Comparison):
            yield from _comparison(condition, path)


def _code(passport: Passport, condition: Condition, path: Path) -> Iterator[Found]:
    codes = {node.code for node in passport.nodes()} | {INDEX}
    leaves = {node.code for node in passport.leaves()}
    if isinstance(condition, OfNode) and condition.node not in codes:
        yield (*path, "node"), _nowhere(condition.node)
    if isinstance(condition, IsMissing) and condition.missing not in codes:
        yield (*path, "missing"), _nowhere(condition.missing)
    if isinstance(condition, OfRaw) and condition.raw not in leaves:
        yield (*path, "raw"), _nowhere(condition.raw)


def _nowhere(code: str) -> Said:
    return Said(f"树里没有“{code}”", f'there is no "{code}" in the tree')


def _comparison(condition: Comparison, path: Path) -> Iterator[Found]:
    given = [
        condition.at_least,
        condition.more_than,
        condition.at_most,
        condition.less_than,
        condition.equals,
    ]
    if sum(each is not None for each in given) != 1:
        yield (
            path,
            Said(
                "应恰好写一个：at-least、more-than、at-most、less-than、equals",
                "exactly one of at-least, more-than, at-most, less-than, equals is written",
            ),
        )

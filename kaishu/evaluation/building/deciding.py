"""Ranks, grades and stages from scores, compared as decimal numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kaishu.base.errors import Said
from kaishu.evaluation import methods
from kaishu.evaluation.building.notes import Notice
from kaishu.evaluation.building.plan import Plan
from kaishu.evaluation.building.preparing import units_at
from kaishu.evaluation.building.table import Array, Mask, UnitTable
from kaishu.evaluation.system import deciding
from kaishu.evaluation.system.checking_decisions import grade_names
from kaishu.evaluation.system.deciding import Comparison, Condition
from kaishu.evaluation.system.model import Passport

Names = tuple[str | None, ...]


def ranks(plan: Plan, scores: Array) -> Array:
    """Rank of the index, (units,) or (runs, units); panels rank each period by itself."""
    return ranks_of(plan.passport, plan.table, scores)


def ranks_of(passport: Passport, table: UnitTable, scores: Array) -> Array:
    """The same by the passport and the units."""
    rule = passport.rank
    return methods.rank(scores, ties=rule.ties, within=_together(passport, table), decimals=rule.decimals)


def rank_groups(plan: Plan) -> NDArray[np.str_] | None:
    """Which units are ranked together; None for all."""
    return _together(plan.passport, plan.table)


def _together(passport: Passport, table: UnitTable) -> NDArray[np.str_] | None:
    by_group = passport.rank.within == "group"
    by_period = passport.units.period is not None
    if not by_group and not by_period:
        return None
    return np.array(
        [
            f"{(group or '') if by_group else ''}\x1f{(period or '') if by_period else ''}"
            for group, period in zip(table.groups, table.periods, strict=True)
        ]
    )


def grade_places(plan: Plan, scores: Array) -> NDArray[np.int64]:
    """Place of the grade of each score, 0 the best, -1 without; scores (units,) or (runs, units)."""
    grading = plan.passport.grades
    found = np.full(scores.shape, -1, dtype=np.int64)
    if grading is None:
        return found
    if isinstance(grading, tuple):
        there = ~np.isnan(scores)
        for place in range(len(grading) - 1, -1, -1):
            limit = grading[place].at_least
            met = there if limit is None else methods.at_least(scores, limit)
            found[met] = place
        return found
    from kaishu.evaluation.building.relative import relative_grades

    return relative_grades(grading, scores, rank_groups(plan))


def grades(
    plan: Plan, scores: Array, raw: Array, notices: list[Notice]
) -> tuple[tuple[str | None, ...], ...]:
    """Grade of every unit and node, None where there is none; empty if the system has no grades."""
    if plan.passport.grades is None:
        return ()
    names: list[str | None] = [*grade_names(plan.passport), None]
    places = np.full(scores.shape, len(names) - 1, dtype=np.int64)
    for node in _graded(plan):
        places[:, node] = grade_places(plan, scores[:, node])
    for veto in plan.passport.vetoes:
        lowest = names.index(veto.at_most)
        holds = condition_holds(plan, veto.when, scores, raw)
        hit = holds & (places[:, 0] >= 0) & (places[:, 0] < lowest)
        if hit.any():
            places[hit, 0] = lowest
            rows = np.nonzero(hit)[0]
            why_zh, why_en = veto.note.said("zh"), veto.note.said("en")
            said = Said(
                f"{len(rows)}个单位因一票否决最高只得{veto.at_most}" + (f"：{why_zh}" if why_zh else ""),
                f"{len(rows)} units get no more than {veto.at_most} by a veto"
                + (f": {why_en}" if why_en else ""),
            )
            notices.append(Notice("veto", said, "", units_at(plan, rows)))
    return tuple(tuple(names[int(place)] for place in row) for row in places)


def _graded(plan: Plan) -> list[int]:
    chosen = plan.passport.graded
    if chosen == "index":
        return [0]
    if chosen == "dimensions":
        return [0, *(plan.codes.index(node.code) for node in plan.passport.tree)]
    return list(range(len(plan.codes)))


def stages(plan: Plan, scores: Array, raw: Array) -> Names:
    """The stage of every unit: the highest reached, or the last before the first that is not (climbing)."""
    rules = plan.passport.stages
    if not rules:
        return ()
    met = np.array([_all(plan, stage.all, scores, raw) for stage in rules])
    if plan.passport.stage_rule == "climbing":
        met = np.logical_and.accumulate(met, axis=0)
    highest = np.where(met.any(axis=0), len(rules) - 1 - np.argmax(met[::-1], axis=0), -1)
    names = [*(stage.stage for stage in rules), None]
    return tuple(names[place] for place in highest.tolist())


def _all(plan: Plan, conditions: Sequence[Condition], scores: Array, raw: Array) -> Mask:
    found = np.ones(plan.units, dtype=bool)
    for condition in conditions:
        found &= condition_holds(plan, condition, scores, raw)
    return found


def condition_holds(plan: Plan, condition: Condition, scores: Array, raw: Array) -> Mask:
    """Where a condition holds, (units,); comparisons with what is missing do not."""
    if isinstance(condition, deciding.All):
        return _all(plan, condition.all, scores, raw)
    if isinstance(condition, deciding.Any):
        return ~_all(plan, [deciding.Not(not_=each) for each in condition.any], scores, raw)
    if isinstance(condition, deciding.Not):
        return ~condition_holds(plan, condition.not_, scores, raw)
    if isinstance(condition, deciding.Count):
        held = [condition_holds(plan, each, scores, raw) for each in condition.of]
        return np.asarray(np.sum(held, axis=0) >= condition.at_least)
    if isinstance(condition, deciding.IsMissing):
        return np.isnan(scores[:, plan.codes.index(condition.missing)])
    if isinstance(condition, deciding.OfColumn) and isinstance(condition.equals, str):
        texts = plan.table.texts.get(condition.column, ())
        return np.array([text == condition.equals for text in texts], dtype=bool)
    return compared(condition, _values(plan, condition, scores, raw))


def _values(plan: Plan, condition: Condition, scores: Array, raw: Array) -> Array:
    if isinstance(condition, deciding.OfNode):
        return np.asarray(scores[:, plan.codes.index(condition.node)])
    if isinstance(condition, deciding.OfRaw):
        return np.asarray(raw[:, plan.codes.index(condition.raw)])
    assert isinstance(condition, deciding.OfColumn)
    return plan.table.numbers[condition.column]


def compared(condition: Comparison, values: Array) -> Mask:
    """Each value against the number that the condition writes, in decimal arithmetic."""
    if condition.at_least is not None:
        return methods.at_least(values, condition.at_least)
    if condition.at_most is not None:
        return methods.at_most(values, condition.at_most)
    there = ~np.isnan(values)
    if condition.more_than is not None:
        return there & ~methods.at_most(values, condition.more_than)
    if condition.less_than is not None:
        return there & ~methods.at_least(values, condition.less_than)
    limit = float(condition.equals or 0.0)
    return methods.at_least(values, limit) & methods.at_most(values, limit)

"""What keeps a unit from the next stage, and which vetoes hold: every condition unmet, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from kaishu.evaluation.building.aggregating import aggregate
from kaishu.evaluation.building.deciding import condition_holds
from kaishu.evaluation.building.normalising import normalise
from kaishu.evaluation.building.notes import ZEROED
from kaishu.evaluation.building.plan import Plan, compile_plan
from kaishu.evaluation.building.preparing import prepare
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.settling import settle
from kaishu.evaluation.building.table import Array, Mask
from kaishu.evaluation.system import deciding
from kaishu.evaluation.system.deciding import Comparison, Condition, Stage, Veto

Sign = Literal[
    "at-least", "more-than", "at-most", "less-than", "equals", "not-equals", "data", "no-data", "some"
]
_OPPOSITE: dict[Sign, Sign] = {
    "at-least": "less-than",
    "more-than": "at-most",
    "at-most": "more-than",
    "less-than": "at-least",
    "equals": "not-equals",
}
#: Farther than any gap that can be measured.
_UNKNOWN = 2.0


@dataclass(frozen=True, slots=True)
class Need:
    """One thing still to be reached.  ``of`` is node (its score), raw (its value), column, or some.

    ``gap`` is how much ``held`` is off ``wanted``, None where that is no number; ``absent``: there are no
    data.  ``distance`` ranks: the gap as a share of the scale, of raw values as a share of what is wanted.
    Of ``some``, so many (``take``) of the ``choices`` are to be reached, each with all its needs.
    """

    of: Literal["node", "raw", "column", "some"]
    sign: Sign
    code: str = ""
    wanted: float | str | None = None
    held: float | str | None = None
    gap: float | None = None
    absent: bool = False
    distance: float = _UNKNOWN
    take: int = 0
    choices: tuple[tuple[Need, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class HeldVeto:
    """A veto that holds for a unit, and what would lift it."""

    veto: Veto
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Climb:
    """Where a unit stands below the next stage: ``met`` of ``criteria`` hold, ``needs`` are what lacks.

    ``next`` is None at the top.
    """

    stage: str | None
    next: Stage | None
    met: int
    criteria: int
    needs: tuple[Need, ...]
    vetoes: tuple[HeldVeto, ...]


@dataclass(frozen=True)
class _Ladder:
    """The numbers that decide, as they decided, and what held for whom."""

    result: Result
    plan: Plan
    scores: Array
    raw: Array
    known: dict[int, Mask] = field(default_factory=dict)

    def holds(self, condition: Condition, row: int) -> bool:
        """Whether a condition of the passport holds for a unit."""
        if id(condition) not in self.known:
            self.known[id(condition)] = condition_holds(self.plan, condition, self.scores, self.raw)
        return bool(self.known[id(condition)][row])


def climb(result: Result, unit: str, *, period: str | None = None) -> Climb:
    """What lacks a unit (id or name) for the next stage.  Raises ``NoUnit``."""
    return climbs(result, [result.row_of(unit, period)])[0]


def climbs(result: Result, rows: Iterable[int] | None = None) -> list[Climb]:
    """The same for many units, by row; of all, unless rows are named."""
    plan = compile_plan(result.passport, result.table)
    scored = normalise(plan, prepare(plan))
    ladder = _Ladder(result, plan, settle(plan, scored, aggregate(plan, scored)), result.raw)
    return [_climb(ladder, row) for row in (range(plan.units) if rows is None else rows)]


def _climb(ladder: _Ladder, row: int) -> Climb:
    passport, stage = ladder.result.passport, None
    names = [each.stage for each in passport.stages]
    if ladder.result.stages:
        stage = ladder.result.stages[row]
    place = names.index(stage) + 1 if stage in names else 0
    following = passport.stages[place] if place < len(names) else None
    criteria = following.all if following else ()
    unmet = [each for each in criteria if not ladder.holds(each, row)]
    vetoes = [
        HeldVeto(veto, _ordered(_to_fail(ladder, veto.when, row)))
        for veto in passport.vetoes
        if ladder.holds(veto.when, row)
    ]
    needs = [need for each in unmet for need in _to_hold(ladder, each, row)]
    return Climb(stage, following, len(criteria) - len(unmet), len(criteria), _ordered(needs), tuple(vetoes))


def _ordered(needs: Iterable[Need]) -> tuple[Need, ...]:
    """The nearest first; what is needed twice, once."""
    return tuple(sorted(dict.fromkeys(needs), key=lambda each: each.distance))


def _to_hold(ladder: _Ladder, condition: Condition, row: int) -> list[Need]:
    """What is needed for a condition that does not hold."""
    if isinstance(condition, deciding.All):
        unmet = [each for each in condition.all if not ladder.holds(each, row)]
        return [need for each in unmet for need in _to_hold(ladder, each, row)]
    if isinstance(condition, deciding.Any):
        return _some(1, [_to_hold(ladder, each, row) for each in condition.any])
    if isinstance(condition, deciding.Not):
        return _to_fail(ladder, condition.not_, row)
    if isinstance(condition, deciding.Count):
        unmet = [each for each in condition.of if not ladder.holds(each, row)]
        lacking = condition.at_least - (len(condition.of) - len(unmet))
        return _some(lacking, [_to_hold(ladder, each, row) for each in unmet])
    if isinstance(condition, deciding.IsMissing):
        return [Need("node", "no-data", condition.missing)]
    return [_compared(ladder, condition, row, wished=True)]


def _to_fail(ladder: _Ladder, condition: Condition, row: int) -> list[Need]:
    """What is needed for a condition that holds to hold no more."""
    if isinstance(condition, deciding.All):
        return _some(1, [_to_fail(ladder, each, row) for each in condition.all])
    if isinstance(condition, deciding.Any):
        held = [each for each in condition.any if ladder.holds(each, row)]
        return [need for each in held for need in _to_fail(ladder, each, row)]
    if isinstance(condition, deciding.Not):
        return _to_hold(ladder, condition.not_, row)
    if isinstance(condition, deciding.Count):
        held = [each for each in condition.of if ladder.holds(each, row)]
        return _some(len(held) - condition.at_least + 1, [_to_fail(ladder, each, row) for each in held])
    if isinstance(condition, deciding.IsMissing):
        return [Need("node", "data", condition.missing, absent=True)]
    return [_compared(ladder, condition, row, wished=False)]


def _some(take: int, choices: list[list[Need]]) -> list[Need]:
    if take >= len(choices):
        return [need for each in choices for need in each]
    ranked = sorted((_ordered(each) for each in choices), key=_way)
    distance = sum(_way(each) for each in ranked[:take])
    return [Need("some", "some", take=take, choices=tuple(ranked), distance=distance)]


def _way(needs: Iterable[Need]) -> float:
    return sum(each.distance for each in needs)


def _compared(ladder: _Ladder, condition: Comparison, row: int, *, wished: bool) -> Need:
    sign, wanted = _written(condition)
    if not wished:
        sign = _OPPOSITE[sign]
    of, code, held = _held(ladder, condition, row)
    absent = held is None or (of == "node" and _empty(ladder.result, code, row))
    if isinstance(wanted, str) or isinstance(held, str) or held is None:
        return Need(of, sign, code, wanted, held, absent=absent)
    gap = abs(wanted - held)
    low, high = ladder.result.passport.scale
    size = abs(high - low) if of == "node" else abs(wanted)
    return Need(of, sign, code, wanted, held, gap, absent, min(gap / size if size else gap, _UNKNOWN))


def _written(condition: Comparison) -> tuple[Sign, float | str]:
    signs: tuple[tuple[Sign, float | str | None], ...] = (
        ("at-least", condition.at_least),
        ("more-than", condition.more_than),
        ("at-most", condition.at_most),
        ("less-than", condition.less_than),
        ("equals", condition.equals),
    )
    return next((sign, value) for sign, value in signs if value is not None)


def _held(
    ladder: _Ladder, condition: Comparison, row: int
) -> tuple[Literal["node", "raw", "column"], str, float | str | None]:
    places, table = ladder.result.places, ladder.result.table
    if isinstance(condition, deciding.OfNode):
        return "node", condition.node, _known(ladder.scores[row, places[condition.node]])
    if isinstance(condition, deciding.OfRaw):
        return "raw", condition.raw, _known(ladder.raw[row, places[condition.raw]])
    assert isinstance(condition, deciding.OfColumn)
    name = condition.column
    if name in table.texts and (isinstance(condition.equals, str) or name not in table.numbers):
        return "column", name, table.texts[name][row] or None
    return "column", name, _known(table.numbers[name][row])


def _empty(result: Result, code: str, row: int) -> bool:
    """Is a leaf's score only there because a missing value counts as nothing?"""
    return bool(result.flags[row, result.places[code]] & ZEROED)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

"""The places of a round: each unit on each judged indicator that applies to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kaishu.evaluation.judging.errors import NoPlace
from kaishu.evaluation.models import JudgingRound
from kaishu.evaluation.system.model import Judged, Judging, Node, Passport
from kaishu.evaluation.system.reading import read_system


@dataclass(frozen=True, slots=True)
class JudgedIndicator:
    """A judged indicator: its node, its written criteria, and the groups it stands in."""

    node: Node
    judging: Judging
    above: frozenset[str]

    @property
    def code(self) -> str:
        """Its code."""
        return self.node.code

    @property
    def steps(self) -> tuple[float, ...]:
        """The scores that may be given, in the order of the criteria."""
        return tuple(float(each.score) for each in self.judging.criteria)


def judged_of(passport: Passport) -> list[JudgedIndicator]:
    """The judged indicators of a system, in its order."""
    found: list[JudgedIndicator] = []

    def look(node: Node, above: frozenset[str]) -> None:
        for child in node.children:
            look(child, above | {node.code})
        origin = node.indicator.from_ if node.indicator else None
        if isinstance(origin, Judged):
            found.append(JudgedIndicator(node, origin.judged, above | {node.code}))

    for top in passport.tree:
        look(top, frozenset())
    return found


@lru_cache(maxsize=32)
def _read(text: str) -> Passport:
    return read_system(text + "\n")


def passport_of(round: JudgingRound) -> Passport:
    """The system of a round, as it was when the round began."""
    return _read(round.text)


def applies(passport: Passport, indicator: JudgedIndicator, unit: dict[str, Any]) -> bool:
    """Is the indicator judged for this unit, by the rules of its class?"""
    rules = passport.classes.get(unit.get("class") or "")
    return rules is None or indicator.above.isdisjoint(rules.not_applicable)


def places_of(round: JudgingRound) -> Iterator[tuple[dict[str, Any], JudgedIndicator]]:
    """Every unit with every judged indicator that applies to it."""
    passport = passport_of(round)
    indicators = judged_of(passport)
    for unit in round.units:
        for each in indicators:
            if applies(passport, each, unit):
                yield unit, each


def judging_place(round: JudgingRound, unit_id: str, code: str) -> tuple[dict[str, Any], JudgedIndicator]:
    """One place.  Raises ``NoPlace``."""
    unit = next((each for each in round.units if each["id"] == unit_id), None)
    if unit is None:
        raise NoPlace(kind="对象 unit", name=unit_id)
    passport = passport_of(round)
    for each in judged_of(passport):
        if each.code == code and applies(passport, each, unit):
            return unit, each
    raise NoPlace(kind="评判指标 judged indicator", name=code)

"""What the pages about judging are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kaishu.casework.models import Case
from kaishu.evaluation import Agreement, Board, Scores, Waiting
from kaishu.evaluation.models import Appeal, Evidence, JudgingRound, SettledScore


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingHome:
    """What waits for me, and the rounds I may see, with the titles of their systems."""

    waiting: Sequence[Waiting]
    rounds: Sequence[tuple[JudgingRound, str]]
    may_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRound:
    """The form of a round; ``given`` as typed."""

    systems: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    offices: Sequence[tuple[str, str]]
    reviewers: Sequence[tuple[str, str]]
    reserves: Sequence[str]
    given: Mapping[str, str]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in the overview; ``state`` says how far it is, for who looks.

    It is settled, differs, given (by me), mine (to judge), recused (I step aside), vacant (somebody has to be
    named), open or none (does not apply).

    ``href`` leads to the place, ``score`` is the settled one.
    """

    state: str
    href: str = ""
    score: str = ""
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """Somebody who steps aside from a unit, and who stands in; ``seat`` is its code.

    ``offered`` are those whom a manager may name, None for others and where nobody has to be named.
    """

    unit: str
    unit_id: str
    seat: str
    seat_word: str
    person: str
    stand_in: str
    needed: bool
    offered: Sequence[tuple[str, str]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """A round: units by indicators, how far the assessors agree, what comes next."""

    board: Board
    system: str
    people: tuple[str, str, str]
    indicators: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    agreed: Agreement | None
    by_indicator: Sequence[tuple[str, Agreement]]
    missing: int
    asides: Sequence[Aside]
    next: str
    may_disclose: bool
    may_close: bool
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """One unit on one indicator: criteria, evidence, scores, appeals, history.

    ``recused``: who looks steps aside, and ``instead`` are those who judge; ``vacant``: somebody has to be
    named for the unit.
    """

    round: JudgingRound
    unit: str
    unit_id: str
    code: str
    title: str
    definition: str
    criteria: Sequence[tuple[str, str, str]]
    steps: str
    evidence_wanted: str
    evidence: Sequence[Evidence]
    scores: Scores
    people: tuple[str, str, str]
    history: Sequence[SettledScore]
    appeals: Sequence[tuple[Appeal, Case]]
    here: str
    following: str
    mine: str
    may: frozenset[str]
    seats: frozenset[str]
    recused: bool
    instead: str
    vacant: bool
    remark: str = ""
    problems: Sequence[str] = ()
    trouble: tuple[str, str] | None = None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Scores of a select, with their words."""
        return [(value, f"{score} {about}") for value, score, about in self.criteria]

"""Reads of rounds: who may see what, what waits for whom, how far the assessors agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.casework.models import Case
from kaishu.evaluation.judging.agreement import Agreement, agreement
from kaishu.evaluation.judging.errors import NotSeated
from kaishu.evaluation.judging.places import judged_of, passport_of, places_of
from kaishu.evaluation.models import Appeal, Evidence, Judgement, JudgingRound, SettledScore

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Scores:
    """The judgements of one place, of the first and the second assessor."""

    first: Judgement | None = None
    second: Judgement | None = None

    @property
    def both(self) -> bool:
        """Are both in?"""
        return self.first is not None and self.second is not None

    @property
    def same(self) -> bool:
        """Are both in and equal?"""
        return self.first is not None and self.second is not None and self.first.score == self.second.score


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the actor in a round: places to judge, differences to decide, appeals to answer."""

    round: JudgingRound
    to_judge: int = 0
    to_decide: int = 0
    to_answer: int = 0


@dataclass(frozen=True)
class Board:
    """A round as the actor may see it: scores of others only where both are in."""

    round: JudgingRound
    seats: frozenset[str]
    scores: dict[Place, Scores]
    settled: dict[Place, SettledScore]
    appeals: dict[Place, list[tuple[Appeal, Case]]] = field(default_factory=dict)


def rounds(call: Call, limit: int = 100) -> Sequence[JudgingRound]:
    """Rounds that the actor may see, newest first."""
    require(call, Permission.judging_judge)
    query = select(JudgingRound)
    if not allowed(call, Permission.judging_manage):
        me = call.actor.id
        seats = (JudgingRound.first_id == me, JudgingRound.second_id == me, JudgingRound.reviewer_id == me)
        query = query.where(or_(JudgingRound.state != "judging", *seats))
    found = call.session.scalars(query.order_by(JudgingRound.id.desc()).limit(limit)).all()
    return [each for each in found if _may_see(call, each)]


def round_by_id(call: Call, id: str) -> JudgingRound:
    """A round that the actor may see.  Raises ``NotFound``."""
    require(call, Permission.judging_judge)
    found = call.session.get(JudgingRound, id)
    if found is None or not _may_see(call, found):
        raise NotFound(kind="评判轮次 round of judging", name=id)
    return found


def seats_of(call: Call, round: JudgingRound) -> frozenset[str]:
    """What the actor is in a round: first, second, reviewer, manager, unit (of an office that is judged)."""
    seats = {"first": round.first_id, "second": round.second_id, "reviewer": round.reviewer_id}
    found = {seat for seat, person in seats.items() if person == call.actor.id}
    if allowed(call, Permission.judging_manage):
        found.add("manager")
    if call.actor.office and any(unit["office"] == call.actor.office for unit in round.units):
        found.add("unit")
    return frozenset(found)


def board(call: Call, round_id: str) -> Board:
    """A round with its scores.  Raises ``NotFound``."""
    round = round_by_id(call, round_id)
    seats = seats_of(call, round)
    scores = {key: _shown(call, found) for key, found in _scores(call.session, round).items()}
    settled = settled_of(call.session, round)
    appeals: dict[Place, list[tuple[Appeal, Case]]] = {}
    for appeal, case in _appeals(call.session, round):
        appeals.setdefault((appeal.unit_id, appeal.code), []).append((appeal, case))
    if seats <= {"unit"}:
        own = {unit["id"] for unit in round.units if unit["office"] == call.actor.office}
        scores = {}
        settled = {key: row for key, row in settled.items() if key[0] in own}
        appeals = {key: rows for key, rows in appeals.items() if key[0] in own}
    return Board(round, seats, scores, settled, appeals)


def waiting_for(call: Call) -> list[Waiting]:
    """What waits for the actor, round by round."""
    found = []
    for round in rounds(call):
        seats = seats_of(call, round)
        judging = answering = deciding = 0
        if round.state == "judging" and seats & {"first", "second", "reviewer"}:
            scores, settled = _scores(call.session, round), settled_of(call.session, round)
            seat = "first" if "first" in seats else "second"
            for unit, each in places_of(round):
                at = scores.get((unit["id"], each.code), Scores())
                judging += bool(seats & {"first", "second"}) and getattr(at, seat) is None
                key = (unit["id"], each.code)
                deciding += "reviewer" in seats and at.both and not at.same and key not in settled
        if round.state == "disclosed" and "reviewer" in seats:
            answering = len(open_appeals(call.session, round))
        if judging or deciding or answering:
            found.append(Waiting(round, judging, deciding, answering))
    return found


def agreements(call: Call, round_id: str) -> tuple[Agreement, dict[str, Agreement]]:
    """Agreement of the assessors over a round, and for each indicator, where both have judged.

    Not for the units, which see nothing of each other.  Raises ``NotSeated``, ``NotFound``.
    """
    round = round_by_id(call, round_id)
    if seats_of(call, round) <= {"unit"}:
        raise NotSeated(title=round.title, seat="评估员、复核人或管理人", seat_en="an assessor or reviewer")
    pairs: dict[str, list[tuple[float, float]]] = {each.code: [] for each in judged_of(passport_of(round))}
    for (_, code), at in _scores(call.session, round).items():
        if at.first is not None and at.second is not None:
            pairs[code].append((at.first.score, at.second.score))
    every = [pair for found in pairs.values() for pair in found]
    return _of_pairs(every), {code: _of_pairs(found) for code, found in pairs.items()}


def evidence_at(call: Call, round: JudgingRound, unit_id: str, code: str) -> list[Evidence]:
    """Evidence of a place that the actor may see, oldest first."""
    rows = call.session.scalars(
        select(Evidence)
        .where(Evidence.round_id == round.id, Evidence.unit_id == unit_id, Evidence.code == code)
        .order_by(Evidence.id)
    )
    both = scores_at(call.session, round, unit_id, code).both
    return [row for row in rows if _may_see_evidence(call, round, row, both)]


def evidence_by_id(call: Call, round_id: str, id: str) -> Evidence:
    """One piece of evidence that the actor may see.  Raises ``NotFound``."""
    round = round_by_id(call, round_id)
    row = call.session.get(Evidence, id)
    if row is None or row.round_id != round.id:
        raise NotFound(kind="佐证材料 evidence", name=id)
    both = scores_at(call.session, round, row.unit_id, row.code).both
    if not _may_see_evidence(call, round, row, both):
        raise NotFound(kind="佐证材料 evidence", name=id)
    return row


def history_of(call: Call, round: JudgingRound, unit_id: str, code: str) -> Sequence[SettledScore]:
    """Every settled score of a place, the first first."""
    return call.session.scalars(
        select(SettledScore)
        .where(SettledScore.round_id == round.id, SettledScore.unit_id == unit_id, SettledScore.code == code)
        .order_by(SettledScore.number)
    ).all()


def scores_at(session: Session, round: JudgingRound, unit_id: str, code: str) -> Scores:
    """The judgements of one place, whoever asks."""
    return _scores(session, round, unit_id, code).get((unit_id, code), Scores())


def settled_of(
    session: Session, round: JudgingRound, unit_id: str = "", code: str = ""
) -> dict[Place, SettledScore]:
    """The settled score that holds, by place; of one place or all."""
    query = select(SettledScore).where(SettledScore.round_id == round.id)
    if unit_id:
        query = query.where(SettledScore.unit_id == unit_id, SettledScore.code == code)
    rows = session.scalars(query.order_by(SettledScore.number))
    return {(row.unit_id, row.code): row for row in rows}


def open_appeals(session: Session, round: JudgingRound) -> list[tuple[Appeal, Case]]:
    """Appeals that wait for an answer."""
    return [(appeal, case) for appeal, case in _appeals(session, round) if case.closed_at is None]


def _appeals(session: Session, round: JudgingRound) -> list[tuple[Appeal, Case]]:
    query = select(Appeal, Case).join(Case, Case.id == Appeal.case_id).where(Appeal.round_id == round.id)
    return [(appeal, case) for appeal, case in session.execute(query.order_by(Appeal.id))]


def _scores(session: Session, round: JudgingRound, unit_id: str = "", code: str = "") -> dict[Place, Scores]:
    query = select(Judgement).where(Judgement.round_id == round.id)
    if unit_id:
        query = query.where(Judgement.unit_id == unit_id, Judgement.code == code)
    found: dict[Place, dict[str, Judgement]] = {}
    for row in session.scalars(query):
        seat = "first" if row.assessor_id == round.first_id else "second"
        found.setdefault((row.unit_id, row.code), {})[seat] = row
    return {key: Scores(each.get("first"), each.get("second")) for key, each in found.items()}


def _shown(call: Call, at: Scores) -> Scores:
    if at.both:
        return at
    me = call.actor.id
    first = at.first if at.first and at.first.assessor_id == me else None
    second = at.second if at.second and at.second.assessor_id == me else None
    return Scores(first, second)


def _may_see(call: Call, round: JudgingRound) -> bool:
    seats = seats_of(call, round)
    return bool(seats - {"unit"}) or ("unit" in seats and round.state != "judging")


def _may_see_evidence(call: Call, round: JudgingRound, row: Evidence, both: bool) -> bool:
    seats = seats_of(call, round)
    if row.sealed and not both and row.person_id != call.actor.id:
        return False
    if seats - {"unit"}:
        return True
    return any(unit["id"] == row.unit_id and unit["office"] == call.actor.office for unit in round.units)


def _of_pairs(pairs: Sequence[tuple[float, float]]) -> Agreement:
    return agreement([a for a, _ in pairs], [b for _, b in pairs])

"""Reads of rounds: who may see what, what waits for whom, how far the assessors agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.casework.models import Case
from kaishu.evaluation.judging.agreement import Agreement, agreement
from kaishu.evaluation.judging.errors import NotSeated
from kaishu.evaluation.judging.places import judged_of, passport_of, places_of
from kaishu.evaluation.judging.seating import ASSESSORS, SEATS, Seating, seating_of, stands_in
from kaishu.evaluation.models import Appeal, Evidence, Judgement, JudgingRound, SettledScore

SUBJECT = "judging"
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
    """What waits for the actor in a round: places to judge, differences to decide, appeals to answer.

    ``to_seat`` are the seats for which a manager has to name a stand-in.
    """

    round: JudgingRound
    to_judge: int = 0
    to_decide: int = 0
    to_answer: int = 0
    to_seat: int = 0


@dataclass(frozen=True)
class Board:
    """A round as the actor may see it: scores of others only where both are in."""

    round: JudgingRound
    seats: frozenset[str]
    scores: dict[Place, Scores]
    settled: dict[Place, SettledScore]
    seating: Seating
    me: str
    appeals: dict[Place, list[tuple[Appeal, Case]]] = field(default_factory=dict)

    def seats_at(self, unit_id: str) -> frozenset[str]:
        """What the actor is for one unit; ``recused`` instead of a seat if it is of the own office."""
        aside = self.seating.stepped_aside(unit_id, self.me)
        others = self.seats - {*SEATS, "stand-in"}
        return others | self.seating.seats(unit_id, self.me) | ({"recused"} if aside else set())


def rounds(call: Call, limit: int = 100) -> Sequence[JudgingRound]:
    """Rounds that the actor may see, newest first."""
    require(call, Permission.judging_judge)
    query = select(JudgingRound)
    if not allowed(call, Permission.judging_manage):
        me = call.actor.id
        seats = (JudgingRound.first_id == me, JudgingRound.second_id == me, JudgingRound.reviewer_id == me)
        standing = JudgingRound.id.in_(stands_in(call.session, me))
        query = query.where(or_(JudgingRound.state != "judging", standing, *seats))
    found = call.session.scalars(query.order_by(JudgingRound.id.desc()).limit(limit)).all()
    mine = stands_in(call.session, call.actor.id)
    return [each for each in found if _may_see(call, each, mine)]


def round_by_id(call: Call, id: str) -> JudgingRound:
    """A round that the actor may see.  Raises ``NotFound``."""
    require(call, Permission.judging_judge)
    found = call.session.get(JudgingRound, id)
    if found is None or not _may_see(call, found):
        raise NotFound(kind="评判轮次 round of judging", name=id)
    return found


def held_round(call: Call, id: str) -> JudgingRound:
    """A round, held until the end of the transaction, so that two acts at once see each other."""
    found = call.session.get(JudgingRound, id, with_for_update=True)
    if found is None:
        raise NotFound(kind="评判轮次 round of judging", name=id)
    return found


def seats_of(call: Call, round: JudgingRound, standing: frozenset[str] | None = None) -> frozenset[str]:
    """What the actor is in a round: first, second, reviewer, stand-in (for one of them, for some unit),
    manager, unit (of an office that is judged)."""
    seats = {"first": round.first_id, "second": round.second_id, "reviewer": round.reviewer_id}
    found = {seat for seat, person in seats.items() if person == call.actor.id}
    if allowed(call, Permission.judging_manage):
        found.add("manager")
    if round.id in (stands_in(call.session, call.actor.id) if standing is None else standing):
        found.add("stand-in")
    if call.actor.office and any(unit["office"] == call.actor.office for unit in round.units):
        found.add("unit")
    return frozenset(found)


def board(call: Call, round_id: str) -> Board:
    """A round with its scores.  Raises ``NotFound``."""
    round = round_by_id(call, round_id)
    seats = seats_of(call, round)
    seating, settled = seating_of(call.session, round), settled_of(call.session, round)
    counted = _scores(call.session, round, seating, settled)
    scores = {key: _shown(call, found) for key, found in counted.items()}
    appeals: dict[Place, list[tuple[Appeal, Case]]] = {}
    for appeal, case in _appeals(call.session, round):
        appeals.setdefault((appeal.unit_id, appeal.code), []).append((appeal, case))
    own = {unit["id"] for unit in round.units if _own(call, seating, unit["id"])}
    if seats <= {"unit"}:
        own = {unit["id"] for unit in round.units if unit["office"] == call.actor.office}
        scores = {}
        settled = {key: row for key, row in settled.items() if key[0] in own}
        appeals = {key: rows for key, rows in appeals.items() if key[0] in own}
    elif own:  # of these the actor sees what their people see: before disclosure nothing
        scores = {key: at for key, at in scores.items() if key[0] not in own}
        if round.state == "judging":
            settled = {key: row for key, row in settled.items() if key[0] not in own}
    return Board(round, seats, scores, settled, seating, call.actor.id, appeals)


def waiting_for(call: Call) -> list[Waiting]:
    """What waits for the actor, round by round."""
    found, standing = [], stands_in(call.session, call.actor.id)
    for round in rounds(call):
        seats = seats_of(call, round, standing)
        if round.state == "closed" or seats <= {"unit"}:
            continue
        at = _waiting(call, round, manager="manager" in seats)
        if at.to_judge or at.to_decide or at.to_answer or at.to_seat:
            found.append(at)
    return found


def _waiting(call: Call, round: JudgingRound, *, manager: bool) -> Waiting:
    me, seating = call.actor.id, seating_of(call.session, round)
    settled = settled_of(call.session, round)
    scores = _scores(call.session, round, seating, settled)
    judging = deciding = 0
    for unit, each in places_of(round) if round.state == "judging" else ():
        key = (unit["id"], each.code)
        seats, at = seating.seats(unit["id"], me), scores.get(key, Scores())
        judging += any(seat in seats and getattr(at, seat) is None for seat in ASSESSORS)
        deciding += "reviewer" in seats and at.both and not at.same and key not in settled
    open_ = open_appeals(call.session, round)
    answering = sum("reviewer" in seating.seats(appeal.unit_id, me) for appeal, _ in open_)
    vacant = vacancies(call.session, round, seating) if manager else ()
    return Waiting(round, judging, deciding, answering, len(vacant))


def vacancies(session: Session, round: JudgingRound, seating: Seating) -> set[tuple[str, str]]:
    """Units with the seat for which somebody has to be named, as who has it is of the unit's office."""
    if round.state == "judging":
        settled = settled_of(session, round)
        at_work = {unit["id"] for unit, each in places_of(round) if (unit["id"], each.code) not in settled}
        return {(unit, seat) for unit in at_work for seat in SEATS if seating.vacant(unit, seat)}
    appealed = {appeal.unit_id for appeal, _ in open_appeals(session, round)}
    return {(unit, "reviewer") for unit in appealed if seating.vacant(unit, "reviewer")}


def round_from_inside(call: Call, round_id: str) -> JudgingRound:
    """A round for those who see more of it than their own units.  Raises ``NotSeated``, ``NotFound``."""
    round = round_by_id(call, round_id)
    if seats_of(call, round) <= {"unit"}:
        raise NotSeated(
            title=round.title,
            title_en=round.title_en,
            seat="评估员、复核人或管理人",
            seat_en="an assessor or reviewer",
        )
    return round


def agreements(call: Call, round_id: str) -> tuple[Agreement, dict[str, Agreement]]:
    """Agreement of the assessors over a round, and for each indicator, where both have judged.

    Not for the units, which see nothing of each other.  Raises ``NotSeated``, ``NotFound``.
    """
    round = round_from_inside(call, round_id)
    pairs: dict[str, list[tuple[float, float]]] = {each.code: [] for each in judged_of(passport_of(round))}
    counted = _scores(call.session, round, seating_of(call.session, round), settled_of(call.session, round))
    for (_, code), at in counted.items():
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
    seating = seating_of(call.session, round)
    both = scores_at(call.session, round, unit_id, code, seating).both
    return [row for row in rows if _may_see_evidence(call, round, row, both, seating)]


def evidence_by_id(call: Call, round_id: str, id: str) -> Evidence:
    """One piece of evidence that the actor may see.  Raises ``NotFound``."""
    round = round_by_id(call, round_id)
    row = call.session.get(Evidence, id)
    if row is None or row.round_id != round.id:
        raise NotFound(kind="佐证材料 evidence", name=id)
    seating = seating_of(call.session, round)
    both = scores_at(call.session, round, row.unit_id, row.code, seating).both
    if not _may_see_evidence(call, round, row, both, seating):
        raise NotFound(kind="佐证材料 evidence", name=id)
    return row


def history_of(call: Call, round: JudgingRound, unit_id: str, code: str) -> Sequence[SettledScore]:
    """Every settled score of a place, the first first."""
    return call.session.scalars(
        select(SettledScore)
        .where(SettledScore.round_id == round.id, SettledScore.unit_id == unit_id, SettledScore.code == code)
        .order_by(SettledScore.number)
    ).all()


def scores_at(session: Session, round: JudgingRound, unit_id: str, code: str, seating: Seating) -> Scores:
    """The judgements of one place, whoever asks."""
    settled = settled_of(session, round, unit_id, code)
    return _scores(session, round, seating, settled, unit_id, code).get((unit_id, code), Scores())


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


def _scores(
    session: Session,
    round: JudgingRound,
    seating: Seating,
    settled: Mapping[Place, SettledScore],
    unit_id: str = "",
    code: str = "",
) -> dict[Place, Scores]:
    """The judgements that count: of whoever has the seat and need not step aside; of what is settled, all."""
    query = select(Judgement).where(Judgement.round_id == round.id)
    if unit_id:
        query = query.where(Judgement.unit_id == unit_id, Judgement.code == code)
    found: dict[Place, dict[str, tuple[int, Judgement]]] = {}
    for row in session.scalars(query):
        key, sat = (row.unit_id, row.code), seating.standing_of(row.unit_id, row.assessor_id)
        if sat is None or (key not in settled and not seating.seats(row.unit_id, row.assessor_id)):
            continue
        seat, number = sat
        at = found.setdefault(key, {})
        if seat not in at or at[seat][0] < number:
            at[seat] = (number, row)
    return {key: Scores(**{seat: row for seat, (_number, row) in at.items()}) for key, at in found.items()}


def _shown(call: Call, at: Scores) -> Scores:
    if at.both:
        return at
    me = call.actor.id
    first = at.first if at.first and at.first.assessor_id == me else None
    second = at.second if at.second and at.second.assessor_id == me else None
    return Scores(first, second)


def _may_see(call: Call, round: JudgingRound, standing: frozenset[str] | None = None) -> bool:
    seats = seats_of(call, round, standing)
    return bool(seats - {"unit"}) or ("unit" in seats and round.state != "judging")


def _own(call: Call, seating: Seating, unit_id: str) -> bool:
    """Has the actor stepped aside from this unit, and nothing else to do with it?"""
    aside = seating.stepped_aside(unit_id, call.actor.id)
    return aside and not allowed(call, Permission.judging_manage)


def _may_see_evidence(call: Call, round: JudgingRound, row: Evidence, both: bool, seating: Seating) -> bool:
    if row.person_id == call.actor.id:
        return True
    if row.sealed and not both:
        return False
    if seats_of(call, round) - {"unit"} and not _own(call, seating, row.unit_id):
        return True
    office = next(unit["office"] for unit in round.units if unit["id"] == row.unit_id)
    return round.state != "judging" and office is not None and office == call.actor.office


def _of_pairs(pairs: Sequence[tuple[float, float]]) -> Agreement:
    return agreement([a for a, _ in pairs], [b for _, b in pairs])

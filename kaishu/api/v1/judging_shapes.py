"""What this interface sends and takes about rounds of judging."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from kaishu import evaluation
from kaishu.access import Call
from kaishu.access.models import Person
from kaishu.api.v1.router import PREFIX
from kaishu.casework.models import Case
from kaishu.evaluation import Agreement, Board, JudgedIndicator, Recusal, Scores, Waiting
from kaishu.evaluation.models import Appeal, Evidence, Judgement, JudgingRound, SettledScore
from kaishu.http import site_url

ROUNDS = f"{PREFIX}/judging/rounds"


class JudgedUnit(BaseModel):
    """A unit of a round."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: str = Field(max_length=200)
    name: str = Field(default="", max_length=300)
    class_: str | None = Field(default=None, alias="class", max_length=200)
    office: str | None = Field(
        default=None, max_length=200, description="Address part of the office that may appeal for it."
    )


class NewRound(BaseModel):
    """A round to open; the three people are three accounts."""

    model_config = ConfigDict(extra="forbid")

    system: str = Field(max_length=200, description="Name of a system or id of an edition.")
    title: str = Field(max_length=300)
    title_en: str = Field(default="", max_length=300)
    units: list[JudgedUnit] = Field(max_length=2000)
    first: str = Field(max_length=200, description="Account of an assessor.")
    second: str = Field(max_length=200, description="Account of the other assessor.")
    reviewer: str = Field(max_length=200, description="Account of the one who decides differences.")
    reserves: list[str] = Field(
        default=[],
        max_length=200,
        description="Accounts that take the place, in turn, of whoever would judge the own department.",
    )
    appeal_days: int = Field(default=10, description="Working days for appeals after disclosure.")


class At(BaseModel):
    """A place: a unit on an indicator."""

    model_config = ConfigDict(extra="forbid")

    unit: str = Field(max_length=200)
    code: str = Field(max_length=80, description="Code of a judged indicator.")


class NewStandIn(BaseModel):
    """Somebody who takes a seat for a unit of whose department its holder is."""

    model_config = ConfigDict(extra="forbid")

    unit: str = Field(max_length=200)
    seat: str = Field(max_length=10, description="first, second or reviewer.")
    person: str = Field(max_length=200, description="Account.")


class RecusalShape(BaseModel):
    """Somebody who steps aside from a unit of the own department."""

    unit: str
    seat: str = Field(description="first, second or reviewer.")
    person: str = Field(description="Name of whoever steps aside.")
    stand_in: str | None = Field(description="Name of whoever takes the place.")
    needed: bool = Field(description="Somebody has to be named.")


class GivenScore(At):
    """An assessor's score."""

    score: float = Field(description="One of the written scores.")
    note: str = Field(default="", max_length=4000)


class Decision(At):
    """The reviewer's word on two scores that differ."""

    score: float
    reason: str = Field(max_length=4000)


class NewAppeal(At):
    """An objection to a settled score."""

    reason: str = Field(max_length=4000)


class AppealAnswer(BaseModel):
    """The reviewer's answer."""

    model_config = ConfigDict(extra="forbid")

    uphold: bool
    reason: str = Field(max_length=4000)
    score: float | None = Field(default=None, description="The new score, if the appeal is upheld.")


class CriterionShape(BaseModel):
    """What earns which score."""

    score: float
    text: str


class IndicatorShape(BaseModel):
    """A judged indicator."""

    code: str
    title: str
    definition: str
    criteria: list[CriterionShape]
    steps: str = Field(description="How to go about it.")
    evidence: str = Field(description="Which evidence is asked for.")


class RoundShape(BaseModel):
    """A round, in short."""

    id: str
    title: str
    title_en: str
    system: str
    edition: str
    fingerprint: str
    state: str = Field(description="judging, disclosed or closed.")
    seats: list[str] = Field(
        description="What the caller is in it: first, second, reviewer, stand-in, manager, unit."
    )
    opened_by: str
    opened_at: datetime
    appeal_days: int
    appeal_until: date | None
    closed_at: datetime | None
    url: str
    page: str


class RoundDetail(RoundShape):
    """A round with its units and criteria; a unit's office sees its own units only."""

    first: str = Field(description="Name of an assessor.")
    second: str
    reviewer: str
    units: list[JudgedUnit]
    indicators: list[IndicatorShape]
    places: int
    settled: int


class WaitingShape(BaseModel):
    """What waits for the caller in a round."""

    round: RoundShape
    to_judge: int
    to_decide: int
    to_answer: int
    to_seat: int = Field(description="Seats for which somebody has to be named.")


class ScoreShape(BaseModel):
    """An assessor's score."""

    score: float
    note: str
    at: datetime


class SettledShape(BaseModel):
    """A score that was settled."""

    number: int = Field(description="Counts from 1; the highest holds.")
    score: float
    how: str = Field(description="agreed, decided or appealed.")
    reason: str
    by: str
    at: datetime


class EvidenceShape(BaseModel):
    """What a judgement rests on."""

    id: str
    kind: str = Field(description="file, screenshot or link.")
    link: str = Field(description="The address that was given, or where the file is to be had.")
    file_name: str
    sha256: str
    size: int
    about: str
    person: str
    at: datetime


class AppealShape(BaseModel):
    """An appeal with its clock."""

    id: str
    unit: str
    code: str
    reason: str
    by: str
    at: datetime
    state: str
    due: date | None
    closed_at: datetime | None
    answer: str


class PlaceLine(BaseModel):
    """A place, in short."""

    unit: str
    name: str
    code: str
    state: str = Field(
        description="open, given (of what the caller may see), differs (waits for the reviewer) or settled."
    )
    score: float | None = Field(description="The score that holds.")
    appealed: bool = Field(description="An appeal waits for its answer.")


class PlaceShape(PlaceLine):
    """A place with what the caller may see of it: scores of others only once both are in."""

    first: ScoreShape | None
    second: ScoreShape | None
    history: list[SettledShape]
    evidence: list[EvidenceShape]
    appeals: list[AppealShape]


class AgreementShape(BaseModel):
    """How far the assessors agree where both have judged."""

    pairs: int
    same: float | None = Field(description="Share of equal scores.")
    kappa: float | None = Field(description="Cohen's kappa; null where chance alone would make them agree.")
    weighted: float | None = Field(description="Kappa with differences counted by their size.")


class AgreementsShape(BaseModel):
    """Agreement over a round, and by indicator."""

    whole: AgreementShape
    indicators: dict[str, AgreementShape]


def round_shape(request: Request, call: Call, round: JudgingRound) -> RoundShape:
    """A round as the caller sees it in a list."""
    names = ("id", "title", "title_en", "system", "edition", "fingerprint", "state", "opened_by", "opened_at")
    told = {name: getattr(round, name) for name in (*names, "appeal_days", "appeal_until", "closed_at")}
    site = site_url(request)
    seats = sorted(evaluation.seats_of(call, round))
    url, page = f"{site}{ROUNDS}/{round.id}", f"{site}/desk/judging/{round.id}"
    return RoundShape(**told, seats=seats, url=url, page=page)


def round_detail(request: Request, call: Call, board: Board, language: str) -> RoundDetail:
    """A round with what is judged."""
    round = board.round
    people = [
        call.session.get_one(Person, id).name for id in (round.first_id, round.second_id, round.reviewer_id)
    ]
    own = list(units_seen(call, board))
    indicators = evaluation.judged_of(evaluation.passport_of(round))
    seen = {unit["id"] for unit in own}
    return RoundDetail(
        **round_shape(request, call, round).model_dump(),
        first=people[0],
        second=people[1],
        reviewer=people[2],
        units=[JudgedUnit.model_validate(unit) for unit in own],
        indicators=[_indicator(each, language) for each in indicators],
        places=sum(unit["id"] in seen for unit, _each in evaluation.places_of(round)),
        settled=len(board.settled),
    )


def units_seen(call: Call, board: Board) -> Iterable[dict[str, str | None]]:
    """The units of a round; those of the caller's office, for whom is nothing else in it."""
    inside = bool(board.seats - {"unit"})
    return [unit for unit in board.round.units if inside or unit["office"] == call.actor.office]


def recusal_shape(found: Recusal) -> RecusalShape:
    """Somebody who steps aside."""
    return RecusalShape(
        unit=found.unit["id"],
        seat=found.seat,
        person=found.person.name,
        stand_in=found.stand_in.name if found.stand_in else None,
        needed=found.needed,
    )


def waiting_shape(request: Request, call: Call, found: Waiting) -> WaitingShape:
    """What waits in a round."""
    return WaitingShape(
        round=round_shape(request, call, found.round),
        to_judge=found.to_judge,
        to_decide=found.to_decide,
        to_answer=found.to_answer,
        to_seat=found.to_seat,
    )


def place_line(board: Board, unit: dict[str, str], code: str) -> PlaceLine:
    """A place in a list."""
    key = (unit["id"], code)
    at, held = board.scores.get(key, Scores()), board.settled.get(key)
    state = "settled" if held else "differs" if at.both else "given" if at.first or at.second else "open"
    waits = any(case.closed_at is None for _appeal, case in board.appeals.get(key, ()))
    score = held.score if held else None
    return PlaceLine(unit=unit["id"], name=unit["name"], code=code, state=state, score=score, appealed=waits)


def place_shape(request: Request, call: Call, board: Board, unit: dict[str, str], code: str) -> PlaceShape:
    """A place, opened."""
    key, round = (unit["id"], code), board.round
    at = board.scores.get(key, Scores())
    history = evaluation.history_of(call, round, *key) if key in board.settled else []
    return PlaceShape(
        **place_line(board, unit, code).model_dump(),
        first=_score(at.first),
        second=_score(at.second),
        history=[_settled(row) for row in history],
        evidence=[evidence_shape(request, row) for row in evaluation.evidence_at(call, round, *key)],
        appeals=[appeal_shape(appeal, case) for appeal, case in board.appeals.get(key, ())],
    )


def evidence_shape(request: Request, row: Evidence) -> EvidenceShape:
    """A piece of evidence."""
    names = ("id", "kind", "file_name", "sha256", "size", "about", "person", "at")
    link = row.url or f"{site_url(request)}{ROUNDS}/{row.round_id}/evidence/{row.id}"
    return EvidenceShape(**{name: getattr(row, name) for name in names}, link=link)


def appeal_shape(row: Appeal, case: Case) -> AppealShape:
    """An appeal."""
    return AppealShape(
        id=row.id,
        unit=row.unit_id,
        code=row.code,
        reason=row.reason,
        by=row.by,
        at=row.at,
        state=case.state,
        due=case.due_on,
        closed_at=case.closed_at,
        answer=row.answer,
    )


def agreement_shape(found: Agreement) -> AgreementShape:
    """Agreement."""
    return AgreementShape(pairs=found.pairs, same=found.same, kappa=found.kappa, weighted=found.weighted)


def _indicator(each: JudgedIndicator, language: str) -> IndicatorShape:
    judging, inside = each.judging, each.node.indicator
    return IndicatorShape(
        code=each.code,
        title=each.node.title.said(language) or each.code,
        definition=inside.definition.said(language) if inside else "",
        criteria=[CriterionShape(score=one.score, text=one.text.said(language)) for one in judging.criteria],
        steps=judging.steps.said(language),
        evidence=judging.evidence.said(language),
    )


def _score(row: Judgement | None) -> ScoreShape | None:
    return ScoreShape(score=row.score, note=row.remark, at=row.at) if row else None


def _settled(row: SettledScore) -> SettledShape:
    names = ("number", "score", "how", "reason", "by", "at")
    return SettledShape(**{name: getattr(row, name) for name in names})

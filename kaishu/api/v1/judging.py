"""Rounds of judging: opened, judged blind, decided, disclosed, appealed, closed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Form, Path, Query, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from kaishu import casework, evaluation, source
from kaishu.access import Call
from kaishu.api.v1.judging_shapes import (
    AgreementsShape,
    AppealAnswer,
    AppealShape,
    Decision,
    EvidenceShape,
    GivenScore,
    NewAppeal,
    NewRound,
    NewStandIn,
    PlaceLine,
    PlaceShape,
    RecusalShape,
    RoundDetail,
    RoundShape,
    WaitingShape,
    agreement_shape,
    appeal_shape,
    evidence_shape,
    place_line,
    place_shape,
    recusal_shape,
    round_detail,
    round_shape,
    units_seen,
    waiting_shape,
)
from kaishu.api.v1.router import family
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.evaluation import Board, Scores
from kaishu.evaluation.models import Appeal
from kaishu.http import language_of, read_call, write_call
from kaishu.http.files import disposition

router = family("judging")

RoundId = Annotated[str, Path(max_length=200, description="Id of a round.")]
AppealId = Annotated[str, Path(max_length=200, description="Id of an appeal.")]
Unit = Annotated[str, Query(max_length=200, description="Id of a unit of the round.")]
Code = Annotated[str, Query(max_length=80, description="Code of a judged indicator.")]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file"},
    302: {"description": "The evidence is a link; its address"},
}


@router.get("/judging/rounds")
def list_rounds(request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[RoundShape]:
    """Rounds in which the caller has a seat, or whose unit was disclosed its scores; newest first."""
    with read_call(request) as call:
        return [round_shape(request, call, each) for each in evaluation.rounds(call, limit)]


@router.post("/judging/rounds", status_code=201)
def open_round(request: Request, what: NewRound) -> RoundDetail:
    """Open a round of a system that has judged indicators."""
    with write_call(request) as call:
        round = evaluation.open_round(
            call,
            what.system,
            title=Said(what.title, what.title_en) if what.title_en.strip() else what.title,
            units=[unit.model_dump(by_alias=True) for unit in what.units],
            first=what.first,
            second=what.second,
            reviewer=what.reviewer,
            reserves=what.reserves,
            appeal_days=what.appeal_days,
        )
        return _round(request, call, round.id)


@router.get("/judging/waiting")
def list_waiting_judgements(request: Request) -> list[WaitingShape]:
    """What waits for the caller: places to judge, differences to decide, appeals to answer."""
    with read_call(request) as call:
        return [waiting_shape(request, call, each) for each in evaluation.waiting_for(call)]


@router.get("/judging/rounds/{id}")
def read_round(request: Request, id: RoundId) -> RoundDetail:
    """A round with its units, indicators and written criteria."""
    with read_call(request) as call:
        return _round(request, call, id)


@router.get("/judging/rounds/{id}/places")
def list_places(
    request: Request,
    id: RoundId,
    waiting: Annotated[bool, Query(description="Only those that wait for the caller.")] = False,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[PlaceLine]:
    """Every unit on every indicator that applies to it, by unit."""
    with read_call(request) as call:
        board = evaluation.board(call, id)
        seen = {unit["id"] for unit in units_seen(call, board)}
        found = [
            place_line(board, unit, each.code)
            for unit, each in evaluation.places_of(board.round)
            if unit["id"] in seen and (not waiting or _waits(board, (unit["id"], each.code)))
        ]
    return found[offset : offset + limit]


@router.get("/judging/rounds/{id}/place")
def read_place(request: Request, id: RoundId, unit: Unit, code: Code) -> PlaceShape:
    """One place: scores as far as the caller may see them, evidence, history, appeals."""
    with read_call(request) as call:
        return _place(request, call, id, unit, code)


@router.post("/judging/rounds/{id}/scores")
def give_score(request: Request, id: RoundId, what: GivenScore) -> PlaceShape:
    """Judge a place as one of its assessors; the score may be changed until the other's is in too."""
    with write_call(request) as call:
        evaluation.judge(call, id, what.unit, what.code, what.score, what.note)
        return _place(request, call, id, what.unit, what.code)


@router.post("/judging/rounds/{id}/decisions")
def decide_score(request: Request, id: RoundId, what: Decision) -> PlaceShape:
    """Settle a place where the two scores differ, as the reviewer."""
    with write_call(request) as call:
        evaluation.decide(call, id, what.unit, what.code, what.score, what.reason)
        return _place(request, call, id, what.unit, what.code)


@router.post("/judging/rounds/{id}/evidence", status_code=201)
def send_evidence(
    request: Request,
    id: RoundId,
    unit: Annotated[str, Form(max_length=200)],
    code: Annotated[str, Form(max_length=80)],
    about: Annotated[str, Form(max_length=2000, description="What it shows.")] = "",
    url: Annotated[str, Form(max_length=2000, description="An http(s) address, instead of a file.")] = "",
    file: Annotated[UploadFile | None, File(description="At most 20 MiB.")] = None,
) -> EvidenceShape:
    """Add a file or a link; an assessor's is hidden from the other until both have judged."""
    original = None
    with read_call(request) as call:
        evaluation.judging_place(evaluation.round_by_id(call, id), unit, code)
    if file is not None and file.filename:
        if (file.size or 0) > evaluation.MOST_EVIDENCE:
            most = evaluation.MOST_EVIDENCE
            raise Invalid({"file": [Said(f"文件超过{most:,}字节。", f"The file is over {most:,} bytes.")]})
        original = source.keep_original(file.filename, file.file)
    with write_call(request) as call:
        row = evaluation.add_evidence(call, id, unit, code, about=about, url=url, original=original)
        return evidence_shape(request, row)


@router.get("/judging/rounds/{id}/evidence/{evidence}", response_class=Response, responses=FILE)
def read_evidence(request: Request, id: RoundId, evidence: Annotated[str, Path(max_length=200)]) -> Response:
    """A file of evidence, always as a download."""
    with read_call(request) as call:
        row = evaluation.evidence_by_id(call, id, evidence)
    if not row.sha256:
        return RedirectResponse(row.url, status_code=302)
    headers = {
        "content-disposition": disposition(row.file_name),
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
    }
    return FileResponse(
        source.original_path(row.sha256), media_type="application/octet-stream", headers=headers
    )


@router.get("/judging/rounds/{id}/agreement")
def read_agreement(request: Request, id: RoundId) -> AgreementsShape:
    """Cohen's kappa of the assessors over the round and by indicator; for those who have a seat in it."""
    with read_call(request) as call:
        whole, by_indicator = evaluation.agreements(call, id)
    return AgreementsShape(
        whole=agreement_shape(whole),
        indicators={code: agreement_shape(found) for code, found in by_indicator.items()},
    )


@router.get("/judging/rounds/{id}/stand-ins")
def list_stand_ins(request: Request, id: RoundId) -> list[RecusalShape]:
    """Who steps aside from which unit, and who takes the place; for those who have a seat in the round."""
    with read_call(request) as call:
        return [recusal_shape(each) for each in evaluation.recusals(call, id)]


@router.post("/judging/rounds/{id}/stand-ins", status_code=201)
def name_stand_in(request: Request, id: RoundId, what: NewStandIn) -> list[RecusalShape]:
    """Let somebody judge or decide about a unit instead of one who is of its department."""
    with write_call(request) as call:
        evaluation.name_stand_in(call, id, what.unit, what.seat, what.person)
        return [recusal_shape(each) for each in evaluation.recusals(call, id)]


@router.post("/judging/rounds/{id}/disclose")
def disclose_round(request: Request, id: RoundId) -> RoundDetail:
    """Show the settled scores to the units; their days for appeals begin."""
    with write_call(request) as call:
        evaluation.disclose(call, id)
        return _round(request, call, id)


@router.post("/judging/rounds/{id}/close")
def close_round(request: Request, id: RoundId) -> RoundDetail:
    """The end: every score is final."""
    with write_call(request) as call:
        evaluation.close_round(call, id)
        return _round(request, call, id)


@router.post("/judging/rounds/{id}/appeals", status_code=201)
def appeal_score(request: Request, id: RoundId, what: NewAppeal) -> AppealShape:
    """Object to a settled score, for the office of the unit."""
    with write_call(request) as call:
        return _appeal(call, evaluation.appeal(call, id, what.unit, what.code, what.reason))


@router.post("/judging/appeals/{id}/answer")
def answer_appeal(request: Request, id: AppealId, what: AppealAnswer) -> AppealShape:
    """Uphold with a new score, or dismiss; as the reviewer, with a reason."""
    with write_call(request) as call:
        row = evaluation.answer_appeal(call, id, uphold=what.uphold, reason=what.reason, score=what.score)
        return _appeal(call, row)


@router.post("/judging/appeals/{id}/take-back")
def take_appeal_back(request: Request, id: AppealId) -> AppealShape:
    """The office no longer objects."""
    with write_call(request) as call:
        return _appeal(call, evaluation.take_appeal_back(call, id))


def _round(request: Request, call: Call, id: str) -> RoundDetail:
    return round_detail(request, call, evaluation.board(call, id), language_of(request))


def _place(request: Request, call: Call, id: str, unit: str, code: str) -> PlaceShape:
    board = evaluation.board(call, id)
    found, _indicator = evaluation.judging_place(board.round, unit, code)
    if found not in units_seen(call, board):
        raise NotFound(kind="对象 unit", name=unit)
    return place_shape(request, call, board, found, code)


def _appeal(call: Call, row: Appeal) -> AppealShape:
    return appeal_shape(row, casework.case_by_id(call.session, row.case_id))


def _waits(board: Board, key: tuple[str, str]) -> bool:
    """Is there something for the caller to do here?"""
    at, seats = board.scores.get(key, Scores()), board.seats_at(key[0])
    if board.round.state == "judging":
        own = at.first if "first" in seats else at.second
        judging = bool(seats & {"first", "second"}) and own is None
        return judging or ("reviewer" in seats and at.both and key not in board.settled)
    open_ = any(case.closed_at is None for _appeal, case in board.appeals.get(key, ()))
    return "reviewer" in seats and open_

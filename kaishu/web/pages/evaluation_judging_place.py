"""One place of a round: criteria and scores, evidence, the reviewer's word, appeals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kaishu import evaluation, http, source
from kaishu.access import Permission, allowed
from kaishu.base import clock
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.evaluation import Board, JudgedIndicator, Recusal, Scores
from kaishu.http.files import disposition
from kaishu.web.judging_contexts import PlacePage
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, taking, text
from kaishu.web.shell import JUDGED, say
from kaishu.web.words import _, language, listed

HERE = "/desk/judging"
ASSESSORS = frozenset({"first", "second"})
SEATS = {
    "first": lambda: _("第一评估员"),
    "second": lambda: _("第二评估员"),
    "reviewer": lambda: _("复核人"),
}


def show_place(visit: Visit) -> Response:
    """One unit on one indicator."""
    return _place(visit)


def step_place(visit: Visit, form: FormData) -> Response:
    """Judge, decide, appeal, answer an appeal or take it back."""
    call, id = visit.call, visit.part("round")
    unit, code, what = visit.query("unit"), visit.query("code"), text(form, "act")
    reason, score = text(form, "reason"), _number(text(form, "score"))
    given = float("nan") if score is None else score
    try:
        if what == "score":
            evaluation.judge(call, id, unit, code, given, reason)
        elif what == "decide":
            evaluation.decide(call, id, unit, code, given, reason)
        elif what == "appeal":
            evaluation.appeal(call, id, unit, code, reason)
        elif what == "take-back":
            evaluation.take_appeal_back(call, text(form, "appeal"))
        else:
            uphold = what == "uphold"
            evaluation.answer_appeal(call, text(form, "appeal"), uphold=uphold, reason=reason, score=score)
    except KaishuError as error:
        raise Unchanged(_place(visit, error, reason)) from error
    onward = text(form, "following") == "1" and _following(visit, evaluation.board(call, id), unit, code)
    return say(moved(visit, onward or place_address(id, unit, code)), JUDGED)


def add_evidence(request: Request, form: FormData) -> Response:
    """A file or a link; the file is stored before the transaction."""
    file, original = form.get("file"), None
    with http.read_call(request) as call:
        visit = Visit(call, request)
        evaluation.round_by_id(call, visit.part("round"))
        if isinstance(file, UploadFile) and file.filename:
            if (file.size or 0) > evaluation.MOST_EVIDENCE:
                raise Unchanged(_place(visit, said_=(_("文件大于20 MB。"), _("请压缩后再传，或改用链接。"))))
            try:
                original = source.keep_original(file.filename, file.file)
            except KaishuError as error:
                raise Unchanged(_place(visit, error)) from error
    with http.write_call(request) as call:
        visit = Visit(call, request)
        id, unit, code = visit.part("round"), visit.query("unit"), visit.query("code")
        about, url = text(form, "about"), text(form, "url")
        try:
            evaluation.add_evidence(call, id, unit, code, about=about, url=url, original=original)
        except KaishuError as error:
            raise Unchanged(_place(visit, error)) from error
        return say(moved(visit, place_address(id, unit, code)), JUDGED)


def hand_out(visit: Visit) -> Response:
    """A file of evidence, always as a download."""
    row = evaluation.evidence_by_id(visit.call, visit.part("round"), visit.part("evidence"))
    if not row.sha256:
        return moved(visit, place_address(row.round_id, row.unit_id, row.code))
    answer = FileResponse(source.original_path(row.sha256), media_type="application/octet-stream")
    answer.headers["Content-Disposition"] = disposition(row.file_name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _place(
    visit: Visit, error: KaishuError | None = None, remark: str = "", said_: tuple[str, str] | None = None
) -> Response:
    call, id = visit.call, visit.part("round")
    unit_id, code = visit.query("unit"), visit.query("code")
    board = evaluation.board(call, id)
    round = board.round
    unit, indicator = evaluation.judging_place(round, unit_id, code)
    if board.seats <= {"unit"} and unit["office"] != call.actor.office:
        raise NotFound(kind="对象 unit", name=unit_id)
    key = (unit_id, code)
    at = board.scores.get(key, Scores())
    seats = board.seats_at(unit_id)
    own = at.first if "first" in seats else at.second if "second" in seats else None
    asides = [each for each in _asides_at(visit, board) if each.unit["id"] == unit_id]
    context = PlacePage(
        round=round,
        unit=unit["name"],
        unit_id=unit_id,
        code=code,
        title=indicator.node.title.said(language()) or code,
        definition=_definition(indicator),
        criteria=_criteria(indicator),
        steps=indicator.judging.steps.said(language()),
        evidence_wanted=indicator.judging.evidence.said(language()),
        evidence=evaluation.evidence_at(call, round, unit_id, code),
        scores=at,
        people=_people_at(visit, board, unit_id, at),
        history=evaluation.history_of(call, round, unit_id, code) if key in board.settled else [],
        appeals=board.appeals.get(key, []),
        here=place_address(id, unit_id, code),
        following=_following(visit, board, unit_id, code),
        mine=f"{own.score:g}" if own else "",
        may=_may(visit, board, unit, at, key),
        seats=seats,
        recused="recused" in seats,
        instead=listed(
            each.stand_in.name for each in asides if each.stand_in and each.person.id == call.actor.id
        ),
        vacant=any(each.needed for each in asides),
        remark=remark or (own.remark if own else ""),
        problems=_problems(error),
        trouble=said_ or (said(error) if error else None),
    )
    status = 413 if said_ else error.status if error else 200
    return render("judging/place.html", visit.shell, context, status)


def _may(
    visit: Visit, board: Board, unit: dict[str, Any], at: Scores, key: tuple[str, str]
) -> frozenset[str]:
    """What the actor may do here now: score, decide, evidence, appeal, answer, take-back."""
    round, seats = board.round, board.seats_at(unit["id"])
    assessor, reviewer = bool(seats & ASSESSORS), "reviewer" in seats
    own = unit["office"] is not None and unit["office"] == visit.call.actor.office
    own = own and bool(allowed(visit.call, Permission.judging_appeal, office=unit["office"]))
    waiting = any(case.closed_at is None for _appeal, case in board.appeals.get(key, ()))
    in_time = round.appeal_until is not None and clock.day_of(visit.call.now) <= round.appeal_until
    barred = "recused" in seats and round.state == "judging"
    found = {
        "score": assessor and round.state == "judging" and not at.both,
        "decide": reviewer and round.state == "judging" and at.both and key not in board.settled,
        "evidence": round.state != "closed" and (assessor or reviewer or own) and not barred,
        "appeal": own and round.state == "disclosed" and in_time and not waiting,
        "answer": reviewer and waiting,
        "take-back": own and waiting,
    }
    return frozenset(name for name, yes in found.items() if yes)


def _following(visit: Visit, board: Board, unit: str, code: str) -> str:
    """Where the next place is that waits for me, after this one; empty if there is none."""
    waiting = []
    for each, indicator in evaluation.places_of(board.round):
        key = (each["id"], indicator.code)
        at = board.scores.get(key, Scores())
        seats = board.seats_at(each["id"])
        mine = at.first if "first" in seats else at.second
        judging = bool(seats & ASSESSORS) and mine is None
        deciding = "reviewer" in seats and at.both and key not in board.settled
        if board.round.state == "judging" and (judging or deciding) and key != (unit, code):
            waiting.append(key)
    return place_address(board.round.id, *waiting[0]) if waiting else ""


def _criteria(indicator: JudgedIndicator) -> list[tuple[str, str, str]]:
    """Value of the form, score as shown, words."""
    return [
        (repr(float(each.score)), f"{float(each.score):g}", each.text.said(language()))
        for each in indicator.judging.criteria
    ]


def _definition(indicator: JudgedIndicator) -> str:
    found = indicator.node.indicator
    return found.definition.said(language()) if found else ""


def _asides_at(visit: Visit, board: Board) -> Sequence[Recusal]:
    return [] if board.seats <= {"unit"} else evaluation.recusals(visit.call, board.round.id)


def _people_at(visit: Visit, board: Board, unit_id: str, at: Scores) -> tuple[str, str, str]:
    """Who judged the place; before, whoever has the seats for its unit."""
    seating = board.seating
    given = {"first": at.first, "second": at.second}
    ids = {
        seat: row.assessor_id if (row := given.get(seat)) else seating.holders(unit_id, seat)[-1]
        for seat in SEATS
    }
    names = [seating.people[id].name for id in ids.values()]
    return names[0], names[1], names[2]


def _problems(error: KaishuError | None) -> list[str]:
    if not isinstance(error, Invalid):
        return []
    return [sentence for told in error.problems_in(language()).values() for sentence in told]


def _number(said_: str) -> float | None:
    try:
        return float(said_)
    except ValueError:
        return None


def place_address(round: str, unit: str, code: str) -> str:
    return address(f"{HERE}/{round}/place", ("unit", unit), ("code", code))


ROUTES: list[Route] = [
    page(f"{HERE}/{{round}}/place", show_place),
    act(f"{HERE}/{{round}}/place", step_place),
    taking(f"{HERE}/{{round}}/evidence", add_evidence),
    page(f"{HERE}/{{round}}/evidence/{{evidence}}", hand_out),
]

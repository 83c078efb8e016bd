"""Judging by written criteria: what waits for me, a round, one place with criteria, evidence and appeals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kaishu import access, evaluation, http, source
from kaishu.access import Permission, allowed, require
from kaishu.access.models import Person
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.evaluation import Board, JudgedIndicator, Scores
from kaishu.evaluation.models import JudgingRound
from kaishu.http.files import disposition
from kaishu.web.evaluation_blocks import chosen_of, system_line
from kaishu.web.judging_contexts import Cell, JudgingHome, NewRound, PlacePage, RoundPage
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, taking, text
from kaishu.web.shell import JUDGED, say
from kaishu.web.words import _, language, pick

HERE = "/desk/judging"
SHOWN = 100


def home(visit: Visit) -> Response:
    """What waits for me, and the rounds."""
    call = visit.call
    context = JudgingHome(
        waiting=evaluation.waiting_for(call),
        rounds=[(each, _system(each)) for each in evaluation.rounds(call)],
        may_open=bool(allowed(call, Permission.judging_manage)),
    )
    return render("judging/home.html", visit.shell, context)


def choose(visit: Visit) -> Response:
    """The form of a new round."""
    return _form(visit, {"system": visit.query("system"), "appeal_days": "10"})


def begin(visit: Visit, form: FormData) -> Response:
    """Open it."""
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    days = given.get("appeal_days", "")
    try:
        round = evaluation.open_round(
            visit.call,
            given.get("system", ""),
            title=given.get("title", ""),
            units=[_unit(line) for line in given.get("units", "").splitlines() if line.strip()],
            first=given.get("first", ""),
            second=given.get("second", ""),
            reviewer=given.get("reviewer", ""),
            appeal_days=int(days) if days.isdecimal() else 0,
        )
    except KaishuError as error:
        raise Unchanged(_form(visit, given, error)) from error
    return say(moved(visit, f"{HERE}/{round.id}"), JUDGED)


def show_round(visit: Visit) -> Response:
    """A round."""
    return _round(visit)


def step_round(visit: Visit, form: FormData) -> Response:
    """Disclose or close."""
    call, id = visit.call, visit.part("round")
    try:
        if text(form, "act") == "disclose":
            evaluation.disclose(call, id)
        else:
            evaluation.close_round(call, id)
    except KaishuError as error:
        raise Unchanged(_round(visit, error)) from error
    return say(moved(visit, f"{HERE}/{id}"), JUDGED)


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
    return say(moved(visit, onward or _address(id, unit, code)), JUDGED)


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
        return say(moved(visit, _address(id, unit, code)), JUDGED)


def hand_out(visit: Visit) -> Response:
    """A file of evidence, always as a download."""
    row = evaluation.evidence_by_id(visit.call, visit.part("round"), visit.part("evidence"))
    if not row.sha256:
        return moved(visit, _address(row.round_id, row.unit_id, row.code))
    answer = FileResponse(source.original_path(row.sha256), media_type="application/octet-stream")
    answer.headers["Content-Disposition"] = disposition(row.file_name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _form(visit: Visit, given: Mapping[str, str], error: KaishuError | None = None) -> Response:
    call = visit.call
    require(call, Permission.judging_manage)
    rows = [chosen_of(row) for row in evaluation.editions_of(call) if row.state in ("published", "draft")]
    own = [evaluation.built_in_system(name) for name in evaluation.built_in()]
    lines = [system_line(each) for each in [*rows, *own] if evaluation.judged_of(each.passport)]
    people = [each for each in access.people(call.session) if each.active]
    problems = error.problems_in(language()) if isinstance(error, Invalid) else {}
    context = NewRound(
        systems=[(line.id, f"{line.title} · {line.edition}") for line in lines],
        people=[
            (each.account, pick(f"{each.name}（{each.account}）", f"{each.name} ({each.account})"))
            for each in people
        ],
        offices=own_offices(call),
        given=given,
        problems=problems,
        trouble=said(error) if error else None,
    )
    return render("judging/new.html", visit.shell, context, error.status if error else 200)


def _round(visit: Visit, error: KaishuError | None = None) -> Response:
    call, id = visit.call, visit.part("round")
    board = evaluation.board(call, id)
    round = board.round
    indicators = evaluation.judged_of(evaluation.passport_of(round))
    there = {(unit["id"], each.code) for unit, each in evaluation.places_of(round)}
    unit_only = board.seats <= {"unit"}
    units = [each for each in round.units if not unit_only or each["office"] == call.actor.office]
    start = int(visit.query("from")) if visit.query("from").isdecimal() else 0
    inside = not unit_only
    every, by_indicator = evaluation.agreements(call, id) if inside else (None, {})
    manager = "manager" in board.seats
    titles = {each.code: each.node.title.said(language()) or each.code for each in indicators}
    context = RoundPage(
        board=board,
        system=_system(round),
        people=_people(visit, round),
        indicators=list(titles.items()),
        rows=[
            (unit["name"], [_cell(board, unit["id"], code, there) for code in titles])
            for unit in units[start : start + SHOWN]
        ],
        agreed=every,
        by_indicator=[(titles[code], found) for code, found in by_indicator.items()],
        missing=len(there - board.settled.keys()) if inside else 0,
        next=address(f"{HERE}/{id}", ("from", start + SHOWN)) if len(units) > start + SHOWN else "",
        may_disclose=manager and round.state == "judging",
        may_close=manager and round.state == "disclosed",
        trouble=said(error) if error else None,
    )
    return render("judging/round.html", visit.shell, context, error.status if error else 200)


def _cell(board: Board, unit: str, code: str, there: set[tuple[str, str]]) -> Cell:
    key = (unit, code)
    if key not in there:
        return Cell("none")
    href, row = _address(board.round.id, unit, code), board.settled.get(key)
    appealed = any(case.closed_at is None for _appeal, case in board.appeals.get(key, ()))
    if row is not None:
        return Cell("settled", href, f"{row.score:g}", appealed)
    at = board.scores.get(key, Scores())
    if at.both:
        return Cell("differs", href)
    return Cell("given" if at.first or at.second else "open", href)


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
    own = at.first if "first" in board.seats else at.second if "second" in board.seats else None
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
        people=_people(visit, round),
        history=evaluation.history_of(call, round, unit_id, code) if key in board.settled else [],
        appeals=board.appeals.get(key, []),
        here=_address(id, unit_id, code),
        following=_following(visit, board, unit_id, code),
        mine=f"{own.score:g}" if own else "",
        may=_may(visit, board, unit, at, key),
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
    round, seats = board.round, board.seats
    assessor, reviewer = bool(seats & {"first", "second"}), "reviewer" in seats
    own = unit["office"] is not None and unit["office"] == visit.call.actor.office
    own = own and bool(allowed(visit.call, Permission.judging_appeal, office=unit["office"]))
    waiting = any(case.closed_at is None for _appeal, case in board.appeals.get(key, ()))
    in_time = round.appeal_until is not None and visit.call.now.date() <= round.appeal_until
    found = {
        "score": assessor and round.state == "judging" and not at.both,
        "decide": reviewer and round.state == "judging" and at.both and key not in board.settled,
        "evidence": round.state != "closed" and (assessor or reviewer or own),
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
        mine = at.first if "first" in board.seats else at.second
        judging = bool(board.seats & {"first", "second"}) and mine is None
        deciding = "reviewer" in board.seats and at.both and key not in board.settled
        if board.round.state == "judging" and (judging or deciding) and key != (unit, code):
            waiting.append(key)
    return _address(board.round.id, *waiting[0]) if waiting else ""


def _criteria(indicator: JudgedIndicator) -> list[tuple[str, str, str]]:
    """Value of the form, score as shown, words."""
    return [
        (repr(float(each.score)), f"{float(each.score):g}", each.text.said(language()))
        for each in indicator.judging.criteria
    ]


def _definition(indicator: JudgedIndicator) -> str:
    found = indicator.node.indicator
    return found.definition.said(language()) if found else ""


def _system(round: JudgingRound) -> str:
    return evaluation.passport_of(round).title.said(language()) or round.system


def _people(visit: Visit, round: JudgingRound) -> tuple[str, str, str]:
    seats = (round.first_id, round.second_id, round.reviewer_id)
    names = [visit.call.session.get_one(Person, id).name for id in seats]
    return names[0], names[1], names[2]


def _problems(error: KaishuError | None) -> list[str]:
    if not isinstance(error, Invalid):
        return []
    return [sentence for told in error.problems_in(language()).values() for sentence in told]


def _unit(line: str) -> dict[str, str]:
    """A line: id, name, office, class; only the first is needed."""
    parts = [part.strip() for part in line.replace("，", ",").split(",")] + [""] * 4
    return {"id": parts[0], "name": parts[1], "office": parts[2], "class": parts[3]}


def _number(said_: str) -> float | None:
    try:
        return float(said_)
    except ValueError:
        return None


def _address(round: str, unit: str, code: str) -> str:
    return address(f"{HERE}/{round}/place", ("unit", unit), ("code", code))


ROUTES: list[Route] = [
    page(HERE, home),
    page(f"{HERE}/new", choose),
    act(f"{HERE}/new", begin),
    page(f"{HERE}/{{round}}", show_round),
    act(f"{HERE}/{{round}}", step_round),
    page(f"{HERE}/{{round}}/place", show_place),
    act(f"{HERE}/{{round}}/place", step_place),
    taking(f"{HERE}/{{round}}/evidence", add_evidence),
    page(f"{HERE}/{{round}}/evidence/{{evidence}}", hand_out),
]

"""Judging by written criteria: what waits for me, a round, one place with criteria, evidence and appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, evaluation
from kaishu.access import Permission, allowed, require
from kaishu.access.models import Person
from kaishu.base.errors import Invalid, KaishuError, Said
from kaishu.evaluation import Board, Scores
from kaishu.evaluation.models import JudgingRound
from kaishu.web.evaluation_blocks import chosen_of, system_line
from kaishu.web.judging_contexts import Aside, Cell, JudgingHome, NewRound, RoundPage
from kaishu.web.office_choices import own_offices
from kaishu.web.pages import evaluation_judging_place
from kaishu.web.pages.evaluation_judging_place import ASSESSORS, HERE, SEATS, place_address
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import JUDGED, say
from kaishu.web.words import language, pick

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
    reserves = [each for each in form.getlist("reserves") if isinstance(each, str)]
    title, title_en = given.get("title", ""), given.get("title_en", "").strip()
    days = given.get("appeal_days", "")
    try:
        round = evaluation.open_round(
            visit.call,
            given.get("system", ""),
            title=Said(title, title_en) if title_en else title,
            units=[_unit(line) for line in given.get("units", "").splitlines() if line.strip()],
            first=given.get("first", ""),
            second=given.get("second", ""),
            reviewer=given.get("reviewer", ""),
            reserves=reserves,
            appeal_days=int(days) if days.isdecimal() else 0,
        )
    except KaishuError as error:
        raise Unchanged(_form(visit, given, error, reserves)) from error
    return say(moved(visit, f"{HERE}/{round.id}"), JUDGED)


def show_round(visit: Visit) -> Response:
    """A round."""
    return _round(visit)


def step_round(visit: Visit, form: FormData) -> Response:
    """Disclose, close, or name somebody who stands in."""
    call, id, what = visit.call, visit.part("round"), text(form, "act")
    try:
        if what == "disclose":
            evaluation.disclose(call, id)
        elif what == "stand-in":
            unit, seat, person = (text(form, name) for name in ("unit", "seat", "person"))
            evaluation.name_stand_in(call, id, unit, seat, person)
        else:
            evaluation.close_round(call, id)
    except KaishuError as error:
        raise Unchanged(_round(visit, error)) from error
    return say(moved(visit, f"{HERE}/{id}"), JUDGED)


def _form(
    visit: Visit, given: Mapping[str, str], error: KaishuError | None = None, reserves: Sequence[str] = ()
) -> Response:
    call = visit.call
    require(call, Permission.judging_manage)
    rows = [chosen_of(row) for row in evaluation.editions_of(call) if row.state in ("published", "draft")]
    own = [evaluation.built_in_system(name) for name in evaluation.built_in()]
    lines = [system_line(each) for each in [*rows, *own] if evaluation.judged_of(each.passport)]
    people = access.people(call.session)
    problems = error.problems_in(language()) if isinstance(error, Invalid) else {}
    context = NewRound(
        systems=[(line.id, f"{line.title} · {line.edition}") for line in lines],
        people=[_person(each) for each in people if evaluation.may_sit(each, "first")],
        reviewers=[_person(each) for each in people if evaluation.may_sit(each, "reviewer")],
        reserves=reserves,
        offices=own_offices(call),
        given=given,
        problems=problems,
        trouble=said(error) if error else None,
    )
    return render("judging/new.html", visit.shell, context, error.status if error else 200)


def _person(each: Person) -> tuple[str, str]:
    """Account and, to choose by, name, account and department."""
    of = pick(each.office.title, each.office.title_en) if each.office else ""
    zh, en = f"{each.name}（{each.account}）", f"{each.name} ({each.account})"
    return each.account, pick(f"{zh}· {of}" if of else zh, f"{en} · {of}" if of else en)


def _asides(visit: Visit, board: Board, unit_only: bool) -> list[Aside]:
    """Who steps aside; a manager is offered those who may stand in."""
    call, id, manager = visit.call, board.round.id, "manager" in board.seats
    found: list[Aside] = []
    for each in [] if unit_only else evaluation.recusals(call, id):
        offered = None
        if manager and each.needed and len(found) < SHOWN:
            offered = [_person(p) for p in evaluation.stand_ins_for(call, id, each.unit["id"], each.seat)]
        found.append(
            Aside(
                each.unit["name"],
                each.unit["id"],
                each.seat,
                SEATS[each.seat](),
                each.person.name,
                each.stand_in.name if each.stand_in else "",
                each.needed,
                offered,
            )
        )
    return found


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
    asides = _asides(visit, board, unit_only)
    vacant = {each.unit_id for each in asides if each.needed and each.seat != "reviewer" and manager}
    context = RoundPage(
        board=board,
        system=_system(round),
        people=_people(visit, round),
        indicators=list(titles.items()),
        rows=[
            (unit["name"], [_cell(board, unit["id"], code, there, vacant) for code in titles])
            for unit in units[start : start + SHOWN]
        ],
        agreed=every,
        by_indicator=[(titles[code], found) for code, found in by_indicator.items()],
        missing=len(there - board.settled.keys()) if inside else 0,
        asides=asides,
        next=address(f"{HERE}/{id}", ("from", start + SHOWN)) if len(units) > start + SHOWN else "",
        may_disclose=manager and round.state == "judging",
        may_close=manager and round.state == "disclosed",
        trouble=said(error) if error else None,
    )
    return render("judging/round.html", visit.shell, context, error.status if error else 200)


def _cell(board: Board, unit: str, code: str, there: set[tuple[str, str]], vacant: set[str]) -> Cell:
    key = (unit, code)
    if key not in there:
        return Cell("none")
    href, row = place_address(board.round.id, unit, code), board.settled.get(key)
    appealed = any(case.closed_at is None for _appeal, case in board.appeals.get(key, ()))
    if row is not None:
        return Cell("settled", href, f"{row.score:g}", appealed)
    at = board.scores.get(key, Scores())
    if at.both:
        return Cell("differs", href)
    if at.first or at.second:
        return Cell("given", href)
    if unit in vacant:
        return Cell("vacant", "#recusal")
    seats = board.seats_at(unit)
    return Cell("recused" if "recused" in seats else "mine" if seats & ASSESSORS else "open", href)


def _system(round: JudgingRound) -> str:
    return evaluation.passport_of(round).title.said(language()) or round.system


def _people(visit: Visit, round: JudgingRound) -> tuple[str, str, str]:
    seats = (round.first_id, round.second_id, round.reviewer_id)
    names = [visit.call.session.get_one(Person, id).name for id in seats]
    return names[0], names[1], names[2]


def _unit(line: str) -> dict[str, str]:
    """A line: id, name, office, class; only the first is needed."""
    parts = [part.strip() for part in line.replace("，", ",").split(",")] + [""] * 4
    return {"id": parts[0], "name": parts[1], "office": parts[2], "class": parts[3]}


ROUTES: list[Route] = [
    page(HERE, home),
    page(f"{HERE}/new", choose),
    act(f"{HERE}/new", begin),
    page(f"{HERE}/{{round}}", show_round),
    act(f"{HERE}/{{round}}", step_round),
    *evaluation_judging_place.ROUTES,
]

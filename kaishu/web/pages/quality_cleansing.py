"""Cleansing of a table: the plan and its review, a preview, a run in the background."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import quality
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import KaishuError
from kaishu.web.cleansing_blocks import (
    draft_lines,
    failure_of,
    matrix_rows,
    nothing_done,
    preview_block,
    rank_choices,
    run_lines,
    running_of,
    step_lines,
)
from kaishu.web.cleansing_contexts import CleansingPage
from kaishu.web.edition_pages import (
    PREFIX,
    lines_of,
    place_in,
    table_in,
    take_step,
    written_block,
    written_so_far,
)
from kaishu.web.loop_contexts import TableOf
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, text
from kaishu.web.shell import CLEANSING_DRAFTED, CLEANSING_KEPT, CLEANSING_LEFT, CLEANSING_STEPPED, say
from kaishu.web.tables_of import table_of

COMMON = ("id", "title", "when", "strategy")


def show(visit: Visit) -> Response:
    """The plan, what is drafted from failed rules, previews and runs."""
    return _page(visit, table_of(visit.call, visit.part("name"), visit.query("resource")))


def keep(visit: Visit, form: FormData) -> Response:
    """Keep the text as draft; what is wrong stands beside what was typed."""
    return _keep(visit, form, table_in(visit, form), lines_of(form))


def add(visit: Visit, form: FormData) -> Response:
    """Add a step that was made in the form."""
    table = table_in(visit, form)
    known = {each.kind: each for each in quality.kinds_of_steps()}
    kind = text(form, "kind")
    given = {name: text(form, name) for name in COMMON}
    if kind in known:
        given |= {name: lines_of(form, PREFIX + name) for name in known[kind].parameters}
    step = {"id": given.pop("id"), "step": kind, **given}
    try:
        whole = quality.add_step(written_so_far(visit, quality.CLEANSING_PLANS, table), step)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error)) from error
    return _keep(visit, form, table, whole)


def rearrange(visit: Visit, form: FormData) -> Response:
    """Move a step up or down, or take it out."""
    table = table_in(visit, form)
    place = int(text(form, "place")) if text(form, "place").isdecimal() else -1
    written = written_so_far(visit, quality.CLEANSING_PLANS, table)
    try:
        if text(form, "act") == "remove":
            whole = quality.remove_step(written, place)
        else:
            whole = quality.move_step(written, place, -1 if text(form, "act") == "up" else 1)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, error=error)) from error
    return _keep(visit, form, table, whole)


def draft(visit: Visit, form: FormData) -> Response:
    """Add what is drafted for the ticked rules, or show what another importance would draft."""
    table = table_in(visit, form)
    ranks = _ranks(form)
    if text(form, "act") == "show":
        return _page(visit, table, form=form)
    try:
        _plan, added = quality.add_drafted(visit.call, table.id, _ticked(form), ranks)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error)) from error
    return say(moved(visit, place_of(table)), CLEANSING_DRAFTED, name=table.title, n=str(len(added)))


def step(visit: Visit, form: FormData) -> Response:
    """Submit, take back, agree or return."""
    table = table_in(visit, form)
    try:
        take_step(visit, form, quality.CLEANSING_PLANS, table)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, error=error)) from error
    return say(moved(visit, place_of(table)), CLEANSING_STEPPED, name=table.title)


def leave(visit: Visit, form: FormData) -> Response:
    """Leave a preview of the newest plan, a run of the one in force, or an undoing to the worker."""
    table = table_in(visit, form)
    name = table.dataset.name
    try:
        if text(form, "act") == "preview":
            quality.leave_cleansing_preview(visit.call, text(form, "plan"), name)
        elif text(form, "act") == "undo":
            quality.leave_cleansing_undo(visit.call, text(form, "run"), name)
        else:
            quality.leave_cleansing(visit.call, table.id, name)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, error=error)) from error
    return say(moved(visit, place_of(table) + "#running"), CLEANSING_LEFT)


def place_of(table: TableOf) -> str:
    """Address of the cleansing of a table."""
    return place_in(table, "cleansing")


def _keep(visit: Visit, form: FormData, table: TableOf, whole: str) -> Response:
    try:
        quality.keep_cleansing_plan(visit.call, table.id, whole)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error, typed=whole)) from error
    return say(moved(visit, place_of(table) + "#steps"), CLEANSING_KEPT, name=table.title)


def _ticked(form: FormData) -> list[str]:
    return [str(each) for each in form.getlist("rule")]


def _ranks(form: FormData | None) -> dict[str, str]:
    """Importance by column: ``column`` and ``importance`` come in pairs."""
    if form is None or "column" not in form:
        return {}
    pairs = zip(form.getlist("column"), form.getlist("importance"), strict=False)
    return {str(column): str(rank) for column, rank in pairs if rank in quality.IMPORTANCE}


def _page(
    visit: Visit,
    table: TableOf,
    *,
    form: FormData | None = None,
    error: KaishuError | None = None,
    typed: str = "",
) -> Response:
    office = table.dataset.office_id
    require(visit.call, Permission.cleansing_draft, office=office)
    session = visit.call.session
    plans, kinds = quality.CLEANSING_PLANS, quality.kinds_of_steps()
    newest = plans.newest(session, table.id)
    so_far = newest.text if newest else ""
    may_read = quality.may_read_rows(visit.call, table.id)
    may_run = bool(allowed(visit.call, Permission.cleansing_run, office=office))
    drafted = quality.draft_cleansing(session, table.id, _ranks(form) or None)
    context = CleansingPage(
        table=table,
        written=written_block(visit, plans, table, kinds, form=form, error=error, typed=typed),
        steps=step_lines(so_far),
        matrix=matrix_rows(drafted),
        drafts=draft_lines(drafted, so_far),
        importance=rank_choices(drafted, _ranks(form) or (newest.importance if newest else {})),
        checked=drafted is not None,
        running=running_of(session, table.id),
        failed=failure_of(session, table.id),
        nothing=nothing_done(session, table.id),
        preview=preview_block(session, newest, may_read) if newest else None,
        runs=run_lines(session, table, may_run),
        may_run=may_run,
        may_read=may_read,
    )
    return render("loop/cleansing.html", visit.shell, context, error.status if error else 200)


HERE = "/desk/datasets/{name}/cleansing"
ROUTES: list[Route] = [
    page(HERE, show),
    act(HERE, keep),
    act(f"{HERE}/add", add),
    act(f"{HERE}/rearrange", rearrange),
    act(f"{HERE}/draft", draft),
    act(f"{HERE}/step", step),
    act(f"{HERE}/leave", leave),
]

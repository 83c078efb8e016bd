"""Cleansing of a table: the plan and its review, a preview, a run in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import quality
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import Invalid, KaishuError
from kaishu.quality.errors import BadRules
from kaishu.quality.models import CleansingPlan
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
from kaishu.web.loop_contexts import TableOf
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import CLEANSING_DRAFTED, CLEANSING_KEPT, CLEANSING_LEFT, CLEANSING_STEPPED, say
from kaishu.web.tables_of import table_of
from kaishu.web.words import language, pick

PREFIX = "p-"
COMMON = ("id", "title", "when", "strategy")


def show(visit: Visit) -> Response:
    """The plan, what is drafted from failed rules, previews and runs."""
    return _page(visit, table_of(visit.call, visit.part("name"), visit.query("resource")))


def keep(visit: Visit, form: FormData) -> Response:
    """Keep the text as draft; what is wrong stands beside what was typed."""
    return _keep(visit, form, _table(visit, form), _typed(form))


def add(visit: Visit, form: FormData) -> Response:
    """Add a step that was made in the form."""
    table = _table(visit, form)
    known = {each.kind: each for each in quality.kinds_of_steps()}
    kind = text(form, "kind")
    given = {name: text(form, name) for name in COMMON}
    if kind in known:
        given |= {name: _lines(form, PREFIX + name) for name in known[kind].parameters}
    step = {"id": given.pop("id"), "step": kind, **given}
    try:
        whole = quality.add_step(_text(visit, table), step)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error)) from error
    return _keep(visit, form, table, whole)


def rearrange(visit: Visit, form: FormData) -> Response:
    """Move a step up or down, or take it out."""
    table = _table(visit, form)
    place = int(text(form, "place")) if text(form, "place").isdecimal() else -1
    written = _text(visit, table)
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
    table = _table(visit, form)
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
    table = _table(visit, form)
    acts = {
        "submit": quality.submit_cleansing_plan,
        "take-back": quality.take_cleansing_plan_back,
        "approve": quality.approve_cleansing_plan,
    }
    try:
        if text(form, "act") == "return":
            quality.return_cleansing_plan(visit.call, table.id, text(form, "reason"))
        else:
            acts.get(text(form, "act"), quality.submit_cleansing_plan)(visit.call, table.id)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, error=error)) from error
    return say(moved(visit, place_of(table)), CLEANSING_STEPPED, name=table.title)


def leave(visit: Visit, form: FormData) -> Response:
    """Leave a preview of the newest plan, a run of the one in force, or an undoing to the worker."""
    table = _table(visit, form)
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
    return address(f"/desk/datasets/{path_part(table.dataset.name)}/cleansing", ("resource", table.entry.id))


def _table(visit: Visit, form: FormData) -> TableOf:
    return table_of(visit.call, visit.part("name"), text(form, "resource"))


def _keep(visit: Visit, form: FormData, table: TableOf, whole: str) -> Response:
    try:
        quality.keep_cleansing_plan(visit.call, table.id, whole)
    except KaishuError as error:
        raise Unchanged(_page(visit, table, form=form, error=error, typed=whole)) from error
    return say(moved(visit, place_of(table) + "#steps"), CLEANSING_KEPT, name=table.title)


def _typed(form: FormData) -> str:
    return _lines(form, "text")


def _lines(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _text(visit: Visit, table: TableOf) -> str:
    plan = _newest(visit, table)
    return plan.text if plan else ""


def _newest(visit: Visit, table: TableOf) -> CleansingPlan | None:
    session = visit.call.session
    return quality.open_plan(session, table.id) or quality.plan_in_force(session, table.id)


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
    in_force, draft = quality.plan_in_force(session, table.id), quality.open_plan(session, table.id)
    newest = draft or in_force
    kinds = quality.kinds_of_steps()
    chosen = _chosen(visit, form, kinds)
    problems = _problems(error)
    may_read = quality.may_read_rows(visit.call, table.id)
    drafted = quality.draft_cleansing(session, table.id, _ranks(form) or None)
    written = newest.text if newest else ""
    lines = draft_lines(drafted, written)
    may_run = bool(allowed(visit.call, Permission.cleansing_run, office=office))
    context = CleansingPage(
        table=table,
        in_force=in_force,
        open=draft,
        plans=quality.cleansing_plans(session, table.id),
        steps=step_lines(written),
        text=typed or (_typed(form) if form else "") or written,
        problems=problems,
        trouble=said(error) if error and not problems else None,
        matrix=matrix_rows(drafted),
        drafts=lines,
        importance=rank_choices(drafted, _ranks(form) or (newest.importance if newest else {})),
        checked=drafted is not None,
        kinds=[(each.kind, f"{pick(each.zh, each.en)} · {each.kind}") for each in kinds],
        kind=chosen.kind,
        fields=[(name, pick(zh, en)) for name, (zh, en) in chosen.parameters.items()],
        given=_given(form),
        columns=[str(each["name"]) for each in table.entry.columns],
        running=running_of(session, table.id),
        failed=failure_of(session, table.id),
        nothing=nothing_done(session, table.id),
        preview=preview_block(session, newest, may_read) if newest else None,
        runs=run_lines(session, table, may_run),
        may_draft=draft is None or draft.state in ("draft", "returned"),
        may_approve=_may_approve(visit, draft, office),
        may_run=may_run,
        may_read=may_read,
    )
    return render("loop/cleansing.html", visit.shell, context, error.status if error else 200)


def _chosen(visit: Visit, form: FormData | None, kinds: Sequence[quality.StepKind]) -> quality.StepKind:
    """The kind of step that the form is for."""
    kind = (text(form, "kind") if form else "") or visit.query("kind")
    return next((each for each in kinds if each.kind == kind), kinds[0])


def _may_approve(visit: Visit, draft: CleansingPlan | None, office: str) -> bool:
    if draft is None or draft.state not in ("in-review", "approved"):
        return False
    if draft.state == "in-review":
        return bool(allowed(visit.call, Permission.cleansing_business, office=office))
    same = draft.business_id == visit.call.actor.id
    return not same and bool(allowed(visit.call, Permission.cleansing_technical, office=office))


def _problems(error: KaishuError | None) -> list[str]:
    if isinstance(error, BadRules):
        return [each.sentence(language()) for each in error.problems]
    if isinstance(error, Invalid):
        return [sentence for told in error.problems_in(language()).values() for sentence in told]
    return []


def _given(form: FormData | None) -> Mapping[str, str]:
    return {key: value for key, value in form.items() if isinstance(value, str)} if form else {}


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

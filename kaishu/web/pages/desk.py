"""The steward's desk: my datasets by state, and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from kaishu import casework, catalogue, elements, harvest, queue, standardisation
from kaishu.access import Permission, Role, allowed, require
from kaishu.base.errors import Invalid, KaishuError
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset, Revision
from kaishu.queue.models import Task
from kaishu.web import addresses
from kaishu.web.desk_contexts import Desk, DeskEntry, ManagePage, TaskEntry
from kaishu.web.forms.record import gathered, titles
from kaishu.web.pages.gates import steps_of
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, act, moved, page, said, text
from kaishu.web.shell import RENAMED, RESTORED, SUBMITTED, TAKEN_BACK, WITHDRAWN, say
from kaishu.web.words import _, language, pick

SHOWN = 50
ORDER = (State.returned, State.draft, State.in_review, State.published, State.withdrawn)
OPEN = ("waiting", "running")


def desk(visit: Visit) -> Response:
    """My office's datasets by state, and the work under way."""
    require(visit.call, Permission.dataset_draft, office=visit.call.actor.office)
    office = None if visit.call.actor.role is Role.administrator else visit.call.actor.office
    of_sources = visit.query("from") == "sources"
    ids = harvest.harvested_ids()
    among = Dataset.id.in_(ids) if of_sources else Dataset.id.not_in(ids)
    cursor = visit.query("cursor") or None
    found = catalogue.datasets(visit.call, office=office, among=among, limit=SHOWN, cursor=cursor)
    groups: dict[str, list[DeskEntry]] = {}
    for dataset in found.rows:
        state = dataset.draft_state or dataset.state
        groups.setdefault(state, []).append(_entry(visit, dataset, state, of_sources))
    tasks = visit.call.session.scalars(
        select(Task).where(Task.kind == "ingest", Task.state.in_(OPEN)).order_by(Task.id.desc()).limit(SHOWN)
    )
    where = [("from", "sources")] if of_sources else []
    mine = [task for task in tasks if may_see(visit, task)]
    context = Desk(
        [(state.value, groups[state]) for state in ORDER if state in groups],
        [task_entry(task) for task in mine],
        address("/desk", *where, ("cursor", found.next)) if found.next else "",
        len(casework.asked_of(visit.call.session, elements.KIND, office)) if office else 0,
        len(casework.asked_of(visit.call.session, standardisation.KIND, office)) if office else 0,
        _harvested(visit, office),
        of_sources,
        not cursor and not found.next,
    )
    return render("desk/desk.html", visit.shell, context)


def _harvested(visit: Visit, office: str | None) -> int:
    """How many datasets of the office (of all offices for None) came from other portals."""
    wanted = select(func.count()).where(Dataset.id.in_(harvest.harvested_ids()))
    return visit.call.session.scalar(wanted.where(Dataset.office_id == office) if office else wanted) or 0


def manage(visit: Visit) -> Response:
    """One dataset: state, tables, next steps; reviewers, who change nothing, go on to its page."""
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    if not allowed(visit.call, Permission.dataset_draft) and allowed(visit.call, Permission.dataset_review):
        return moved(visit, addresses.dataset_path(dataset.name))
    require(visit.call, Permission.dataset_draft, office=dataset.office_id)
    return render("desk/manage.html", visit.shell, _managed(visit, dataset))


def submit(visit: Visit, form: FormData) -> Response:
    """Hand the draft to the reviewers; what it still lacks is listed."""
    dataset = mine_by_name(visit)
    try:
        catalogue.submit(visit.call, dataset.name)
    except Invalid as error:
        context = _managed(visit, dataset, missing=_named(error))
        raise Unchanged(render("desk/manage.html", visit.shell, context, error.status)) from error
    return say(moved(visit, home_of(dataset)), SUBMITTED, name=dataset.title)


def take_back(visit: Visit, form: FormData) -> Response:
    """Take a submission back."""
    dataset = mine_by_name(visit)
    catalogue.take_back(visit.call, dataset.name)
    return say(moved(visit, home_of(dataset)), TAKEN_BACK, name=dataset.title)


def withdraw(visit: Visit, form: FormData) -> Response:
    """Take a published dataset out of sight; a reason is needed."""
    dataset = mine_by_name(visit)
    try:
        catalogue.withdraw(visit.call, dataset.name, text(form, "reason"))
    except ReasonNeeded as error:
        problems = {"reason": [error.sentence(language())]}
        context = _managed(visit, dataset, problems=problems, trouble=error)
        raise Unchanged(render("desk/manage.html", visit.shell, context, error.status)) from error
    return say(moved(visit, home_of(dataset)), WITHDRAWN, name=dataset.title)


def restore(visit: Visit, form: FormData) -> Response:
    """Put a withdrawn dataset back before the public; a reason is needed."""
    dataset = mine_by_name(visit)
    try:
        catalogue.restore(visit.call, dataset.name, text(form, "reason"))
    except (ReasonNeeded, Invalid) as error:
        problems = {"restore": [said(error)[0]]}
        context = _managed(visit, dataset, problems=problems, trouble=error)
        raise Unchanged(render("desk/manage.html", visit.shell, context, error.status)) from error
    return say(moved(visit, home_of(dataset)), RESTORED, name=dataset.title)


def rename(visit: Visit, form: FormData) -> Response:
    """Give a dataset another address part."""
    dataset = mine_by_name(visit)
    try:
        catalogue.rename(visit.call, dataset.name, text(form, "name"))
    except KaishuError as error:
        problems = error.problems_in(language()) if isinstance(error, Invalid) else {"name": [said(error)[0]]}
        visit.call.session.refresh(dataset)
        context = _managed(visit, dataset, problems=problems, trouble=error)
        raise Unchanged(render("desk/manage.html", visit.shell, context, error.status)) from error
    return say(moved(visit, home_of(dataset)), RENAMED, name=dataset.name)


def mine_by_name(visit: Visit) -> Dataset:
    """The dataset in the address, for one who may change it."""
    dataset = catalogue.dataset_by_name(visit.call, visit.part("name"))
    require(visit.call, Permission.dataset_draft, office=dataset.office_id)
    return dataset


def home_of(dataset: Dataset) -> str:
    """The desk's page of a dataset."""
    return "/desk" + addresses.dataset_path(dataset.name)


def may_see(visit: Visit, task: Task) -> bool:
    """Is this the actor's own task, or are they the administrator?"""
    actor = visit.call.actor
    return task.actor.get("id") == actor.id or actor.role is Role.administrator


def task_entry(task: Task) -> TaskEntry:
    """A task in a list."""
    states = {"waiting": _("排队等待"), "running": _("正在处理"), "done": _("已完成"), "failed": _("未成功")}
    title = str(task.payload.get("title") or task.payload.get("dataset") or task.kind)
    return TaskEntry(task.id, title, states.get(task.state, task.state), task.created_at)


def _entry(visit: Visit, dataset: Dataset, state: str, of_source: bool) -> DeskEntry:
    reason = ""
    if state == State.returned and dataset.draft_revision_id:
        revision = visit.call.session.get(Revision, dataset.draft_revision_id)
        reason = revision.reason if revision else ""
    counted = [entry["rows"] for entry in dataset.resources if entry.get("rows") is not None]
    return DeskEntry(
        dataset.name,
        pick(dataset.title, dataset.title_en),
        pick(dataset.office.title, dataset.office.title_en),
        sum(counted) if counted else None,
        dataset.updated_at,
        _steps().get("harvested" if of_source and state == State.published else state, ""),
        reason,
    )


def _steps() -> dict[str, str]:
    return {
        "draft": _("补全目录信息，提交审核"),
        "in-review": _("等待审核"),
        "returned": _("按退回理由修改，再次提交"),
        "published": _("有新数据时上传新版本"),
        "withdrawn": _("修改后可重新提交"),
        "harvested": _("随来源更新，改动在采集时保留"),
    }


def _managed(
    visit: Visit,
    dataset: Dataset,
    *,
    missing: Sequence[tuple[str, Sequence[str]]] = (),
    problems: dict[str, list[str]] | None = None,
    trouble: KaishuError | None = None,
) -> ManagePage:
    draft = catalogue.draft_of(visit.call, dataset)
    editable = dataset.draft_state != State.in_review
    may_submit = allowed(visit.call, Permission.dataset_submit, office=dataset.office_id)
    tasks = queue.tasks_about(visit.call.session, "dataset", dataset.id)
    return ManagePage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        tables=catalogue.draft_resources(visit.call, dataset),
        tasks=[task_entry(task) for task in tasks if task.kind == "ingest"][:5],
        editable=editable,
        uploadable=editable,
        submittable=bool(draft and draft.state in (State.draft, State.returned) and may_submit),
        returned=draft.reason if draft and draft.state == State.returned else "",
        gates=steps_of(visit, dataset.name),
        missing=missing,
        problems=problems or {},
        trouble=said(trouble) if trouble else None,
    )


def _named(error: Invalid) -> list[tuple[str, list[str]]]:
    words = titles()
    return [(words.get(f, f), said_) for f, said_ in gathered(error.problems_in(language())).items()]


ROUTES: list[Route] = [
    page("/desk", desk),
    page("/desk/datasets/{name}", manage),
    act("/desk/datasets/{name}/submit", submit),
    act("/desk/datasets/{name}/take-back", take_back),
    act("/desk/datasets/{name}/withdraw", withdraw),
    act("/desk/datasets/{name}/restore", restore),
    act("/desk/datasets/{name}/rename", rename),
]

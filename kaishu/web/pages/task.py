"""How far an ingest is."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, lake, queue
from kaishu.access import Permission, require
from kaishu.base.errors import NotFound
from kaishu.queue.models import Task
from kaishu.web import addresses
from kaishu.web.desk_contexts import TaskPage
from kaishu.web.figures import lasting, share
from kaishu.web.pages.desk import OPEN, may_see
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, language


def show_task(visit: Visit) -> Response:
    """The whole page."""
    return render("desk/task.html", visit.shell, _context(visit))


def show_state(visit: Visit) -> Response:
    """The part that changes, for a page that asks every second."""
    return render("desk/state.html", visit.shell, _context(visit))


def _context(visit: Visit) -> TaskPage:
    require(visit.call, Permission.dataset_draft, office=visit.call.actor.office)
    task = queue.task_by_id(visit.call.session, visit.part("task"))
    if not may_see(visit, task):
        raise NotFound(kind="任务 task", name=task.id)
    title = str(task.payload.get("title") or task.payload.get("dataset") or _("存入数据湖"))
    if task.state in OPEN:
        return _running(visit, task, title)
    if task.state == "failed":
        error = (task.error or {}).get(language(), {})
        back = address(
            f"/desk/deliveries/{task.payload.get('delivery_id', '')}",
            ("dataset", task.payload.get("dataset")),
            ("resource", task.payload.get("resource_id")),
        )
        return TaskPage(
            title=title,
            task=task,
            running=False,
            failed=True,
            sentence=str(error.get("message") or _("没有成功。")),
            advice=str(error.get("advice") or ""),
            back=back,
        )
    return _done(visit, task, title)


def _running(visit: Visit, task: Task, title: str) -> TaskPage:
    known = bool(task.total and task.done)
    left = ""
    if known and task.started_at:
        spent = (visit.call.now - task.started_at).total_seconds()
        left = lasting(spent * (task.total - task.done) / task.done)
    return TaskPage(
        title=title,
        task=task,
        running=True,
        failed=False,
        stage=_("正在读取并存入数据湖") if task.state == "running" else _("排队等待，马上开始"),
        done=task.done,
        total=task.total,
        percent=share(min(1.0, task.done / task.total)) if task.total else "",
        left=left,
    )


def _done(visit: Visit, task: Task, title: str) -> TaskPage:
    result = task.result or {}
    version = lake.version_by_id(visit.call.session, str(result["version_id"]))
    dataset = catalogue.dataset_by_name(visit.call, str(result["dataset"]))
    entries = catalogue.draft_resources(visit.call, dataset)
    resource = next((entry.id for entry in entries if entry.version_id == version.id), None)
    return TaskPage(
        title=title,
        task=task,
        running=False,
        failed=False,
        onward=f"/desk{addresses.dataset_path(dataset.name)}/record",
        rows=version.rows,
        version=version.number,
        set_aside=version.set_aside,
        set_aside_href=addresses.api_set_aside(dataset.name, version.number, resource)
        if version.set_aside
        else "",
        notes=version.notes,
    )


ROUTES: list[Route] = [page("/desk/tasks/{task}", show_task), page("/desk/tasks/{task}/state", show_state)]

"""The catalogue sheet: taken out, put back, looked at, applied."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kaishu import catalogue, compilation, http, queue, source
from kaishu.access import Call, Permission, Role, require
from kaishu.base import clock
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.queue.models import Task
from kaishu.source.models import Delivery
from kaishu.web.compile_contexts import Lacking, SheetDone, SheetPage, SheetPlanPage
from kaishu.web.forms.record import gathered, titles
from kaishu.web.office_choices import own_offices
from kaishu.web.pages.desk import may_see
from kaishu.web.pages.file import own_delivery
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, moved, page, said, taking, text
from kaishu.web.words import _, language, pick

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 300
KIND = "sheet"


def show(visit: Visit) -> Response:
    """Both ways at a glance."""
    require(visit.call, Permission.bulk_edit, office=visit.call.actor.office)
    return render("sheet/sheet.html", visit.shell, _sheet(visit.call))


def take_out(visit: Visit) -> Response:
    """The workbook of my office (or of the one asked for, or of all)."""
    office = visit.query("office") or (visit.call.actor.office or "")
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        compilation.take_out(visit.call, path, office=office)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    name = f"catalogue-{clock.day_of(visit.call.now):%Y%m%d}.xlsx"
    return FileResponse(path, media_type=XLSX, filename=name, background=BackgroundTask(path.unlink, True))


def put_back(request: Request, form: FormData) -> Response:
    """Take the file in; what it would do is shown next."""
    with http.read_call(request) as call:
        require(call, Permission.bulk_edit, office=call.actor.office)
    file = form.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid({"file": [_("请选择一个文件。")]})
        original = source.keep_original(file.filename, file.file)
        compilation.read_sheet(original.path, original.name)
    except KaishuError as error:
        with http.read_call(request) as call:
            shown = _sheet(call, trouble=said(error))
            return render("sheet/sheet.html", Visit(call, request).shell, shown, error.status)
    with http.write_call(request) as call:
        delivery = source.receive_original(call, original)
        return moved(Visit(call, request), f"/desk/sheet/{delivery.id}")


def show_plan(visit: Visit) -> Response:
    """What would be done, row by row; once it was accepted, what came of it."""
    delivery = own_delivery(visit.call, visit.part("delivery"))
    if accepted := _accepted(visit.call, delivery):
        return moved(visit, f"/desk/sheet/tasks/{accepted.id}")
    read = compilation.read_sheet(delivery.path, delivery.name)
    plan = compilation.plan_sheet(visit.call, read)
    return _plan(visit, delivery, plan)


def apply(request: Request, form: FormData) -> Response:
    """Leave the work to the worker: good rows only, or all or nothing; submitted in one go if wished."""
    with http.read_call(request) as call:
        visit = Visit(call, request)
        delivery = own_delivery(call, visit.part("delivery"))
        if accepted := _accepted(call, delivery):
            return moved(visit, f"/desk/sheet/tasks/{accepted.id}")
        plan = compilation.plan_sheet(call, compilation.read_sheet(delivery.path, delivery.name))
        only_good = text(form, "only_good") == "yes"
        if not plan.to_do or (plan.problems and not only_good):
            trouble = (_("没有改动任何内容。"), _("请改好标出的单元格再放回，或勾选只接受没有问题的行。"))
            return _plan(visit, delivery, plan, trouble, 422)
    with http.write_call(request) as call:
        payload = {
            "delivery_id": delivery.id,
            "title": delivery.name,
            "only_good": only_good,
            "submit": text(form, "submit") == "yes",
        }
        # Asked again in the transaction that writes: two clicks must not make new rows twice.
        task = _accepted(call, delivery) or queue.enqueue(call, KIND, payload, ("delivery", delivery.id))
        return moved(Visit(call, request), f"/desk/sheet/tasks/{task.id}")


def _accepted(call: Call, delivery: Delivery) -> Task | None:
    """The task that applies this sheet, or has; one that failed changed nothing and may be left again."""
    tasks = queue.tasks_about(call.session, "delivery", delivery.id)
    return next((each for each in tasks if each.kind == KIND and each.state != "failed"), None)


def show_task(visit: Visit) -> Response:
    """How far it is, and what was done in the end."""
    require(visit.call, Permission.bulk_edit, office=visit.call.actor.office)
    task = queue.task_by_id(visit.call.session, visit.part("task"))
    if not may_see(visit, task) or task.kind != KIND:
        raise NotFound(kind="任务 task", name=task.id)
    result: dict[str, Any] = task.result or {}
    error = (task.error or {}).get(language(), {})
    context = SheetDone(
        file=str(task.payload.get("title", "")),
        state=task.state,
        done=task.done,
        total=task.total,
        made=result.get("made", []),
        changed=result.get("changed", []),
        submitted=result.get("submitted", []),
        not_submitted=_lacking(visit, result.get("not_submitted", {})),
        left_out=result.get("left_out", 0),
        trouble=(error.get("message", ""), error.get("advice", "")) if task.state == "failed" else None,
    )
    return render("sheet/task.html", visit.shell, context)


def _lacking(visit: Visit, found: Mapping[str, Any]) -> list[Lacking]:
    """Why each could not be submitted, in the words of the record's form."""
    words, lines = titles(), []
    for name, why in found.items():
        try:
            dataset = catalogue.dataset_by_name(visit.call, name)
            title = pick(dataset.title, dataset.title_en)
        except KaishuError:
            title = name
        problems = gathered(why.get("problems", {}).get(language(), {}))
        spoken = [(words.get(field, field), " ".join(each)) for field, each in problems.items()]
        lines.append(Lacking(name, title, spoken))
    return lines


def _sheet(call: Call, trouble: tuple[str, str] | None = None) -> SheetPage:
    own = call.actor.role is Role.steward
    offices = [] if own else own_offices(call)
    return SheetPage(offices=offices, office="", trouble=trouble)


def _plan(
    visit: Visit,
    delivery: Delivery,
    plan: compilation.SheetPlan,
    trouble: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    order = {"wrong": 0, "conflict": 1, "new": 2, "changed": 3}
    shown = sorted((r for r in plan.rows if r.kind in order), key=lambda row: (order[row.kind], row.row))
    kinds = {
        "new": _("新增"),
        "changed": _("有改动"),
        "unchanged": _("没有改动"),
        "wrong": _("有错误"),
        "conflict": _("有冲突"),
    }
    context = SheetPlanPage(
        delivery=delivery.id,
        file=delivery.name,
        plan=plan,
        shown=shown[:SHOWN],
        kinds=kinds,
        office="",
        trouble=trouble,
    )
    return render("sheet/plan.html", visit.shell, context, status)


ROUTES: list[Route] = [
    page("/desk/sheet", show),
    taking("/desk/sheet", put_back),
    page("/desk/sheet.xlsx", take_out),
    page("/desk/sheet/tasks/{task}", show_task),
    page("/desk/sheet/{delivery}", show_plan),
    taking("/desk/sheet/{delivery}", apply),
]

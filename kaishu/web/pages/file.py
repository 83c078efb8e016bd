"""A file on its way in: upload, how it was read, confirmation."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import select
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, http, lake, queue, source
from kaishu.access import Call, Permission, Role, require
from kaishu.base import settings
from kaishu.base.errors import Invalid, KaishuError, NotFound
from kaishu.catalogue.models import Dataset
from kaishu.queue.models import Task
from kaishu.source.models import Delivery
from kaishu.web.batch_contexts import BatchPlan
from kaishu.web.desk_contexts import NewFile
from kaishu.web.forms import plan as form_of_plan
from kaishu.web.office_choices import own_offices
from kaishu.web.rendering import address, render
from kaishu.web.routing import Unchanged, Visit, moved, page, said, taking, text
from kaishu.web.shell import UPLOADED, say
from kaishu.web.words import _, language

if TYPE_CHECKING:
    from kaishu.lake import Plan, ReadOptions

TYPES = ("text", "integer", "number", "boolean", "date", "datetime")
FORMATS = ("csv", "tsv", "xls", "xlsx", "json", "ndjson", "xml", "geojson", "parquet")
ENCODINGS = ("utf-8", "gb18030", "utf-16", "big5", "latin-1")
NEW = "new"
SHEETS = {"xls": "spreadsheet", "xlsx": "spreadsheet"}


@dataclass(slots=True)
class Reading:
    """A delivery being looked at: for which dataset, with which options, and what came of it."""

    delivery: Delivery
    dataset: Dataset | None
    resource: str
    options: ReadOptions
    plan: Plan | None = None
    trouble: KaishuError | None = None


def new(visit: Visit) -> Response:
    """Choose a file, for a new dataset or as a new version."""
    return render("desk/new.html", visit.shell, _new(visit, visit.query("dataset"), visit.query("resource")))


def upload(request: Request, form: FormData) -> Response:
    """Take the file in; no transaction is open while it is copied."""
    name, resource = text(form, "dataset"), text(form, "resource")
    with http.read_call(request) as call:
        require(call, Permission.source_receive)
        _dataset(call, name)
    file = form.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid({"file": [_("请选择一个文件。")]})
        original = source.keep_original(file.filename, file.file)
    except KaishuError as error:
        with http.read_call(request) as call:
            visit = Visit(call, request)
            context = replace(_new(visit, name, resource), trouble=_told(error))
            return render("desk/new.html", visit.shell, context, error.status)
    with http.write_call(request) as call:
        delivery = source.receive_original(call, original)
        going = address(f"/desk/deliveries/{delivery.id}", ("dataset", name), ("resource", resource))
        return say(moved(Visit(call, request), going), UPLOADED, name=delivery.name)


def show_plan(visit: Visit) -> Response:
    """How the file would be read if nobody said anything."""
    reading = Reading(
        own_delivery(visit.call, visit.part("delivery")),
        _dataset(visit.call, visit.query("dataset")),
        visit.query("resource"),
        lake.ReadOptions(),
    )
    return _show(visit, _planned(reading))


def take_plan(request: Request, form: FormData) -> Response:
    """Read again with other options, or confirm: then it goes into the lake."""
    with http.read_call(request) as call:
        visit = Visit(call, request)
        delivery = own_delivery(call, visit.part("delivery"))
        dataset, resource = _dataset(call, text(form, "dataset")), text(form, "resource")
        try:
            options = form_of_plan.options_of(form)
        except Invalid as error:
            reading = Reading(delivery, dataset, resource, lake.ReadOptions())
            return _show(visit, _planned(reading), form, problems=error.problems_in(language()), status=422)
        reading = _planned(Reading(delivery, dataset, resource, options))
        if text(form, "do") != "confirm" or reading.plan is None:
            return _show(visit, reading, form, status=reading.trouble.status if reading.trouble else 200)
    with http.write_call(request) as call:
        return _confirm(Visit(call, request), reading, form)


def own_delivery(call: Call, delivery_id: str) -> Delivery:
    """A file that this actor sent.  Raises ``NotFound`` for others'."""
    require(call, Permission.source_receive)
    delivery = source.delivery_by_id(call.session, delivery_id)
    if delivery.person_id != call.actor.id and call.actor.role is not Role.administrator:
        raise NotFound(kind="收到的文件 delivery", name=delivery_id)
    return delivery


def _confirm(visit: Visit, reading: Reading, form: FormData) -> Response:
    assert reading.plan is not None
    call, dataset = visit.call, reading.dataset
    try:
        update = lake.Update.from_dict(_form_update(form))
    except Invalid as error:
        shown = _show(visit, reading, form, wrong=error.problems_in(language()), status=error.status)
        raise Unchanged(shown) from error
    payload = {
        "delivery_id": reading.delivery.id,
        "plan": reading.plan.to_dict(),
        "dataset": dataset.name if dataset else "",
        "resource_id": {"": None, NEW: ""}.get(reading.resource, reading.resource),
        "title": dataset.title if dataset else text(form, "title"),
        "update": update.to_dict(),
    }
    asked = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    # Two clicks on a slow line must not append rows twice, or make two datasets.
    if same := _left(call, reading.delivery, asked):
        return moved(visit, f"/desk/tasks/{same.id}")
    if dataset is None:
        office = text(form, "office") or call.actor.office or ""
        try:
            record = catalogue.record_from({"title": text(form, "title")})
            record.format_category = SHEETS.get(reading.plan.format, "electronic-file")
            dataset = catalogue.add_dataset(call, record=record, office=office)
        except Invalid as error:
            shown = _show(visit, reading, form, wrong=error.problems_in(language()), status=error.status)
            raise Unchanged(shown) from error
    payload |= {"dataset": dataset.name, "title": dataset.title, "asked": asked}
    task = queue.enqueue(call, "ingest", payload, ("dataset", dataset.id))
    return moved(visit, f"/desk/tasks/{task.id}")


def _left(call: Call, delivery: Delivery, asked: str) -> Task | None:
    """The task that was left for the very same file, plan and place, unless it failed."""
    # Identifiers grow with time: only what came after the file is looked through.
    later = select(Task).where(Task.id > delivery.id, Task.kind == "ingest", Task.state != "failed")
    return next((each for each in call.session.scalars(later) if each.payload.get("asked") == asked), None)


def _planned(reading: Reading) -> Reading:
    try:
        reading.plan = lake.make_plan(reading.delivery.path, reading.delivery.name, reading.options)
    except KaishuError as error:
        reading.trouble = error
    return reading


def _dataset(call: Call, name: str) -> Dataset | None:
    if not name:
        return None
    dataset = catalogue.dataset_by_name(call, name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    return dataset


def _new(visit: Visit, name: str, resource: str) -> NewFile:
    require(visit.call, Permission.source_receive)
    dataset = _dataset(visit.call, name)
    heading = _("上传新版本") if dataset and resource != NEW else _("上传文件")
    return NewFile(heading, settings.number("upload_limit"), dataset, resource)


def _told(error: KaishuError) -> tuple[str, str]:
    if isinstance(error, Invalid):
        return " ".join(chain(*error.problems_in(language()).values())), error.advice(language())
    return said(error)


def _show(
    visit: Visit,
    reading: Reading,
    form: FormData | None = None,
    *,
    problems: dict[str, list[str]] | None = None,
    wrong: dict[str, list[str]] | None = None,
    status: int = 200,
) -> Response:
    plan, options, office = reading.plan, reading.options, visit.call.actor.office
    trouble = reading.trouble
    if isinstance(trouble, Invalid):
        problems = {**(problems or {}), **trouble.problems_in(language())}
        trouble = None
    update = _update(visit.call, reading, form)
    context = BatchPlan(
        delivery=reading.delivery,
        dataset=reading.dataset,
        resource=reading.resource,
        plan=plan,
        known=form_of_plan.known_of(plan, options),
        chosen={**form_of_plan.shown_of(plan, options)},
        found=form_of_plan.found_names(plan, options) if plan else [],
        was=form_of_plan.inferred_types(plan, options) if plan else [],
        formats=[(code, code.upper()) for code in FORMATS],
        encodings=_with_own(ENCODINGS, plan.encoding if plan else None),
        delimiters=[(",", _("逗号")), ("tab", _("制表符")), (";", _("分号")), ("|", _("竖线"))],
        types=TYPES,
        reasons=_reasons(),
        title=text(form, "title") if form else _proposed(reading),
        office=text(form, "office") if form else "",
        offices=[] if office else own_offices(visit.call),
        trouble=_told(trouble) if trouble else None,
        problems=problems or {},
        wrong=wrong or {},
        modes=_modes() if update else (),
        update=update,
    )
    return render("desk/plan.html", visit.shell, context, status)


def _form_update(form: FormData) -> dict[str, str]:
    return {name: text(form, name) for name in ("mode", "key", "marker", "gone", "full")}


def _update(call: Call, reading: Reading, form: FormData | None) -> dict[str, str]:
    """What the form says of the way of update, else what the table's last batch did; {} for a new table."""
    if reading.dataset is None or reading.resource == NEW:
        return {}
    if form is not None and "mode" in form:
        return _form_update(form)
    for entry in catalogue.draft_resources(call, reading.dataset):
        if entry.table_id and reading.resource in ("", entry.id):
            known = lake.table_by_id(call.session, entry.table_id).update or {}
            lists = {name: ", ".join(known.get(name) or ()) for name in ("key", "gone")}
            full = "on" if known.get("full") else ""
            mode, marker = known.get("mode") or "replace", known.get("marker") or ""
            return {"mode": mode, "marker": marker, "full": full, **lists}
    return {}


def _modes() -> list[tuple[str, str]]:
    return [
        ("replace", _("整表替换")),
        ("append", _("追加")),
        ("merge", _("按主键合并")),
        ("changes", _("重放变更（I、U、D）")),
    ]


def _with_own(codes: tuple[str, ...], own: str | None) -> list[tuple[str, str]]:
    listed = list(codes) if own in (None, *codes) else [str(own), *codes]
    return [(code, code.upper()) for code in listed]


def _stem(name: str) -> str:
    """The file's name without what says its format: a first proposal for the title."""
    stem = name
    for _round in range(2):
        head, dot, tail = stem.rpartition(".")
        if head and dot and tail.lower() in {*FORMATS, "gz", "zip", "txt"}:
            stem = head
    return stem.replace("_", " ").strip()


def _proposed(reading: Reading) -> str:
    """A first proposal for the title: the sheet's name if it says more than the file's."""
    stem = _stem(reading.delivery.name)
    sheet = (reading.plan.sheet or "") if reading.plan else ""
    return sheet if stem.isascii() and not sheet.isascii() else stem


def _reasons() -> dict[str, str]:
    """Why a column has its type, in words; silence where the type explains itself."""
    said_ = {
        "set": _("由您指定"),
        "empty": _("整列为空"),
        "code-header": _("列名像代码，保留为文本"),
        "leading-zero": _("有前导零，保留为文本"),
        "long-digits": _("超过15位数字，保留为文本"),
        "compact-dates": _("八位数字，按日期读取"),
        "mixed": _("内容不一，保留为文本"),
        "stored": _("文件已注明类型"),
        "widened": _("后面的行需要更宽的类型"),
    }
    return {**dict.fromkeys(SILENT, ""), **said_}


SILENT = ("", "all-integers", "all-numbers", "all-booleans", "all-dates", "all-datetimes", "words")

ROUTES: list[Route] = [
    page("/desk/new", new),
    taking("/desk/uploads", upload),
    page("/desk/deliveries/{delivery}", show_plan),
    taking("/desk/deliveries/{delivery}", take_plan),
]

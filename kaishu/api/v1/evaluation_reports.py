"""Reports of evaluations: written in three forms, by kept templates, and sent to the units."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kaishu import evaluation
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.router import PREFIX, family
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.evaluation import ReportOrder
from kaishu.evaluation.models import ReportTemplate
from kaishu.http import language_of, read_call, site_url, write_call
from kaishu.http.files import disposition
from kaishu.queue.models import Task
from kaishu.reporting import FORMATS, write_document

router = family("evaluation")

RunId = Annotated[str, Path(max_length=200, description="Id of an evaluation.")]
TemplateId = Annotated[str, Path(max_length=200, description="Id or name of a kept template.")]
Chosen = Annotated[
    str, Query(max_length=200, description="Id or name of a kept template; the shipped one without it.")
]
Language = Annotated[
    Literal["", "zh", "en"], Query(description="Of the report; that of the request without it.")
]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in FORMATS.values()}, "description": "The report"}
}


class TemplateText(BaseModel):
    """A template to keep."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=80)
    text: str = Field(max_length=100_000, description="YAML.")


class TemplateShape(BaseModel):
    """A kept template, in short."""

    id: str
    name: str
    author: str
    changed_by: str
    changed_at: datetime
    url: str


class TemplateDetail(TemplateShape):
    """A kept template with its text."""

    text: str


class AddresseeShape(BaseModel):
    """To whom a unit's report would go."""

    unit: str
    name: str
    office: str
    mail: str
    way: Literal["mail", "inbox", ""] = Field(description="Empty: nobody is known.")


class Sending(BaseModel):
    """Which units get their reports, and how these are written."""

    model_config = ConfigDict(extra="forbid")

    units: list[str] | None = Field(
        default=None, max_length=1000, description="Ids of units; all whom somebody is known for without it."
    )
    language: Literal["zh", "en"] = "zh"
    form: Literal["html", "docx", "pdf"] = "html"
    template: str = Field(default="", max_length=200, description="Id or name of a kept template.")
    mail: dict[str, str] = Field(default={}, description="Unit to a mail address to take instead.")


class NotSentShape(BaseModel):
    """A unit that did not get its report, and why."""

    unit: str
    reason: str


class SentShape(BaseModel):
    """A unit that got its report: by mail or in the inbox."""

    unit: str
    way: str


class LettersShape(BaseModel):
    """A sending: how far it is, and what became of each unit's report."""

    task: shapes.TaskShape
    sent: list[SentShape]
    failed: list[NotSentShape]
    url: str


@router.get("/evaluations/templates")
def list_templates(request: Request) -> list[TemplateShape]:
    """Kept templates of reports, by name."""
    with read_call(request) as call:
        return [TemplateShape(**_template(request, row)) for row in evaluation.report_templates(call)]


@router.post("/evaluations/templates", status_code=201)
def add_template(request: Request, what: TemplateText) -> TemplateDetail:
    """Keep a template; what is wrong with it is told with its lines."""
    with write_call(request) as call:
        return _whole(request, evaluation.add_template(call, what.name, what.text))


@router.get("/evaluations/templates/{id}")
def read_template(request: Request, id: TemplateId) -> TemplateDetail:
    """A kept template with its text."""
    with read_call(request) as call:
        return _whole(request, evaluation.report_template(call, id))


@router.put("/evaluations/templates/{id}")
def revise_template(request: Request, id: TemplateId, what: TemplateText) -> TemplateDetail:
    """Change name and text of a template."""
    with write_call(request) as call:
        return _whole(request, evaluation.revise_template(call, id, what.name, what.text))


@router.delete("/evaluations/templates/{id}", status_code=204)
def remove_template(request: Request, id: TemplateId) -> None:
    """Remove a template; reports that were written by it stay as they are."""
    with write_call(request) as call:
        evaluation.remove_template(call, id)


@router.get("/evaluations/{id}/report.{form}", response_class=Response, responses=FILE)
def read_report(
    request: Request,
    id: RunId,
    form: Annotated[Literal["html", "docx", "pdf"], Path()],
    unit: Annotated[str, Query(max_length=500, description="Id or name; all units without it.")] = "",
    template: Chosen = "",
    earlier: Annotated[str, Query(max_length=200, description="Id of an earlier evaluation.")] = "",
    language: Language = "",
) -> Response:
    """The report on all units, or on one; `earlier` adds the section on change."""
    with read_call(request) as call:
        asked = evaluation.report_asked(
            call, id, language=language or language_of(request), unit=unit, template=template, earlier=earlier
        )
        name = f"{asked.run.system}-{unit or asked.run.edition}.{form}"
    content = write_document(asked.document(), form)
    headers = {"content-disposition": disposition(name), "cache-control": "private, no-cache"}
    return Response(content, media_type=FORMATS[form], headers=headers)


@router.get("/evaluations/{id}/addressees")
def list_addressees(request: Request, id: RunId) -> list[AddresseeShape]:
    """Every unit with its office and mail address, as far as they are known."""
    with read_call(request) as call:
        found = evaluation.addressees(call, id)
    return [
        AddresseeShape(
            unit=each.unit,
            name=each.name,
            office=each.office_title,
            mail=each.mail,
            way="mail" if each.mail else "inbox" if each.office else "",
        )
        for each in found
    ]


@router.post("/evaluations/{id}/letters", status_code=202, response_model=LettersShape)
def send_letters(request: Request, id: RunId, what: Sending) -> Response:
    """Send units their reports, by mail or into the inbox of their office; follow `url`."""
    with write_call(request) as call:
        units = what.units
        if units is None:
            known = evaluation.addressees(call, id)
            units = [each.unit for each in known if each.mail or each.office or each.unit in what.mail]
            if not units:
                raise Invalid({"units": [Said("没有一个单位有收件人。", "No unit has an addressee.")]})
        text = evaluation.report_template(call, what.template).text if what.template else ""
        order = ReportOrder(what.language, what.form, text)
        task = evaluation.send_reports(call, id, units, order, mail=what.mail)
        shape = _letters(request, id, task)
    return JSONResponse(shape.model_dump(mode="json"), status_code=202, headers={"location": shape.url})


@router.get("/evaluations/{id}/letters")
def list_letters(request: Request, id: RunId) -> list[LettersShape]:
    """Every sending of reports of this evaluation, newest first."""
    with read_call(request) as call:
        return [_letters(request, id, task) for task in evaluation.sendings(call, id)]


@router.get("/evaluations/{id}/letters/{task}")
def read_letters(request: Request, id: RunId, task: Annotated[str, Path(max_length=200)]) -> LettersShape:
    """How far a sending is, and what became of each unit's report."""
    with read_call(request) as call:
        for found in evaluation.sendings(call, id):
            if found.id == task:
                return _letters(request, id, found)
    raise NotFound(kind="任务 task", name=task)


def _template(request: Request, row: ReportTemplate) -> dict[str, Any]:
    names = ("id", "name", "author", "changed_by", "changed_at")
    url = f"{site_url(request)}{PREFIX}/evaluations/templates/{row.id}"
    return {**{name: getattr(row, name) for name in names}, "url": url}


def _whole(request: Request, row: ReportTemplate) -> TemplateDetail:
    return TemplateDetail(**_template(request, row), text=row.text)


def _letters(request: Request, id: str, task: Task) -> LettersShape:
    found, language = task.result or {}, language_of(request)
    return LettersShape(
        task=showing.task(request, task),
        sent=[SentShape(unit=unit, way=way) for unit, way in found.get("sent", ())],
        failed=[NotSentShape(unit=unit, reason=told[language]) for unit, told in found.get("failed", ())],
        url=f"{site_url(request)}{PREFIX}/evaluations/{id}/letters/{task.id}",
    )

"""Templates of reports: kept by name, edited as text, their mistakes told by line."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation, http
from kaishu.access import Permission, allowed, require
from kaishu.base.errors import Invalid, KaishuError, in_language
from kaishu.evaluation import BadTemplate
from kaishu.evaluation.models import ReportTemplate
from kaishu.web.letter_contexts import TemplateEdit, TemplatesPage
from kaishu.web.rendering import render
from kaishu.web.routing import Unchanged, Visit, moved, page, said, taking, text
from kaishu.web.shell import TEMPLATE_KEPT, TEMPLATE_REMOVED, say
from kaishu.web.words import _, language

HERE = "/desk/evaluation/templates"
MOST_FILE = 400_000


def home(visit: Visit) -> Response:
    """The kept templates, and the form of a new one."""
    require(visit.call, Permission.evaluation_template)
    return _home(visit, {"text": evaluation.template_text()})


def _home(visit: Visit, given: dict[str, str], error: KaishuError | None = None) -> Response:
    context = TemplatesPage(
        rows=evaluation.report_templates(visit.call), edit=_edit(given, error), words=_words()
    )
    return render("evaluation/templates.html", visit.shell, context, error.status if error else 200)


def show(visit: Visit) -> Response:
    """One template, to be edited."""
    row = evaluation.report_template(visit.call, visit.part("template"))
    return _show(visit, row, {"name": row.name, "text": row.text})


def _show(
    visit: Visit, row: ReportTemplate, given: dict[str, str], error: KaishuError | None = None
) -> Response:
    require(visit.call, Permission.evaluation_template)
    mine = row.author_id == visit.call.actor.id
    context = TemplatesPage(
        rows=[row],
        edit=_edit(given, error),
        words=_words(),
        row=row,
        may_edit=mine or bool(allowed(visit.call, Permission.evaluation_publish)),
    )
    return render("evaluation/template.html", visit.shell, context, error.status if error else 200)


def add(request: Request, form: FormData) -> Response:
    """Keep a new one."""
    given = {"name": text(form, "name"), "text": _text(form)}
    with http.write_call(request) as call:
        visit = Visit(call, request)
        try:
            row = evaluation.add_template(call, given["name"], given["text"])
        except (BadTemplate, Invalid) as error:
            raise Unchanged(_home(visit, given, error)) from error
        return say(moved(visit, f"{HERE}/{row.id}"), TEMPLATE_KEPT, name=row.name)


def change(request: Request, form: FormData) -> Response:
    """Change one, or remove it."""
    given = {"name": text(form, "name"), "text": _text(form)}
    with http.write_call(request) as call:
        visit = Visit(call, request)
        row = evaluation.report_template(call, visit.part("template"))
        if text(form, "act") == "remove":
            evaluation.remove_template(call, row.id)
            return say(moved(visit, HERE), TEMPLATE_REMOVED, name=row.name)
        try:
            row = evaluation.revise_template(call, row.id, given["name"], given["text"])
        except (BadTemplate, Invalid) as error:
            call.session.refresh(row)
            raise Unchanged(_show(visit, row, given, error)) from error
        return say(moved(visit, f"{HERE}/{row.id}"), TEMPLATE_KEPT, name=row.name)


def _text(form: FormData) -> str:
    """The text of the file, if one was chosen, else of the field."""
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return file.file.read(MOST_FILE).decode("utf-8-sig", errors="replace")
    value = form.get("text")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _edit(given: dict[str, str], error: KaishuError | None) -> TemplateEdit:
    lines: list[str] = []
    fields: dict[str, list[str]] = {}
    if isinstance(error, BadTemplate):
        lines = [each.sentence(language()) for each in error.problems]
    elif isinstance(error, Invalid):
        fields = error.problems_in(language())
    trouble = said(error) if error and not lines and not fields else None
    return TemplateEdit(given.get("name", ""), given.get("text", ""), lines, fields, trouble)


def _words() -> list[tuple[str, list[tuple[str, str]]]]:
    """The words in braces that a template may use."""
    groups = ((_("每份报告的词"), evaluation.WHOLE_WORDS), (_("单位报告的词"), evaluation.UNIT_WORDS))
    return [
        (title, [(f"{{{word}}}", in_language(told, language())) for word, told in words.items()])
        for title, words in groups
    ]


ROUTES: list[Route] = [
    page(HERE, home),
    taking(HERE, add),
    page(f"{HERE}/{{template}}", show),
    taking(f"{HERE}/{{template}}", change),
]

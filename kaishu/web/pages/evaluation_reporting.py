"""The report of a result or of a unit: page, Word or PDF, by a chosen template, beside an earlier result."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from kaishu import evaluation
from kaishu.access import Permission, allowed
from kaishu.base.errors import KaishuError, NotFound
from kaishu.evaluation import ReportAsked
from kaishu.evaluation.models import Evaluation
from kaishu.http.files import disposition
from kaishu.reporting import FORMATS, html_body, write_document
from kaishu.web.evaluation_blocks import evaluation_line, title_of
from kaishu.web.letter_contexts import EvaluationReportPage
from kaishu.web.pages.evaluation_results import OTHERS, REPORTS, RESULT, kept_of
from kaishu.web.rendering import path_part, render
from kaishu.web.routing import Visit, page, said
from kaishu.web.words import language


def report(visit: Visit) -> Response:
    """The result, or one unit of it."""
    form = visit.part("form")
    if form not in FORMATS:
        raise NotFound(kind="报告 report", name=form[:20])
    if form == "html":
        return _page(visit)
    asked = _asked(visit)
    answer = Response(write_document(asked.document(), form), media_type=FORMATS[form])
    name = asked.unit or asked.run.edition
    answer.headers["Content-Disposition"] = disposition(f"{asked.run.system}-{name}.{form}")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _asked(visit: Visit) -> ReportAsked:
    return evaluation.report_asked(
        visit.call,
        visit.part("run"),
        language=language(),
        unit=visit.query("unit"),
        template=visit.query("template"),
        earlier=visit.query("earlier"),
    )


def _page(visit: Visit) -> Response:
    """With what can be chosen; a choice that does not fit is told there."""
    run, result = kept_of(visit)
    unit, status, trouble = visit.query("unit"), 200, None
    title, body = title_of(result.passport), None
    try:
        document = _asked(visit).document()
        title, body = document.title, Markup(html_body(document))  # noqa: S704 - escaped by the writer
    except KaishuError as error:
        if not visit.query("template") and not visit.query("earlier"):
            raise
        status, trouble = error.status, said(error)
    here = f"/evaluation/results/{run.id}"
    context = EvaluationReportPage(
        title=title,
        body=body,
        back=f"{here}/units/{path_part(unit)}" if unit else here,
        here=f"{here}/report",
        unit=unit,
        files=[(kind, word) for word, kind in REPORTS[1:]],
        templates=[(row.id, row.name) for row in evaluation.report_templates(visit.call)],
        template=visit.query("template"),
        others=_others(visit, run),
        earlier=visit.query("earlier"),
        may_keep=bool(allowed(visit.call, Permission.evaluation_template)),
        trouble=trouble,
    )
    return render("evaluation/report.html", visit.shell, context, status)


def _others(visit: Visit, run: Evaluation) -> list[tuple[str, str]]:
    """Other evaluations by the same system, the newest first."""
    lines = [
        evaluation_line(each)
        for each in evaluation.evaluations(visit.call, system=run.system, limit=OTHERS)
        if each.id != run.id and each.state != "waiting"
    ]
    return [(line.id, f"{line.edition} · {line.source} · {line.at:%Y-%m-%d %H:%M}") for line in lines]


ROUTES: list[Route] = [page(f"{RESULT}/report.{{form}}", report)]

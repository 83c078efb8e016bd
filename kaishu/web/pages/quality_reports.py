"""Reports of data quality as page, Word and PDF."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from kaishu.http.files import disposition
from kaishu.reporting import FORMATS, Document, html_body, write_document
from kaishu.web.quality_documents import dataset_document, office_document
from kaishu.web.rendering import address, path_part, render
from kaishu.web.routing import Visit, page


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report inside the frame; ``files`` are (word, address) of the same as a file."""

    title: str
    body: Markup
    files: list[tuple[str, str]]


def report_dataset(visit: Visit) -> Response:
    """Of a dataset's tables, or of the one that ``resource`` names."""
    name, resource = visit.part("name"), visit.query("resource")
    base = f"/datasets/{path_part(name)}/data-quality/report"
    return _answer(visit, dataset_document(visit.call, name, resource), name, base, resource)


def report_office(visit: Visit) -> Response:
    """Of an office."""
    name = visit.part("name")
    base = f"/quality/data/offices/{path_part(name)}/report"
    return _answer(visit, office_document(visit.call, name), name, base, "")


def _answer(visit: Visit, document: Document, name: str, base: str, resource: str) -> Response:
    form = visit.part("form")
    if form == "html":
        files = [
            (word, address(f"{base}.{kind}", ("resource", resource)))
            for word, kind in (("Word", "docx"), ("PDF", "pdf"))
        ]
        body = Markup(html_body(document))  # noqa: S704 - escaped by the writer
        return render("loop/report.html", visit.shell, ReportPage(document.title, body, files))
    answer = Response(write_document(document, form), media_type=FORMATS[form])
    answer.headers["Content-Disposition"] = disposition(f"{name}-quality.{form}")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


ROUTES: list[Route] = [
    page("/datasets/{name}/data-quality/report.{form}", report_dataset),
    page("/quality/data/offices/{name}/report.{form}", report_office),
]

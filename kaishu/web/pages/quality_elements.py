"""Usage of every element of a standard, and the check of a document that anybody brings."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaishu import crosswalk, http, inspection
from kaishu.access import Permission, require
from kaishu.base.errors import KaishuError, NotFound
from kaishu.inspection import DOCUMENT_MOST as MOST
from kaishu.web.figures import share
from kaishu.web.pages.quality_lines import line
from kaishu.web.quality_contexts import DocumentPage, ElementsPage, Levels, Tab, levels
from kaishu.web.rendering import address, render
from kaishu.web.routing import Visit, page, said, taking, text
from kaishu.web.words import _, pick

CHARTED = 8
#: Elements in one chart, the most used first; the table has them all.
DRAWN = 20


def elements(visit: Visit) -> Response:
    """Usage of every element of a standard, catalogue by catalogue."""
    require(visit.call, Permission.inspection_read)
    standard = visit.query("standard") or (
        "guide-2017" if "guide-2017" in crosswalk.standards() else crosswalk.standards()[0]
    )
    if standard not in crosswalk.standards():
        raise NotFound(kind="标准 standard", name=standard)
    table = crosswalk.table(standard)
    run = inspection.last_run(visit.call.session, "elements")
    datasets: dict[str, int] = run.result["datasets"] if run else {}
    known = {each.name: pick(each.zh, each.en) for each in inspection.catalogues(visit.call.session)}
    columns = [(name, known[name], datasets[name]) for name in known if datasets.get(name)]
    if len(columns) == 2:
        columns = columns[:1]
    used = inspection.usage(standard, run) if run else []
    rows = [
        (
            each.element,
            pick(each.zh, each.en),
            each.about,
            [each.used.get(name, 0) / whole for name, _title, whole in columns],
            each.printed,
            each.placed,
        )
        for each in used
    ]
    context = ElementsPage(
        title=pick(table.zh, table.en),
        standards=[_standard_tab(name, standard) for name in crosswalk.standards()],
        source=table.source,
        edition=table.edition,
        columns=columns,
        rows=rows,
        charts=[
            _usage_chart(title, [(row[1], row[3][place]) for row in rows])
            for place, (_n, title, _w) in enumerate(columns[:CHARTED])
        ]
        if rows
        else [],
        printed=any(row[4] for row in rows),
        at=run.ended_at if run else None,
    )
    return render("inspection/elements.html", visit.shell, context)


def _standard_tab(name: str, chosen: str) -> Tab:
    table = crosswalk.table(name)
    return Tab(
        name, pick(table.zh, table.en), address("/quality/elements", ("standard", name)), name == chosen
    )


def _usage_chart(title: str, shares: Sequence[tuple[str, float]]) -> Levels:
    high = sum(used >= 0.5 for _name, used in shares)
    finding = _("{title}：{of}个元素中{high}个用到一半以上", title=title, of=len(shares), high=high)
    rows = [
        (name, used, 1.0, share(used)) for name, used in sorted(shares, key=lambda each: -each[1])[:DRAWN]
    ]
    return levels(finding, rows)


def write_elements(visit: Visit) -> Response:
    """The same as CSV."""
    require(visit.call, Permission.inspection_read)
    standard = visit.query("standard")
    run = inspection.last_run(visit.call.session, "elements")
    if run is None or standard not in crosswalk.standards():
        raise NotFound(kind="标准 standard", name=standard)
    datasets: dict[str, int] = run.result["datasets"]
    lines = [
        line(
            [
                "element",
                "about",
                "zh",
                "en",
                "in_2021",
                *(f"{name} ({count})" for name, count in datasets.items()),
            ]
        )
    ]
    for each in inspection.usage(standard, run):
        shares = (f"{each.used.get(name, 0) / count:.4f}" for name, count in datasets.items() if count)
        lines.append(line([each.element, each.about, each.zh, each.en, each.printed, *shares]))
    answer = Response("\ufeff" + "".join(lines), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="elements-{standard}.csv"'
    return answer


def ask_document(visit: Visit) -> Response:
    """The form."""
    return render("inspection/check.html", visit.shell, _document("", ""))


def check_document(request: Request, form: FormData) -> Response:
    """Check a pasted or uploaded document; nothing is fetched and nothing kept."""
    pasted, syntax = text(form, "text"), text(form, "syntax")
    file = form.get("file")
    data = pasted.encode("utf-8", "replace")
    if isinstance(file, UploadFile) and file.filename:
        data = file.file.read(MOST + 1)
        syntax = syntax or file.filename.rpartition(".")[2]
    with http.read_call(request) as call:
        visit = Visit(call, request)
        require(call, Permission.inspection_read)
        syntax = syntax or inspection.guess_syntax(data[:400].decode("utf-8", "replace"))
        try:
            found = inspection.validate_document(data, syntax)
        except KaishuError as error:
            context = _document(pasted, syntax, trouble=said(error))
            return render("inspection/check.html", visit.shell, context, error.status)
        return render("inspection/check.html", visit.shell, _document(pasted, syntax, found))


def _document(
    pasted: str,
    syntax: str,
    found: inspection.Document | None = None,
    trouble: tuple[str, str] | None = None,
) -> DocumentPage:
    choices = [("ttl", "Turtle"), ("rdf", "RDF/XML"), ("jsonld", "JSON-LD"), ("nt", "N-Triples")]
    return DocumentPage(text=pasted, syntax=syntax, syntaxes=choices, most=MOST, found=found, trouble=trouble)


ROUTES: list[Route] = [
    page("/quality/elements", elements),
    page("/quality/elements.csv", write_elements),
    page("/quality/check", ask_document),
    taking("/quality/check", check_document),
]

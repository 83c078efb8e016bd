"""Scores of the data itself: all checked tables, and those of an office."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from kaishu import access
from kaishu.access import Permission, require
from kaishu.access.models import Office
from kaishu.web.loop_contexts import DataQualityPage, TableScore
from kaishu.web.measured_tables import dimension_levels, mean_score, mean_scores, table_scores
from kaishu.web.pages import quality_reports
from kaishu.web.quality_contexts import Levels, levels
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _, pick

CHARTED = 12


def show_all(visit: Visit) -> Response:
    """All offices."""
    require(visit.call, Permission.inspection_read)
    return _show(visit, None)


def show_office(visit: Visit) -> Response:
    """One of them."""
    require(visit.call, Permission.inspection_read)
    return _show(visit, access.office_by_name(visit.call.session, visit.part("name")))


def _show(visit: Visit, office: Office | None) -> Response:
    tables = table_scores(visit.call, office.id if office else None)
    total = mean_score(tables)
    groups: dict[str, list[TableScore]] = {}
    for each in tables:
        groups.setdefault(each.office, []).append(each)
    # Tables come with the lowest score first; departments shall too.
    weakest = sorted(
        groups.items(), key=lambda each: (mean_score(each[1]) is None, mean_score(each[1]) or 0.0)
    )
    offices = [
        (name, held[0].office_title, _score(mean_score(held)), len(held), sum(each.orders for each in held))
        for name, held in weakest
    ]
    context = DataQualityPage(
        title=pick(office.title, office.title_en) if office else "",
        office=office.name if office else "",
        score=_score(total),
        tables=tables,
        offices=[] if office else offices,
        chart=_chart(tables),
        dimensions=dimension_levels(mean_scores(tables)),
        orders=sum(each.orders for each in tables),
    )
    return render("loop/offices.html", visit.shell, context)


def _chart(tables: Sequence[TableScore]) -> Levels | None:
    known = [
        (each.title, each.score, 100.0, f"{each.score:.1f}") for each in tables if each.score is not None
    ]
    if not known:
        return None
    known.sort(key=lambda row: row[1])
    finding = _("“{name}”得分最低，{n}分", name=known[0][0], n=known[0][3])
    return levels(finding, known[:CHARTED])


def _score(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


ROUTES: list[Route] = [
    *quality_reports.ROUTES,
    page("/quality/data", show_all),
    page("/quality/data/offices/{name}", show_office),
]

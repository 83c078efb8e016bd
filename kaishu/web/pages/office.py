"""Departments."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, discovery
from kaishu.web.contexts import OfficePage, OfficesPage
from kaishu.web.entries import entry_of
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import pick

SHOWN = 50


def list_offices(visit: Visit) -> Response:
    """Every department, those with most data first."""
    found = discovery.search(visit.call, discovery.Query(facets=["office"], limit=1))
    counts = dict(found.facets.get("office", []))
    offices = access.offices(visit.call.session)
    ordered = sorted(offices, key=lambda office: (-counts.get(office.name, 0), office.name))
    context = OfficesPage([(office, counts.get(office.name, 0)) for office in ordered])
    return render("office/offices.html", visit.shell, context)


def show_office(visit: Visit) -> Response:
    """One department and its data, newest first."""
    office = access.office_by_name(visit.call.session, visit.part("name"))
    found = discovery.search(
        visit.call, discovery.Query(filters={"office": [office.name]}, sort="updated", limit=SHOWN)
    )
    rows = catalogue.datasets_by_ids(visit.call, [hit.dataset_id for hit in found.hits])
    entries = [entry_of(row) for row in rows]
    context = OfficePage(office, pick(office.title, office.title_en), found.total, entries)
    return render("office/office.html", visit.shell, context)


ROUTES: list[Route] = [page("/offices", list_offices), page("/offices/{name}", show_office)]

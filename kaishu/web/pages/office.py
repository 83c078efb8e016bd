"""Departments."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, discovery, harvest
from kaishu.access.models import Office
from kaishu.web.contexts import OfficePage, OfficesPage
from kaishu.web.entries import entry_of
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import pick

SHOWN = 50


def list_offices(visit: Visit) -> Response:
    """Our own departments, those with most data first; then those of other portals, by source."""
    offices = {office.id: office for office in access.offices(visit.call.session)}
    counts: dict[str, int] = {}
    groups: dict[str, dict[str, int]] = {}
    titles: dict[str, str] = {}
    for office_id, source, count in harvest.providers(visit.call.session):
        if source is None:
            counts[office_id] = count
        else:
            titles[source.id] = pick(source.title, source.title_en)
            groups.setdefault(source.id, {})[office_id] = count
    others = {office_id for group in groups.values() for office_id in group} - set(counts)
    own = {office_id: counts.get(office_id, 0) for office_id in offices if office_id not in others}
    elsewhere = [
        (titles[source], sum(group.values()), _ordered(offices, group)) for source, group in groups.items()
    ]
    elsewhere.sort(key=lambda each: -each[1])
    context = OfficesPage(_ordered(offices, own), elsewhere)
    return render("office/offices.html", visit.shell, context)


def _ordered(offices: dict[str, Office], counts: dict[str, int]) -> list[tuple[Office, int]]:
    """Those with most data first."""
    found = [(offices[office_id], count) for office_id, count in counts.items() if office_id in offices]
    return sorted(found, key=lambda each: (-each[1], each[0].name))


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

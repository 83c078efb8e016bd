"""The first page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from starlette.responses import Response
from starlette.routing import Route

from kaishu import access, catalogue, discovery, usage
from kaishu.access import Call
from kaishu.access.models import Office
from kaishu.base.errors import Transient
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import schema_org
from kaishu.db import database_url
from kaishu.http import Remembered
from kaishu.lake.models import Version
from kaishu.web.contexts import Home
from kaishu.web.documents import script, site_of
from kaishu.web.entries import entry_of
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page
from kaishu.web.words import _

NEWEST = 6
USED = 6
TAGS = 8
PROVIDERS = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page is made of, the same in both languages."""

    total: int
    harvested: int
    offices: int
    rows: int
    uses: int
    newest: list[Dataset]
    used: list[tuple[Dataset, int]]
    facets: dict[str, list[tuple[str, int]]]
    providers: list[tuple[Office, int]]


_known: Remembered[Overview] = Remembered(seconds=5.0, size=4)


def home(visit: Visit) -> Response:
    """Search, numbers, what is new, themes, most used, departments."""
    epoch, key = _known.epoch, database_url()
    seen = _known.get(key) or _known.keep(key, _overview(visit.call), epoch)
    context = Home(
        hint=_("例如：地铁、空气质量、人口"),
        datasets=seen.total - seen.harvested,
        harvested=seen.harvested,
        offices=seen.offices,
        rows=seen.rows,
        uses=seen.uses,
        newest=[entry_of(row) for row in seen.newest],
        used=[entry_of(row, count) for row, count in seen.used],
        themes=seen.facets.get("theme", [])[:12],
        tags=seen.facets.get("tag", [])[:TAGS],
        providers=seen.providers,
        linked=script(schema_org.catalog_data(site_of(visit.request), seen.total)),
    )
    return render("home/home.html", visit.shell, context)


def _overview(call: Call) -> Overview:
    found = _found(call)
    counts = usage.top(call.session, limit=USED * 2)
    most = [dataset_id for dataset_id, _count in counts]
    used = {row.id: row for row in catalogue.datasets_by_ids(call, most)}
    by_office = found.facets.get("office", [])
    own = found.facets.get("own-office", [])
    offices = {office.name: office for office in access.offices(call.session)}
    made = Overview(
        total=found.total,
        harvested=sum(count for name, count in found.facets.get("harvest", []) if name != discovery.OWN),
        offices=len(own or by_office),
        rows=_rows(call),
        uses=usage.site_totals(call.session).all,
        newest=catalogue.datasets_by_ids(call, [hit.dataset_id for hit in found.hits]),
        used=[(used[key], count) for key, count in counts if key in used][:USED],
        facets={name: list(values) for name, values in found.facets.items()},
        providers=[
            (offices[name], count) for name, count in found.facets.get("provider", []) if name in offices
        ][:PROVIDERS],
    )
    call.session.expunge_all()  # what is remembered must not end with this session
    return made


def _found(call: Call) -> discovery.Found:
    """Newest datasets, own ones first, and facets; only the number while the index is being built."""
    query = discovery.Query(facets=["theme", "office", "tag", "harvest"], sort="updated", limit=NEWEST)
    own = discovery.Query(
        facets=["tag", "office"], filters={"harvest": [discovery.OWN]}, sort="updated", limit=NEWEST
    )
    try:
        found = discovery.search(call, query)
        ours = discovery.search(call, own)
        known = {hit.dataset_id for hit in ours.hits}
        others = [hit for hit in found.hits if hit.dataset_id not in known]
        facets = found.facets | {"tag": _first(ours.facets["tag"], found.facets["tag"])}
        facets["own-office"] = ours.facets["office"]
        facets["provider"] = _first(ours.facets["office"], found.facets["office"])
        return replace(found, hits=[*ours.hits, *others][:NEWEST], facets=facets)
    except Transient:
        newest = catalogue.datasets(call, state=State.published, limit=NEWEST).rows
        total = call.session.scalar(
            select(func.count()).select_from(Dataset).where(Dataset.state == State.published)
        )
        hits = [discovery.Hit(row.id, row.name, 0.0) for row in newest]
        return discovery.Found(total or 0, hits, {}, 0.0)


def _first(own: list[tuple[str, int]], every: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Counts of our own datasets, then the others."""
    known = {name for name, _count in own}
    return [*own, *(pair for pair in every if pair[0] not in known)]


def _rows(call: Call) -> int:
    """Rows of the newest version of every table."""
    newest = (
        select(Version.table_id, func.max(Version.number).label("number"))
        .group_by(Version.table_id)
        .subquery()
    )
    total = select(func.coalesce(func.sum(Version.rows), 0)).join(
        newest, (Version.table_id == newest.c.table_id) & (Version.number == newest.c.number)
    )
    return int(call.session.scalar(total) or 0)


ROUTES: list[Route] = [page("/", home)]

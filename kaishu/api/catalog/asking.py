"""Which datasets a request for the catalogue means: words, filters, time, page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from kaishu import catalogue, discovery
from kaishu.access import SYSTEM, Call
from kaishu.api.catalog.errors import BadAsking
from kaishu.api.ckan.grammar import parse
from kaishu.api.ckan.translating import Translator
from kaishu.base import clock, settings
from kaishu.catalogue.errors import NoSuchDataset, Withdrawn
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Entry, Site, dcat, entry_of
from kaishu.db import session_scope
from kaishu.http import site_url

SIZE = 100
BATCH = 500
ALL = "all"
PROFILES = frozenset(
    {"dcat_ap", "dcat_ap_3", "euro_dcat_ap", "euro_dcat_ap_2", "euro_dcat_ap_3", "dcat-ap", "dcat3", "kaishu"}
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Asked:
    """``page`` is None for all pages in one stream."""

    page: int | None
    words: str
    filters: tuple[str, ...]
    since: datetime | None
    query: Mapping[str, str]

    @property
    def plain(self) -> bool:
        """Is it the catalogue without any choice?"""
        return not (self.words or self.filters or self.since)


@dataclass(frozen=True, slots=True)
class Found:
    """The datasets of one page, and which page of how many it is."""

    datasets: list[Dataset]
    leaf: dcat.Leaf

    @property
    def entries(self) -> list[Entry]:
        """As the crosswalk takes them."""
        return [entry_of(dataset) for dataset in self.datasets]

    @property
    def changed(self) -> datetime | None:
        """When the newest of them was published."""
        return max((d.published_at for d in self.datasets if d.published_at), default=None)


def site_of(request: Request) -> Site:
    """The catalogue that answers."""
    return Site(
        url=site_url(request), title=settings.text("site_title"), title_en=settings.text("site_title_en")
    )


def asked_of(request: Request) -> Asked:
    """The parameters.  Raises ``BadAsking``; those of pages that are not for us are passed over."""
    given = request.query_params
    profiles = [each.strip() for each in given.get("profiles", "").split(",") if each.strip()]
    wrong = [each for each in profiles if each not in PROFILES]
    if wrong:
        known = ", ".join(sorted(PROFILES))
        raise BadAsking(name="profiles", value=wrong[0][:80], wanted=known, wanted_en=known)
    query = {name: given[name] for name in ("q", "modified_since", "profiles") if given.get(name)}
    filters = tuple(text for text in given.getlist("fq") if text.strip())
    if filters:
        query["fq"] = " AND ".join(f"({text})" for text in filters) if len(filters) > 1 else filters[0]
    asked = Asked(
        _page(given.get("page", "1")),
        given.get("q", ""),
        filters,
        _since(given.get("modified_since", "")),
        query,
    )
    if asked.page is None and not asked.plain:
        said = "没有 q、fq 和 modified_since 时的 all", "all only without q, fq and modified_since"
        raise BadAsking(name="page", value=ALL, wanted=said[0], wanted_en=said[1])
    return asked


def _page(text: str) -> int | None:
    if text == ALL:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 9):
        raise BadAsking(
            name="page", value=text[:80], wanted="从 1 起的页码，或 all", wanted_en="1, 2, … or all"
        )
    return int(text)


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        if MOMENT.fullmatch(text):
            found = datetime.fromisoformat(text)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise BadAsking(
        name="modified_since",
        value=text[:80],
        wanted="日期，如 2026-11-21 或 2026-11-21T08:00:00Z",
        wanted_en="a date such as 2026-11-21 or 2026-11-21T08:00:00Z",
    )


def found_for(call: Call, asked: Asked, address: str, office: str = "") -> Found:
    """One page.  Raises ``SearchQueryError`` for what ``fq`` does not know."""
    number = asked.page or 1
    query = _query(call, asked, office, (number - 1) * SIZE if number < 100_000 else 0)
    found = discovery.search(call, query)
    beyond = (number - 1) * SIZE >= found.total
    datasets = [] if beyond else catalogue.datasets_by_ids(call, [hit.dataset_id for hit in found.hits])
    leaf = dcat.Leaf(address=address, number=number, size=SIZE, total=found.total, query=asked.query)
    return Found([each for each in datasets if each.state == catalogue.State.published], leaf)


def _query(call: Call, asked: Asked, office: str, offset: int) -> discovery.Query:
    words, besides = Translator(call, lenient=True).scored(parse(asked.words))
    parts = [besides, *(Translator(call).condition(parse(text)) for text in asked.filters)]
    if asked.since:
        parts.append(discovery.Between("metadata_modified", asked.since, None))
    if office:
        parts.append(discovery.Is("organization", [office]))
    return discovery.Query(q=words, where=discovery.All(parts), sort="id asc", offset=offset, limit=SIZE)


def published(call: Call, name: str) -> Dataset:
    """A dataset that everybody may know of, by name, former name or id.

    Raises ``Withdrawn`` for one that everybody knew of once, else ``NoSuchDataset``.
    """
    try:
        dataset = catalogue.dataset_by_name(call, name)
        if dataset.state == catalogue.State.published:
            return dataset
    except NoSuchDataset:
        pass
    told = catalogue.withdrawal_of(call, name)
    if told is None:
        raise NoSuchDataset(kind="", name=name)
    raise Withdrawn(
        title=told.title,
        title_en=told.title_en or told.title,
        office=told.office,
        office_en=told.office_en or told.office,
        day=told.at.date().isoformat(),
        reason=told.reason or "—",
    )


def every_entry() -> Iterator[Entry]:
    """All published datasets in order of id; a short transaction for each few hundred."""
    last = ""
    while True:
        with session_scope(write=False) as session:
            call = Call(session, SYSTEM, clock.now(), "")
            batch = [entry_of(each) for each in catalogue.published_after(call.session, last, BATCH)]
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].identifier

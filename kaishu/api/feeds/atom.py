"""Atom (RFC 4287, 5005): the datasets published or changed last, of all, of an office, of a theme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from sqlalchemy import ColumnElement, func, select
from starlette.requests import Request
from starlette.responses import Response

from kaishu import catalogue, discovery, standards
from kaishu.access import Call, offices
from kaishu.api.catalog.asking import site_of
from kaishu.api.catalog.errors import BadAsking
from kaishu.api.feeds.documents import validated
from kaishu.base.errors import NotFound
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import clean
from kaishu.http import language_of, read_call

SIZE = 50
MEDIA_TYPE = "application/atom+xml"
AUTHORITY = "tag:kaishu.dev,2026:"


def answer_all(request: Request) -> Response:
    """``/feeds/datasets.atom``."""
    site = site_of(request)
    title = site.title_en if language_of(request) == "en" and site.title_en else site.title
    with read_call(request) as call:
        found, total = _newest(call, _page(request))
    return _answer(request, "datasets", title, found, total)


def answer_office(request: Request) -> Response:
    """``/feeds/organization/{name or id}.atom``."""
    wanted = request.path_params["name"]
    with read_call(request) as call:
        known = next((each for each in offices(call.session) if wanted in (each.name, each.id)), None)
        if known is None:
            raise NotFound(kind="部门 office", name=wanted[:100])
        title = known.title_en if language_of(request) == "en" and known.title_en else known.title
        found, total = _newest(call, _page(request), Dataset.office_id == known.id)
        path = f"organization/{known.name}"
    return _answer(request, path, title, found, total)


def answer_theme(request: Request) -> Response:
    """``/feeds/group/{theme}.atom``."""
    wanted = request.path_params["name"]
    term = standards.vocabulary("theme").codes.get(wanted)
    if term is None:
        raise NotFound(kind="主题 theme", name=wanted[:100])
    offset = (_page(request) - 1) * SIZE
    query = discovery.Query(
        filters={"theme": [term.code]}, sort="metadata_modified desc", offset=offset, limit=SIZE
    )
    with read_call(request) as call:
        hits = discovery.search(call, query)
        found = catalogue.datasets_by_ids(call, [hit.dataset_id for hit in hits.hits])
    found = [each for each in found if each.state == State.published]
    return _answer(request, f"group/{term.code}", term.label(language_of(request)), found, hits.total)


def _newest(call: Call, page: int, *those: ColumnElement[bool]) -> tuple[Sequence[Dataset], int]:
    where = (Dataset.state == State.published, *those)
    total = call.session.scalar(select(func.count()).select_from(Dataset).where(*where)) or 0
    asked = select(Dataset).where(*where).order_by(Dataset.published_at.desc(), Dataset.id.desc())
    return call.session.scalars(asked.offset((page - 1) * SIZE).limit(SIZE)).all(), total


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) > 0):
        raise BadAsking(name="page", value=text[:80], wanted="从 1 起的页码", wanted_en="1, 2, …")
    return int(text)


def _answer(request: Request, path: str, title: str, found: Sequence[Dataset], total: int) -> Response:
    site, page = site_of(request), _page(request)
    address = f"{site.url}/feeds/{quote(path)}.atom"
    last = max(1, -(-total // SIZE))
    links = [("self", address if page == 1 else f"{address}?page={page}"), ("first", address)]
    links += [("previous", f"{address}?page={min(page - 1, last)}")] if page > 1 else []
    links += [("next", f"{address}?page={page + 1}")] if page < last else []
    links += [("last", f"{address}?page={last}")]
    newest = max((_changed(each) for each in found), default=datetime(1970, 1, 1, tzinfo=UTC))
    pieces = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n',
        f"<id>{AUTHORITY}feed:{escape(path)}</id>\n",
        f"<title>{_text(title)}</title>\n<updated>{_stamp(newest)}</updated>\n",
        f'<author><name>{_text(site.title)}</name></author>\n<generator uri="https://kaishu.dev/">Kaishu</generator>\n',
        *(f'<link rel="{rel}" type="{MEDIA_TYPE}" href={quoteattr(to)}/>\n' for rel, to in links),
        f'<link rel="alternate" type="text/html" href={quoteattr(site.url + "/datasets")}/>\n',
        *(_entry(site.url, each) for each in found),
        "</feed>\n",
    ]
    return validated(request, "".join(pieces).encode(), MEDIA_TYPE)


def _entry(site: str, dataset: Dataset) -> str:
    record = dataset.record
    page = f"{site}/datasets/{quote(dataset.name, safe='')}"
    package = f"{site}/dataset/{quote(dataset.name, safe='')}/datapackage.json"
    themes = standards.vocabulary("theme").codes
    categories = [
        f"<category term={quoteattr(code)} label={quoteattr(themes[code].zh)}/>\n"
        for code in record.get("themes") or []
        if code in themes
    ]
    categories += [f"<category term={quoteattr(clean(tag))}/>\n" for tag in record.get("tags") or []]
    summary = str(record.get("description") or dataset.title)[:2000]
    return (
        f"<entry>\n<id>{AUTHORITY}dataset:{dataset.id}</id>\n<title>{_text(dataset.title)}</title>\n"
        f"<published>{_stamp(dataset.created_at)}</published>\n<updated>{_stamp(_changed(dataset))}</updated>\n"
        f"<author><name>{_text(dataset.office.title)}</name></author>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>\n'
        f'<link rel="related" type="application/json" href={quoteattr(package)}/>\n'
        f"{''.join(categories)}<summary>{_text(summary)}</summary>\n</entry>\n"
    )


def _changed(dataset: Dataset) -> datetime:
    return dataset.published_at or dataset.updated_at


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(text: str) -> str:
    return escape(clean(text))

"""Where crawlers find every page: robots.txt, an index of site maps, and the site maps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from kaishu.access import offices
from kaishu.base.errors import NotFound
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.http import read_call, site_url, streamed

MOST = 50_000  # addresses in one site map, as the protocol has it
BATCH = 2_000
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PAGES = ("/", "/datasets", "/offices", "/developers", "/about", "/standards")
ROBOTS = """User-agent: *
Disallow: /desk
Disallow: /review
Disallow: /admin
Disallow: /account
Disallow: /sign-in
Disallow: /api/
Allow: /

Sitemap: {site}/sitemap.xml
"""
HEADERS = {"cache-control": "public, max-age=3600"}


def answer_robots(request: Request) -> Response:
    """``/robots.txt``."""
    text = ROBOTS.format(site=site_url(request))
    return Response(text, media_type="text/plain; charset=utf-8", headers=HEADERS)


def answer_index(request: Request) -> Response:
    """``/sitemap.xml``: one map for the pages and departments, then one for each 50,000 datasets."""
    site = site_url(request)
    with read_call(request) as call:
        count, newest = call.session.execute(
            select(func.count(), func.max(Dataset.published_at)).where(Dataset.state == State.published)
        ).one()
    parts = [
        _entry("sitemap", f"{site}/sitemap-{number}.xml", newest) for number in range(1 + -(-count // MOST))
    ]
    body = f'{_head()}<sitemapindex xmlns="{SPACE}">\n{"".join(parts)}</sitemapindex>\n'
    return Response(body, media_type="application/xml", headers=HEADERS)


def answer_part(request: Request) -> Response:
    """``/sitemap-{n}.xml``: pages for 0, datasets from 1 on."""
    site, text = site_url(request), request.path_params["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
    with read_call(request) as call:
        if number == 0:
            names = [office.name for office in offices(call.session)]
            addresses = [*PAGES, *(f"/offices/{quote(name, safe='')}" for name in names)]
            pieces = [_entry("url", site + address, None) for address in addresses]
            body = f'{_head()}<urlset xmlns="{SPACE}">\n{"".join(pieces)}</urlset>\n'
            return Response(body, media_type="application/xml", headers=HEADERS)
        start = ""
        if number > 1:
            before = (
                select(Dataset.id)
                .where(Dataset.state == State.published)
                .order_by(Dataset.id)
                .offset((number - 1) * MOST - 1)
                .limit(1)
            )
            start = call.session.scalar(before) or ""
        known = number == 1 or bool(start)
    if number < 0 or not known:
        raise NotFound(kind="站点地图 site map", name=text[:20])
    return streamed(request, _datasets(site, start), "application/xml", HEADERS)


def _datasets(site: str, last: str) -> Iterator[bytes]:
    yield f'{_head()}<urlset xmlns="{SPACE}">\n'.encode()
    left = MOST
    while left > 0:
        asked = (
            select(Dataset.id, Dataset.name, Dataset.published_at)
            .where(Dataset.state == State.published, Dataset.id > last)
            .order_by(Dataset.id)
            .limit(min(BATCH, left))
        )
        with session_scope(write=False) as session:
            found = session.execute(asked).all()
        yield "".join(
            _entry("url", f"{site}/datasets/{quote(row.name, safe='')}", row.published_at) for row in found
        ).encode()
        if len(found) < BATCH:
            break
        left, last = left - len(found), found[-1].id
    yield b"</urlset>\n"


def _head() -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n'


def _entry(kind: str, address: str, changed: datetime | None) -> str:
    when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<{kind}><loc>{escape(address)}</loc>{when}</{kind}>\n"

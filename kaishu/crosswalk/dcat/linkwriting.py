"""Distributions: links as they are; a table as one distribution for each common format, and its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kaishu.crosswalk.dcat import extras, vocabularies
from kaishu.crosswalk.dcat.licences import licence
from kaishu.crosswalk.dcat.names import IANA, RENDERINGS, SHA
from kaishu.crosswalk.dcat.pen import BETWEEN, MEDIA, Pen
from kaishu.crosswalk.dcat.terms import literal, nearest, slug, typed
from kaishu.crosswalk.model import Entry, Site

CHECKSUM = re.compile(r"(md5|sha1|sha224|sha256|sha384|sha512):((?:[0-9a-f]{2})+)")


def write(pen: Pen, entry: Entry, site: Site) -> None:
    """All distributions of the dataset, in their order."""
    places: list[str] = []
    tables: list[str] = []
    service = ""
    offered = vocabularies.written("licence").get(str(entry.record.get("licence") or ""), "")
    for number, link in enumerate(entry.resources, 1):
        place = _place(pen, link, number)
        if link.get("table_id") and not link.get("url"):
            service = service or _service(pen, entry, site)
            tables.append(_table(pen, link, place, number))
            places += _renderings(pen, entry, site, link, place, offered, service)
        else:
            places.append(_link(pen, entry, site, link, place, number, offered))
    if places:
        pen.lines.append(f"dcat:distribution {', '.join(places)}")
    if tables:
        pen.lines.append(f"kaishu:table {', '.join(tables)}")


def _place(pen: Pen, link: Mapping[str, Any], number: int) -> str:
    identifier = link.get("id")
    if not identifier or "#" in pen.place:
        return pen.node(f"distribution-{number}")
    return f"{pen.place}/resource/{slug(str(identifier))}"


def _inner(pen: Pen, place: str, kind: str) -> Pen:
    return Pen(place, kind, pen.tongue, pen.here, pen.used, pen.others)


def _done(inner: Pen) -> str:
    inner.others.append(f"<{inner.place}> a {inner.kind}{BETWEEN}{BETWEEN.join(inner.lines)} .\n")
    return f"<{inner.place}>"


def _link(
    pen: Pen, entry: Entry, site: Site, link: Mapping[str, Any], place: str, number: int, offered: str
) -> str:
    inner = Pen(place, "dcat:Distribution", pen.tongue, pen.here, pen.used, pen.others)
    lines = inner.lines
    lines.append(f"kaishu:position {number}")
    _facts(inner, link)
    url, access = link.get("url"), link.get("access_url")
    download = nearest(url) if url else ""
    if download:
        lines.append(f"dcat:downloadURL {download}")
    if url and len(download) != len(url) + 2:
        inner.own("url", url)
    if access:
        where = nearest(access)
        if where != f"<{access}>":
            inner.own("access_url", access)
    else:
        where = download or f"<{site.url}/datasets/{slug(entry.name)}>"
        lines.append('kaishu:derived "access_url"')
    lines.append(f"dcat:accessURL {where or download or f'<{pen.place}>'}")
    _format(inner, link)
    _licence(inner, link, offered)
    return _done(inner)


def _table(pen: Pen, link: Mapping[str, Any], place: str, number: int) -> str:
    """The table itself, whose renderings are the distributions."""
    inner = _inner(pen, place, "kaishu:Table")
    inner.lines.append(f"kaishu:position {number}")
    _facts(inner, link)
    for field in ("format", "media_type"):
        if link.get(field):
            inner.own(field, link[field])
    if link.get("rows") is not None:
        inner.lines.append(f"kaishu:rows {int(link['rows'])}")
    _licence(inner, link, "")
    return _done(inner)


def _renderings(
    pen: Pen,
    entry: Entry,
    site: Site,
    link: Mapping[str, Any],
    place: str,
    offered: str,
    service: str,
) -> list[str]:
    found = []
    title = link.get("name") or entry.record["title"]
    base = f"{site.url}/api/v1/datasets/{slug(entry.name)}/download"
    own = vocabularies.written("licence").get(str(link.get("licence") or ""), "") or offered
    for code in RENDERINGS:
        format_, media = vocabularies.format_of(code)
        file = f"<{base}.{code}?resource={slug(str(link.get('id')))}>"
        subject = f"<{place}{'-' if '#' in place else '#'}{code}>"
        lines = [
            "a dcat:Distribution",
            f"kaishu:renders <{place}>",
            f"dct:title {literal(f'{title} ({code.upper()})')}{pen.tongue}",
            f"dcat:accessURL {file}",
            f"dcat:downloadURL {file}",
            f"dct:format {format_}",
            f"dcat:mediaType {media}",
            f"dcat:accessService {service}",
        ]
        if own:
            lines.append(f"dct:license {own}")
        pen.used.add(("file-format", code))
        pen.others.append(f"{subject} {BETWEEN.join(lines)} .\n")
        found.append(subject)
    return found


def _service(pen: Pen, entry: Entry, site: Site) -> str:
    """The rows of the dataset's tables, as a service."""
    rows = f"{site.url}/api/v1/datasets/{slug(entry.name)}/rows"
    lines = [
        "a dcat:DataService, kaishu:Rows",
        f"dct:title {literal(entry.record['title'])}{pen.tongue}",
        f"dcat:endpointURL <{rows}>",
        f"dcat:endpointDescription <{site.url}/api/v1/openapi.json>",
    ]
    if entry.record.get("kind") != "service":  # a service that has a table of its own is no dataset
        lines.append(f"dcat:servesDataset <{pen.place}>")
    return pen.other("rows", lines)


def _facts(inner: Pen, link: Mapping[str, Any]) -> None:
    inner.walk("link", link)
    if link.get("bytes") == 0:
        inner.lines.append(f"dcat:byteSize {typed('0', 'nonNegativeInteger')}")
    if link.get("checksum") or link.get("sha256"):
        _checksum(inner, link)
    if link.get("extras"):
        extras.write(inner, link["extras"])


def _checksum(inner: Pen, link: Mapping[str, Any]) -> None:
    said = link.get("checksum") or ""
    received = link.get("sha256") or ""
    if not said and received:
        said = f"sha256:{received}"
        inner.derived("checksum")
    match = CHECKSUM.fullmatch(said)
    if match is None:
        inner.own("checksum", said)
        return
    lines = [
        "a spdx:Checksum",
        f"spdx:algorithm <{SHA}{match[1]}>",
        f"spdx:checksumValue {typed(match[2], 'hexBinary')}",
    ]
    inner.lines.append(f"spdx:checksum {inner.other('checksum', lines)}")


def _format(inner: Pen, link: Mapping[str, Any]) -> None:
    said, kind = link.get("format") or "", link.get("media_type") or ""
    code, lines, media = _format_lines(said) if said else ("", "", "")
    if code:
        inner.used.add(("file-format", code))
        inner.lines.append(lines)
    elif said:
        about = ["a dct:MediaTypeOrExtent", f"rdfs:label {literal(said)}"]
        inner.lines.append(f"dct:format {inner.other('format', about)}")
    if MEDIA.fullmatch(kind):
        inner.lines.append(f"dcat:mediaType <{IANA}{kind}>")
    elif kind:
        inner.own("media_type", kind)
    elif media:
        inner.lines.append(media)


@lru_cache(maxsize=4096)
def _format_lines(said: str) -> tuple[str, str, str]:
    """Code, statement of the format, and of the media type that it implies; empty where there is none."""
    format_, media = vocabularies.format_of(said)
    implied = f'dcat:mediaType {media}{BETWEEN}kaishu:derived "media_type"' if media else ""
    if not format_:
        return "", "", implied
    exact = vocabularies.usual_format(format_[1:-1]) == said
    lines = f"dct:format {format_}" + ("" if exact else f"{BETWEEN}kaishu:format {literal(said)}")
    return str(vocabularies.code_of("file-format", said)), lines, implied


def _licence(inner: Pen, link: Mapping[str, Any], offered: str) -> None:
    place = licence(inner, link) if link.get("licence") or link.get("licence_text") else ""
    if not place and offered:
        place = offered
        inner.lines.append('kaishu:derived "licence"')
    if place:
        inner.lines.append(f"dct:license {place}")

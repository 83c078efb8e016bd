"""DCAT in any syntax of RDF, by file or by address; pages are turned as hydra says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from kaishu.crosswalk import Reading
from kaishu.harvest.digests import digest_of
from kaishu.harvest.errors import TooMuch
from kaishu.harvest.kinds.finding import PAGES, Found, Place, SourceMoved, get, rest, whole

if TYPE_CHECKING:
    from kaishu.crosswalk.dcat import Document

ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7"


def find(place: Place) -> Iterator[Found]:
    """Every dataset of every page; a page that was read before ends the turning."""
    from kaishu.crosswalk import dcat

    if place.path is not None:
        data, _ = whole(place)
        name = place.name.lower().removesuffix(".gz")
        yield from rest(place, _found(dcat.read_document(data, PurePath(name).suffix, ""), 0))
        return
    address, number = place.resume.get("page", place.url), place.done - place.resume.get("of_page", 0)
    read = set(place.resume.get("read", ()))
    while address and _mark(address) not in read:
        if len(read) >= PAGES:
            raise TooMuch(address=place.url, reason=f"超过{PAGES}页", reason_en=f"more than {PAGES} pages")
        document = _document(place, address)
        place.total = document.total or place.total
        for of_page, found in enumerate(_unread(place, document, number), start=1):
            number += 1
            place.mark = {
                "number": number,
                "page": address,
                "of_page": of_page,
                "last": found.remote_id,
                "total": document.total,
                "read": sorted(read),
            }
            if number > place.done:
                yield found
        read.add(_mark(address))
        address = urldefrag(document.next_page)[0]
    if address or number < place.total:
        place.whole = False


def _unread(place: Place, document: Document, number: int) -> Iterator[Found]:
    """A page's datasets.  Of one read in part before, the last read must still stand where it stood."""
    before = place.resume.get("of_page", 0) if number < place.done else 0
    if before and document.total != place.resume["total"]:
        raise SourceMoved
    met = 0
    for met, found in enumerate(_found(document, number), start=1):
        if met == before and found.remote_id != place.resume["last"]:
            raise SourceMoved
        yield found
    if met < before:
        raise SourceMoved


def _document(place: Place, address: str) -> Document:
    from kaishu.crosswalk import dcat

    answer = get(place, address, ACCEPT)
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    syntax = "" if media_type in ("text/plain", "text/html", "application/octet-stream") else media_type
    return dcat.read_document(answer.content, syntax, answer.url)


def _mark(address: str) -> str:
    """A page as it is remembered."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _found(document: Document, start: int) -> Iterator[Found]:
    for number, reading in enumerate(document.readings(), start=start + 1):
        yield _one(reading, number)


def _one(reading: Reading, number: int) -> Found:
    entry = reading.entry
    if entry is None:
        where = reading.notes[0].where if reading.notes else ""
        return Found(where or f"#{number}", digest_of(str(reading.notes)), where, lambda: reading)
    said = [entry.name, entry.record, list(entry.resources), entry.publisher.title]
    title = str(entry.record.get("title") or "")
    remote_id = entry.identifier or f"#{number}"
    return Found(remote_id, digest_of(said), title[:300], lambda: reading)

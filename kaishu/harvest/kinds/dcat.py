"""DCAT in any syntax of RDF, by file or by address; pages are turned as hydra says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from kaishu.crosswalk import Reading
from kaishu.harvest.digests import digest_of
from kaishu.harvest.errors import TooMuch
from kaishu.harvest.kinds.finding import PAGES, Found, Place, get, whole

if TYPE_CHECKING:
    from kaishu.crosswalk.dcat import Document

ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7"


def find(place: Place) -> Iterator[Found]:
    """Every dataset of every page; a page that was read before ends the turning."""
    from kaishu.crosswalk import dcat

    if place.path is not None:
        data, _ = whole(place)
        name = place.name.lower().removesuffix(".gz")
        yield from _found(dcat.read_document(data, PurePath(name).suffix, ""), 0)
        return
    address, read, number = place.url, set[str](), 0
    while address and address not in read:
        if len(read) >= PAGES:
            raise TooMuch(address=place.url, reason=f"超过{PAGES}页", reason_en=f"more than {PAGES} pages")
        read.add(address)
        answer = get(place, address, ACCEPT)
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        syntax = "" if media_type in ("text/plain", "text/html", "application/octet-stream") else media_type
        document = dcat.read_document(answer.content, syntax, answer.url)
        place.total = document.total or place.total
        for found in _found(document, number):
            number += 1
            yield found
        address = urldefrag(document.next_page)[0]
    if address:
        place.whole = False


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

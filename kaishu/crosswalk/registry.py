"""Which standards are read and written; each is imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from kaishu.crosswalk.model import Entry, Reading, Site

Write = Callable[[Entry, Site], bytes]
Read = Callable[[bytes], Iterator[Reading]]


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard as a document: how its bytes are written from an entry, and read to entries."""

    name: str
    media_type: str
    suffix: str
    write: Write
    read: Read


def standard(name: str, media_type: str, suffix: str, home: str) -> Standard:
    """The standard whose module ``home`` has ``to_bytes(entry, site)`` and ``from_bytes(data)``."""

    def write(entry: Entry, site: Site) -> bytes:
        written: bytes = import_module(home).to_bytes(entry, site)
        return written

    def read(data: bytes) -> Iterator[Reading]:
        readings: Iterator[Reading] = import_module(home).from_bytes(data)
        return readings

    return Standard(name, media_type, suffix, write, read)


STANDARDS: dict[str, Standard] = {
    each.name: each
    for each in (
        standard("dcat", "text/turtle", "ttl", "kaishu.crosswalk.dcat"),
        standard("data-us", "application/json", "json", "kaishu.crosswalk.datajson"),
        standard("guide-2017", "application/xml", "xml", "kaishu.crosswalk.guide"),
        standard("gbt-21063-3", "application/xml", "xml", "kaishu.crosswalk.gbt"),
        standard("dublin-core", "application/xml", "xml", "kaishu.crosswalk.dublin_core"),
        standard("schema-org", "application/ld+json", "jsonld", "kaishu.crosswalk.schema_org"),
        standard("data-package", "application/json", "json", "kaishu.crosswalk.datapackage"),
        standard("csvw", "application/csvm+json", "json", "kaishu.crosswalk.csvw"),
        standard("croissant", "application/ld+json", "jsonld", "kaishu.crosswalk.croissant"),
        standard("ckan", "application/json", "json", "kaishu.crosswalk.ckan"),
    )
}

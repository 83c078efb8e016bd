"""DCAT-US 1.1, the ``data.json`` of Project Open Data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.errors import NotThatStandard
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.loading import dump_json, load_json
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import download_of, has_table, objects_at, page_of

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
HEAD = {
    "@context": f"{SCHEMA}/catalog.jsonld",
    "@type": "dcat:Catalog",
    "conformsTo": SCHEMA,
    "describedBy": f"{SCHEMA}/catalog.json",
}


class DataJson(Shape):
    """One member of ``dataset``."""

    name = "data-us"
    containers = frozenset({"distribution"})

    def link_places(self, document: Object) -> list[Object]:
        return objects_at(document, "distribution")

    def prepare(self, document: Object, entry: Entry) -> None:
        document["@type"] = "dcat:Dataset"
        if entry.resources:
            document["distribution"] = [{"@type": "dcat:Distribution"} for _ in entry.resources]

    def link_finish(self, place: Object, link: Mapping[str, Any], entry: Entry, site: Site) -> None:
        if "downloadURL" not in place and "accessURL" not in place:
            address = download_of(link, entry, site)
            if address:
                place |= {"downloadURL": address, "mediaType": "text/csv", "format": "CSV"}
            elif site.url and has_table(link):
                place["accessURL"] = page_of(entry, site)
        if "downloadURL" in place:
            place.setdefault("mediaType", "application/octet-stream")

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        if "publisher" in document:
            document["publisher"]["@type"] = "org:Organization"
        if "contactPoint" in document:
            document["contactPoint"]["@type"] = "vcard:Contact"
        if site.url:
            document.setdefault("landingPage", page_of(entry, site))


SHAPE = DataJson()


def read_dataset(document: Mapping[str, Any]) -> Reading:
    """One member of a data.json's ``dataset``."""
    return SHAPE.read(document)


def read_all(data: bytes) -> Iterator[Reading]:
    """Every dataset of a data.json.  Raises ``Unreadable`` and ``NotThatStandard``."""
    whole = load_json(data, "data.json")
    datasets = whole.get("dataset") if isinstance(whole, dict) else None
    if not isinstance(datasets, list):
        raise NotThatStandard(standard="data.json", reason="dataset")
    yield from readings(SHAPE, iter(datasets), "dataset")


def write(entry: Entry, site: Site) -> Object:
    """One dataset, as a member of ``dataset``."""
    return SHAPE.write(entry, site)


def write_all(entries: Iterable[Entry], site: Site) -> Iterator[bytes]:
    """A whole data.json, dataset by dataset."""
    import orjson

    head = {**HEAD, "@id": f"{site.url}/data.json", "title": site.title}
    yield orjson.dumps(head)[:-1] + b',"dataset":[\n'
    between = b""
    for entry in entries:
        yield between + orjson.dumps(write(entry, site))
        between = b",\n"
    yield b"\n]}\n"


def to_bytes(entry: Entry, site: Site) -> bytes:
    """A data.json of one dataset."""
    return dump_json({**HEAD, "dataset": [write(entry, site)]})


from_bytes = read_all

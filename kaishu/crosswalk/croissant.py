"""Croissant 1.0: files, and the records in them field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaishu.crosswalk.carrying import Shape
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.linked import KAISHU, read_graph
from kaishu.crosswalk.loading import dump_json
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import download_of, has_table, objects_at, page_of, tabular

VERSION = "http://mlcommons.org/croissant/1.0"
#: The context that the specification gives, with our own names.
CONTEXT: dict[str, Any] = {
    "@language": "zh",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
    **KAISHU,
}
TYPES = {"text": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}
TYPES |= {"date": "sc:Date", "datetime": "sc:DateTime"}


class Croissant(Shape):
    """A dataset with FileObjects (or FileSets) and one RecordSet for each table."""

    name = "croissant"
    containers = frozenset({"distribution", "recordSet"})
    ignored = frozenset({"@context", "@type", "@id"})

    def link_places(self, document: Object) -> list[Object]:
        return objects_at(document, "distribution")

    def item_places(self, document: Object) -> list[Object]:
        return objects_at(document, "recordSet/0/field")

    def prepare(self, document: Object, entry: Entry) -> None:
        document |= {"@context": CONTEXT, "@type": "sc:Dataset", "conformsTo": VERSION}
        if entry.resources:
            document["distribution"] = [
                {"@type": "cr:FileObject", "@id": f"file-{number}"}
                for number in range(1, len(entry.resources) + 1)
            ]
        items = entry.record.get("items") or []
        if items:
            document["recordSet"] = [_records("records-1", items, tabular(entry) + 1)]

    def link_finish(self, place: Object, link: Mapping[str, Any], entry: Entry, site: Site) -> None:
        address = download_of(link, entry, site)
        if address and "contentUrl" not in place:
            place |= {"contentUrl": address, "encodingFormat": "text/csv"}
            place.pop("contentSize", None)
            place.pop("sha256", None)
        elif site.url and has_table(link):
            place.setdefault("contentUrl", page_of(entry, site))
        place.setdefault("name", str(place["@id"]))
        if "encodingFormat" not in place:
            place["encodingFormat"] = "application/octet-stream"

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        publisher = document.get("publisher", {})
        if publisher:
            publisher["@type"] = "sc:Organization"
        document.setdefault("creator", {"name": publisher.get("name", "")})["@type"] = "sc:Organization"
        if site.url:
            document.setdefault("url", page_of(entry, site))
        first = tabular(entry)
        more = [
            (number, link["columns"])
            for number, link in enumerate(entry.resources)
            if number != first and link.get("columns") and entry.record.get("items")
        ]
        for number, columns in more:
            document["recordSet"].append(_records(f"records-{number + 1}", columns, number + 1, filled=True))


def _records(name: str, fields: list[Any], file: int, filled: bool = False) -> Object:
    made = []
    for number, field in enumerate(fields, 1):
        place: Object = {"@type": "cr:Field", "@id": f"{name}/field-{number}"}
        if filled:
            place |= {"name": field["name"], "dataType": TYPES.get(field.get("type"), "sc:Text")}
        if file > 0:
            place["source"] = {
                "fileObject": {"@id": f"file-{file}"},
                "extract": {"column": str(field.get("name", ""))},
            }
        made.append(place)
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": made}


SHAPE = Croissant()


def write(entry: Entry, site: Site) -> Object:
    """One dataset."""
    return SHAPE.write(entry, site)


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as a JSON-LD document."""
    return dump_json(write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """The dataset of a document.  Raises ``Unreadable`` and ``NotThatStandard``."""
    return read_graph(SHAPE, data, "Dataset")

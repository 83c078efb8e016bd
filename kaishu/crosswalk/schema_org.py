"""schema.org/Dataset as JSON-LD, as search engines read it in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaishu.crosswalk.carrying import Shape
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.linked import KAISHU, read_graph
from kaishu.crosswalk.loading import dump_json
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import download_of, has_table, objects_at, page_of

CONTEXT = {"@vocab": "https://schema.org/", **KAISHU}


class SchemaOrg(Shape):
    """A Dataset with DataDownloads."""

    name = "schema-org"
    containers = frozenset({"distribution", "variableMeasured"})
    ignored = frozenset({"@context", "@type", "@id"})

    def link_places(self, document: Object) -> list[Object]:
        return objects_at(document, "distribution")

    def item_places(self, document: Object) -> list[Object]:
        return objects_at(document, "variableMeasured")

    def prepare(self, document: Object, entry: Entry) -> None:
        document |= {"@context": CONTEXT, "@type": "Dataset"}
        if entry.record.get("items"):
            document["variableMeasured"] = [{"@type": "PropertyValue"} for _ in entry.record["items"]]
        if entry.resources:
            document["distribution"] = [{"@type": "DataDownload"} for _ in entry.resources]

    def link_finish(self, place: Object, link: Mapping[str, Any], entry: Entry, site: Site) -> None:
        address = download_of(link, entry, site)
        if address and "contentUrl" not in place:
            place |= {"contentUrl": address, "encodingFormat": "text/csv"}
            for key in ("contentSize", "sha256", "fileFormat"):
                place.pop(key, None)
        elif site.url and has_table(link):
            place.setdefault("url", page_of(entry, site))

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        publisher = document.setdefault("publisher", {})
        publisher["@type"] = "GovernmentOrganization"
        publisher.get("contactPoint", {}).update(
            {"@type": "ContactPoint"} if "contactPoint" in publisher else {}
        )
        document.setdefault("creator", {"name": publisher.get("name", "")})["@type"] = "Organization"
        if "maintainer" in document:
            document["maintainer"]["@type"] = "Organization"
        if "spatialCoverage" in document:
            document["spatialCoverage"]["@type"] = "Place"
            document["spatialCoverage"].get("geo", {}).update({"@type": "GeoShape"})
        document["isAccessibleForFree"] = True
        if site.url:
            page = page_of(entry, site)
            document["@id"] = page
            document.setdefault("url", page)
            catalog = {"@type": "DataCatalog", "name": site.title, "url": f"{site.url}/"}
            document["includedInDataCatalog"] = catalog


SHAPE = SchemaOrg()


def write(entry: Entry, site: Site) -> Object:
    """One dataset."""
    return SHAPE.write(entry, site)


def page_data(entry: Entry, site: Site) -> Object:
    """What a page says to search engines: the elements, with a description of 50 to 5,000 letters."""
    document = {key: value for key, value in _bare(write(entry, site)).items() if value}
    document["@context"] = "https://schema.org/"
    text = str(document.get("description") or "")
    if len(text) < 50:
        more = f"{document['name']}，由{entry.publisher.title}在{site.title}发布"
        text = f"{text}{'。' if text else ''}{more}，可在线查看和下载，附有数据字典、更新情况和历史版本。"
    document["description"] = text[:5000]
    return document


def catalog_data(site: Site, count: int) -> Object:
    """What the first page says of the catalogue."""
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": f"{site.url}/",
        "name": site.title,
        "alternateName": site.title_en or site.title,
        "url": f"{site.url}/",
        "description": site.description or site.title,
        "inLanguage": ["zh", "en"],
        "isAccessibleForFree": True,
        "size": str(count),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{site.url}/search?q={{q}}",
            "query-input": "required name=q",
        },
    }


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if not key.startswith("kaishu:")}
    return [_bare(each) for each in value] if isinstance(value, list) else value


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as a JSON-LD document."""
    return dump_json(write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """Every Dataset of a JSON-LD document.  Raises ``Unreadable`` and ``NotThatStandard``."""
    return read_graph(SHAPE, data, "Dataset")

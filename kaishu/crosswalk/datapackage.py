"""Data Package (version 2, and 1 as it is read) with Table Schema from the field dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaishu import standards
from kaishu.base import ids
from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.conversions import COLUMN_TYPES
from kaishu.crosswalk.errors import NotThatStandard
from kaishu.crosswalk.keeping import OURS, Object
from kaishu.crosswalk.loading import dump_json, load_json
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import download_of, has_table, objects_at, page_of, tabular
from kaishu.crosswalk.steps import Draft
from kaishu.crosswalk.taking import Intake

TABLE = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"


class DataPackage(Shape):
    """A descriptor."""

    name = "data-package"
    containers = frozenset({"resources"})
    link_containers = frozenset({"schema/fields"})
    heard = frozenset({"licenses", "contributors", "sources", "name"})
    link_heard = frozenset({"format", "encoding", "path", "name", "title"})

    def link_places(self, document: Object) -> list[Object]:
        return objects_at(document, "resources")

    def item_places(self, document: Object) -> list[Object]:
        for place in self.link_places(document):
            found = objects_at(place, "schema/fields")
            if found and not place["schema"].get(f"{OURS}own"):
                return found
        return []

    def prepare(self, document: Object, entry: Entry) -> None:
        document |= {"$schema": SCHEMA, "name": ids.slug(entry.name) or "dataset"}
        document["resources"] = [
            {"name": f"resource-{number}"} for number in range(1, len(entry.resources) + 1)
        ]
        place, items = tabular(entry), entry.record.get("items") or []
        names = [each.get("name") for each in items]
        if place >= 0 and items and len(set(names)) == len(names):
            document["resources"][place]["schema"] = {"fields": [{} for _ in items]}

    def link_finish(self, place: Object, link: Mapping[str, Any], entry: Entry, site: Site) -> None:
        if site.url and has_table(link):
            place.pop("bytes", None)
            place.pop("hash", None)
            place |= TABLE
            own = download_of(link, entry, site)
            place["path" if own else "data"] = own or []
            _fit(place, link)
            return
        if link.get("format"):
            place["format"] = link["format"]
        if link.get("encoding"):
            place["encoding"] = link["encoding"]
        if "path" not in place:
            place |= {"path": link["access_url"]} if link.get("access_url") else {"data": {}}

    def link_also(self, place: Object, link: Intake) -> None:
        link.put("format", place.get("format"))
        link.put("encoding", place.get("encoding"))
        path = place.get("path")
        if isinstance(path, list) and len(path) == 1:
            link.put("url", path[0], "path")
        link.said.setdefault("name", "")
        if not link.said["name"]:
            link.put("name", place.get("title") or place.get("name"))

    def finish(self, document: Object, entry: Entry, site: Site) -> None:
        record = entry.record
        term = standards.vocabulary("licence").codes.get(record.get("licence") or "")
        if term is not None:
            spdx = str(term.extra.get("spdx") or "")
            licence = {"name": spdx, "path": term.uri, "title": term.en}
            document["licenses"] = [{key: value for key, value in licence.items() if value}]
        elif record.get("licence_text"):
            document["licenses"] = [{"title": record["licence_text"]}]
        publisher = record.get("publisher") or entry.publisher.title
        if publisher:
            document["contributors"] = [{"title": publisher, "roles": ["publisher"]}]
        if record.get("source"):
            document["sources"] = [{"title": record["source"]}]
        if site.url:
            document.setdefault("homepage", page_of(entry, site))

    def also(self, document: Object, draft: Draft, record: Intake) -> None:
        for each in objects_at(document, "licenses"):
            for key in ("name", "path", "url", "title", "type"):
                term = standards.vocabulary("licence").find(str(each.get(key) or ""))
                if term is not None and "licence" not in record.said:
                    record.said["licence"] = term.code
            if "licence" not in record.said and "licence_text" not in record.said:
                record.put("licence_text", each.get("title") or each.get("name") or each.get("path"))
        people = objects_at(document, "contributors")
        for each in people:
            roles = each.get("roles") if isinstance(each.get("roles"), list) else [each.get("role")]
            if "publisher" in (roles or []) and not draft.agent.get("title"):
                draft.agent["title"] = record.text(each.get("title"), "contributors", 300)
        for each in objects_at(document, "sources")[:1]:
            record.put("source", each.get("title") or each.get("path"), "sources")
        if not record.said.get("title"):
            record.put("title", document.get("name"), "name")


def _fit(place: Object, link: Mapping[str, Any]) -> None:
    """The fields of an own table are those of its columns, as the CSV has them."""
    columns = link.get("columns") or []
    types = {each["name"]: each.get("type", "text") for each in columns}
    fields = objects_at(place, "schema/fields")
    if not fields and columns:
        place["schema"] = {f"{OURS}own": True, "fields": [{"name": name} for name in types]}
        fields = place["schema"]["fields"]
    for field in fields:
        kind = types.get(field.get("name"))
        if kind:
            field["type"] = COLUMN_TYPES.get(kind, COLUMN_TYPES["text"])[0]
        if field.get("type") == "datetime":
            field["format"] = "any"
    if not fields:
        place.pop("type", None)


SHAPE = DataPackage()


def write(entry: Entry, site: Site) -> Object:
    """The descriptor of one dataset, its tables by the addresses of their CSV."""
    return SHAPE.write(entry, site)


def inside(document: Object, paths: Mapping[int, str]) -> Object:
    """The descriptor for a zip: resources with a path in it; the others stay where they are."""
    found = {**document, "resources": [dict(each) for each in document["resources"]]}
    for number, path in paths.items():
        found["resources"][number].pop("data", None)
        found["resources"][number] |= {"path": path}
    return found


def to_bytes(entry: Entry, site: Site) -> bytes:
    """The descriptor as JSON."""
    return dump_json(write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """The dataset of a descriptor.  Raises ``Unreadable`` and ``NotThatStandard``."""
    whole = load_json(data, SHAPE.name)
    if not isinstance(whole, dict) or not isinstance(whole.get("resources"), list):
        raise NotThatStandard(standard=SHAPE.name, reason="resources")
    yield from readings(SHAPE, iter([whole]), "package")


def file_name(name: str, number: int) -> str:
    """The name of a table's file in the zip."""
    clean = re.sub(r"[^\w-]+", "-", name).strip("-")[:60]
    return f"data/{number + 1:02d}-{clean or 'table'}.csv"

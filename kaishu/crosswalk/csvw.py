"""CSV on the Web: what stands in each CSV, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.conversions import COLUMN_TYPES
from kaishu.crosswalk.errors import NotThatStandard
from kaishu.crosswalk.keeping import OURS, Object
from kaishu.crosswalk.linked import NAMESPACE
from kaishu.crosswalk.loading import dump_json, load_json
from kaishu.crosswalk.model import Entry, Reading, Site
from kaishu.crosswalk.places import download_of, objects_at, tabular

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "zh"}]


class Csvw(Shape):
    """A group of tables."""

    name = "csvw"
    containers = frozenset({"tables"})
    link_containers = frozenset({"tableSchema/columns"})
    ignored = frozenset({"@context", "@type"})

    def link_places(self, document: Object) -> list[Object]:
        return objects_at(document, "tables")

    def item_places(self, document: Object) -> list[Object]:
        for place in self.link_places(document):
            found = objects_at(place, "tableSchema/columns")
            if found and not place["tableSchema"].get(f"{OURS}own"):
                return found
        return []

    def prepare(self, document: Object, entry: Entry) -> None:
        document |= {"@context": CONTEXT, "@type": "TableGroup"}
        document["tables"] = [{"@type": "Table"} for _ in entry.resources]
        place, items = tabular(entry), entry.record.get("items") or []
        if place >= 0 and items:
            names = [{"name": _variable(each.get("name", ""))} for each in items]
            document["tables"][place]["tableSchema"] = {"@type": "Schema", "columns": names}

    def link_finish(self, place: Object, link: Mapping[str, Any], entry: Entry, site: Site) -> None:
        address = download_of(link, entry, site) or link.get("access_url")
        if address:
            place.setdefault("url", address)
        if link.get("columns") and "tableSchema" not in place:
            columns = [_column(each) for each in link["columns"]]
            place["tableSchema"] = {"@type": "Schema", "columns": columns, f"{OURS}own": True}


def _variable(name: str) -> str:
    """A name as URI templates have them."""
    return quote(name, safe="").replace("-", "%2D").replace("~", "%7E")


def _column(column: Mapping[str, Any]) -> Object:
    kind = COLUMN_TYPES.get(str(column.get("type")), COLUMN_TYPES["text"])[1]
    return {"name": _variable(column["name"]), "titles": column["name"], "datatype": kind}


SHAPE = Csvw()


def write(entry: Entry, site: Site) -> Object:
    """A group of tables; our own keys are full addresses, as the standard wants."""
    found: Object = _renamed(SHAPE.write(entry, site), OURS, NAMESPACE)
    return found


def write_table(entry: Entry, site: Site, resource: str, url: str) -> Object | None:
    """The metadata of one table, to stand beside its CSV; None if there is no such table."""
    document = SHAPE.write(entry, site)
    for link, place in zip(entry.resources, document["tables"], strict=True):
        if link.get("id") == resource:
            bare = {key: value for key, value in place.items() if not key.startswith(OURS)}
            schema = dict(bare.get("tableSchema") or {"columns": []})
            schema.pop(f"{OURS}own", None)
            columns = [
                {k: v for k, v in column.items() if not k.startswith(OURS)} for column in schema["columns"]
            ]
            dialect = {"header": True, "encoding": "utf-8", "delimiter": ","}
            more = {"url": url, "dialect": dialect, "tableSchema": {**schema, "columns": columns}}
            licence = document.get("dc:license")
            said = {"dc:title": link.get("name") or entry.record.get("title")}
            said |= {"dc:license": licence} if licence else {}
            return {"@context": CONTEXT, **bare, **said, **more}
    return None


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One dataset as a group of tables."""
    return dump_json(write(entry, site))


def from_bytes(data: bytes) -> Iterator[Reading]:
    """A group of tables, or one.  Raises ``Unreadable`` and ``NotThatStandard``."""
    whole = _renamed(load_json(data, SHAPE.name), NAMESPACE, OURS)
    if not isinstance(whole, dict) or not ("tables" in whole or "tableSchema" in whole or "url" in whole):
        raise NotThatStandard(standard=SHAPE.name, reason="tables")
    if "tables" not in whole:
        group = {key: value for key, value in whole.items() if key.partition(":")[0] in ("dc", "dcat")}
        whole = {**group, "tables": [whole]}
    if not whole.get("dc:title"):
        first = objects_at(whole, "tables")
        whole["dc:title"] = str(first[0].get("url") or "") if first else ""
    yield from readings(SHAPE, iter([whole]), "tables")


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {
            new + key[len(old) :] if isinstance(key, str) and key.startswith(old) else key: (
                each if key.removeprefix(old) in ("extras", "constraints") else _renamed(each, old, new)
            )
            for key, each in value.items()
        }
    return [_renamed(each, old, new) for each in value] if isinstance(value, list) else value

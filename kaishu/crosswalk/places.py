"""Where things stand: in documents, and at this site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kaishu.crosswalk.model import Entry, Site

#: Formats that a table is offered in, with their media types.
OFFERED = {"CSV": "text/csv", "JSON": "application/json", "XLSX": "application/vnd.ms-excel"}


def objects_at(document: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    """The objects in a list (or the one object) at a path with ``/`` between."""
    found: Any = document
    for part in path.split("/"):
        if isinstance(found, list) and part.isdigit():
            found = found[int(part)] if int(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, dict):
        return [found]
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def page_of(entry: Entry, site: Site) -> str:
    """The dataset's page."""
    return f"{site.url}/datasets/{quote(entry.name, safe='')}"


def has_table(link: Mapping[str, Any]) -> bool:
    """Is it a table of ours with rows, without an address of its own?"""
    return bool(link.get("table_id") and link.get("version_id") and not link.get("url"))


def download_of(link: Mapping[str, Any], entry: Entry, site: Site, form: str = "csv") -> str:
    """Where everybody may fetch a table of ours; empty for what has no table here or is not open."""
    if not site.url or not has_table(link) or entry.record.get("open_class") != "unconditional":
        return ""
    return f"{site.url}/api/v1/datasets/{quote(entry.name)}/download.{form}?resource={quote(str(link['id']))}"


def tabular(entry: Entry) -> int:
    """The place of the distribution that the items describe: the first table, else the first; -1 for none."""
    for place, link in enumerate(entry.resources):
        if link.get("table_id"):
            return place
    return 0 if entry.resources else -1

"""From an entry to a CKAN package; nothing that the entry says is left out."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from kaishu import standards
from kaishu.crosswalk.ckan import names
from kaishu.crosswalk.ckan.values import takes
from kaishu.crosswalk.keeping import tame
from kaishu.crosswalk.model import Agent, Entry, Site

OFFERED = frozenset({"CSV", "TSV", "XLSX", "JSON", "NDJSON", "XML", "PARQUET"})
SPACE = uuid.UUID("5f3c1c2e-6a53-5d0e-9a43-0d9e7c4b1f10")  # fixed, so that ids of tags stay
NOTHING: tuple[Any, ...] = (None, "", [], {})
#: What uData knows besides "file"; another role is said beside it.
ROLES = frozenset({"file.upload", "api", "documentation", "image", "visualization"})


def write_package(entry: Entry, site: Site) -> dict[str, Any]:
    """A dataset in full, published and active; ids and stamps as CKAN writes them."""
    record = entry.record
    kept: Mapping[str, str] = record.get("extras") or {}
    tags = [write_tag(name) for name in record.get("tags") or []]
    resources = [write_resource(each, entry, place, site) for place, each in enumerate(entry.resources)]
    organization = write_organization(entry.publisher)
    package: dict[str, Any] = {
        "id": entry.identifier,
        "name": entry.name,
        "title": record.get("title") or "",
        "type": "dataset",
        "state": "active",
        "private": False,
        "notes": record.get("description") or "",
        "url": record.get("source_url") or "",
        "version": record.get("version") or "",
        "author": record.get("creator") or entry.publisher.title,
        "author_email": "",
        "maintainer": record.get("contact_name") or "",
        "maintainer_email": record.get("contact_email") or "",
        **_licence(record),
        "metadata_created": stamp(entry.created),
        "metadata_modified": stamp(entry.modified),
        "creator_user_id": None,
        "owner_org": organization["id"] if organization else None,
        "organization": organization,
        "groups": [write_group(code) for code in record.get("themes") or []],
        "tags": tags,
        "num_tags": len(tags),
        "resources": resources,
        "num_resources": len(resources),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }
    if unsaid := [field for field in names.DATED if not record.get(field)]:
        package[names.MARK] = unsaid
    pairs = _pairs(record, entry.publisher)
    for key, text in kept.items():
        if not _put_back(package, key, text):
            _add(pairs, key, text, record)
    package["extras"] = [{"key": key, "value": value} for key, value in pairs.items()]
    return package


def write_resource(link: Mapping[str, Any], entry: Entry, position: int, site: Site) -> dict[str, Any]:
    """A table or a link; the address of a table is its download."""
    form = resource_format(link)
    own = not link.get("url") and bool(link.get("table_id"))
    url, access = link.get("url") or "", link.get("access_url") or ""
    if own:
        file = f"download.{(form or 'csv').lower()}?resource={link.get('id')}"
        url = f"{site.url}/api/v1/datasets/{quote(entry.name)}/{file}"
    algorithm, mark, digest = str(link.get("checksum") or "").rpartition(":")
    role = link.get("role") or ""
    issued, modified = link.get("issued") or "", link.get("modified") or ""
    created = issued or stamp(link.get("created_at")) or stamp(entry.created) or stamp(entry.modified)
    changed = modified or stamp(link.get("modified_at")) or created
    resource: dict[str, Any] = {
        "id": link.get("id") or link.get("original_id") or _id(f"{entry.identifier}/{position}"),
        "package_id": entry.identifier,
        "position": position,
        "name": link.get("name") or "",
        "description": link.get("description") or "",
        "format": form,
        "mimetype": link.get("media_type") or media_type(form),
        "size": None if own else link.get("bytes"),
        "hash": digest,
        "created": created,
        "last_modified": changed,
        "metadata_modified": changed,
        "url": url or access,
        "resource_type": role if role in ROLES else "file",
        **names.RESOURCE_EMPTY,
        "url_type": "datastore" if own else None,
        "datastore_active": bool(link.get("version_id")),
        "issued": issued,
        "modified": modified,
        "original_id": link.get("original_id") or "",
        "media_type": link.get("media_type") or "",
    }
    if role and role not in ROLES:
        resource[f"{names.OURS}role"] = role
    if mark:
        resource["hash_algorithm"] = algorithm
    if access:
        resource |= {"access_url": access, "download_url": url}
    if link.get("table_id"):
        resource |= _received(link)
    return _rest(resource, link)


def _received(link: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{names.OURS}table": link.get("format") or "",
        "version": link.get("version"),
        "rows": link.get("rows"),
        "received_file": link.get("file_name"),
        "received_sha256": link.get("sha256"),
        "received_bytes": link.get("bytes"),
    }


def write_organization(agent: Agent) -> dict[str, Any] | None:
    """Whoever publishes, as an organization."""
    if not agent.title and not agent.name:
        return None
    return {
        "id": agent.identifier or _id(f"organization:{agent.name or agent.title}"),
        "name": agent.name or f"organization-{_id(agent.title)[:8]}",
        "title": agent.title,
        "type": "organization",
        "description": "",
        "image_url": "",
        "created": "",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def write_group(code: str) -> dict[str, Any]:
    """A theme as a group."""
    term = standards.vocabulary("theme").codes.get(code)
    title = term.zh if term else code
    return {
        "id": code,
        "name": code,
        "title": title,
        "display_name": title,
        "description": term.en if term else "",
        "image_display_url": "",
    }


def write_tag(name: str) -> dict[str, Any]:
    """A tag; its id is made of its name."""
    return {
        "id": _id(f"tag:{name}"),
        "name": name,
        "display_name": name,
        "state": "active",
        "vocabulary_id": None,
    }


def write_licence(code: str) -> dict[str, Any]:
    """A licence of ours in CKAN's words."""
    term = standards.vocabulary("licence").codes.get(code)
    return {
        "license_id": term.extra.get("ckan", code) if term else "notspecified",
        "license_title": term.zh if term else "",
        "license_url": term.uri if term else "",
        "isopen": bool(term and term.extra.get("open")),
    }


def stamp(moment: datetime | str | None) -> str:
    """UTC without a zone, to the microsecond, as CKAN writes it; empty for none."""
    if not moment:
        return ""
    if isinstance(moment, str):
        return _stamp_of(moment)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


@lru_cache(maxsize=8192)
def _stamp_of(text: str) -> str:
    return stamp(datetime.fromisoformat(text))


def resource_format(link: Mapping[str, Any]) -> str:
    """Format of what the resource's address gives: a table is offered in its own format or as CSV."""
    said = str(link.get("format") or "")
    if not link.get("table_id") or link.get("url"):
        return said
    return said.upper() if said.upper() in OFFERED else "CSV"


@lru_cache(maxsize=1024)
def media_type(form: str) -> str | None:
    """IANA media type of a format, if it has one."""
    term = standards.vocabulary("file-format").find(form) if form else None
    return str(term.extra["media_type"]) if term and "media_type" in term.extra else None


@lru_cache(maxsize=8192)
def _id(text: str) -> str:
    return str(uuid.uuid5(SPACE, text))


def _licence(record: Mapping[str, Any]) -> dict[str, Any]:
    shape = write_licence(record.get("licence") or "")
    if not record.get("licence") and record.get("licence_text"):
        shape["license_title"] = record["licence_text"]
    return shape


def _meant(code: str) -> bool:
    """Does CKAN's name of a licence lead back to it, and not to another or to none?"""
    name = str(write_licence(code)["license_id"])
    term = standards.vocabulary("licence").find(name)
    return name != "notspecified" and term is not None and term.code == code


def _pairs(record: Mapping[str, Any], publisher: Agent) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for key, field in names.EXTRA_FIELDS.items():
        value = record.get(field)
        if field == "languages":
            pairs |= _languages(value)
        elif field == "kind" and value == "dataset":
            continue
        elif value not in NOTHING:
            pairs[key] = _text(value)
    frequency = standards.vocabulary("update-frequency").codes.get(record.get("update_frequency") or "")
    if frequency:
        pairs["frequency"] = frequency.uri or frequency.code
    if record.get("bbox"):
        raw = (record.get("extras") or {}).get("spatial")
        boxed = raw is not None and takes("spatial", raw) == tuple(record["bbox"])
        if not boxed:
            pairs["spatial"] = polygon(record["bbox"])
    licence = record.get("licence")
    if licence and not _meant(licence):
        pairs[f"{names.OURS}licence"] = licence
    if record.get("creator") and record["creator"] == publisher.title:
        pairs[f"{names.OURS}creator"] = record["creator"]
    return pairs


def _languages(value: Any) -> dict[str, str]:
    """Said even where it is Chinese: elsewhere nothing said means nothing known."""
    languages = ["zh"] if value is None else list(value)
    return {"language": ",".join(languages)} if languages else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def polygon(box: Any) -> str:
    """A box as GeoJSON."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _arrives(value: Any) -> bool:
    """Does every reader get it as it is?  Blanks around a text are dropped on the way."""
    return tame(value) and not (isinstance(value, str) and value.strip() != value)


def _put_back(package: dict[str, Any], key: str, text: str) -> bool:
    """A key of the package that has no field here goes back to its place."""
    if not key.startswith(names.THEIRS):
        return False
    own = key.removeprefix(names.THEIRS)
    value = names.value_of(text)
    if not own or value in NOTHING or own.strip() != own or not _arrives(value):
        return False
    if own in names.DERIVED | names.DIRECT.keys() | names.RESTORED:
        free = own in names.RESTORED and isinstance(value, str) and (own != "url" or not package["url"])
        if not free or (own == "url" and takes("url", value) is not None):
            return False
    package[own] = value
    return True


def _add(pairs: dict[str, str], key: str, text: str, record: Mapping[str, Any]) -> None:
    """An extra under its own name, or an escaped one where its name would be read as a field of ours."""
    claimed = key in names.EXTRA_FIELDS or key in names.SPECIAL
    clash = key in pairs or key.startswith((names.OURS, names.THEIRS))
    if claimed and not clash:
        clash = takes(key, text) is not None and not (key == "spatial" and record.get("bbox"))
    if key in names.FREQUENCIES and not record.get("update_frequency"):
        clash = clash or takes(key, text) is not None
    pairs[f"{names.ESCAPED}{key}" if clash or not text else key] = text


def _rest(resource: dict[str, Any], link: Mapping[str, Any]) -> dict[str, Any]:
    for key, field in names.RESOURCE.items():
        if key not in resource and link.get(field) not in NOTHING:
            resource[key] = link[field]
    table = bool(link.get("table_id"))
    for key, text in (link.get("extras") or {}).items():
        value = names.value_of(text)
        free = key not in resource or key in names.RESOURCE_EMPTY
        free &= not (table and key in names.TABLE_DERIVED)
        free &= _arrives(value)
        known = key in names.RESOURCE or key in names.RESOURCE_DERIVED
        if free and not known and text and value != names.RESOURCE_EMPTY.get(key) and value not in NOTHING:
            resource[key] = value
        else:
            resource[f"{names.ESCAPED}{key}"] = text
    return resource

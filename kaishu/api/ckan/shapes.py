"""Datasets, resources, organizations, groups and tags as CKAN's clients and harvesters want them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import orjson

from kaishu import standards
from kaishu.access.models import Office
from kaishu.catalogue import DatasetRecord, ResourceEntry, State
from kaishu.catalogue.models import Dataset

OFFERED = frozenset({"CSV", "TSV", "XLSX", "JSON", "NDJSON", "XML", "PARQUET"})
SPACE = uuid.UUID("5f3c1c2e-6a53-5d0e-9a43-0d9e7c4b1f10")  # fixed, so that ids of tags stay


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


def resource_format(entry: ResourceEntry) -> str:
    """Format of what the resource's address gives: a table is offered in its own format or as CSV."""
    said = entry.format.upper()
    if not entry.table_id or entry.url:
        return said
    return said if said in OFFERED else "CSV"


def package(dataset: Dataset, entries: Sequence[ResourceEntry], site: str) -> dict[str, Any]:
    """A dataset in full."""
    record = DatasetRecord.model_validate(dataset.record)
    published = dataset.state == State.published
    resources = [resource(dataset, entry, place, site) for place, entry in enumerate(entries)]
    tags = [tag(name) for name in record.tags]
    return {
        "id": dataset.id,
        "name": dataset.name,
        "title": dataset.title,
        "type": "dataset",
        "state": _state(dataset),
        "private": not published,
        "notes": record.description,
        "url": record.source_url,
        "version": "",
        "author": dataset.office.title,
        "author_email": "",
        "maintainer": record.contact_name,
        "maintainer_email": record.contact_email,
        **licence(record.licence),
        "metadata_created": stamp(dataset.created_at),
        "metadata_modified": stamp(dataset.published_at if published else dataset.updated_at),
        "creator_user_id": None,
        "owner_org": dataset.office_id,
        "organization": organization(dataset.office),
        "groups": [group(code) for code in record.themes],
        "tags": tags,
        "num_tags": len(tags),
        "resources": resources,
        "num_resources": len(resources),
        "extras": _extras(record),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def resource(dataset: Dataset, entry: ResourceEntry, position: int, site: str) -> dict[str, Any]:
    """A table or a link."""
    form = resource_format(entry)
    url = entry.url
    if not url:
        file = f"download.{(form or 'csv').lower()}?resource={entry.id}"
        url = f"{site}/api/v1/datasets/{quote(dataset.name)}/{file}"
    created = stamp(entry.created_at) or stamp(dataset.created_at)
    modified = stamp(entry.modified_at) or created
    return {
        "id": entry.id,
        "package_id": dataset.id,
        "position": position,
        "name": entry.name,
        "description": entry.description,
        "format": form,
        "mimetype": media_type(form),
        "mimetype_inner": None,
        "size": None,
        "hash": "",
        "created": created,
        "last_modified": modified,
        "metadata_modified": modified,
        "url": url,
        "url_type": None if entry.url else "datastore",
        "resource_type": "file",
        "cache_url": None,
        "cache_last_updated": None,
        "state": "active",
        "datastore_active": bool(entry.version_id),
        "version": entry.version,
        "rows": entry.rows,
        "received_file": entry.file_name,
        "received_sha256": entry.sha256,
        "received_bytes": entry.bytes,
    }


@lru_cache(maxsize=1024)
def media_type(form: str) -> str | None:
    """IANA media type of a format, if it has one."""
    term = standards.vocabulary("file-format").find(form) if form else None
    return str(term.extra["media_type"]) if term and "media_type" in term.extra else None


def organization(office: Office, packages: int | None = None) -> dict[str, Any]:
    """A department."""
    shape: dict[str, Any] = {
        "id": office.id,
        "name": office.name,
        "title": office.title,
        "display_name": office.title,
        "type": "organization",
        "description": office.description or "",
        "image_url": "",
        "image_display_url": "",
        "created": stamp(office.created_at),
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }
    return shape if packages is None else {**shape, "package_count": packages}


def group(code: str, packages: int | None = None) -> dict[str, Any]:
    """A theme."""
    term = standards.vocabulary("theme").codes.get(code)
    title = term.zh if term else code
    shape: dict[str, Any] = {
        "id": code,
        "name": code,
        "title": title,
        "display_name": title,
        "description": term.en if term else "",
        "image_display_url": "",
        "type": "group",
        "is_organization": False,
        "state": "active",
    }
    return shape if packages is None else {**shape, "package_count": packages}


def tag(name: str) -> dict[str, Any]:
    """A tag; its id is made of its name."""
    return {
        "id": _tag_id(name),
        "name": name,
        "display_name": name,
        "state": "active",
        "vocabulary_id": None,
    }


@lru_cache(maxsize=8192)
def _tag_id(name: str) -> str:
    return str(uuid.uuid5(SPACE, f"tag:{name}"))


def _state(dataset: Dataset) -> str:
    if dataset.state == State.published:
        return "active"
    return "deleted" if dataset.state == State.withdrawn else "draft"


def licence(code: str) -> dict[str, Any]:
    """Licence in CKAN's words."""
    term = standards.vocabulary("licence").codes.get(code)
    return {
        "license_id": term.extra.get("ckan", code) if term else "notspecified",
        "license_title": term.zh if term else "",
        "license_url": term.uri if term else "",
        "isopen": bool(term and term.extra.get("open")),
    }


def _extras(record: DatasetRecord) -> list[dict[str, str]]:
    frequency = standards.vocabulary("update-frequency").codes.get(record.update_frequency)
    pairs: list[tuple[str, str]] = [
        ("title_en", record.title_en),
        ("notes_en", record.description_en),
        ("frequency", frequency.uri or frequency.code if frequency else ""),
        ("issued", record.issued.isoformat() if record.issued else ""),
        ("temporal_start", record.temporal_start.isoformat() if record.temporal_start else ""),
        ("temporal_end", record.temporal_end.isoformat() if record.temporal_end else ""),
        ("spatial", _polygon(record.bbox) if record.bbox else ""),
        ("spatial-text", record.spatial),
        ("spatial_code", record.spatial_code),
        ("language", ",".join(record.languages)),
        ("resource_code", record.resource_code),
        ("resource_class", record.resource_class),
        ("format_category", record.format_category),
        ("share_class", record.share_class),
        ("share_condition", record.share_condition),
        ("open_class", record.open_class),
        ("open_condition", record.open_condition),
        ("update_frequency", record.update_frequency),
        ("contact_phone", record.contact_phone),
        ("source", record.source),
        ("provenance", record.provenance),
    ]
    return [{"key": key, "value": value} for key, value in pairs if value]


def _polygon(box: tuple[float, float, float, float]) -> str:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return orjson.dumps({"type": "Polygon", "coordinates": [ring]}).decode()

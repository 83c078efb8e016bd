"""Datasets, resources, organizations, groups and tags as CKAN's clients and harvesters want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kaishu import standards
from kaishu.access.models import Office, Person
from kaishu.base import settings
from kaishu.catalogue import ResourceEntry, State
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Entry, Site, entry_of
from kaishu.crosswalk.ckan import (
    media_type,
    stamp,
    write_group,
    write_licence,
    write_package,
    write_resource,
    write_tag,
)

__all__ = ["group", "licence", "media_type", "organization", "package", "resource", "stamp", "tag", "user"]


def package(
    dataset: Dataset,
    entries: Sequence[ResourceEntry | Mapping[str, Any]],
    site: str,
    record: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A dataset in full; ``record`` stands for the one that is shown, if it is given."""
    entry = _entry(dataset, [_said(each) for each in entries], record)
    published = dataset.state == State.published
    shape = write_package(entry, _site(site))
    shape |= {
        "state": _state(dataset),
        "private": not published,
        "metadata_modified": stamp(dataset.published_at if published else dataset.updated_at),
        "organization": organization(dataset.office),
    }
    return shape


def resource(dataset: Dataset, entry: ResourceEntry, position: int, site: str) -> dict[str, Any]:
    """A table or a link."""
    return write_resource(_said(entry), _entry(dataset, ()), position, _site(site))


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
    shape = {**write_group(code), "type": "group", "is_organization": False, "state": "active"}
    return shape if packages is None else {**shape, "package_count": packages}


def tag(name: str) -> dict[str, Any]:
    """A tag; its id is made of its name."""
    return write_tag(name)


def licence(code: str) -> dict[str, Any]:
    """A licence as license_list has it."""
    term, shape = standards.vocabulary("licence").codes[code], write_licence(code)
    return {
        "id": shape["license_id"],
        "title": shape["license_title"],
        "url": shape["license_url"],
        "status": "active",
        "is_okd_compliant": shape["isopen"],
        "is_osi_compliant": False,
        "is_generic": bool(term.extra.get("local")),
        "od_conformance": "approved" if shape["isopen"] else "not reviewed",
        "osd_conformance": "not reviewed",
        "domain_content": False,
        "domain_data": shape["isopen"],
        "domain_software": False,
        "maintainer": "",
        "family": "",
    }


def user(person: Person) -> dict[str, Any]:
    """A person, without anything that signs in."""
    return {
        "id": person.id,
        "name": person.account,
        "fullname": person.name,
        "display_name": person.name,
        "created": stamp(person.created_at),
        "sysadmin": person.role == "administrator",
        "state": "active" if person.active else "deleted",
        "about": None,
        "image_url": None,
        "activity_streams_email_notifications": False,
    }


def _entry(
    dataset: Dataset, resources: Sequence[Mapping[str, Any]], record: Mapping[str, Any] | None = None
) -> Entry:
    whole = entry_of(dataset)
    return Entry(
        identifier=dataset.foreign_id or whole.identifier,
        name=whole.name,
        record=whole.record if record is None else record,
        resources=resources,
        publisher=whole.publisher,
        created=whole.created,
        modified=whole.modified,
    )


def _said(entry: ResourceEntry | Mapping[str, Any]) -> Mapping[str, Any]:
    return entry.model_dump() if isinstance(entry, ResourceEntry) else entry


def _site(url: str) -> Site:
    return Site(url=url, title=settings.text("site_title"), title_en=settings.text("site_title_en"))


def _state(dataset: Dataset) -> str:
    if dataset.state == State.published:
        return "active"
    return "deleted" if dataset.state == State.withdrawn else "draft"

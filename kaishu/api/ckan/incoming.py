"""Datasets as CKAN's clients write them, on their way in: nothing that was said is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaishu.access import Call, office_by_name
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.catalogue import DatasetRecord, Link
from kaishu.crosswalk import Note
from kaishu.crosswalk.ckan import read_package


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record, its resources with the id that each was sent with, and what is to be said of the reading."""

    record: DatasetRecord
    links: list[tuple[str, Link]]
    notes: tuple[Note, ...]

    @property
    def said(self) -> list[str]:
        """The notes as sentences."""
        return [f"{note.where}: {note.said.en}" for note in self.notes]


def incoming(package: Mapping[str, Any]) -> Incoming:
    """What a package says.  Raises ``Invalid`` in CKAN's field names for what cannot be kept whole."""
    given = package.get("resources")
    if given is not None and not (
        isinstance(given, list) and all(isinstance(each, Mapping) for each in given)
    ):
        raise Invalid({"resources": [Said("应为对象的列表。", "A list of objects is needed.")]})
    titled = {**package, "title": package.get("title") or package.get("name")}
    titled["resources"] = [{**each, "original_id": each.get("original_id") or ""} for each in given or []]
    reading = read_package(titled, strict=True)
    fatal: dict[str, list[str]] = {}
    for note in reading.notes:
        if note.fatal:
            fatal.setdefault(note.where, []).append(note.said)
    if fatal or reading.entry is None:
        raise Invalid(fatal or {"package": [Said("读不懂。", "It cannot be understood.")]})
    entry = reading.entry
    links = [Link.model_validate(dict(each)) for each in entry.resources]
    sent = [str(each.get("id") or "") for each in titled["resources"]]
    return Incoming(
        DatasetRecord.model_validate(dict(entry.record)),
        list(zip(sent, (_named(link) for link in links), strict=True)),
        reading.notes,
    )


def office_of(call: Call, package: Mapping[str, Any]) -> str:
    """The name of the department: ``owner_org``, or the organization of a dumped package.

    Raises ``Invalid`` if none is given, ``NotFound`` if there is none of that name.
    """
    organization = package.get("organization")
    named = [package.get("owner_org")]
    if isinstance(organization, Mapping):
        named += [organization.get("name"), organization.get("id")]
    said = [str(each) for each in named if each]
    if not said:
        raise Invalid({"owner_org": [Said("缺少部门。", "Missing value")]})
    for each in said:
        try:
            return office_by_name(call.session, each).name
        except NotFound:
            continue
    raise NotFound(kind="部门 organization", name=said[0])


def _named(link: Link) -> Link:
    """A link without a name is called what its address ends in."""
    address = link.url or link.access_url
    if link.name or not address:
        return link
    return link.model_copy(update={"name": (address.rstrip("/").rpartition("/")[2] or address)[:1000]})

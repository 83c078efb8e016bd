"""Datasets as CKAN's clients write them, on their way in: nothing that was said is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.access import Call, office_by_name
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.catalogue import MEASURED, DatasetRecord, Link, ResourceEntry
from kaishu.crosswalk import Note
from kaishu.crosswalk.ckan import read_package

#: Where a package stands, and what is said of its department, is ours to say: what a client was shown and
#: writes back is no statement of the dataset's.
STANDING = frozenset({"state", "private", "review"})
NAMED = frozenset({"id", "name", "title"})


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
    titled = {key: value for key, value in package.items() if key not in STANDING}
    titled["title"] = package.get("title") or package.get("name")
    if isinstance(organization := package.get("organization"), Mapping):
        titled["organization"] = {key: value for key, value in organization.items() if key in NAMED}
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


def placed(links: Sequence[tuple[str, Link]], there: Sequence[ResourceEntry]) -> list[tuple[str, Link]]:
    """Each link with the id of the resource that it is about, empty for a new one.

    An id of another CKAN means nothing here: such a link is the one of the same address and name, or of
    the same address.
    """
    free = {entry.id: entry for entry in there}
    found = [(sent if free.pop(sent, None) else "", link) for sent, link in links]
    for named in (True, False):
        for place, (known, link) in enumerate(found):
            address = link.url or link.access_url
            alike = [
                entry.id
                for entry in free.values()
                if address and address == (entry.url or entry.access_url)
                if not named or entry.name == link.name
            ]
            if not known and alike:
                free.pop(alike[0])
                found[place] = (alike[0], link)
    return found


def unchanged(links: Sequence[tuple[str, Link]], there: Sequence[ResourceEntry]) -> bool:
    """Do the placed links say what is there already, in the same order?"""
    if [known for known, _ in links] != [entry.id for entry in there]:
        return False
    return all(
        link.model_dump(exclude=_measured(entry)) == entry.model_dump(include=_said(entry))
        for (_, link), entry in zip(links, there, strict=True)
    )


def _measured(entry: ResourceEntry) -> set[str]:
    return set(MEASURED) if entry.table_id else set()


def _said(entry: ResourceEntry) -> set[str]:
    return set(Link.model_fields) - _measured(entry)


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

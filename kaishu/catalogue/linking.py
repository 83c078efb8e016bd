"""Resources of a draft changed one by one or all together."""

from __future__ import annotations

from collections.abc import Sequence

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.catalogue import drafting
from kaishu.catalogue.drafts import Link
from kaishu.catalogue.errors import NoSuchResource
from kaishu.catalogue.models import Dataset, Resource, Revision
from kaishu.catalogue.queries import dataset_by_name
from kaishu.catalogue.resources import ResourceEntry

#: Facts of a loaded table, which no description of it can change.
MEASURED = frozenset({"format", "bytes", "url"})


def revise_resource(call: Call, dataset_name: str, resource_id: str, link: Link) -> ResourceEntry:
    """Say something else of one resource of the draft; of a table, all but what was measured.

    Raises ``NoSuchResource``.
    """
    dataset, revision, entries = _open(call, dataset_name)
    place = _place(dataset_name, entries, resource_id)
    entries[place] = _said(call, entries[place], link)
    _keep(call, dataset, revision, entries)
    note(call, "catalogue.resource.revise", ("dataset", dataset.id), resource=resource_id, name=link.name)
    return entries[place]


def remove_resource(call: Call, dataset_name: str, resource_id: str) -> None:
    """Take a resource out of the draft; versions of a table stay in the lake.  Raises ``NoSuchResource``."""
    dataset, revision, entries = _open(call, dataset_name)
    removed = entries.pop(_place(dataset_name, entries, resource_id))
    _keep(call, dataset, revision, entries)
    note(call, "catalogue.resource.remove", ("dataset", dataset.id), resource=resource_id, name=removed.name)


def arrange_resources(call: Call, dataset_name: str, order: Sequence[str]) -> list[ResourceEntry]:
    """Put the resources of these ids first, in this order; the others follow as they were.

    Raises ``NoSuchResource``.
    """
    dataset, revision, entries = _open(call, dataset_name)
    places = [_place(dataset_name, entries, each) for each in dict.fromkeys(order)]
    rest = [entry for number, entry in enumerate(entries) if number not in set(places)]
    entries = [*(entries[place] for place in places), *rest]
    _keep(call, dataset, revision, entries)
    note(call, "catalogue.resource.arrange", ("dataset", dataset.id), order=list(order))
    return entries


def replace_resources(
    call: Call, dataset_name: str, links: Sequence[tuple[str, Link]]
) -> list[ResourceEntry]:
    """The draft's resources become these: (id of one there is, or nothing for a new one; what is said).

    Those that are not named are taken out.  Raises ``NoSuchResource``.
    """
    dataset, revision, entries = _open(call, dataset_name)
    known = {entry.id: entry for entry in entries}
    made = []
    for resource_id, link in links:
        if resource_id:
            made.append(_said(call, entries[_place(dataset_name, entries, resource_id)], link))
            known.pop(resource_id, None)
        else:
            made.append(_new(call, dataset, link))
    call.session.flush()
    _keep(call, dataset, revision, made)
    note(
        call,
        "catalogue.resource.replace",
        ("dataset", dataset.id),
        resources=[entry.id for entry in made],
        removed=list(known),
    )
    return made


def _open(call: Call, name: str) -> tuple[Dataset, Revision, list[ResourceEntry]]:
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    revision = drafting.open_draft(call, dataset)
    return dataset, revision, [ResourceEntry.model_validate(entry) for entry in revision.resources]


def _place(name: str, entries: Sequence[ResourceEntry], resource_id: str) -> int:
    for number, entry in enumerate(entries):
        if entry.id == resource_id:
            return number
    raise NoSuchResource(kind="", name=name, resource=resource_id)


def _said(call: Call, entry: ResourceEntry, link: Link) -> ResourceEntry:
    said = link.model_dump()
    if entry.table_id:
        said = {key: value for key, value in said.items() if key not in MEASURED}
    changed = entry.model_copy(update=said)
    if changed != entry:
        changed.modified_at = call.now.isoformat()
    return changed


def _new(call: Call, dataset: Dataset, link: Link) -> ResourceEntry:
    stamp = call.now.isoformat()
    resource = Resource(id=ids.new_id(), dataset_id=dataset.id, table_id=None, created_at=call.now)
    call.session.add(resource)
    return ResourceEntry(**link.model_dump(), id=resource.id, created_at=stamp, modified_at=stamp)


def _keep(call: Call, dataset: Dataset, revision: Revision, entries: Sequence[ResourceEntry]) -> None:
    revision.resources = [entry.model_dump() for entry in entries]
    drafting.show(call, dataset, revision)

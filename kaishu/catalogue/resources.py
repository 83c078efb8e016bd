"""Tables and links of a dataset."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.catalogue import drafting
from kaishu.catalogue.drafts import DatasetRecord, Link, items_from_columns
from kaishu.catalogue.errors import NoSuchResource
from kaishu.catalogue.models import Dataset, Resource
from kaishu.catalogue.queries import dataset_by_name
from kaishu.lake.models import Table, Version


class ResourceEntry(Link):
    """What a revision says of one resource.  A table has ``table_id`` and, once loaded, ``version_id``.

    ``bytes`` and ``sha256`` of a table are those of the received file.
    """

    id: str
    table_id: str | None = None
    version_id: str | None = None
    version: int | None = None
    rows: int | None = None
    sha256: str = ""
    file_name: str = ""
    columns: list[dict[str, Any]] = Field(default_factory=list)
    created_at: str = ""
    modified_at: str = ""


def add_resource(
    call: Call,
    dataset_name: str,
    *,
    name: str,
    description: str = "",
    format: str = "",
    url: str = "",
    table: Table | None = None,
    link: Link | None = None,
) -> Resource:
    """Add a table or a link to the dataset's draft; seen by others after the next publication.

    ``link`` says more of it than the plain arguments, which are then not read.
    """
    dataset = dataset_by_name(call, dataset_name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    revision = drafting.open_draft(call, dataset)
    resource = Resource(
        id=ids.new_id(), dataset_id=dataset.id, table_id=table.id if table else None, created_at=call.now
    )
    call.session.add(resource)
    stamp = call.now.isoformat()
    said = link or Link(name=name, description=description, format=format, url=url)
    entry = ResourceEntry(
        **said.model_dump(),
        id=resource.id,
        table_id=resource.table_id,
        created_at=stamp,
        modified_at=stamp,
    )
    revision.resources = [*revision.resources, entry.model_dump()]
    drafting.show(call, dataset, revision)
    note(call, "catalogue.resource.add", ("dataset", dataset.id), resource=resource.id, name=said.name)
    return resource


def set_version(call: Call, dataset_name: str, resource_id: str, version: Version) -> None:
    """Put a version of a table into the draft; field descriptions of columns that stay are kept."""
    dataset = dataset_by_name(call, dataset_name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    revision = drafting.open_draft(call, dataset)
    entries = [ResourceEntry.model_validate(entry) for entry in revision.resources]
    wanted = [entry for entry in entries if entry.id == resource_id]
    if not wanted or wanted[0].table_id != version.table_id:
        raise NoSuchResource(name=dataset_name, resource=resource_id)
    entry = wanted[0]
    entry.version_id, entry.version = version.id, version.number
    entry.rows, entry.bytes, entry.sha256 = version.rows, version.received_bytes, version.sha256
    entry.file_name, entry.columns = version.file_name, list(version.columns)
    entry.format = (version.plan or {}).get("format", entry.format).upper()
    entry.modified_at = call.now.isoformat()
    revision.resources = [each.model_dump() for each in entries]
    record = DatasetRecord.model_validate(revision.record)
    if entries[0].id == resource_id:
        record.items = items_from_columns(version.columns, record.items)
    revision.record = record.model_dump(mode="json")
    drafting.show(call, dataset, revision)
    note(
        call,
        "catalogue.version.set",
        ("dataset", dataset.id),
        resource=resource_id,
        version=version.number,
        sha256=version.sha256,
    )


def resources_of(dataset: Dataset) -> list[ResourceEntry]:
    """The resources that may be shown: published ones, or the draft's before the first publication."""
    return [ResourceEntry.model_validate(entry) for entry in dataset.resources]


def draft_resources(call: Call, dataset: Dataset) -> list[ResourceEntry]:
    """The resources of the revision under way, or the published ones if none is."""
    from kaishu.catalogue.queries import draft_of

    draft = draft_of(call, dataset)
    return [ResourceEntry.model_validate(entry) for entry in (draft or dataset).resources]

"""Which version of which table an actor may read."""

from __future__ import annotations

from kaishu import standards
from kaishu.access import Call, Permission, allowed
from kaishu.catalogue.entering import refuse_staged
from kaishu.catalogue.errors import NoSuchResource, NotOpen
from kaishu.catalogue.models import Dataset
from kaishu.catalogue.policy import open_to_everybody
from kaishu.catalogue.queries import dataset_by_name, draft_of, published_versions
from kaishu.catalogue.resources import ResourceEntry, resources_of
from kaishu.catalogue.states import State
from kaishu.lake import version_by_id
from kaishu.lake.models import Version


def readable_version(
    call: Call, dataset_name: str, resource_id: str | None = None, number: int | None = None
) -> tuple[Dataset, ResourceEntry, Version]:
    """The dataset, resource and table version to read; by default the newest published of the first table.

    Raises ``NoSuchDataset``, ``NoSuchResource`` (also for versions never published, unless the actor
    may see drafts), ``NotOpen``, and ``Staged`` where entry gates are required.
    """
    dataset = dataset_by_name(call, dataset_name)
    insider = bool(allowed(call, Permission.dataset_read_draft, office=dataset.office_id))
    if not insider and not open_to_everybody(dataset.open_class):
        record = dataset.record
        raise NotOpen(
            name=dataset.name,
            open_class=_label(dataset.open_class),
            condition=record.get("open_condition", ""),
            contact=record.get("contact_email")
            or record.get("contact_phone")
            or record.get("contact_name", ""),
        )
    draft = draft_of(call, dataset) if insider else None
    drafted = [ResourceEntry.model_validate(entry) for entry in draft.resources] if draft else []
    shown = resources_of(dataset) if dataset.state == State.published or insider else []
    tables = [entry for entry in [*shown, *drafted] if entry.table_id and entry.version_id]
    tables = [entry for entry in tables if resource_id in (None, entry.id)]
    if not tables:
        raise NoSuchResource(kind="", name=dataset.name, resource=resource_id or "表 table")
    entry = tables[0]
    if not insider:
        refuse_staged(call.session, dataset, entry)
    if number is None or number == entry.version:
        return dataset, entry, version_by_id(call.session, str(entry.version_id))
    known = published_versions(call.session, dataset).get(entry.id, [])
    known += [version_by_id(call.session, str(e.version_id)) for e in tables if e.id == entry.id and insider]
    for version in known:
        if version.number == number:
            return dataset, entry, version
    raise NoSuchResource(kind="", name=dataset.name, resource=f"{entry.name} v{number}")


def rows_refused(call: Call, dataset: Dataset, resource_id: str) -> NotOpen | NoSuchResource | None:
    """Why rows of this table, or samples of them, are not handed to this actor; None where they are."""
    try:
        readable_version(call, dataset.name, resource_id)
    except (NotOpen, NoSuchResource) as refusal:
        return refusal
    return None


def _label(code: str) -> str:
    try:
        return standards.vocabulary("open-class").term(code).zh
    except KeyError:
        return code

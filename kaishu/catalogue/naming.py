"""Tables by the name that people write: a dataset, or one of its tables."""

from __future__ import annotations

from kaishu import standardisation
from kaishu.access import Call, Permission, allowed
from kaishu.catalogue.errors import NoSuchResource
from kaishu.catalogue.models import Dataset
from kaishu.catalogue.queries import dataset_by_name
from kaishu.catalogue.resources import ResourceEntry, draft_resources, resources_of


def table_named(call: Call, name: str) -> tuple[Dataset, ResourceEntry]:
    """``DATASET`` is its first table, ``DATASET/TABLE`` the one of that name or id; drafts for those who may
    see them.  Raises ``NoSuchDataset``, ``NoSuchResource``.
    """
    wanted, _, resource = name.strip().partition("/")
    dataset = dataset_by_name(call, wanted)
    if allowed(call, Permission.dataset_read_draft, office=dataset.office_id):
        entries = draft_resources(call, dataset)
    else:
        entries = resources_of(dataset)
    for entry in entries:
        if entry.table_id and resource in ("", entry.id, entry.name):
            return dataset, entry
    raise NoSuchResource(kind="", name=dataset.name, resource=resource or "表 table")


def find_registers(call: Call) -> standardisation.Find:
    """Finds the tables that a mapping of the standard layer names, as ``table_named`` does."""

    def find(name: str) -> standardisation.Register:
        dataset, entry = table_named(call, name)
        title = dataset.title if entry.name in ("", dataset.title) else f"{dataset.title} · {entry.name}"
        return standardisation.Register(str(entry.table_id), title)

    return find

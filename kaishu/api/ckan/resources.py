"""Resources by id."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue
from kaishu.access import Call, Permission, allowed
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.base.errors import NotFound
from kaishu.catalogue import ResourceEntry, draft_resources, resources_of
from kaishu.catalogue.models import Dataset


@action("resource_show")
def resource_show(asked: Asked) -> dict[str, Any]:
    """One resource; ``id`` is its id."""
    resource_id = asked.needed("id")
    with asked.reading() as call:
        dataset, entry, position = find_resource(call, resource_id)
        return shapes.resource(dataset, entry, position, asked.site)


def find_resource(call: Call, resource_id: str) -> tuple[Dataset, ResourceEntry, int]:
    """The dataset, the resource as shown, and its place.  Raises ``NotFound``.

    Its own people see a resource that is still in a draft.
    """
    dataset = catalogue.dataset_of_resource(call, resource_id)
    shown = resources_of(dataset)
    if allowed(call, Permission.dataset_read_draft, office=dataset.office_id):
        known = {entry.id for entry in shown}
        shown += [entry for entry in draft_resources(call, dataset) if entry.id not in known]
    for position, entry in enumerate(shown):
        if entry.id == resource_id:
            return dataset, entry, position
    raise NotFound(kind="资源 resource", name=resource_id)

"""Resources by id."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue
from kaishu.access import Call, Permission, allowed
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.catalogue import ResourceEntry, draft_resources, resources_of
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.catalogue.models import Dataset

FIELDS = ("name", "description", "format", "url", "mimetype", "hash", "id")


@action("resource_show")
def resource_show(asked: Asked) -> dict[str, Any]:
    """One resource; ``id`` is its id."""
    resource_id = asked.needed("id")
    with asked.reading() as call:
        dataset, entry, position = find_resource(call, resource_id)
        return shapes.resource(dataset, entry, position, asked.site)


@action("resource_search")
def resource_search(asked: Asked) -> dict[str, Any]:
    """Resources whose field has a text: ``query`` (or a list of them, all must hold) as ``field:text`` with
    name, description, format, url, mimetype or hash; ``order_by``, ``offset``, ``limit`` (100, at most 1000).
    """
    wanted = [_criterion(each) for each in _queries(asked)]
    order = asked.text("order_by")
    if order and order not in FIELDS:
        raise Invalid({"order_by": [Said("不能按此排序。", f'Cannot sort by field "{order}"')]})
    longest = max((text for _, text in wanted), key=len)
    with asked.reading() as call:
        found = [
            shape
            for dataset in catalogue.resources_saying(call, longest)
            for place, entry in enumerate(resources_of(dataset))
            for shape in [shapes.resource(dataset, entry, place, asked.site)]
            if all(text.casefold() in str(shape.get(field) or "").casefold() for field, text in wanted)
        ]
    if order:
        found.sort(key=lambda shape: str(shape.get(order) or ""))
    offset = asked.integer("offset", 0)
    limit = asked.integer("limit", 100, most=1000)
    return {"count": len(found), "results": found[offset : offset + limit]}


def _queries(asked: Asked) -> list[str]:
    given = asked.values.get("query")
    found = asked.words("query") if isinstance(given, list) else [asked.needed("query")]
    if not found:
        raise Invalid({"query": [Said("缺少参数。", "Missing value")]})
    return found


def _criterion(text: str) -> tuple[str, str]:
    field, mark, said = text.partition(":")
    if not mark or field.strip() not in FIELDS or not said.strip():
        known = ", ".join(FIELDS)
        raise Invalid(
            {"query": [Said(f"应为 字段:文字；字段：{known}", f"Must be field:text; fields: {known}")]}
        )
    return field.strip(), said.strip()


def dataset_holding(call: Call, resource_id: str) -> Dataset:
    """The dataset of a resource.  Raises ``NotFound``, which names no dataset that is not to be seen."""
    try:
        return catalogue.dataset_of_resource(call, resource_id)
    except NoSuchDataset:
        raise NotFound(kind="资源 resource", name=resource_id) from None


def find_resource(call: Call, resource_id: str) -> tuple[Dataset, ResourceEntry, int]:
    """The dataset, the resource as shown, and its place.  Raises ``NotFound``.

    Its own people see a resource that is still in a draft.
    """
    dataset = dataset_holding(call, resource_id)
    shown = resources_of(dataset)
    if allowed(call, Permission.dataset_read_draft, office=dataset.office_id):
        known = {entry.id for entry in shown}
        shown += [entry for entry in draft_resources(call, dataset) if entry.id not in known]
    for position, entry in enumerate(shown):
        if entry.id == resource_id:
            return dataset, entry, position
    raise NotFound(kind="资源 resource", name=resource_id)

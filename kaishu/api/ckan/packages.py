"""Datasets by name."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, discovery
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.searching import ALL
from kaishu.catalogue import State, draft_resources, resources_of


@action("package_list")
def package_list(asked: Asked) -> list[str]:
    """Names of all published datasets, in order; ``limit`` and ``offset`` cut the list."""
    limit, offset = asked.integer("limit", 0, most=ALL) or ALL, asked.integer("offset", 0, most=ALL)
    with asked.reading() as call:
        query = discovery.Query(sort="name asc", limit=limit, offset=offset)
        return [hit.name for hit in discovery.search(call, query).hits]


@action("package_show")
def package_show(asked: Asked) -> dict[str, Any]:
    """One dataset; ``id`` is its name, a former name, or its id."""
    name = asked.needed("id", "name_or_id")
    with asked.reading() as call:
        dataset = catalogue.dataset_by_name(call, name)
        published = dataset.state == State.published
        entries = resources_of(dataset) if published else draft_resources(call, dataset)
        return shapes.package(dataset, entries, asked.site)

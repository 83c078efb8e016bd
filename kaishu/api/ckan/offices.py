"""Organizations (departments) and groups (themes)."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, standards
from kaishu.access import Permission, office_by_name, offices, require
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.searching import counts
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import State, resources_of

KEYS = {"name": "name", "title": "title", "package_count": "package_count", "packages": "package_count"}
MOST_IN_FULL = 1000


@action("organization_list")
def organization_list(asked: Asked) -> list[Any]:
    """Departments: their names, or with ``all_fields`` what is known of them.

    ``organizations`` (names), ``sort`` (name, title, package_count), ``limit`` and ``offset``.
    """
    with asked.reading() as call:
        require(call, Permission.dataset_read)
        number = counts(call, "organization")
        found = [shapes.organization(each, number.get(each.name, 0)) for each in offices(call.session)]
    return _listed(asked, found, asked.words("organizations"))


@action("organization_show")
def organization_show(asked: Asked) -> dict[str, Any]:
    """One department; ``id`` is its name or id, ``include_datasets`` adds its datasets (at most 1000)."""
    name = asked.needed("id")
    with asked.reading() as call:
        require(call, Permission.dataset_read)
        office = office_by_name(call.session, name)
        packages = [
            shapes.package(dataset, resources_of(dataset), asked.site)
            for dataset in catalogue.datasets(
                call, office=office.id, state=State.published, limit=MOST_IN_FULL
            ).rows
            if asked.flag("include_datasets") and dataset.state == State.published
        ]
        count = counts(call, "organization").get(office.name, 0)
    shape = {**shapes.organization(office, count), "users": [], "groups": [], "tags": [], "extras": []}
    return {**shape, "packages": packages} if asked.flag("include_datasets") else shape


@action("group_list")
def group_list(asked: Asked) -> list[Any]:
    """Themes: their names, or with ``all_fields`` what is known of them.  Arguments as organization_list."""
    with asked.reading() as call:
        require(call, Permission.dataset_read)
        number = counts(call, "groups")
    found = [
        shapes.group(term.code, number.get(term.code, 0)) for term in standards.vocabulary("theme").terms
    ]
    return _listed(asked, found, asked.words("groups"))


def _listed(asked: Asked, found: list[dict[str, Any]], names: list[str]) -> list[Any]:
    if names:
        found = [each for each in found if each["name"] in names or each["id"] in names]
    key, _, way = (asked.text("sort") or "title asc").strip().partition(" ")
    if key not in KEYS or way.strip() not in ("", "asc", "desc"):
        raise Invalid({"sort": [Said("不能按此排序。", f"Cannot sort by field `{key}`")]})
    found.sort(key=lambda each: each["name"])
    found.sort(key=lambda each: each[KEYS[key]], reverse=way.strip() == "desc")
    limit, offset = asked.integer("limit", 0), asked.integer("offset", 0)
    found = found[offset : offset + limit] if limit else found[offset:]
    if asked.flag("all_fields"):
        return found
    return [each["name"] for each in found]

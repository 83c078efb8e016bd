"""``package_create`` and ``resource_create``.

What comes in is a draft for review.  An actor who may submit and publish has it published at once, if
its record is complete and it is not said to be private; ``state``, ``private`` and ``review`` say
which of these happened.
"""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, lake
from kaishu.access import Call, Permission, allowed, require
from kaishu.api import loading
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.drafting import record_of
from kaishu.api.ckan.registry import action
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import State, draft_resources, resources_of
from kaishu.catalogue.models import Dataset

LINK = ("name", "description", "format", "url")


@action("package_create", writes=True)
def package_create(asked: Asked) -> dict[str, Any]:
    """Make a dataset from CKAN's keys: name, title, notes, owner_org, license_id, tags, groups, extras,
    resources (links) and the rest of the usual ones.
    """
    with asked.reading() as call:
        require(call, Permission.dataset_draft)
    office = asked.needed("owner_org")
    if asked.text("type", "dataset") != "dataset":
        raise Invalid({"type": [Said("只能是 dataset。", 'Only "dataset" is known.')]})
    record = record_of(asked.values)
    links = [_link(place, each) for place, each in enumerate(_resources(asked))]
    with asked.writing() as call:
        dataset = catalogue.add_dataset(call, record=record, office=office, name=asked.text("name"))
        for link in links:
            catalogue.add_resource(call, dataset.name, **link)
        lacks = {} if asked.flag("private") else _publish(call, dataset)
        return _shown(call, dataset, lacks, asked.site)


@action("resource_create", writes=True)
def resource_create(asked: Asked) -> dict[str, Any]:
    """Add a file (multipart ``upload``) or a link (``url``) to the dataset ``package_id``.

    A file is read as a table, its own way of writing found out, and becomes version 1 of that table.
    """
    with asked.reading() as call:
        require(call, Permission.dataset_draft)
    package = asked.needed("package_id")
    if asked.upload is None:
        link = _link(0, {key: asked.text(key) for key in LINK})
        with asked.writing() as call:
            resource_id = catalogue.add_resource(call, package, **link).id
            return _one(call, package, resource_id, asked.site)
    loading.may_load(asked.request, package)
    name = asked.upload.filename or asked.text("name")
    delivery = loading.take_in(asked.request, name, asked.upload.file)
    resource_id, _ = loading.load(
        asked.request,
        delivery,
        loading.plan_of(delivery, lake.ReadOptions()),
        dataset=package,
        name=asked.text("name"),
        description=asked.text("description"),
    )
    with asked.writing() as call:
        return _one(call, package, resource_id, asked.site)


def _one(call: Call, package: str, resource_id: str, site: str) -> dict[str, Any]:
    dataset = catalogue.dataset_by_name(call, package)
    lacks = _publish(call, dataset) if dataset.state == State.published else {}
    shown = _shown(call, dataset, lacks, site)
    found = next(each for each in shown["resources"] if each["id"] == resource_id)
    return {**found, "review": shown["review"]}


def _publish(call: Call, dataset: Dataset) -> dict[str, list[str]]:
    """Publish if the actor may; what the record still lacks for it otherwise."""
    may = allowed(call, Permission.dataset_review) and allowed(
        call, Permission.dataset_submit, office=dataset.office_id
    )
    if not may:
        return {}
    try:
        catalogue.publish(call, dataset.name)
    except Invalid as incomplete:
        return incomplete.problems_in("en")
    return {}


def _shown(call: Call, dataset: Dataset, lacks: dict[str, list[str]], site: str) -> dict[str, Any]:
    done = dataset.state == State.published and dataset.draft_state is None
    entries = resources_of(dataset) if done else draft_resources(call, dataset)
    review = {"state": dataset.draft_state or dataset.state, "lacks": lacks}
    return {**shapes.package(dataset, entries, site), "review": review}


def _resources(asked: Asked) -> list[Any]:
    given = asked.values.get("resources") or []
    if not isinstance(given, list):
        raise Invalid({"resources": [Said("应为列表。", "A list is needed.")]})
    return given


def _link(place: int, given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not str(given.get("url") or "").startswith(("http://", "https://")):
        field = f"resources.{place}.url" if place else "url"
        raise Invalid(
            {field: [Said("需要 http 或 https 地址，或上传文件。", "A web address or an upload is needed.")]}
        )
    link = {key: str(given.get(key) or "") for key in LINK}
    link["name"] = link["name"] or link["url"].rstrip("/").rpartition("/")[2] or link["url"]
    return {key: value[:2000] for key, value in link.items()}

"""Datasets and resources changed and taken back.

A change is a draft for review; whoever may publish has it published at once, as with ``package_create``.
"""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, lake
from kaishu.access import Call, Permission, require
from kaishu.api import loading
from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.creating import resource_link
from kaishu.api.ckan.incoming import incoming, office_of, placed, unchanged
from kaishu.api.ckan.presenting import one_resource, present, publish
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.resources import find_resource
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import State, draft_resources
from kaishu.catalogue.models import Dataset

REASON = ("由接口 {name} 撤销", "through {name}")


@action("package_update", writes=True)
def package_update(asked: Asked) -> dict[str, Any]:
    """Replace all that is said of the dataset ``id`` (or ``name``), its list of resources included.

    Tables keep their rows; a resource that is not in the list is taken out.
    """
    with asked.reading() as call:
        dataset = _draftable(call, asked.needed("id", "name"))
    return _change(asked, dataset.id, dict(asked.values), resources=True)


@action("package_patch", writes=True)
def package_patch(asked: Asked) -> dict[str, Any]:
    """Change only what is given of the dataset ``id``."""
    with asked.reading() as call:
        dataset = _draftable(call, asked.needed("id", "name"))
        known = present(call, dataset, {}, asked.site)
    values = {**known, **asked.values}
    if "organization" not in asked.values:
        values["organization"] = known["organization"]
    return _change(asked, dataset.id, values, resources="resources" in asked.values)


@action("package_delete", writes=True)
def package_delete(asked: Asked) -> None:
    """Take the dataset ``id`` out of everybody's sight: withdrawn if published, given up if a draft."""
    name = asked.needed("id")
    with asked.writing() as call:
        dataset = catalogue.dataset_by_name(call, name)
        _withdraw(call, dataset, "package_delete")


@action("dataset_purge", writes=True)
def dataset_purge(asked: Asked) -> None:
    """Refused: what was published once stays on record; package_delete withdraws it."""
    asked.needed("id")
    said = Said("数据集不能彻底删除，请用 package_delete 撤销。", "Datasets are withdrawn, never purged.")
    raise Invalid({"id": [said]})


@action("resource_update", writes=True)
def resource_update(asked: Asked) -> dict[str, Any]:
    """Replace what is said of the resource ``id``; with a multipart ``upload`` its next version is loaded."""
    return _revise_resource(asked, patch=False)


@action("resource_patch", writes=True)
def resource_patch(asked: Asked) -> dict[str, Any]:
    """Change only what is given of the resource ``id``; an ``upload`` becomes its next version."""
    return _revise_resource(asked, patch=True)


@action("resource_delete", writes=True)
def resource_delete(asked: Asked) -> None:
    """Take the resource ``id`` out of its dataset; the versions of a table are kept."""
    take_out(asked, asked.needed("id"))


def take_out(asked: Asked, resource_id: str) -> None:
    """Take a resource out of its dataset, and publish that where it may be done."""
    with asked.writing() as call:
        dataset, _, _ = find_resource(call, resource_id)
        catalogue.remove_resource(call, dataset.name, resource_id)
        if dataset.state == State.published:
            publish(call, dataset)


@action("package_resource_reorder", writes=True)
def package_resource_reorder(asked: Asked) -> dict[str, Any]:
    """Put the resources ``order`` (ids) of the dataset ``id`` first."""
    name, order = asked.needed("id"), asked.words("order")
    with asked.writing() as call:
        dataset = catalogue.dataset_by_name(call, name)
        arranged = catalogue.arrange_resources(call, dataset.name, order)
        if dataset.state == State.published:
            publish(call, dataset)
        return {"id": dataset.foreign_id or dataset.id, "order": [entry.id for entry in arranged]}


@action("bulk_update_delete", writes=True)
def bulk_update_delete(asked: Asked) -> None:
    """Withdraw the ``datasets`` (ids) of the department ``org_id``."""
    _each(asked, lambda call, dataset: _withdraw(call, dataset, "bulk_update_delete"))


@action("bulk_update_private", writes=True)
def bulk_update_private(asked: Asked) -> None:
    """Withdraw the ``datasets`` (ids) of ``org_id`` that are published."""

    def hide(call: Call, dataset: Dataset) -> None:
        if dataset.state == State.published:
            _withdraw(call, dataset, "bulk_update_private")

    _each(asked, hide)


@action("bulk_update_public", writes=True)
def bulk_update_public(asked: Asked) -> None:
    """Publish the ``datasets`` (ids) of ``org_id``, or put withdrawn ones back."""

    def show(call: Call, dataset: Dataset) -> None:
        if dataset.state == State.withdrawn and dataset.published_revision_id:
            catalogue.restore(call, dataset.name, "bulk_update_public")
        elif dataset.draft_state is not None:
            catalogue.publish(call, dataset.name)

    _each(asked, show)


def _change(asked: Asked, dataset_id: str, values: dict[str, Any], *, resources: bool) -> dict[str, Any]:
    sent = incoming({**values, "resources": values.get("resources") if resources else None})
    with asked.writing() as call:
        dataset = _draftable(call, dataset_id)
        if values.get("owner_org") and office_of(call, values) != dataset.office.name:
            said = Said("不能在这里改换部门。", "The department cannot be changed here.")
            raise Invalid({"owner_org": [said]})
        draft = catalogue.draft_of(call, dataset)
        known = draft.record if draft else dataset.record
        if not sent.record.items:  # CKAN's packages do not have them; they are not to be lost
            sent.record.items = catalogue.DatasetRecord.model_validate(known).items
        name = asked.text("name")
        if name and name not in (dataset.name, dataset.id, dataset.foreign_id):
            catalogue.rename(call, dataset.name, name)
        there = draft_resources(call, dataset)
        links = placed(sent.links, there)
        same = sent.record == catalogue.DatasetRecord.model_validate(known)
        if not (same and (not resources or unchanged(links, there))):
            catalogue.revise(call, dataset.name, sent.record)
            if resources:
                catalogue.replace_resources(call, dataset.name, links)
        elif dataset.draft_state == State.in_review:  # what says nothing new decides nothing either
            return present(call, dataset, {}, asked.site, sent.said)
        lacks = {} if asked.flag("private") else publish(call, dataset)
        return present(call, dataset, lacks, asked.site, sent.said)


def _revise_resource(asked: Asked, *, patch: bool) -> dict[str, Any]:
    resource_id = asked.needed("id")
    with asked.reading() as call:
        dataset, entry, place = find_resource(call, resource_id)
        require(call, Permission.dataset_draft, office=dataset.office_id)
        known = shapes.resource(dataset, entry, place, asked.site)
    if asked.upload is not None:
        delivery = loading.take_in(asked.request, asked.upload.filename or entry.file_name, asked.upload.file)
        plan = loading.plan_of(delivery, lake.ReadOptions())
        loading.load(asked.request, delivery, plan, dataset=dataset.name, resource_id=resource_id)
    kept = known if patch else {"name": entry.name, "datastore_active": known["datastore_active"]}
    link = resource_link(asked, kept)
    with asked.writing() as call:
        catalogue.revise_resource(call, dataset.name, resource_id, link)
        return one_resource(call, dataset.name, resource_id, asked.site)


def _draftable(call: Call, name: str) -> Dataset:
    dataset = catalogue.dataset_by_name(call, name)
    require(call, Permission.dataset_draft, office=dataset.office_id)
    return dataset


def _withdraw(call: Call, dataset: Dataset, action_name: str) -> None:
    reason = " ".join(REASON).format(name=action_name)
    if dataset.draft_state in (State.draft, State.returned):
        catalogue.discard(call, dataset.name, reason)
    if dataset.state == State.published:
        catalogue.withdraw(call, dataset.name, reason)


def _each(asked: Asked, act: Any) -> None:
    """Do it to all of them or to none."""
    wanted, office = asked.words("datasets"), asked.needed("org_id")
    with asked.writing() as call:
        for name in dict.fromkeys(wanted):
            dataset = catalogue.dataset_by_name(call, name)
            if office not in (dataset.office_id, dataset.office.name):
                said = Said(f"“{name}”不属于这个部门。", f'"{name}" is not of this organization.')
                raise Invalid({"datasets": [said]})
            act(call, dataset)

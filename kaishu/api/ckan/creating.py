"""``package_create`` and ``resource_create``."""

from __future__ import annotations

import re
from typing import Any

from kaishu import catalogue, lake
from kaishu.access import Call, Permission, Role, require
from kaishu.api import loading
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.incoming import incoming, office_of
from kaishu.api.ckan.presenting import one_resource, present, publish
from kaishu.api.ckan.registry import action
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.catalogue import Link

UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@action("package_create", writes=True)
def package_create(asked: Asked) -> dict[str, Any]:
    """Make a dataset from CKAN's keys: name, title, notes, owner_org, license_id, tags, groups, extras,
    resources (links) and any others, which are kept.

    It is published at once if the caller may publish, the record is complete and it is not said to be
    private; ``review`` says what became of it.  An ``id`` that is a UUID is taken over from administrators.
    """
    with asked.reading() as call:
        require(call, Permission.dataset_draft)
        office = office_of(call, asked.values)
    if asked.text("type", "dataset") != "dataset":
        raise Invalid({"type": [Said("只能是 dataset。", 'Only "dataset" is known.')]})
    sent = incoming(asked.values)
    with asked.writing() as call:
        dataset = catalogue.add_dataset(
            call, record=sent.record, office=office, name=asked.text("name"), foreign_id=_brought(asked, call)
        )
        if sent.links:
            catalogue.replace_resources(call, dataset.name, [("", link) for _, link in sent.links])
        lacks = {} if asked.flag("private") else publish(call, dataset)
        return present(call, dataset, lacks, asked.site, sent.said)


def _brought(asked: Asked, call: Call) -> str | None:
    """The UUID that an administrator brings along; what else is called id is not taken over."""
    given = asked.text("id")
    if call.actor.role is not Role.administrator or not UUID.fullmatch(given):
        return None
    try:
        catalogue.dataset_by_name(call, given.lower())
    except NotFound:
        return given.lower()
    raise Invalid({"id": [Said("已有这个标识的数据集。", "Dataset id already exists")]})


@action("resource_create", writes=True)
def resource_create(asked: Asked) -> dict[str, Any]:
    """Add a file (multipart ``upload``) or a link (``url``) to the dataset ``package_id``.

    A file is read as a table, its own way of writing found out, and becomes version 1 of that table.
    """
    with asked.reading() as call:
        require(call, Permission.dataset_draft)
    package = asked.needed("package_id")
    if asked.upload is None:
        link = resource_link(asked)
        with asked.writing() as call:
            resource_id = catalogue.add_resource(call, package, name=link.name, link=link).id
            return one_resource(call, package, resource_id, asked.site)
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
        return one_resource(call, package, resource_id, asked.site)


def resource_link(asked: Asked, known: dict[str, Any] | None = None) -> Link:
    """What the call says of a link, over what was known.  Raises ``Invalid`` if it leads nowhere."""
    said = {**(known or {}), **{k: v for k, v in asked.values.items() if k != "package_id"}}
    try:
        found = incoming({"title": "-", "resources": [said]}).links[0][1]
    except Invalid as error:
        first = "resources.0."
        raise Invalid({k.removeprefix(first): v for k, v in error.problems.items()}) from error
    table = bool((known or {}).get("datastore_active"))
    if not (found.url or found.access_url or table):
        said_of = Said("需要 http 或 https 地址，或上传文件。", "A web address or an upload is needed.")
        raise Invalid({"url": [said_of]})
    return found

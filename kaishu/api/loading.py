"""Files that programs send: taken in, planned, loaded at once or left to the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from starlette.requests import Request

from kaishu import catalogue, lake, queue, source
from kaishu.access import Call, Permission, require
from kaishu.base import ids
from kaishu.catalogue.errors import NoSuchResource
from kaishu.catalogue.models import Dataset
from kaishu.http import read_call, write_call
from kaishu.lake.models import Version
from kaishu.queue.models import Task
from kaishu.source.models import Delivery

AT_ONCE = 32 << 20  # bytes; what takes a few seconds is not worth a task


def take_in(request: Request, name: str, stream: BinaryIO) -> Delivery:
    """Keep a sent file unchanged; no transaction is open while it is copied."""
    with read_call(request) as call:
        require(call, Permission.source_receive)
    original = source.keep_original(name, stream)
    with write_call(request) as call:
        return source.receive_original(call, original)


def plan_of(delivery: Delivery, options: lake.ReadOptions) -> lake.Plan:
    """How the file would be read with these options."""
    return lake.make_plan(delivery.path, delivery.name, options)


def load(
    request: Request,
    delivery: Delivery,
    plan: lake.Plan,
    *,
    dataset: str,
    resource_id: str | None = None,
    name: str = "",
    description: str = "",
    after: int | None = None,
    then: Callable[[Call, str], None] | None = None,
) -> tuple[str, Version]:
    """Load a file into the dataset's draft now; the resource and the new version.

    Without ``resource_id`` the table is a new one, of that name and description.  The file is read
    before the write transaction is opened, so that others can go on writing.  ``after`` is the number of
    the last version that whoever made the file has seen (raises ``VersionMoved`` if it is not the last any
    more); ``then`` is called with the resource in the same transaction.
    """
    with read_call(request) as call:
        found, table_id = _target(call, dataset, resource_id)
    staged = lake.stage(delivery.path, delivery.name, table_id=table_id or ids.new_id(), plan=plan)
    try:
        with write_call(request) as call:
            if table_id is not None and resource_id is not None:
                table = lake.table_by_id(call.session, table_id)
            else:
                table = lake.add_table(call, found.office_id, staged.mark.table_id)
                resource_id = catalogue.add_resource(
                    call, found.name, name=name or delivery.name, description=description, table=table
                ).id
            version = lake.record_staged(call, staged, delivery=delivery, table=table, after=after)
            catalogue.set_version(call, found.name, resource_id, version)
            if then is not None:
                then(call, resource_id)
    except BaseException:
        staged.drop()
        raise
    return resource_id, version


def leave(
    request: Request, delivery: Delivery, plan: lake.Plan, *, dataset: str, resource_id: str | None = None
) -> Task:
    """Leave the file to the worker."""
    with write_call(request) as call:
        found, _ = _target(call, dataset, resource_id)
        payload = {
            "delivery_id": delivery.id,
            "plan": plan.to_dict(),
            "dataset": found.name,
            "resource_id": resource_id,
        }
        return queue.enqueue(call, "ingest", payload, ("dataset", found.id))


def may_load(request: Request, dataset: str) -> Dataset:
    """The dataset, if this actor may load files into it: asked before a file is taken in."""
    with read_call(request) as call:
        return _target(call, dataset, None)[0]


def _target(call: Call, dataset: str, resource_id: str | None) -> tuple[Dataset, str | None]:
    found = catalogue.dataset_by_name(call, dataset)
    require(call, Permission.dataset_draft, office=found.office_id)
    require(call, Permission.lake_ingest, office=found.office_id)
    if resource_id is None:
        return found, None
    for entry in catalogue.draft_resources(call, found):
        if entry.id == resource_id and entry.table_id:
            return found, entry.table_id
    raise NoSuchResource(kind="", name=found.name, resource=resource_id)

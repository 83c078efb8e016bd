"""The task ``ingest``: a received file becomes a version of a dataset's table."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, lake, source
from kaishu.access import Actor, Call, Permission, require
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.jobs.reporting import reporter
from kaishu.lake.errors import VersionMoved

TRIES = 5


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: delivery_id, plan, dataset (name), resource_id or None for the first table or a new one,
    update (``lake.Update``, a replacement if left out).

    The file is read before the write transaction is opened, so that others can go on writing.
    """
    for attempt in range(TRIES):
        try:
            return _try(task_id, actor, payload)
        except VersionMoved:
            # Somebody else's batch came first: this one is compared with the table as it is now.
            if attempt == TRIES - 1:
                raise
    raise AssertionError


def _try(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        delivery = source.delivery_by_id(session, payload["delivery_id"])
        dataset = catalogue.dataset_by_name(call, payload["dataset"])
        require(call, Permission.lake_ingest, office=dataset.office_id)
        entries = catalogue.draft_resources(call, dataset)
        wanted = [e for e in entries if e.table_id and payload.get("resource_id") in (None, e.id)]
        table_id = wanted[0].table_id if wanted and wanted[0].table_id else ids.new_id()
        known = wanted[0].version_id if wanted else None
        base = lake.version_by_id(session, known) if known else None
        last, _ = lake.last_numbers(session, table_id)
    staged = lake.stage(
        delivery.path,
        delivery.name,
        table_id=table_id,
        plan=lake.Plan.from_dict(payload["plan"]),
        progress=reporter(task_id),
        update=lake.Update.from_dict(payload.get("update") or {}),
        base=base,
        last=last,
    )
    try:
        return _record(task_id, actor, staged, delivery.id, dataset.name, wanted[0].id if wanted else None)
    except BaseException:
        staged.drop()
        raise


def _record(
    task_id: str,
    actor: Actor,
    staged: lake.Staged,
    delivery_id: str,
    dataset_name: str,
    resource_id: str | None,
) -> dict[str, Any]:
    with session_scope() as session:
        call = Call(session, actor, clock.now(), task_id)
        dataset = catalogue.dataset_by_name(call, dataset_name)
        delivery = source.delivery_by_id(session, delivery_id)
        if resource_id:
            table = lake.table_by_id(session, staged.mark.table_id)
        else:
            table = lake.add_table(call, dataset.office_id, staged.mark.table_id)
            resource_id = catalogue.add_resource(call, dataset.name, name=delivery.name, table=table).id
        version = lake.record_staged(call, staged, delivery=delivery, table=table)
        catalogue.set_version(call, dataset.name, resource_id, version)
        return {
            "dataset": dataset.name,
            "resource": resource_id,
            "version": version.number,
            "version_id": version.id,
            "rows": version.rows,
            "set_aside": version.set_aside,
        }

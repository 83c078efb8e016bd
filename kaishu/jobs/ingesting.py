"""The task ``ingest``: a received file becomes a version of a dataset's table."""

from __future__ import annotations

import time
from typing import Any

from kaishu import catalogue, lake, queue, source
from kaishu.access import Actor, Call
from kaishu.base import clock
from kaishu.db import session_scope


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: delivery_id, plan, dataset (name), resource_id or None.

    The file is read before any write transaction is opened, so that others can go on writing.
    """
    plan = lake.Plan.from_dict(payload["plan"])
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        delivery = source.delivery_by_id(session, payload["delivery_id"])
        dataset = catalogue.dataset_by_name(call, payload["dataset"])
        entries = catalogue.draft_resources(call, dataset)
        wanted = [e for e in entries if e.table_id and payload.get("resource_id") in (None, e.id)]
        table_id = wanted[0].table_id if wanted else None
        staged = lake.stage(call, delivery, table_id=table_id, plan=plan, progress=_reporter(task_id))
    with session_scope() as session:
        call = Call(session, actor, clock.now(), task_id)
        version = lake.commit(call, staged, office=dataset.office_id)
        if wanted:
            resource_id = wanted[0].id
        else:
            table = lake.table_by_id(session, version.table_id)
            resource_id = catalogue.add_resource(call, dataset.name, name=delivery.name, table=table).id
        catalogue.set_version(call, dataset.name, resource_id, version)
        return {"dataset": dataset.name, "version": version.number, "version_id": version.id}


def _reporter(task_id: str) -> Any:
    said = 0.0

    def report(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > 0.5:
            said = time.monotonic()
            queue.progress(task_id, done, total)

    return report

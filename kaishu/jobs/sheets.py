"""The task ``sheet``: a catalogue sheet that came back is applied."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kaishu import compilation, queue, source
from kaishu.access import Actor, Call, Permission, require
from kaishu.base import clock
from kaishu.db import session_scope


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: delivery_id, only_good, submit.  All rows in one transaction, or none."""
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), task_id)
        require(call, Permission.bulk_edit, office=actor.office)
        delivery = source.delivery_by_id(session, payload["delivery_id"])
        path, name = delivery.path, delivery.name
    read = compilation.read_sheet(path, name)
    queue.progress(task_id, 0, len(read.rows))
    with session_scope() as session:
        call = Call(session, actor, clock.now(), task_id)
        plan = compilation.plan_sheet(call, read)
        done = compilation.apply_sheet(
            call,
            plan,
            only_good=bool(payload.get("only_good")),
            submit=bool(payload.get("submit")),
            file_name=name,
        )
        return asdict(done)

"""The task ``facts``: all facts of a scope counted and kept."""

from __future__ import annotations

from typing import Any

from kaishu import evaluation, queue
from kaishu.access import Actor, Call
from kaishu.base import clock
from kaishu.db import session_scope

_STEPS = 2


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: by.  Counted while nothing is locked, then kept in one transaction."""
    with session_scope(write=False) as session:
        sheet = evaluation.measure_facts(Call(session, actor, clock.now(), task_id), by=payload["by"])
    queue.progress(task_id, 1, _STEPS)
    with session_scope() as session:
        kept = evaluation.keep_facts(Call(session, actor, clock.now(), task_id), sheet)
        return {"collection": kept.id, "units": len(sheet.units)}

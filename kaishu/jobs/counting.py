"""The task ``facts``: all facts of a scope, or of every one, counted and kept; and when it is left."""

from __future__ import annotations

from typing import Any

from kaishu import evaluation, queue
from kaishu.access import SYSTEM, Actor, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope

_STEPS = 2


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: by.  Counted while nothing is locked, then kept in one transaction."""
    scopes = evaluation.SCOPES if payload["by"] == evaluation.EVERY else (payload["by"],)
    with session_scope(write=False) as session:
        sheets = evaluation.measure_scopes(Call(session, actor, clock.now(), task_id), scopes)
    queue.progress(task_id, 1, _STEPS)
    with session_scope() as session:
        kept = evaluation.keep_facts(Call(session, actor, clock.now(), task_id), *sheets)
        units = sum(len(sheet.units) for sheet in sheets)
        return {"collection": kept[0].id, "collections": [row.id for row in kept], "units": units}


def leave_when_due() -> bool:
    """Leave a task that counts every scope when a day has passed or a harvest has changed something."""
    now = clock.now()
    with session_scope(write=False) as session:
        if not evaluation.facts_due(session, now):
            return False
    with session_scope() as session:
        evaluation.leave_all_facts(Call(session, SYSTEM, now, ids.new_id()))
    return True

"""The task ``evaluate``: an evaluation too large to be waited for."""

from __future__ import annotations

from typing import Any

from kaishu import evaluation, queue
from kaishu.access import Actor, Call
from kaishu.base import clock
from kaishu.db import session_scope

_STEPS = 3


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: run_id.  Read, then computed, then kept in one transaction at the end."""
    run_id = payload["run_id"]
    with session_scope(write=False) as session:
        loaded = evaluation.load_waiting(Call(session, actor, clock.now(), task_id), run_id)
    queue.progress(task_id, 1, _STEPS)
    result = evaluation.compute(loaded)
    queue.progress(task_id, 2, _STEPS)
    with session_scope() as session:
        kept = evaluation.keep_evaluation(Call(session, actor, clock.now(), task_id), loaded, result, run_id)
        return {"evaluation": kept.id, "units": kept.units}

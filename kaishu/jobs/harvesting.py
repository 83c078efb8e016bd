"""The task ``harvest``: plan, apply, or both; and the round that leaves such tasks when a source is due."""

from __future__ import annotations

from typing import Any

from kaishu import harvest
from kaishu.access import SYSTEM, Actor, Call
from kaishu.base import clock, ids
from kaishu.base.errors import Transient
from kaishu.db import session_scope
from kaishu.jobs.reporting import reporter


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: source (name), do (plan, apply or run), confirm, changed_only, anew.

    A failure to reach the source is written down there with its own next try, so the task itself is
    not tried again by the queue.
    """
    try:
        run_id = _do(task_id, actor, payload)
    except Transient as error:
        return {"source": payload["source"], "state": "failed", "error": error.as_dict("zh")}
    with session_scope(write=False) as session:
        made = harvest.run_by_id(Call(session, actor, clock.now(), task_id), run_id)
        return {"run": made.id, "source": payload["source"], "state": made.state, "counts": made.counts}


def _do(task_id: str, actor: Actor, payload: dict[str, Any]) -> str:
    name, report = payload["source"], reporter(task_id)
    if payload["do"] == "plan":
        return harvest.plan(actor, name, anew=bool(payload.get("anew")), report=report, request_id=task_id)
    if payload["do"] == "apply":
        confirm = bool(payload.get("confirm"))
        return harvest.apply(actor, name, confirm=confirm, report=report, request_id=task_id)
    changed_only = bool(payload.get("changed_only"))
    return harvest.run(actor, name, changed_only=changed_only, report=report, request_id=task_id)


def enqueue_due() -> int:
    """Leave a task for every source whose time has come, unless one waits already."""
    with session_scope(write=False) as session:
        due = [source.id for source in harvest.due_sources(session)]
    if not due:
        return 0
    left = 0
    with session_scope() as session:
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        for source_id in due:
            left += bool(harvest.leave(call, source_id, "run", changed_only=True))
    return left

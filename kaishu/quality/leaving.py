"""Leaving a check to the worker."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kaishu import queue
from kaishu.access import Call, Permission, require
from kaishu.lake import table_by_id
from kaishu.queue.models import Task

CHECK_TASK = "quality-check"
_SUBJECT = "quality"


def leave_check(call: Call, table_id: str, *, order_id: str = "") -> str:
    """Leave a check of the newest version, or an order's re-check, unless the same waits; the task's id."""
    require(call, Permission.check_run, office=table_by_id(call.session, table_id).office_id)
    payload = {"table_id": table_id, "version_id": "", "order_id": order_id}
    for task in checks_about(call.session, table_id):
        if task.state == "waiting" and task.payload == payload:
            return task.id
    return queue.enqueue(call, CHECK_TASK, payload, (_SUBJECT, table_id)).id


def checks_about(session: Session, table_id: str, limit: int = 10) -> list[Task]:
    """Tasks that check a table, newest first."""
    return list(queue.tasks_about(session, _SUBJECT, table_id, limit))

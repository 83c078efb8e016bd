"""Leaving a preview, a run or an undoing to the worker."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from kaishu import queue
from kaishu.access import Call, Permission, require
from kaishu.lake import newest_version, table_by_id, version_by_id
from kaishu.quality.cleansing.planned import (
    cleansing_plan_by_id,
    cleansing_run_by_id,
    may_be_undone,
    plan_in_force,
)
from kaishu.quality.errors import CannotUndo, NoCleansing
from kaishu.quality.models import CleansingPlan
from kaishu.queue.models import Task

CLEANSE_TASK, UNDO_TASK, PREVIEW_TASK = "cleanse", "cleanse-undo", "cleanse-preview"
_SUBJECT = "cleansing"


def leave_cleansing(call: Call, table_id: str, dataset: str) -> str:
    """Leave a run of the plan in force, unless one waits or runs; the task's id.  Raises ``NoCleansing``."""
    require(call, Permission.cleansing_run, office=table_by_id(call.session, table_id).office_id)
    plan = plan_in_force(call.session, table_id)
    if plan is None:
        raise NoCleansing()
    return _left(call, CLEANSE_TASK, table_id, {"table_id": table_id, "dataset": dataset})


def leave_cleansing_preview(call: Call, plan_id: str, dataset: str) -> str:
    """Leave a preview of a plan on the newest version; the task's id."""
    plan = cleansing_plan_by_id(call.session, plan_id)
    office = table_by_id(call.session, plan.table_id).office_id
    require(call, Permission.cleansing_draft, office=office)
    payload = {"table_id": plan.table_id, "dataset": dataset, "plan_id": plan.id}
    payload["text"] = text_mark(plan)
    return _left(call, PREVIEW_TASK, plan.table_id, payload)


def leave_cleansing_undo(call: Call, run_id: str, dataset: str) -> str:
    """Leave the undoing of a run; the task's id.  Raises ``CannotUndo``."""
    run = cleansing_run_by_id(call.session, run_id)
    require(call, Permission.cleansing_run, office=table_by_id(call.session, run.table_id).office_id)
    if not may_be_undone(call.session, run):
        newest = newest_version(call.session, run.table_id)
        made, base = version_by_id(call.session, run.version_id), version_by_id(call.session, run.base_id)
        raise CannotUndo(made=made.number, number=newest.number if newest else 0, base=base.number)
    payload = {"table_id": run.table_id, "dataset": dataset, "run_id": run.id}
    return _left(call, UNDO_TASK, run.table_id, payload)


def text_mark(plan: CleansingPlan) -> str:
    """Tells whether a preview was of the plan as it is written now."""
    return hashlib.sha256(plan.text.encode()).hexdigest()[:16]


def cleansings_about(session: Session, table_id: str, limit: int = 10) -> list[Task]:
    """Tasks that cleanse a table, newest first."""
    return list(queue.tasks_about(session, _SUBJECT, table_id, limit))


def _left(call: Call, kind: str, table_id: str, payload: dict[str, str]) -> str:
    for task in cleansings_about(call.session, table_id):
        if task.kind == kind and task.state in ("waiting", "running") and task.payload == payload:
            return task.id
    return queue.enqueue(call, kind, payload, (_SUBJECT, table_id)).id

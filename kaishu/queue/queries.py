"""Reads of the queue."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.queue.models import Task


def task_by_id(session: Session, task_id: str) -> Task:
    """A task.  Raises ``NotFound``."""
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound(kind="任务 task", name=task_id)
    return task


def tasks_about(session: Session, subject_kind: str, subject_id: str, limit: int = 20) -> Sequence[Task]:
    """Tasks about one thing, newest first."""
    return session.scalars(
        select(Task)
        .where(Task.subject_kind == subject_kind, Task.subject_id == subject_id)
        .order_by(Task.id.desc())
        .limit(limit)
    ).all()

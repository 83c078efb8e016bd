"""Put work in, take it out, say how far it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.queue.errors import WorkerDied
from kaishu.queue.models import Task

LEASE = timedelta(seconds=60)
TRIES = 5


def enqueue(call: Call, kind: str, payload: dict[str, Any], subject: tuple[str, str] = ("", "")) -> Task:
    """Leave work for the worker; it will act as this actor.  Starts after the caller's commit."""
    require(call, Permission.dataset_read)
    actor = call.actor
    task = Task(
        id=ids.new_id(),
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        payload=payload,
        actor={
            "kind": actor.kind,
            "id": actor.id,
            "name": actor.name,
            "role": str(actor.role),
            "office": actor.office,
        },
        state="waiting",
        created_at=call.now,
    )
    call.session.add(task)
    call.session.flush()
    note(call, "queue.enqueue", ("task", task.id), kind=kind, about=list(subject))
    return task


def anything_waiting(session: Session, task_id: str | None = None) -> bool:
    """Is there a task to take?  Asked before ``lease``, so that an idle worker never takes a write lock."""
    return session.scalars(_takeable(task_id)).first() is not None


def lease(session: Session, task_id: str | None = None) -> Task | None:
    """Take the oldest waiting task (or the one named), or one whose worker has died."""
    task = session.scalars(_takeable(task_id).with_for_update(skip_locked=True)).first()
    if task is None:
        return None
    if task.tries >= TRIES:
        fail(
            session,
            task,
            {language: WorkerDied(tries=TRIES).as_dict(language) for language in ("zh", "en")},
            False,
        )
        return None
    moment = clock.now()
    task.state, task.started_at, task.leased_until = "running", moment, moment + LEASE
    task.tries += 1
    session.flush()
    return task


def _takeable(task_id: str | None) -> Select[Task]:
    moment = clock.now()
    wanted = select(Task).where(
        or_(
            (Task.state == "waiting") & (Task.leased_until.is_(None) | (Task.leased_until < moment)),
            (Task.state == "running") & (Task.leased_until < moment),
        )
    )
    if task_id:
        wanted = wanted.where(Task.id == task_id)
    return wanted.order_by(Task.id).limit(1)


def progress(task_id: str, done: int, total: int) -> None:
    """Say how far a running task is and renew its lease; a short transaction of its own."""
    with session_scope() as session:
        session.execute(
            update(Task)
            .where(Task.id == task_id, Task.state == "running")
            .values(done=done, total=total, leased_until=clock.now() + LEASE)
        )


def finish(session: Session, task: Task, result: dict[str, Any]) -> None:
    """The task is done."""
    task.state, task.result, task.ended_at, task.leased_until = "done", result, clock.now(), None
    task.done = task.total = max(task.done, task.total, 1)
    session.flush()


def fail(session: Session, task: Task, error: dict[str, Any], again: bool) -> None:
    """The task failed; ``again`` puts it back with a pause that grows, for at most ``TRIES`` tries."""
    task.error = error
    if again and task.tries < TRIES:
        task.state = "waiting"
        task.leased_until = clock.now() + timedelta(seconds=2**task.tries)
    else:
        task.state, task.ended_at, task.leased_until = "failed", clock.now(), None
    session.flush()

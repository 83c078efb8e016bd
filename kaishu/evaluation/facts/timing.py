"""When facts are counted by themselves: every day, and when a harvest has changed something."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu import queue
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.evaluation.facts.keeping import EVERY, SUBJECT
from kaishu.evaluation.facts.model import SCOPES
from kaishu.evaluation.models import FactCollection
from kaishu.harvest.models import Run as Harvest
from kaishu.inspection.models import Run as Inspection
from kaishu.queue.models import Task

DAY = timedelta(days=1)
#: How many times longer than the last counting took is the rest after it.
SPARING = 20
_UNDER_WAY = ("waiting", "running")


def due(begun: datetime | None, took: timedelta, changed: datetime | None, now: datetime) -> bool:
    """Is it time to count, when the last counting began then and something has changed since (or not)?"""
    if begun is None:
        return True
    age = now - begun
    return age >= DAY or (changed is not None and changed > begun and age >= SPARING * took)


def facts_due(session: Session, now: datetime) -> bool:
    """Is it time to count every scope?  Not while it is being done, nor where nothing is published."""
    task = next(iter(queue.tasks_about(session, SUBJECT, EVERY, 1)), None)
    if task is not None and task.state in _UNDER_WAY:
        return False
    if session.scalars(select(Dataset.id).where(Dataset.state == State.published).limit(1)).first() is None:
        return False
    took = task.ended_at - task.started_at if task and task.started_at and task.ended_at else timedelta()
    return due(_begun(session, task), took, _changed(session), now)


def _begun(session: Session, task: Task | None) -> datetime | None:
    """When every scope was counted or should have been: what failed waits for the next change or day."""
    found = select(FactCollection.scope, func.max(FactCollection.at)).group_by(FactCollection.scope)
    counted = {scope: at for scope, at in session.execute(found)}
    moments = [min(counted.values())] if counted.keys() >= set(SCOPES) else []
    if task is not None:
        moments.append(task.started_at or task.created_at)
    return max(moments, default=None)


def _changed(session: Session) -> datetime | None:
    """When the last harvest that changed something ended, or when its datasets were first scored.

    None while another waits or runs, so that several in a row are counted once.
    """
    busy = select(Task.id).where(Task.kind == "harvest", Task.state.in_(_UNDER_WAY)).limit(1)
    if session.scalars(busy).first() is not None:
        return None
    harvests = select(func.max(Harvest.ended_at)).where(Harvest.state == "done", Harvest.to_apply > 0)
    harvested = session.scalar(harvests)
    if harvested is None:
        return None
    scored = select(func.min(Inspection.ended_at)).where(Inspection.kind == "mqa")
    return session.scalar(scored.where(Inspection.started_at >= harvested)) or harvested

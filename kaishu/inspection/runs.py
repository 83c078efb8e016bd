"""Runs: how one ends, when the next is due, and what the last one was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.inspection import scopes
from kaishu.inspection.models import Conformance, LinkState, Run

#: How long a measurement stands while datasets change.
REST = timedelta(minutes=30)


def conclude(
    call: Call, kind: str, scope: str, *, datasets: int, result: Mapping[str, Any], started: datetime
) -> Run:
    """Enter a run that was written down in parts."""
    require(call, Permission.inspection_run)
    run = Run(
        id=ids.new_id(),
        kind=kind,
        scope=scope,
        datasets=datasets,
        result=dict(result),
        actor=call.actor.name,
        started_at=started,
        ended_at=clock.now(),
    )
    call.session.add(run)
    call.session.flush()
    note(call, f"inspection.{kind}", ("inspection", run.id), catalogue=scope, **result)
    return run


def last_run(session: Session, kind: str, scope: str = scopes.ALL) -> Run | None:
    """The newest run of a kind over a catalogue."""
    return session.scalars(
        select(Run).where(Run.kind == kind, Run.scope == scope).order_by(Run.id.desc()).limit(1)
    ).first()


def recent_runs(session: Session, kind: str, limit: int = 20) -> Sequence[Run]:
    """The newest runs of a kind, whatever the catalogue."""
    return session.scalars(select(Run).where(Run.kind == kind).order_by(Run.id.desc()).limit(limit)).all()


def measuring_due(session: Session, now: datetime) -> bool:
    """Has anything changed since the last measurement, and was that long enough ago (or never)?

    Datasets, verdicts of the shapes and answers of addresses count.
    """
    newest = scopes.newest_change(session)
    if newest is None:
        return False
    last = last_run(session, "mqa")
    if last is None:
        return True
    checked = session.scalar(select(func.max(Conformance.checked_at)))
    asked = session.scalar(select(func.max(LinkState.checked_at)))
    newest = max(moment for moment in (newest, checked, asked) if moment)
    return newest >= last.started_at and now - last.started_at >= REST


def shapes_waiting(session: Session) -> bool:
    """Is there a published dataset without a verdict, or with one older than its last change?"""
    found = session.scalars(
        select(Dataset.id)
        .outerjoin(Conformance, Conformance.dataset_id == Dataset.id)
        .where(
            Dataset.state == State.published,
            or_(Conformance.dataset_id.is_(None), Conformance.checked_at < Dataset.published_at),
        )
        .limit(1)
    )
    return found.first() is not None

"""Runs: how one ends, when the next is due, and what the last one was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.inspection import scopes
from kaishu.inspection.models import Run

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
    """Has a dataset changed since the last measurement, and was that long enough ago (or never)?"""
    newest = scopes.newest_change(session)
    last = last_run(session, "mqa")
    if newest is None:
        return False
    return last is None or (newest >= last.started_at and now - last.started_at >= REST)

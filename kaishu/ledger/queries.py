"""Reads of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.ledger.models import Entry


def entries(session: Session, subject_kind: str, subject_id: str, limit: int = 100) -> Sequence[Entry]:
    """What happened to one thing, newest first."""
    return session.scalars(
        select(Entry)
        .where(Entry.subject_kind == subject_kind, Entry.subject_id == subject_id)
        .order_by(Entry.number.desc())
        .limit(limit)
    ).all()


def entries_after(session: Session, number: int, limit: int = 1000) -> Sequence[Entry]:
    """The next entries after ``number``, in order: how a reader goes on from where it stopped."""
    return session.scalars(
        select(Entry).where(Entry.number > number).order_by(Entry.number).limit(limit)
    ).all()


def last_entry(session: Session) -> Entry | None:
    """The newest entry."""
    return session.scalars(select(Entry).order_by(Entry.number.desc()).limit(1)).first()

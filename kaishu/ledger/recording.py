"""Write one entry in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kaishu.base import clock
from kaishu.db import canonical
from kaishu.ledger.models import FIRST, Entry

_LOCK = 4_521_984_213  # any fixed number: PostgreSQL's advisory lock that keeps the chain in one line


def record(
    session: Session,
    *,
    at: datetime,
    actor: tuple[str, str, str],
    action: str,
    subject: tuple[str, str],
    request_id: str,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Append an entry; ``actor`` is (kind, id, name), ``subject`` is (kind, id).

    The entry stands or falls with the transaction of the act.
    """
    said = [(subject, facts or {})]
    return record_all(session, at=at, actor=actor, action=action, said=said, request_id=request_id)[0]


def record_all(
    session: Session,
    *,
    at: datetime,
    actor: tuple[str, str, str],
    action: str,
    said: Iterable[tuple[tuple[str, str], dict[str, Any]]],
    request_id: str,
) -> list[Entry]:
    """Append an entry for each (subject, facts), as ``record`` does, with one look at the chain's end."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(select(Entry.number, Entry.hash).order_by(Entry.number.desc()).limit(1)).first()
    number, previous = (last.number, last.hash) if last else (0, FIRST)
    entries = []
    for subject, facts in said:
        entry = Entry(
            number=number + 1,
            at=at,
            actor_kind=actor[0],
            actor_id=actor[1],
            actor_name=actor[2][:200],
            action=action,
            subject_kind=subject[0],
            subject_id=subject[1][:200],
            request_id=request_id[:40],
            facts=json.loads(canonical(facts)),
            previous=previous,
        )
        entry.hash = _hash(entry)
        number, previous = entry.number, entry.hash
        entries.append(entry)
    session.add_all(entries)
    session.flush()
    return entries


def _hash(entry: Entry) -> str:
    return digest(
        (
            entry.number,
            clock.iso(entry.at),
            entry.actor_kind,
            entry.actor_id,
            entry.actor_name,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            entry.request_id,
            canonical(entry.facts),
            entry.previous,
        )
    )


def digest(stored: Sequence[Any]) -> str:
    """SHA-256, hexadecimal, over the columns but ``hash`` in the model's order, as they are stored."""
    return hashlib.sha256(canonical(list(stored)).encode("utf-8", "surrogatepass")).hexdigest()

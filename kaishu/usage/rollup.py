"""Reads the ledger from where it stopped and adds what was counted to days and totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kaishu.db import session_scope
from kaishu.ledger import entries_after
from kaishu.ledger.models import Entry
from kaishu.usage.models import UsageDay, UsagePosition, UsageTotal

#: Ledger action to what it is counted as.
COUNTED = {"catalogue.view": "view", "delivery.download": "download", "delivery.rows": "call"}
CHUNK = 2000
_LOCK = 4_521_984_214  # any fixed number but the ledger's: one roll-up at a time on PostgreSQL
Key = tuple[str, date, str, str]


def roll_up() -> int:
    """Bring the counts up to the ledger's end; returns the number of entries read.

    Each chunk is one transaction together with the position, so that a crash repeats or loses nothing.
    """
    read = 0
    while True:
        with session_scope() as session:
            taken = _take(session, CHUNK)
        read += taken
        if taken < CHUNK:
            return read


def _take(session: Session, limit: int) -> int:
    position = _position(session)
    entries = entries_after(session, position.number, limit)
    if not entries:
        return 0
    found = _count(entries)
    _add_days(session, found)
    _add_totals(session, found)
    position.number = entries[-1].number
    return len(entries)


def _position(session: Session) -> UsagePosition:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    row = session.get(UsagePosition, "ledger")
    if row is None:
        row = UsagePosition(name="ledger", number=0)
        session.add(row)
    return row


def _count(entries: Sequence[Entry]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for entry in entries:
        kind = COUNTED.get(entry.action)
        if kind is not None and entry.subject_kind == "dataset":
            detail = str(entry.facts.get("detail") or "")[:200]
            found[entry.subject_id, entry.at.date(), kind, detail] += int(entry.facts.get("count", 1))
    return found


def _add_days(session: Session, found: Counter[Key]) -> None:
    ids, when = {key[0] for key in found}, {key[1] for key in found}
    known = {
        (row.dataset_id, row.day, row.kind, row.detail): row
        for row in session.scalars(
            select(UsageDay).where(UsageDay.dataset_id.in_(ids), UsageDay.day.in_(when))
        )
    }
    for key, count in found.items():
        if key in known:
            known[key].count += count
        else:
            session.add(UsageDay(dataset_id=key[0], day=key[1], kind=key[2], detail=key[3], count=count))


def _add_totals(session: Session, found: Counter[Key]) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for (dataset_id, _, kind, _), count in found.items():
        sums[dataset_id, kind] += count
    wanted = {dataset_id for dataset_id, _ in sums}
    known = {
        (row.dataset_id, row.kind): row
        for row in session.scalars(select(UsageTotal).where(UsageTotal.dataset_id.in_(wanted)))
    }
    for key, count in sums.items():
        if key in known:
            known[key].count += count
        else:
            session.add(UsageTotal(dataset_id=key[0], kind=key[1], count=count))

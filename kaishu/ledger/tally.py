"""Reads by the thousand: counted in memory, entered in the ledger every few seconds as one row a kind.

A row of the chain for each API call would cost more than the call.  What a crash can lose is the
counts of the last seconds, never the record of an act.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import NamedTuple

from sqlalchemy.orm import Session

from kaishu.base import clock
from kaishu.ledger.recording import record


class Counted(NamedTuple):
    """What is counted together."""

    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str
    detail: str


_counts: Counter[Counted] = Counter()
_lock = threading.Lock()


def tally(
    actor: tuple[str, str, str], action: str, subject: tuple[str, str], detail: str = "", count: int = 1
) -> None:
    """Count a read: a page seen, a download, an API call.  ``detail`` is a format or a path."""
    key = Counted(*actor, action, *subject, detail)
    with _lock:
        _counts[key] += count


def anything_tallied() -> bool:
    """Is there a count that is not yet in the ledger?"""
    return bool(_counts)


def flush_tallies(session: Session) -> int:
    """Enter what was counted since the last time; returns the number of ledger rows written."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
    moment = clock.now()
    for key, count in taken.items():
        record(
            session,
            at=moment,
            actor=(key.actor_kind, key.actor_id, key.actor_name),
            action=key.action,
            subject=(key.subject_kind, key.subject_id),
            request_id="",
            facts={"count": count, "detail": key.detail},
        )
    return len(taken)

"""What is known of addresses: read by scoring, by the checks and by the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.inspection.models import LinkState

PART = 500


def key(url: str) -> str:
    """Under which an address is kept."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def reached(session: Session, urls: Iterable[str]) -> dict[str, bool]:
    """Address to whether it answered; those never asked are not in it."""
    keys = list(dict.fromkeys(key(url) for url in urls))
    found: dict[str, bool] = {}
    for start in range(0, len(keys), PART):
        rows = session.execute(
            select(LinkState.url, LinkState.reachable).where(LinkState.key.in_(keys[start : start + PART]))
        )
        found.update((url, reachable) for url, reachable in rows)
    return found


def states(session: Session, urls: Iterable[str]) -> dict[str, LinkState]:
    """Address to its state."""
    keys = list(dict.fromkeys(key(url) for url in urls))
    found: dict[str, LinkState] = {}
    for start in range(0, len(keys), PART):
        rows = session.scalars(select(LinkState).where(LinkState.key.in_(keys[start : start + PART])))
        found.update((row.url, row) for row in rows)
    return found

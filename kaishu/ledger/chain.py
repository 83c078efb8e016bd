"""Check the chain: every byte of every entry, no gap, and the end where the anchor says it is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import String, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kaishu.base import settings
from kaishu.ledger.models import FIRST, Entry
from kaishu.ledger.recording import digest

ANCHOR = "ledger.anchor"
STORED = select(
    Entry.number,
    *(type_coerce(column, String) for column in Entry.__table__.columns if column.name != "number"),
).order_by(Entry.number)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``ok`` with the number of entries and the last hash, or the first entry that is wrong and why."""

    ok: bool
    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""


def verify(session: Session) -> Verdict:
    """Walk the whole chain in order, over the bytes as stored; memory does not grow with its length."""
    expected, previous, hash_at_anchor = 1, FIRST, FIRST
    anchored_number, anchored_hash = read_anchor()
    try:
        for *stored, hash_ in session.execute(STORED.execution_options(yield_per=1000)):
            number, linked = stored[0], stored[-1]
            reason = _fault(number == expected, linked == previous, digest(stored) == hash_)
            if reason:
                broken_at = expected if reason == "missing" else number
                return Verdict(False, expected - 1, previous, broken_at, reason)
            previous, expected = hash_, expected + 1
            if number == anchored_number:
                hash_at_anchor = hash_
    except DBAPIError as error:
        # SQLite refuses text that is no UTF-8, and pages that are damaged.
        return Verdict(False, expected - 1, previous, expected, f"unreadable: {error.orig}")
    if anchored_number >= expected:
        return Verdict(False, expected - 1, previous, expected, "cut-off")
    if anchored_hash and hash_at_anchor != anchored_hash:
        return Verdict(False, expected - 1, previous, anchored_number, "rewritten")
    return Verdict(True, expected - 1, previous)


def _fault(in_line: bool, linked: bool, unchanged: bool) -> str:
    if not in_line:
        return "missing"
    if not linked:
        return "previous-hash"
    return "" if unchanged else "changed"


def read_anchor() -> tuple[int, str]:
    """Number and hash of the entry last written down outside the database; (0, "") if none."""
    path = settings.home() / ANCHOR
    if not path.exists():
        return 0, ""
    number, _, hash_ = path.read_text().strip().partition(" ")
    return int(number), hash_


def write_anchor(session: Session) -> None:
    """Write the chain's end to a file beside the database, so that a cut-off tail is noticed."""
    last = session.execute(select(Entry.number, Entry.hash).order_by(Entry.number.desc()).limit(1)).first()
    if last:
        path = settings.folder(".") / ANCHOR
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{last.number} {last.hash}\n")
        fresh.replace(path)

"""Check the chain: every byte of every entry, no gap, and the end where the anchor says it is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.base import settings
from kaishu.ledger.models import FIRST, Entry
from kaishu.ledger.recording import digest

ANCHOR = "ledger.anchor"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``ok`` with the number of entries and the last hash, or the first entry that is wrong and why."""

    ok: bool
    entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""


def verify(session: Session) -> Verdict:
    """Walk the whole chain in order; memory does not grow with its length."""
    expected, previous, hashes_at_anchor = 1, FIRST, FIRST
    anchored_number, anchored_hash = read_anchor()
    for entry in session.scalars(select(Entry).order_by(Entry.number).execution_options(yield_per=1000)):
        if entry.number != expected:
            return Verdict(False, expected - 1, previous, expected, "missing")
        if entry.previous != previous:
            return Verdict(False, expected - 1, previous, entry.number, "previous-hash")
        if digest(entry) != entry.hash:
            return Verdict(False, expected - 1, previous, entry.number, "changed")
        previous, expected = entry.hash, expected + 1
        if entry.number == anchored_number:
            hashes_at_anchor = entry.hash
        session.expunge(entry)
    if anchored_number >= expected:
        return Verdict(False, expected - 1, previous, expected, "cut-off")
    if anchored_hash and hashes_at_anchor != anchored_hash:
        return Verdict(False, expected - 1, previous, anchored_number, "rewritten")
    return Verdict(True, expected - 1, previous)


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

"""Append-only, hash-chained record of who did what to what, written in the act's own transaction."""

from kaishu.ledger.chain import Verdict, verify, write_anchor
from kaishu.ledger.queries import entries, entries_after, last_entry
from kaishu.ledger.recording import record, record_all
from kaishu.ledger.tally import anything_tallied, flush_tallies, tally

__all__ = [
    "Verdict",
    "anything_tallied",
    "entries",
    "entries_after",
    "flush_tallies",
    "last_entry",
    "record",
    "record_all",
    "tally",
    "verify",
    "write_anchor",
]

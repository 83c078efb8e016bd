"""What comes round by itself: name, cadence, function."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kaishu import discovery, ledger, usage
from kaishu.db import session_scope
from kaishu.jobs import counting, harvesting, inspecting, pulling, quality_checking, retaining, standardising


@dataclass
class Round:
    """An act to repeat every so many seconds, and ``at_end`` once more when the server stops."""

    name: str
    seconds: float
    act: Callable[[], object]
    at_end: bool = False
    last: float = field(default_factory=time.monotonic)

    def due(self) -> bool:
        """Is it time?"""
        return time.monotonic() - self.last >= self.seconds

    def run(self) -> None:
        """Do it and remember when."""
        self.last = time.monotonic()
        self.act()


def flush_counts() -> None:
    """Enter counted reads in the ledger and roll them up."""
    if not ledger.anything_tallied():
        return
    with session_scope() as session:
        ledger.flush_tallies(session)
    usage.roll_up()


def anchor() -> None:
    """Write the chain's end beside the database."""
    with session_scope(write=False) as session:
        ledger.write_anchor(session)


ROUNDS = (
    Round("flush-counts", 2, flush_counts, at_end=True),
    Round("index", 2, discovery.refresh),
    Round("anchor", 30, anchor, at_end=True),
    Round("popularity", 300, discovery.follow_usage),
    Round("measure", 60, inspecting.leave_when_due),
    Round("links", 60, inspecting.leave_links_when_due),
    Round("harvest", 60, harvesting.enqueue_due),
    Round("facts", 30, counting.leave_when_due),
    Round("pull", 60, pulling.enqueue_due),
    Round("quality-checks", 30, quality_checking.leave_checks_when_due),
    Round("standard", 60, standardising.leave_runs_when_due),
    Round("standard-files", 3600, standardising.tidy),
    Round("quality-orders", 600, quality_checking.go_round_orders),
    Round("retention", 3600, retaining.propose_all),
)

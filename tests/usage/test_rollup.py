"""Every use that the ledger holds is counted once, whenever and however often the counting runs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from kaishu import ledger, usage
from kaishu.access import VISITOR
from kaishu.db import session_scope
from kaishu.ledger.models import Entry
from kaishu.usage import rollup
from kaishu.usage.models import UsageDay, UsagePosition, UsageTotal

DAY = date(2026, 11, 21)
KIND = {"catalogue.view": "view", "delivery.download": "download", "delivery.rows": "call"}


def enter(
    action: str, dataset: str, *, count: int = 1, detail: str = "", day: date = DAY, kind: str = "dataset"
) -> None:
    with session_scope() as session:
        ledger.record(
            session,
            at=datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC),
            actor=VISITOR.row,
            action=action,
            subject=(kind, dataset),
            request_id="",
            facts={"count": count, "detail": detail},
        )


def test_views_downloads_and_calls_are_counted_apart(home: Path) -> None:
    enter("catalogue.view", "a", count=3)
    enter("delivery.download", "a", detail="csv")
    enter("delivery.download", "a", count=2, detail="xlsx")
    enter("delivery.rows", "b", count=10)
    enter("catalogue.publish", "a")
    enter("catalogue.view", "x", kind="office")
    assert usage.roll_up() == 6
    with session_scope(write=False) as session:
        assert usage.counts(session, "a") == usage.Counts(3, 3, 0)
        assert usage.counts(session, "a").all == 6
        assert usage.counts(session, "nobody") == usage.Counts()
        assert usage.details(session, "a", "download") == [("xlsx", 2), ("csv", 1)]
        assert usage.site_totals(session) == usage.Counts(3, 3, 10)
        assert usage.top(session) == [("b", 10), ("a", 6)]
        assert usage.top(session, kind="view", since=DAY, limit=1) == [("a", 3)]
        assert usage.top(session, since=DAY + timedelta(days=1)) == []
        assert usage.position(session) == 6


def test_a_series_has_every_day_also_quiet_ones(home: Path) -> None:
    enter("catalogue.view", "a", day=DAY - timedelta(days=2))
    enter("catalogue.view", "a", count=4)
    enter("delivery.rows", "b")
    usage.roll_up()
    with session_scope(write=False) as session:
        of_one = usage.days(session, "a", last=DAY, number=3)
        assert [(each.day, each.counts.views) for each in of_one] == [
            (DAY - timedelta(days=2), 1),
            (DAY - timedelta(days=1), 0),
            (DAY, 4),
        ]
        assert usage.days(session, None, last=DAY, number=1)[0].counts == usage.Counts(4, 0, 1)


uses = st.lists(
    st.tuples(
        st.sampled_from([*KIND, "catalogue.publish"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(1, 5),
        st.sampled_from(["", "csv"]),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=15,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uses=uses, chunk=st.integers(1, 4))
def test_running_it_at_any_moment_gives_the_same(
    home: Path, uses: list[tuple[str, str, int, str, int, bool]], chunk: int
) -> None:
    with session_scope() as session:
        for table in (UsageDay, UsageTotal, UsagePosition, Entry):
            session.execute(delete(table))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollup, "CHUNK", chunk)
        for action, dataset, count, detail, back, run in uses:
            enter(action, dataset, count=count, detail=detail, day=DAY - timedelta(days=back))
            if run:
                usage.roll_up()
        usage.roll_up()
        assert usage.roll_up() == 0
    expected: Counter[tuple[str, date, str, str]] = Counter()
    for action, dataset, count, detail, back, _ in uses:
        if action in KIND:
            expected[dataset, DAY - timedelta(days=back), KIND[action], detail] += count
    with session_scope(write=False) as session:
        rows = session.scalars(select(UsageDay)).all()
        assert {(r.dataset_id, r.day, r.kind, r.detail): r.count for r in rows} == dict(expected)
        totals = {(r.dataset_id, r.kind): r.count for r in session.scalars(select(UsageTotal))}
    for dataset in "abc":
        for kind in KIND.values():
            by_hand = sum(n for key, n in expected.items() if key[0] == dataset and key[2] == kind)
            assert totals.get((dataset, kind), 0) == by_hand


def test_a_chunk_that_fails_is_counted_neither_half_nor_twice(
    home: Path,
) -> None:
    enter("catalogue.view", "a", count=2)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(rollup, "_add_totals", lambda session, found: 1 / 0)
        usage.roll_up()
    usage.roll_up()
    with session_scope(write=False) as session:
        assert usage.counts(session, "a") == usage.Counts(2)
        assert session.scalars(select(UsageDay.count)).all() == [2]

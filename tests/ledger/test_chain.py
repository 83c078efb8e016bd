"""The ledger is one chain, and any changed byte of it is found."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from kaishu import ledger
from kaishu.access import Call, note
from kaishu.ledger import write_anchor
from kaishu.ledger.models import Entry


def write_some(call: Call, count: int = 5) -> None:
    for number in range(count):
        note(call, "test.act", ("thing", f"事物{number}"), 值=number, nested={"a": [1, None, "文"]})


def test_an_untouched_chain_holds(call: Call) -> None:
    write_some(call)
    verdict = ledger.verify(call.session)
    assert (verdict.ok, verdict.entries) == (True, 5)


@pytest.mark.parametrize(
    "column",
    ["actor_id", "actor_name", "action", "subject_kind", "subject_id", "request_id", "previous", "hash"],
)
def test_a_changed_column_is_found(call: Call, column: str) -> None:
    write_some(call)
    changed = f"UPDATE ledger_entry SET {column} = '!' || substr({column}, 2) WHERE number = 3"
    call.session.execute(text(changed))
    call.session.expire_all()
    verdict = ledger.verify(call.session)
    assert not verdict.ok
    assert verdict.broken_at in (3, 4)


TEXTS = [
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "action",
    "subject_kind",
    "subject_id",
    "request_id",
    "facts",
    "previous",
    "hash",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(TEXTS), st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_of_any_column_is_found(call: Call, column: str, place: int, flip: int) -> None:
    if call.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no bytes that are not text")
    write_some(call, 2)
    with call.session.begin_nested() as inside:
        raw = call.session.execute(
            text(f"SELECT CAST({column} AS BLOB) FROM ledger_entry ORDER BY number DESC LIMIT 1")
        ).scalar_one()
        changed = bytearray(raw)
        changed[place % len(changed)] ^= flip
        call.session.execute(
            text(
                f"UPDATE ledger_entry SET {column} = CAST(:changed AS TEXT) "
                "WHERE number = (SELECT max(number) FROM ledger_entry)"
            ),
            {"changed": bytes(changed)},
        )
        assert not ledger.verify(call.session).ok
        inside.rollback()
    assert ledger.verify(call.session).ok


def test_a_removed_entry_is_found(call: Call) -> None:
    write_some(call)
    call.session.execute(text("DELETE FROM ledger_entry WHERE number = 2"))
    assert (ledger.verify(call.session).ok, ledger.verify(call.session).broken_at) == (False, 2)


def test_a_cut_off_tail_is_found_by_the_anchor(call: Call) -> None:
    write_some(call)
    write_anchor(call.session)
    call.session.execute(text("DELETE FROM ledger_entry WHERE number = 5"))
    assert ledger.verify(call.session).reason == "cut-off"


def test_a_chain_written_anew_is_found_by_the_anchor(call: Call) -> None:
    write_some(call)
    write_anchor(call.session)
    call.session.execute(text("DELETE FROM ledger_entry"))
    call.session.expunge_all()
    note(call, "test.act", ("thing", "另一段历史"))
    write_some(call, 5)
    assert ledger.verify(call.session).reason == "rewritten"


def test_counted_reads_become_one_entry_each_kind(call: Call) -> None:
    for _ in range(7):
        ledger.tally(call.actor.row, "delivery.rows", ("dataset", "d1"), "json")
    ledger.tally(call.actor.row, "delivery.download", ("dataset", "d1"), "csv")
    assert ledger.flush_tallies(call.session) == 2
    counts = {entry.action: entry.facts["count"] for entry in call.session.query(Entry).all()}
    assert counts == {"delivery.rows": 7, "delivery.download": 1}
    assert ledger.verify(call.session).ok

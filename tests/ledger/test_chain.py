"""The ledger is one chain, and any changed byte of it is found."""

from __future__ import annotations

import json

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


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 127))
def test_any_changed_byte_of_the_facts_is_found(call: Call, place: int, flip: int) -> None:
    if call.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps JSON parsed; there are no bytes of it to flip")
    write_some(call, 2)
    number, facts = call.session.execute(
        text("SELECT number, facts FROM ledger_entry ORDER BY number DESC LIMIT 1")
    ).one()
    raw = bytearray(facts.encode())
    raw[place % len(raw)] ^= flip
    changed = bytes(raw).decode("utf-8", "replace")
    with call.session.begin_nested() as inside:
        call.session.execute(
            text("UPDATE ledger_entry SET facts = :facts WHERE number = :number"),
            {"facts": changed, "number": number},
        )
        call.session.expire_all()
        same = False
        try:
            same = json.loads(changed) == json.loads(facts)
            assert ledger.verify(call.session).ok is same
        except ValueError:
            pass  # no longer JSON: the database itself refuses to read it
        inside.rollback()
    call.session.expire_all()


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

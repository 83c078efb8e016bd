"""Facts are counted by themselves: every day, and once a harvest has changed something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kaishu import evaluation, harvest, jobs, ledger
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from kaishu.evaluation.facts import keeping
from kaishu.evaluation.facts.timing import due
from kaishu.evaluation.models import FactCollection, FactFrame
from kaishu.jobs import counting
from kaishu.queue.models import Task
from tests.harvest.conftest import add_file, dump, package, renew

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR, NONE = timedelta(hours=1), timedelta()


@pytest.mark.parametrize(
    ("begun", "took", "changed", "expected"),
    [
        (None, NONE, None, True),
        (NOON - HOUR, NONE, None, False),
        (NOON - 24 * HOUR, NONE, None, True),
        (NOON - HOUR, NONE, NOON - 2 * HOUR, False),
        (NOON - HOUR, NONE, NOON - HOUR / 2, True),
        (NOON - HOUR, HOUR / 10, NOON - HOUR / 2, False),
    ],
    ids=["never counted", "nothing changed", "a day", "changed before", "changed after", "a count is dear"],
)
def test_counting_is_due(
    begun: datetime | None, took: timedelta, changed: datetime | None, expected: bool
) -> None:
    assert due(begun, took, changed, NOON) is expected


def leave(name: str = "there") -> None:
    with session_scope() as session:
        harvest.leave(Call(session, TERMINAL, clock.now(), ids.new_id()), name, "run")


def datasets(by: str = "platform") -> float | None:
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        sheet = evaluation.sheet_shown(call, evaluation.kept_collection(call, by))
        return sheet.of(sheet.units[0].id if by != "catalogue" else "there", "datasets").value


def test_facts_follow_a_harvest_that_changed_something(home: Path, tmp_path: Path) -> None:
    assert not counting.leave_when_due(), "nothing is published"
    file = dump(tmp_path / "there.jsonl", [package(1), package(2)])
    add_file(file, "ckan-jsonl")
    leave()
    jobs.run_waiting()
    assert counting.leave_when_due() and not counting.leave_when_due(), "one waits already"
    jobs.run_waiting()
    assert (datasets(), datasets("catalogue")) == (2, 2) and not counting.leave_when_due()
    leave()
    jobs.run_waiting()
    assert not counting.leave_when_due(), "the source was as before"

    with session_scope() as session:
        # What counting took in a test says nothing of the rest after it.
        task = session.scalars(select(Task).where(Task.kind == "facts")).one()
        task.ended_at = task.started_at
    renew(dump(tmp_path / "there.jsonl", [package(number) for number in range(1, 6)]))
    leave()
    assert not counting.leave_when_due(), "the harvest waits, so counting does too"
    jobs.run_waiting()
    assert counting.leave_when_due()
    jobs.run_waiting()
    assert (datasets(), datasets("catalogue")) == (5, 5)
    with session_scope(write=False) as session:
        assert ledger.verify(session).ok


def test_who_asks_while_all_are_counted_waits_for_the_same_task(home: Path) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        left = evaluation.leave_all_facts(call)
        assert {evaluation.leave_facts(call, by).id for by in evaluation.SCOPES} == {left.id}
    jobs.run_waiting()
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        assert evaluation.counting(call, "office") is None
        assert evaluation.leave_facts(call, "office").id != left.id


def test_scopes_counted_together_share_rows_which_stay_as_long_as_one_needs_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WITH_ROWS", 1)
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        whole, _, office, _ = evaluation.keep_facts(call, *evaluation.measure_scopes(call))
        assert set(session.scalars(select(FactFrame.collection_id))) == {whole.id}
        evaluation.collect_facts(call, by="platform")
        assert evaluation.collected_facts(call, office.id).frames, "the departments still need them"
        evaluation.keep_facts(call, *evaluation.measure_scopes(call))
        assert not evaluation.collected_facts(call, office.id).frames
        assert len(set(session.scalars(select(FactFrame.collection_id)))) == 1
        assert session.scalar(select(func.count()).select_from(FactCollection)) == 9

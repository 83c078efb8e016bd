"""Work waits, is taken once, is taken again when its worker died, and says how far it is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from kaishu import queue
from kaishu.access import Call
from kaishu.base import clock
from kaishu.queue.models import Task


def test_a_task_is_taken_once_and_in_order(call: Call) -> None:
    first = queue.enqueue(call, "serve", {"n": 1})
    second = queue.enqueue(call, "serve", {"n": 2})
    taken = [queue.lease(call.session) for _ in range(3)]
    assert [task.id if task else None for task in taken] == [first.id, second.id, None]


def test_a_dead_workers_task_is_taken_again(call: Call) -> None:
    task = queue.enqueue(call, "serve", {})
    assert queue.lease(call.session) is not None
    assert not queue.anything_waiting(call.session)
    call.session.execute(
        update(Task).where(Task.id == task.id).values(leased_until=clock.now() - timedelta(seconds=1))
    )
    again = queue.lease(call.session)
    assert again is not None
    assert (again.id, again.tries) == (task.id, 2)


def test_a_passing_fault_is_tried_again_later_and_not_for_ever(call: Call) -> None:
    task = queue.enqueue(call, "serve", {})
    for number in range(5):
        call.session.execute(update(Task).where(Task.id == task.id).values(leased_until=None))
        leased = queue.lease(call.session)
        assert leased is not None
        queue.fail(call.session, leased, {"code": "x"}, again=True)
        assert leased.state == ("failed" if number == 4 else "waiting")


def test_a_lasting_fault_is_not_tried_again(call: Call) -> None:
    queue.enqueue(call, "serve", {})
    leased = queue.lease(call.session)
    assert leased is not None
    queue.fail(call.session, leased, {"code": "x"}, again=False)
    assert (leased.state, queue.lease(call.session)) == ("failed", None)


def test_a_task_that_kills_its_workers_is_given_up_with_a_reason(call: Call) -> None:
    task = queue.enqueue(call, "ingest", {})
    for _ in range(5):
        assert queue.lease(call.session) is not None
        call.session.execute(
            update(Task).where(Task.id == task.id).values(leased_until=clock.now() - timedelta(seconds=1))
        )
    assert queue.lease(call.session) is None
    assert (task.state, (task.error or {})["en"]["code"]) == ("failed", "queue.worker-died")

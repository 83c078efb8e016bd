"""The task ``quality-check``: a version is checked by the rules in force; and what comes round for orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from kaishu import catalogue, lake, quality
from kaishu.access import SYSTEM, Actor, Call
from kaishu.base import clock, ids
from kaishu.base.errors import NotFound
from kaishu.db import session_scope
from kaishu.jobs.reporting import reporter
from kaishu.lake.models import Version


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: table_id; version_id or "" for the newest; order_id of a claimed order, or "".

    No session is open while the rows are read.  The orders that the rules ask for are opened in the
    transaction that keeps the result.
    """
    return check_now(actor, task_id, payload, reporter(task_id))


def check_now(
    actor: Actor, request: str, payload: dict[str, Any], report: Callable[[int, int], None]
) -> dict[str, Any]:
    """The same, here and now."""
    order_id = payload.get("order_id", "")
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request)
        only = (quality.order_by_id(session, order_id)[0].rule_id,) if order_id else ()
        prepared = quality.prepare_check(
            call,
            payload["table_id"],
            lambda name: newest_of(call, name),
            version_id=payload.get("version_id", ""),
            only=only,
        )
    computed = quality.compute_check(prepared, report)
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request)
        kept = quality.keep_check(call, computed)
        opened = quality.open_orders_by_level(Call(session, SYSTEM, call.now, request), kept)
        state = ""
        if order_id:
            quality.conclude_recheck(call, order_id, kept)
            state = quality.order_by_id(session, order_id)[1].state
        return {
            "run": kept.id,
            "table": kept.table_id,
            "failing": kept.failing,
            "orders": len(opened),
            "order": order_id,
            "order_state": state,
        }


def newest_of(call: Call, name: str) -> Version:
    """The newest version of the first table of a dataset that rules refer to, if the actor may read it."""
    _, entry, _ = catalogue.readable_version(call, name)
    for version in lake.versions_of(call.session, str(entry.table_id)):
        if version.dropped_at is None:
            return version
    raise NotFound(kind="版本 version", name=name)


def leave_checks_when_due() -> int:
    """Leave a check for every table whose newest version has not been checked by the rules in force."""
    with session_scope(write=False) as session:
        tables = [each for each in quality.unchecked_tables(session) if not _tried(session, each)]
    for table_id in tables:
        with session_scope() as session:
            quality.leave_check(Call(session, SYSTEM, clock.now(), ids.new_id()), table_id)
    return len(tables)


def go_round_orders() -> None:
    """Reminders and escalations of orders; failing rows that are no longer kept."""
    with session_scope(write=False) as session:
        if not quality.books_in_force(session) and not quality.orders(session, limit=1):
            return
    with session_scope() as session:
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        quality.remind_and_escalate(call)
        quality.tidy_failing_rows(call)


def _tried(session: Session, table_id: str) -> bool:
    """Is a check under way, or did the last one fail since the newest version came and the rules changed?"""
    tasks = quality.checks_about(session, table_id, 1)
    if not tasks:
        return False
    if tasks[0].state in ("waiting", "running"):
        return True
    book = quality.book_in_force(session, table_id)
    versions = lake.versions_of(session, table_id)
    newest = max(versions[0].created_at, book.in_force_at) if book and book.in_force_at and versions else None
    return tasks[0].state == "failed" and newest is not None and tasks[0].created_at > newest

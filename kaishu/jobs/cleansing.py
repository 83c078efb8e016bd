"""The tasks of cleansing: a preview, a run that makes the next version, and the undoing of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kaishu import catalogue, lake, quality
from kaishu.access import Actor, Call
from kaishu.base import clock
from kaishu.db import session_scope
from kaishu.jobs.quality_checking import newest_of
from kaishu.jobs.reporting import reporter
from kaishu.lake.errors import VersionMoved
from kaishu.quality.models import CleansingRun

TRIES = 5
Report = Callable[[int, int], None]


def preview(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: table_id, plan_id.  What the plan would do to the newest version; nothing is written."""
    return preview_now(actor, task_id, payload, reporter(task_id))


def preview_now(actor: Actor, request: str, payload: dict[str, Any], report: Report) -> dict[str, Any]:
    """The same, here and now."""
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request)
        prepared = quality.prepare_cleansing(
            call,
            payload["table_id"],
            lambda name: newest_of(call, name),
            plan_id=payload["plan_id"],
        )
    return quality.preview_cleansing(prepared, report)


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: table_id, dataset (name).  The plan in force makes the table's next version from its newest.

    Rows are read and written before the write transaction is opened.  That transaction keeps version,
    record, run and the dataset's draft together.
    """
    return run_now(actor, task_id, payload, reporter(task_id))


def run_now(actor: Actor, request: str, payload: dict[str, Any], report: Report) -> dict[str, Any]:
    """The same, here and now.  A request that was carried out before is not carried out again."""
    return _carried_out(request) or _tried(lambda: _cleanse(actor, request, payload, report))


def undo(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload: run_id, dataset (name).  From the record of changes the rows before it come back, as a new
    version."""
    return undo_now(actor, task_id, payload, reporter(task_id))


def undo_now(actor: Actor, request: str, payload: dict[str, Any], report: Report) -> dict[str, Any]:
    """The same, here and now."""
    return _carried_out(request) or _undo(actor, request, payload, report)


def _cleanse(actor: Actor, request: str, payload: dict[str, Any], report: Report) -> dict[str, Any]:
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request)
        prepared = quality.prepare_cleansing(call, payload["table_id"], lambda name: newest_of(call, name))
    computed = quality.compute_cleansing(prepared, report)
    if computed.staged is None:
        return {"run": "", "version": prepared.base.number, "listed": computed.listed, "orders": 0}
    try:
        with session_scope() as session:
            call = Call(session, actor, clock.now(), request)
            kept = quality.keep_cleansing(call, request, computed)
            _show(call, kept, payload["dataset"])
            orders = quality.claim_cleansed_orders(call, kept)
            return {**_told(call, kept), "orders": len(orders)}
    except BaseException:
        computed.staged.drop()
        raise


def _undo(actor: Actor, request: str, payload: dict[str, Any], report: Report) -> dict[str, Any]:
    with session_scope(write=False) as session:
        prepared = quality.prepare_undo(Call(session, actor, clock.now(), request), payload["run_id"])
    computed = quality.compute_undo(prepared, report)
    try:
        with session_scope() as session:
            call = Call(session, actor, clock.now(), request)
            kept = quality.keep_undo(call, request, computed)
            _show(call, kept, payload["dataset"])
            return _told(call, kept)
    except BaseException:
        computed.staged.drop()
        raise


def _show(call: Call, kept: CleansingRun, dataset: str) -> None:
    """The dataset's draft shows the new version, as it would after a delivery; published is what was."""
    found = catalogue.dataset_by_name(call, dataset)
    version = lake.version_by_id(call.session, kept.version_id)
    for entry in catalogue.draft_resources(call, found):
        if entry.table_id == kept.table_id:
            catalogue.set_version(call, found.name, entry.id, version)


def _carried_out(request: str) -> dict[str, Any] | None:
    """What a run did whose worker died between its commit and the task's end."""
    with session_scope(write=False) as session:
        kept = session.get(CleansingRun, request)
        if kept is None:
            return None
        number = lake.version_by_id(session, kept.version_id).number
        return {"run": kept.id, "version": number, "listed": kept.listed, "orders": 0}


def _told(call: Call, kept: CleansingRun) -> dict[str, Any]:
    number = lake.version_by_id(call.session, kept.version_id).number
    return {"run": kept.id, "version": number, "listed": kept.listed}


def _tried(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    for _ in range(TRIES - 1):
        try:
            return act()
        except VersionMoved:
            continue  # a batch came meanwhile: cleansed is what the table has now
    return act()

"""Facts kept: values, queries and time, and the rows they came from, so that each can be counted again."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kaishu import queue
from kaishu.access import Call, Permission, allowed, note, require
from kaishu.base import ids
from kaishu.base.errors import NotFound
from kaishu.evaluation.facts import measuring, registry
from kaishu.evaluation.facts.model import FactSheet, FactUnit, Measured
from kaishu.evaluation.models import FactCollection, FactFrame
from kaishu.queue.models import Task

TASK, SUBJECT = "facts", "facts"

#: Of older collections of a scope only values, queries and times are kept.
WITH_ROWS = 12


def collect_facts(call: Call, names: Iterable[str] = (), by: str = "platform") -> FactCollection:
    """Measure facts and keep them with their rows.  Raises ``NoFact``, ``NoScope``."""
    require(call, Permission.evaluation_run)
    return keep_facts(call, measuring.measure_facts(call, names, by))


def keep_facts(call: Call, sheet: FactSheet) -> FactCollection:
    """Keep facts that were measured, with their rows."""
    require(call, Permission.evaluation_run)
    row = FactCollection(
        id=ids.new_id(), scope=sheet.by, at=sheet.at, actor=call.actor.name, sheet=_written(sheet)
    )
    call.session.add(row)
    call.session.flush()
    for name, frame in sheet.frames.items():
        body = io.BytesIO()
        frame.write_parquet(body, compression="zstd", statistics=False)
        call.session.add(
            FactFrame(collection_id=row.id, frame=name, body=base64.b64encode(body.getvalue()).decode())
        )
    _drop_old_rows(call, sheet.by)
    call.session.flush()
    counted = {"scope": sheet.by, "facts": len(sheet.facts), "units": len(sheet.units)}
    note(call, "evaluation.facts", ("facts", row.id), **counted)
    return row


def leave_facts(call: Call, by: str) -> Task:
    """Leave counting all facts of a scope to the worker; who asks while it waits gets the same task.

    Raises ``NoScope``.
    """
    require(call, Permission.evaluation_run)
    measuring.check_scope(by)
    known = counting(call, by)
    if known is not None and known.state != "failed":
        return known
    return queue.enqueue(call, TASK, {"by": by}, (SUBJECT, by))


def counting(call: Call, by: str) -> Task | None:
    """The newest task that counts this scope, unless it is done; for those who may count."""
    if not allowed(call, Permission.evaluation_run):
        return None
    found = queue.tasks_about(call.session, SUBJECT, by, 1)
    return next((task for task in found if task.state != "done"), None)


def fact_collections(call: Call, by: str = "", limit: int = 50) -> Sequence[FactCollection]:
    """Collections of facts, newest first."""
    require(call, Permission.evaluation_run)
    query = select(FactCollection)
    if by:
        query = query.where(FactCollection.scope == by)
    return call.session.scalars(query.order_by(FactCollection.id.desc()).limit(limit)).all()


def collected_facts(call: Call, id: str) -> FactSheet:
    """A kept collection as it was measured, with its rows as far as they are kept.  Raises ``NotFound``."""
    require(call, Permission.evaluation_run)
    row = call.session.get(FactCollection, id)
    if row is None:
        raise NotFound(kind="事实采集 collection of facts", name=id)
    return sheet_of(call.session, row)


def sheet_of(session: Session, row: FactCollection, frames: Collection[str] | None = None) -> FactSheet:
    """The same, with the rows of these frames only; facts that are known no more are left out."""
    import polars as pl

    wanted = select(FactFrame).where(FactFrame.collection_id == row.id)
    bodies = session.scalars(wanted if frames is None else wanted.where(FactFrame.frame.in_(frames)))
    held = {each.frame: pl.read_parquet(io.BytesIO(base64.b64decode(each.body))) for each in bodies}
    facts = registry.facts_called(name for name in row.sheet["facts"] if name in registry.all_facts())
    units = tuple(FactUnit(*each) for each in row.sheet["units"])
    values = {
        (unit.id, fact.name): Measured(fact, *row.sheet["values"][fact.name][place])
        for fact in facts
        for place, unit in enumerate(units)
    }
    return FactSheet(row.scope, row.at, facts, units, values, row.sheet["left_out"], held)


def fact_course(
    call: Call, fact: str, unit: str, by: str = "platform", limit: int = 50
) -> list[tuple[datetime, float | None]]:
    """A fact of a unit over the collections, oldest first.  Raises ``NoFact``."""
    registry.fact(fact)
    found = []
    for row in fact_collections(call, by, limit):
        places = [each[0] for each in row.sheet["units"]]
        if unit in places and fact in row.sheet["values"]:
            found.append((row.at, row.sheet["values"][fact][places.index(unit)][0]))
    return found[::-1]


def _written(sheet: FactSheet) -> dict[str, object]:
    return {
        "facts": [each.name for each in sheet.facts],
        "queries": {each.name: each.query(sheet.by) for each in sheet.facts},
        "units": [[each.id, each.zh, each.en] for each in sheet.units],
        "values": {
            each.name: [
                [found.value, found.rows] for found in (sheet.of(unit.id, each.name) for unit in sheet.units)
            ]
            for each in sheet.facts
        },
        "left_out": sheet.left_out,
    }


def _drop_old_rows(call: Call, by: str) -> None:
    newest = select(FactCollection.id).where(FactCollection.scope == by)
    kept = call.session.scalars(newest.order_by(FactCollection.id.desc()).limit(WITH_ROWS)).all()
    old = select(FactCollection.id).where(FactCollection.scope == by, FactCollection.id.not_in(kept))
    call.session.execute(delete(FactFrame).where(FactFrame.collection_id.in_(old)))

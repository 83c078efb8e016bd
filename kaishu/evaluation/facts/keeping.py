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
from kaishu.evaluation.facts.model import SCOPES, FactSheet, FactUnit, Measured
from kaishu.evaluation.models import FactCollection, FactFrame
from kaishu.queue.models import Task

TASK, SUBJECT = "facts", "facts"
#: What is counted by where all scopes are counted together.
EVERY = "every"
_ROWS_OF = "rows_of"

#: Of older collections of a scope only values, queries and times are kept.
WITH_ROWS = 12


def collect_facts(call: Call, names: Iterable[str] = (), by: str = "platform") -> FactCollection:
    """Measure facts and keep them with their rows.  Raises ``NoFact``, ``NoScope``."""
    require(call, Permission.evaluation_run)
    return keep_facts(call, measuring.measure_facts(call, names, by))[0]


def keep_facts(call: Call, *sheets: FactSheet) -> list[FactCollection]:
    """Keep facts that were measured; scopes that were measured together share their rows."""
    require(call, Permission.evaluation_run)
    kept: list[FactCollection] = []
    for sheet in sheets:
        shared = kept[0].id if kept and sheet.frames is sheets[0].frames else ""
        row = FactCollection(
            id=ids.new_id(),
            scope=sheet.by,
            at=sheet.at,
            actor=call.actor.name,
            sheet=_written(sheet) | ({_ROWS_OF: shared} if shared else {}),
        )
        call.session.add(row)
        call.session.flush()
        if not shared:
            _keep_rows(call, row, sheet)
        counted = {"scope": sheet.by, "facts": len(sheet.facts), "units": len(sheet.units)}
        note(call, "evaluation.facts", ("facts", row.id), **counted)
        kept.append(row)
    _drop_old_rows(call)
    call.session.flush()
    return kept


def _keep_rows(call: Call, row: FactCollection, sheet: FactSheet) -> None:
    for name, frame in sheet.frames.items():
        body = io.BytesIO()
        frame.write_parquet(body, compression="zstd", statistics=False)
        call.session.add(
            FactFrame(collection_id=row.id, frame=name, body=base64.b64encode(body.getvalue()).decode())
        )


def leave_facts(call: Call, by: str) -> Task:
    """Leave counting all facts of a scope to the worker; who asks while it waits gets the same task.

    Raises ``NoScope``.
    """
    require(call, Permission.evaluation_run)
    measuring.check_scope(by)
    return _leave(call, by)


def leave_all_facts(call: Call) -> Task:
    """The same for every scope, read once."""
    require(call, Permission.evaluation_run)
    return _leave(call, EVERY)


def _leave(call: Call, by: str) -> Task:
    known = counting(call, by)
    if known is not None and known.state != "failed":
        return known
    return queue.enqueue(call, TASK, {"by": by}, (SUBJECT, by))


def counting(call: Call, by: str) -> Task | None:
    """The newest task that counts this scope, unless it is done; for those who may count."""
    if not allowed(call, Permission.evaluation_run):
        return None
    found = [task for name in {by, EVERY} for task in queue.tasks_about(call.session, SUBJECT, name, 1)]
    newest = max(found, key=lambda task: task.id, default=None)
    return newest if newest is not None and newest.state != "done" else None


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

    wanted = select(FactFrame).where(FactFrame.collection_id == row.sheet.get(_ROWS_OF, row.id))
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


def _drop_old_rows(call: Call) -> None:
    """Rows stay as long as one of the newest collections of any scope is told from them."""
    needed: set[str] = set()
    for by in SCOPES:
        newest = select(FactCollection).where(FactCollection.scope == by)
        kept = call.session.scalars(newest.order_by(FactCollection.id.desc()).limit(WITH_ROWS))
        needed |= {row.sheet.get(_ROWS_OF, row.id) for row in kept}
    call.session.execute(delete(FactFrame).where(FactFrame.collection_id.not_in(needed)))

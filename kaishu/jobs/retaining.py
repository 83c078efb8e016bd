"""Retention by the clock: what rules would drop is proposed; after a person's word, files are removed."""

from __future__ import annotations

from typing import Any

from kaishu import catalogue, lake
from kaishu.access import SYSTEM, Actor, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope


def run(task_id: str, actor: Actor, payload: dict[str, Any]) -> dict[str, Any]:
    """The task ``clear-dropped``.  Payload: table_id.  Removes what no version needs any more."""
    with session_scope() as session:
        call = Call(session, actor, clock.now(), task_id)
        return {"table": payload["table_id"], "bytes": lake.clear_dropped(call, payload["table_id"])}


def propose_all() -> int:
    """Work out for every table with a rule what it would drop; the number of proposals that wait."""
    with session_scope(write=False) as session:
        tables = lake.tables_with_rule(session)
    waiting = 0
    for table_id in tables:
        with session_scope() as session:
            call = Call(session, SYSTEM, clock.now(), ids.new_id())
            table = lake.table_by_id(session, table_id)
            published = lake.Retention.from_dict(table.retention or {}).published
            held = catalogue.held_versions(session, table_id, published=published)
            waiting += lake.propose_disposal(call, table, held) is not None
    return waiting

"""Rows of a version, asked for by people and programs."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.delivery.copies import Copy, drop_copy, forget_copy, open_copy, serving_place
from kaishu.delivery.paths import Found, page, quick_way
from kaishu.delivery.query import RowQuery
from kaishu.lake.models import Version
from kaishu.ledger import tally

_building: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page: ``columns`` [{name, type}], ``rows`` of plain values, ``total`` and ``next`` or None.

    Dates and moments are ISO 8601 text, as written in the table (no zone is made up).
    """

    columns: list[dict[str, str]]
    rows: list[tuple[Any, ...]]
    total: int | None
    next: str | None


def build_serving_copy(
    call: Call, version_id: str, progress: Callable[[int, int], None] | None = None
) -> Path:
    """Make the copy that rows are served from, or keep the one that is there.  ``progress``: (done, rows).

    It holds nothing that the version does not, so it leaves no ledger row and needs no write session.
    """
    from kaishu.lake import version_by_id

    require(call, Permission.delivery_rows)
    version = version_by_id(call.session, version_id)
    if open_copy(version.id, version.columns) is None:
        _build(call.session, version, progress)
    return serving_place(version_id)


def drop_serving_copy(call: Call, version_id: str) -> bool:
    """Remove a version's copy to save room; it is made again when needed.  False if there was none."""
    require(call, Permission.dataset_withdraw)
    dropped = drop_copy(version_id)
    if dropped:
        note(call, "delivery.copy.drop", ("version", version_id))
    return dropped


def query_rows(call: Call, version: Version, query: RowQuery, *, subject: str = "") -> RowPage:
    """A page of rows.  ``subject`` is the id of the dataset for which the read is counted, empty for none."""
    found = _asked(call, version, query, subject)
    flags = [n for n, column in enumerate(found.columns) if column.type == "boolean"]
    width = len(found.columns)
    rows = [tuple(row[:width]) for row in found.rows]
    if flags:
        rows = [tuple(_truth(v) if n in flags else v for n, v in enumerate(row)) for row in rows]
    return RowPage([{"name": c.name, "type": c.type} for c in found.columns], rows, found.total, found.next)


def rows_json(call: Call, version: Version, query: RowQuery, *, subject: str = "") -> bytes:
    """The same page as JSON: {"columns": [{name, type}], "rows": [{name: value}], "total", "next"}."""
    found = _asked(call, version, query, subject)
    names = [column.name for column in found.columns]
    flags = [column.name for column in found.columns if column.type == "boolean"]
    rows = [dict(zip(names, row, strict=False)) for row in found.rows]
    for name in flags:
        for row in rows:
            row[name] = _truth(row[name])
    return orjson.dumps(
        {
            "columns": [{"name": c.name, "type": c.type} for c in found.columns],
            "rows": rows,
            "total": found.total,
            "next": found.next,
        }
    )


def fast_plan(version: Version, query: RowQuery) -> bool:
    """Is the answer a few milliseconds away, so that it may be made on the event loop's own thread?

    False where a scan is needed or the copy is still to be made: then ask in a worker thread.
    """
    copy = open_copy(version.id, version.columns)
    if copy is None:
        return False
    return quick_way(copy, query) is not None


def copy_of(session: Session, version: Version) -> Copy:
    """The version's copy, made now if it is missing; whoever asks meanwhile waits for it."""
    copy = open_copy(version.id, version.columns)
    if copy is None:
        _build(session, version, None)
        copy = open_copy(version.id, version.columns)
        assert copy is not None
    return copy


def _asked(call: Call, version: Version, query: RowQuery, subject: str) -> Found:
    require(call, Permission.delivery_rows)
    found = page(copy_of(call.session, version), query)
    if subject:
        tally(call.actor.row, "delivery.rows", ("dataset", subject), "json")
    return found


def _build(session: Session, version: Version, progress: Callable[[int, int], None] | None) -> None:
    from kaishu.delivery.workshop import make_copy
    from kaishu.lake import open_version

    with _building[version.id]:
        if open_copy(version.id, version.columns) is None:
            forget_copy(version.id)
            make_copy(version, open_version(version), serving_place(version.id), progress)
    _building.pop(version.id, None)


def _truth(value: Any) -> bool | None:
    return None if value is None else value == 1

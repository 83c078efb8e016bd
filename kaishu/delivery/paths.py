"""The way to a page of rows: along an index, through a small table, or by a scan of the needed columns."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.page import BadCursor, decode_cursor, encode_cursor
from kaishu.delivery.columns import ID, Column
from kaishu.delivery.copies import Copy
from kaishu.delivery.errors import BadParameter
from kaishu.delivery.filters import Group
from kaishu.delivery.query import RowQuery
from kaishu.delivery.statements import DUCKDB, NOTHING, SQLITE, Part, after, condition, keys, order, where

FEW = 5_000  # rows that may be looked at one by one on the event loop's thread
_DRIVING = frozenset({"eq", "in", "lt", "le", "gt", "ge", "startswith", "isnull"})
_probes: OrderedDict[tuple[Any, ...], int] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Found:
    """A page as it comes: values as kept, ``total`` None if not counted, ``next`` the next page's key."""

    columns: tuple[Column, ...]
    rows: list[Any]
    total: int | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Drive:
    """How the index is used: ``key`` is the column whose index finds the rows, None for all rows in order."""

    key: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A paging key taken apart."""

    total: int | None
    values: list[Any]


def quick_way(copy: Copy, query: RowQuery) -> Drive | None:
    """The way that takes a few milliseconds at most; None if only a scan can answer."""
    if copy.small:
        return Drive(None, None)
    if query.search or query.distinct or query.limit > FEW:
        return None
    if not query.filters:
        return Drive(None, copy.rows) if _in_order(copy, query) else None
    if (query.offset or 0) > FEW:
        return None
    return _driver(copy, query)


def page(copy: Copy, query: RowQuery) -> Found:
    """The page that the query asks for, by the cheapest way."""
    if query.distinct and query.columns and ID not in query.columns:
        return _distinct(copy, query)
    drive = quick_way(copy, query)
    return _scanned(copy, query) if drive is None else _indexed(copy, query, drive)


def _in_order(copy: Copy, query: RowQuery) -> bool:
    """Without a filter: does an index give the order, and is the page near its beginning?"""
    sorted_by = keys(copy.columns, query)
    first = sorted_by[0][0].key
    if first == ID:
        return True
    if len(sorted_by) > 2 or sorted_by[-1][0].key != ID or first not in copy.indexed:
        return False
    return (query.offset or 0) <= FEW and (query.cursor is None or copy.nulls[first] == 0)


def _driver(copy: Copy, query: RowQuery) -> Drive | None:
    """The column whose conditions leave the fewest rows, if these are few."""
    by_key: dict[str, list[Any]] = {}
    for filter_ in query.filters:
        if isinstance(filter_, Group):
            continue
        key = copy.columns.named(filter_.column).key
        if filter_.op in _DRIVING and (key == ID or key in copy.indexed):
            by_key.setdefault(key, []).append(filter_)
    best: tuple[int, str] | None = None
    for key, filters in by_key.items():
        parts = [condition(filter_, key, SQLITE) for filter_ in filters]
        count = _probe(copy, " AND ".join(sql for sql, _ in parts), sum((v for _, v in parts), ()))
        if count <= FEW and (best is None or count < best[0]):
            best = count, key
    if best is None:
        return None
    alone = len(by_key[best[1]]) == len(query.filters)
    return Drive(best[1], best[0] if alone else None)


def _probe(copy: Copy, sql: str, values: tuple[Any, ...]) -> int:
    """How many rows, counted no further than needed; remembered, as a version never changes."""
    asked = (copy.place, sql, values)
    known = _probes.get(asked)
    if known is None:
        limited = f"SELECT 1 FROM data WHERE {sql} LIMIT {FEW + 1}"  # noqa: S608
        known = copy.read(f"SELECT count(*) FROM ({limited})", values)[0][0]  # noqa: S608
        _probes[asked] = known
        while len(_probes) > 4096:
            _probes.popitem(last=False)
    return int(known)


def _indexed(copy: Copy, query: RowQuery, drive: Drive) -> Found:
    sorted_by = keys(copy.columns, query)
    cursor = _cursor(query, sorted_by)
    chosen = copy.columns.chosen(query.columns)
    offset, extra = query.offset or 0, NOTHING
    if cursor is not None:
        extra, offset = _after(copy, sorted_by, cursor.values, drive, bool(query.filters)), 0
    elif offset and drive == Drive(None, copy.rows) and sorted_by[0][0].key == ID and _no_gap(copy):
        extra, offset = _skipped(copy, sorted_by[0][1], offset), 0
    searched, values = where(copy.columns, query, SQLITE, driver=drive.key, extra=extra)
    plain = "+" if drive.key else ""
    listed = ", ".join([c.key for c in chosen] + [c.key for c, _ in sorted_by])
    rows = copy.read(
        f"SELECT {listed} FROM data{searched}{order(sorted_by, plain=plain)} LIMIT ? OFFSET ?",  # noqa: S608
        (*values, query.limit + 1, offset),
    )
    total = None
    if query.count:
        total = cursor.total if cursor is not None and cursor.total is not None else drive.total
        if total is None:
            total = _counted(copy, query, drive)
    return _found(query, chosen, sorted_by, rows, total)


def _counted(copy: Copy, query: RowQuery, drive: Drive) -> int:
    searched, values = where(copy.columns, query, SQLITE, driver=drive.key)
    if not searched:
        return copy.rows
    return int(copy.read(f"SELECT count(*) FROM data{searched}", values)[0][0])  # noqa: S608


def _after(
    copy: Copy, sorted_by: Sequence[tuple[Column, bool]], values: list[Any], drive: Drive, filtered: bool
) -> Part:
    """Behind the last row; as a row comparison where an index is walked, so that it starts at the place."""
    if filtered or copy.small:
        return after(sorted_by, values, SQLITE)
    sign = "<" if sorted_by[0][1] else ">"
    if len(sorted_by) == 1:
        return f"_id {sign} ?", tuple(values)
    return f"({sorted_by[0][0].key}, _id) {sign} (?, ?)", tuple(values)


def _no_gap(copy: Copy) -> bool:
    """Rows that were deleted from a table leave gaps in ``_id``."""
    return bool(copy.read("SELECT max(_id) FROM data", ())[0][0] == copy.rows)


def _skipped(copy: Copy, down: bool, offset: int) -> Part:
    """Where ``_id`` counts from 1 without a gap, a number of rows is skipped by a comparison."""
    return ("_id <= ?", (copy.rows - offset,)) if down else ("_id > ?", (offset,))


def _scanned(copy: Copy, query: RowQuery) -> Found:
    """Count and the page's ``_id`` from the columns that matter, then the rows themselves by ``_id``."""
    sorted_by = keys(copy.columns, query)
    cursor = _cursor(query, sorted_by)
    chosen = copy.columns.chosen(query.columns)
    extra = after(sorted_by, cursor.values, DUCKDB) if cursor else NOTHING
    searched, values = where(copy.columns, query, DUCKDB, extra=extra)
    narrowed = bool(query.filters or query.search)
    counting = query.count and narrowed and not (cursor and cursor.total is not None)
    over = ", count(*) OVER ()" if counting and not cursor else ""
    listed = ", ".join(c.key for c, _ in sorted_by)
    rows = copy.scan(
        f"SELECT {listed}{over} FROM {{data}}{searched}{order(sorted_by)} LIMIT ? OFFSET ?",  # noqa: S608
        (*values, query.limit + 1, 0 if cursor else query.offset or 0),
    )
    total = cursor.total if cursor and cursor.total is not None else copy.rows
    if counting and rows and over:
        total = rows[0][-1]
    elif counting:
        searched, values = where(copy.columns, query, DUCKDB)
        total = copy.scan(f"SELECT count(*) FROM {{data}}{searched}", values)[0][0]  # noqa: S608
    width = len(sorted_by)
    tails = [row[:width] for row in rows]
    bodies = by_ids(copy, chosen, [tail[width - 1] for tail in tails[: query.limit]])
    whole = [body + tail for body, tail in zip(bodies, tails, strict=False)] + tails[len(bodies) :]
    return _found(query, chosen, sorted_by, whole, total if query.count else None)


def by_ids(copy: Copy, chosen: Sequence[Column], ids: Sequence[int]) -> list[Any]:
    """Rows by ``_id`` in the order given."""
    if not ids:
        return []
    listed = ", ".join(f"d.{c.key}" for c in chosen)
    sql = f"SELECT {listed} FROM json_each(?) AS k CROSS JOIN data AS d ON d._id = k.value ORDER BY k.key"  # noqa: S608
    return copy.read(sql, (json.dumps(list(ids)),))


def _distinct(copy: Copy, query: RowQuery) -> Found:
    chosen = copy.columns.chosen(query.columns)
    for name, _ in query.sort:
        if copy.columns.named(name) not in chosen:
            raise BadParameter(
                parameter="sort", value=name, wanted_zh="所选的列之一", wanted_en="one of the chosen columns"
            )
    given = tuple((copy.columns.named(name), down) for name, down in query.sort)
    sorted_by = given + tuple((c, False) for c in chosen if c not in {g for g, _ in given})
    dialect = SQLITE if copy.small else DUCKDB
    searched, values = where(copy.columns, query, dialect)
    table = "data" if copy.small else "{data}"
    listed = ", ".join(c.key for c in chosen)
    inner = f"SELECT DISTINCT {listed} FROM {table}{searched}"  # noqa: S608
    read = copy.read if copy.small else copy.scan
    rows = read(
        f"SELECT {listed} FROM ({inner}) AS d{order(sorted_by)} LIMIT ? OFFSET ?",  # noqa: S608
        (*values, query.limit, query.offset or 0),
    )
    total = read(f"SELECT count(*) FROM ({inner}) AS d", values)[0][0] if query.count else None  # noqa: S608
    return Found(chosen, rows, total, None)


def _found(
    query: RowQuery,
    chosen: tuple[Column, ...],
    sorted_by: Sequence[tuple[Column, bool]],
    rows: list[Any],
    total: int | None,
) -> Found:
    following = None
    if len(rows) > query.limit > 0:
        last = rows[query.limit - 1]
        following = encode_cursor([_mark(query), total, *last[len(chosen) :]])
    return Found(chosen, rows[: query.limit], total, following)


def _cursor(query: RowQuery, sorted_by: Sequence[tuple[Column, bool]]) -> Cursor | None:
    """The paging key, checked: it must be of this query, and hold values that its columns could hold."""
    from kaishu.delivery.values import kept

    if query.cursor is None:
        return None
    mark, total, *values = decode_cursor(query.cursor, 2 + len(sorted_by))
    counted = total is None or (isinstance(total, int) and not isinstance(total, bool) and total >= 0)
    fits = all(kept(column, value) for (column, _), value in zip(sorted_by, values, strict=True))
    if mark != _mark(query) or not counted or not fits or values[-1] is None:
        raise BadCursor(cursor=query.cursor)
    return Cursor(total, values)


def _mark(query: RowQuery) -> str:
    said = repr((query.filters, query.sort, query.search))
    return hashlib.blake2s(said.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()

"""SQL of a query for the two engines.  Column names are the copy's own, every value is a bound parameter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.delivery.columns import ID, ID_COLUMN, Column, Columns
from kaishu.delivery.filters import Filter, Group
from kaishu.delivery.query import RowQuery

Part = tuple[str, tuple[Any, ...]]
NOTHING: Part = ("", ())


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where SQLite and DuckDB say the same thing differently; ``plain`` keeps an index from being used."""

    same: str
    other: str
    contains: str
    plain: str


SQLITE = Dialect("{} IS ?", "{} IS NOT ?", "instr({}, ?) > 0", "+")
DUCKDB = Dialect("{} IS NOT DISTINCT FROM ?", "{} IS DISTINCT FROM ?", "contains({}, ?)", "")

_SIMPLE = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def condition(filter_: Filter, name: str, dialect: Dialect) -> Part:
    """One filter as SQL about ``name``."""
    op, value = filter_.op, filter_.value
    if op in _SIMPLE:
        return f"{name} {_SIMPLE[op]} ?", (value,)
    if op == "ne":
        return dialect.other.format(name), (value,)
    if op == "in":
        return f"{name} IN ({', '.join('?' * len(value))})" if value else "1 = 0", value
    if op == "contains":
        return (dialect.contains.format(name), (value,)) if value else (f"{name} IS NOT NULL", ())
    if op == "startswith":
        return _startswith(name, value)
    return (f"{name} IS NULL" if op == "isnull" else f"{name} IS NOT NULL"), ()


def where(
    columns: Columns,
    query: RowQuery,
    dialect: Dialect,
    *,
    driver: str | None = None,
    extra: Part = NOTHING,
) -> Part:
    """All conditions with the word WHERE; only those on ``driver`` (if given) may use an index."""
    parts = []
    for filter_ in query.filters:
        parts.append(_either(columns, filter_, dialect, driver))
    for word in words(query):
        parts.append((dialect.contains.format("words"), (word,)))
    if extra[0]:
        parts.append(extra)
    if not parts:
        return NOTHING
    return f" WHERE {' AND '.join(f'({sql})' for sql, _ in parts)}", _joined(parts)


def _either(columns: Columns, filter_: Filter | Group, dialect: Dialect, driver: str | None) -> Part:
    if isinstance(filter_, Group):
        parts = [_either(columns, part, dialect, driver) for part in filter_.parts]
        return f" {filter_.op.upper()} ".join(f"({sql})" for sql, _ in parts), _joined(parts)
    key = columns.named(filter_.column).key
    bare = driver is None or key == driver
    return condition(filter_, key if bare else dialect.plain + key, dialect)


def words(query: RowQuery) -> list[str]:
    """Words of the search, lower case."""
    return query.search.lower().split()[:20] if query.search else []


def keys(columns: Columns, query: RowQuery) -> tuple[tuple[Column, bool], ...]:
    """Sort keys to the end: after ``_id`` nothing is equal any more, so it closes the list.

    It goes the way of the last key, so that an index can be walked backwards.
    """
    found: list[tuple[Column, bool]] = []
    for name, down in query.sort:
        found.append((columns.named(name), down))
        if name == ID:
            return tuple(found)
    return (*found, (ID_COLUMN, found[-1][1] if found else False))


def order(sorted_by: Iterable[tuple[Column, bool]], *, plain: str = "") -> str:
    """ORDER BY with missing values smallest in both engines."""
    parts = [f"{plain}{c.key} {'DESC NULLS LAST' if down else 'ASC NULLS FIRST'}" for c, down in sorted_by]
    return f" ORDER BY {', '.join(parts)}" if parts else ""


def after(sorted_by: Sequence[tuple[Column, bool]], values: Sequence[Any], dialect: Dialect) -> Part:
    """Rows that stand behind the one with these sort values; never by an index."""
    chains: list[Part] = []
    equal: list[Part] = []
    for (column, down), value in zip(sorted_by, values, strict=True):
        name = dialect.plain + column.key
        beyond = _beyond(name, down, value)
        if beyond is not None:
            chain = [*equal, beyond]
            chains.append((" AND ".join(f"({sql})" for sql, _ in chain), _joined(chain)))
        equal.append((dialect.same.format(name), (value,)))
    if not chains:
        return "1 = 0", ()
    return " OR ".join(f"({sql})" for sql, _ in chains), _joined(chains)


def _beyond(name: str, down: bool, value: Any) -> Part | None:
    if value is None:
        return None if down else (f"{name} IS NOT NULL", ())
    if down:
        return f"{name} < ? OR {name} IS NULL", (value,)
    return f"{name} > ?", (value,)


def _startswith(name: str, prefix: str) -> Part:
    """A range over the code points, which an index understands and both engines order alike."""
    if not prefix:
        return f"{name} IS NOT NULL", ()
    for end in range(len(prefix), 0, -1):
        code = ord(prefix[end - 1])
        if code < 0x10FFFF:
            following = chr(0xE000 if code == 0xD7FF else code + 1)
            return f"{name} >= ? AND {name} < ?", (prefix, prefix[: end - 1] + following)
    return f"{name} >= ?", (prefix,)


def _joined(parts: Iterable[Part]) -> tuple[Any, ...]:
    return tuple(value for _, values in parts for value in values)

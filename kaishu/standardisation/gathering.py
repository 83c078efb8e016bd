"""The rows of all sources as one table of clean values.

Table ``rows``: ``_id`` (from 0, by content and not by place, so that the order of a file changes nothing),
``_source`` (number), ``_row`` (from 1), ``_handle`` (name of the row that lasts), ``_when`` (microseconds),
a text column for every field, ``_key0``, ``_key1``, … (a key's values where all of them can be trusted).
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu import lake
from kaishu.base.errors import Said
from kaishu.quality.errors import Problem
from kaishu.standardisation.conversions import converted, literal, moment, recoded, trusted, written
from kaishu.standardisation.errors import BadMapping
from kaishu.standardisation.mapping import Mapping, Source
from kaishu.standardisation.workspace import named

if TYPE_CHECKING:
    import duckdb

    from kaishu.lake import TableData

EXAMPLES = 3
#: A longer name of a row is not taken for one.
LONGEST_HANDLE = 200


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Values of a field that could not be read as their kind; ``examples`` are [{row, value}]."""

    source: str
    field: str
    count: int
    examples: list[dict[str, Any]]


def check_columns(mapping: Mapping, tables: Sequence[TableData]) -> None:
    """Raise ``BadMapping`` for columns that a source does not have."""
    problems = []
    for place, (source, data) in enumerate(zip(mapping.sources, tables, strict=True), 1):
        known = [str(column["name"]) for column in data.columns]
        problems += check_column_names(source, f"sources[{place}]", known)
    if problems:
        raise BadMapping(mapping.file, problems)


def check_column_names(source: Source, path: str, known: list[str]) -> list[Problem]:
    """A problem for each column that is not among those ``known``."""
    wanted = [(each.column, each.line, f"fields.{name}") for name, each in source.columns.items()]
    wanted += [(source.id, source.lines.get("id", 0), "id")] if source.id else []
    wanted += [(source.updated, source.lines.get("updated", 0), "updated")] if source.updated else []
    return [
        Problem(line, f"{path}.{key}", _missing(source, column, known))
        for column, line, key in wanted
        if column not in known
    ]


def gather(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, tables: Sequence[TableData]
) -> list[Unreadable]:
    """Make the table ``rows``; tells what could not be read."""
    parts = []
    unreadable = []
    for place, (source, data) in enumerate(zip(mapping.sources, tables, strict=True)):
        view = f"_in{place}"
        _open(connection, view, mapping, source, data)
        unreadable += _unreadable(connection, view, mapping, source)
        fields = ", ".join(
            f"{_value(name, source.columns[name].kind)} AS {named(name)}"
            if name in source.columns
            else f"CAST(NULL AS VARCHAR) AS {named(name)}"
            for name in mapping.fields
        )
        parts.append(f"SELECT {place} AS _source, _row, _own, _when, {fields} FROM {view}")  # noqa: S608
    content = ", ".join(f"coalesce({named(name)}, '')" for name in mapping.fields)
    content = f"md5(concat_ws(chr(31), {content}, coalesce(_when, 0)))"
    connection.execute(f"CREATE TABLE clean AS {' UNION ALL '.join(parts)}")
    for place in range(len(parts)):
        connection.execute(f"DROP TABLE _in{place}")
    keys = "".join(f", {_key(mapping, key)} AS _key{place}" for place, key in enumerate(mapping.keys))
    own = f"CASE WHEN length(_own) <= {LONGEST_HANDLE} THEN _own END"
    # Rows that are alike in everything are told apart by their number among themselves.
    connection.execute(
        f"""CREATE TABLE rows AS
        SELECT row_number() OVER (ORDER BY _source, _name, _content, _row) - 1 AS _id,
            CASE WHEN _nth > 1 THEN concat(_name, '#', _nth) ELSE _name END AS _handle,
            * EXCLUDE (_own, _content, _name, _nth){keys}
        FROM (SELECT *, coalesce({own}, _content[1:16]) AS _name,
                row_number() OVER (PARTITION BY _source, _name ORDER BY _content, _row) AS _nth
            FROM (SELECT *, {content} AS _content FROM clean))"""  # noqa: S608
    )
    connection.execute("DROP TABLE clean")
    return unreadable


def _open(
    connection: duckdb.DuckDBPyConnection, view: str, mapping: Mapping, source: Source, data: TableData
) -> None:
    inner, row = _rows_of(connection, f"_data{view}", data)
    own = written(named(source.id)) if source.id else "CAST(NULL AS VARCHAR)"
    when = moment(named(source.updated)) if source.updated else "CAST(NULL AS BIGINT)"
    columns = "".join(
        f", {recoded(written(named(each.column)), each.values)} AS {named('_' + name)}"
        for name, each in source.columns.items()
    )
    connection.execute(
        f"CREATE TABLE {view} AS SELECT {row} AS _row, {own} AS _own, {when} AS _when{columns} FROM {inner}"  # noqa: S608
    )


def _rows_of(connection: duckdb.DuckDBPyConnection, name: str, data: TableData) -> tuple[str, str]:
    """What to select from, and the number of a row in it.

    The lake's own form numbers its rows, some of which may be gone; a file read where it lies is one file.
    """
    if isinstance(data, lake.VersionData):
        lake.make_view(connection, name, data.layers)
        return named(name), "_id"
    files = ", ".join(literal(str(file)) for file in data.files)
    inner = f"read_parquet([{files}], file_row_number = true)"
    return inner, "_id" if len(data.files) > 1 else "file_row_number + 1"


def _value(name: str, kind: str) -> str:
    return converted(named("_" + name), kind)


def _key(mapping: Mapping, key: tuple[str, ...]) -> str:
    parts = [trusted(named(name), mapping.entity.fields[name].kind) for name in key]
    there = " AND ".join(f"({part}) IS NOT NULL" for part in parts)
    return f"CASE WHEN {there} THEN concat_ws(chr(31), {', '.join(parts)}) END"


def _unreadable(
    connection: duckdb.DuckDBPyConnection, view: str, mapping: Mapping, source: Source
) -> list[Unreadable]:
    found = []
    for name, column in source.columns.items():
        if column.kind not in ("date", "number"):
            continue
        wrong = f"{named('_' + name)} IS NOT NULL AND {_value(name, column.kind)} IS NULL"
        count = _one(connection, f"SELECT count(*) FROM {view} WHERE {wrong}")  # noqa: S608
        if count:
            sql = f"SELECT _row, {named('_' + name)} FROM {view} WHERE {wrong} ORDER BY _row LIMIT {EXAMPLES}"  # noqa: S608
            examples = [{"row": row, "value": value} for row, value in connection.execute(sql).fetchall()]
            found.append(Unreadable(source.name, name, count, examples))
    return found


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _missing(source: Source, column: str, known: list[str]) -> Said:
    near = difflib.get_close_matches(column, known, 1, 0.5)
    listed = "、".join(known[:12])
    return Said(
        f"“{source.place}”没有“{column}”列；" + (f"是不是“{near[0]}”？" if near else f"有：{listed}"),
        f'"{source.place}" has no column "{column}"; '
        + (f'did you mean "{near[0]}"?' if near else f"it has {listed}"),
    )

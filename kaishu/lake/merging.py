"""Rows of a delivery found in the table by their key: what is new, changed, gone, and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.lake.engine import FILE, ROW, named, quoted, spilling_views
from kaishu.lake.layers import Layer
from kaishu.lake.update import Update

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

_MEMORY = "512MB"
_ID = named("_id")
_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Doubt:
    """A delivered row that was not applied: ``row`` counts the delivery's rows from 1."""

    row: int
    reason: str
    text: str
    facts: dict[str, Any]


@dataclass(slots=True)
class Change:
    """What a delivery does to a table.  ``gone`` maps the number of a layer to positions in it."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    unknown: int = 0
    kept_missing: bool = False
    doubts: list[Doubt] = field(default_factory=list)
    gone: dict[int, np.ndarray[Any, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Merge:
    """One merge at work: ``change`` is complete from the start, ``rows`` streams what is to be written."""

    change: Change
    connection: duckdb.DuckDBPyConnection
    sql: str

    def rows(self) -> Iterator[pa.RecordBatch]:
        """New and changed rows with their ``_id``, ascending."""
        yield from self.connection.execute(self.sql).to_arrow_reader(_AT_ONCE)


class Merging:
    """Compares a delivery, in Parquet files with its rows numbered in ``_id``, with a table.

    A context: its working space is on the disk while it is open.  ``complete`` says that no row of the
    delivery was set aside; otherwise rows missing from a full delivery are kept.
    """

    def __init__(
        self,
        table: Sequence[Layer],
        arrived: Sequence[Path],
        update: Update,
        columns: Sequence[str],
        *,
        rows: int,
        next_id: int,
        complete: bool,
    ) -> None:
        self._views = {"arrived": [Layer(path) for path in arrived]}
        if table:
            self._views["data"] = list(table)
        self._update, self._columns = update, [named(column) for column in columns]
        self._key = [named(column) for column in update.key]
        self._rows, self._next_id, self._complete = rows, next_id, complete
        self._context: Any = None

    def __enter__(self) -> Merge:
        self._context = spilling_views(self._views, _MEMORY, placed=("data",))
        connection = self._context.__enter__()
        try:
            if "data" not in self._views:
                extra = f"0 AS {named(FILE)}, 0 AS {named(ROW)}"
                connection.execute(f"CREATE VIEW data AS SELECT *, {extra} FROM arrived WHERE false")  # noqa: S608
            self._find(connection)
            change = self._counted(connection)
            change.doubts = self._doubts(connection)
            change.gone = _positions(connection)
        except BaseException:
            self._context.__exit__(None, None, None)
            raise
        return Merge(change, connection, self._written())

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    def _find(self, connection: duckdb.DuckDBPyConnection) -> None:
        keys = ", ".join(self._key)
        connection.execute(
            "CREATE TEMP TABLE doubtful (row BIGINT, reason VARCHAR, other BIGINT);"  # noqa: S608
            f"CREATE TEMP TABLE chosen AS SELECT {_ID} AS row, {self._operation()} AS gone,"
            f" ({' OR '.join(f'{key} IS NULL' for key in self._key)}) AS keyless FROM arrived;"
            "INSERT INTO doubtful SELECT row, 'key-missing', NULL FROM chosen WHERE keyless;"
            "INSERT INTO doubtful SELECT row, 'operation-unknown', NULL FROM chosen"
            " WHERE gone IS NULL AND NOT keyless;"
            "DELETE FROM chosen WHERE keyless OR gone IS NULL"
        )
        several = (
            f"SELECT {keys}, min({_ID}) AS a, max({_ID}) AS z FROM arrived"  # noqa: S608
            " SEMI JOIN chosen ON arrived._id = chosen.row"
            f" GROUP BY {keys} HAVING count(*) > 1"
        )
        same = " AND ".join(f"d.{key} = t.{key}" for key in self._key)
        twice = f"SELECT d.{_ID} AS row, t.a, t.z FROM arrived AS d JOIN ({several}) AS t ON {same}"  # noqa: S608
        twice = f"SELECT * FROM ({twice}) SEMI JOIN chosen USING (row)"  # noqa: S608
        if self._update.mode == "changes":
            # In order: the last operation on a key says how its row stands afterwards.
            connection.execute(f"DELETE FROM chosen WHERE row IN (SELECT row FROM ({twice}) WHERE row < z)")  # noqa: S608
        else:
            connection.execute(
                "INSERT INTO doubtful SELECT row, 'key-twice', CASE WHEN row = a THEN z ELSE a END"  # noqa: S608
                f" FROM ({twice});"
                "DELETE FROM chosen WHERE row IN (SELECT row FROM doubtful)"
            )
        self._match(connection)

    def _match(self, connection: duckdb.DuckDBPyConnection) -> None:
        same = " AND ".join(f"a.{key} = d.{key}" for key in self._key)
        others = [column for column in self._columns if column not in self._key]
        alike = " AND ".join(f"a.{column} IS NOT DISTINCT FROM d.{column}" for column in others) or "true"
        connection.execute(
            f"CREATE TEMP TABLE matched AS SELECT a.{_ID} AS row, d.{_ID} AS id, d.{named(FILE)} AS file,"  # noqa: S608
            f" d.{named(ROW)} AS place, ({alike}) AS alike, c.gone AS gone"
            f" FROM arrived AS a JOIN chosen AS c ON a.{_ID} = c.row JOIN data AS d ON {same};"
            "INSERT INTO doubtful SELECT row, 'key-twice-in-table', min(id) FROM matched"
            " GROUP BY row HAVING count(*) > 1;"
            "DELETE FROM matched WHERE row IN (SELECT row FROM doubtful);"
            "DELETE FROM chosen WHERE row IN (SELECT row FROM doubtful);"
            "CREATE TEMP TABLE lost (file INTEGER, place BIGINT)"
        )
        if self._update.full and self._complete:
            connection.execute(
                f"INSERT INTO lost SELECT d.{named(FILE)}, d.{named(ROW)} FROM data AS d"  # noqa: S608
                f" ANTI JOIN arrived AS a ON {same}"
                f" WHERE {' AND '.join(f'd.{key} IS NOT NULL' for key in self._key)}"
            )

    def _operation(self) -> str:
        """True where the row is to be deleted, false where it is to be there, null where nobody knows."""
        if not self._update.marker:
            return "false"
        marker = f"lower(trim(CAST({named(self._update.marker)} AS VARCHAR)))"
        gone = f"{marker} IN ({_listed(self._update.removed)})"
        if not self._update.written:
            return f"coalesce({gone}, false)"
        return f"CASE WHEN {gone} THEN true WHEN {marker} IN ({_listed(self._update.written)}) THEN false END"

    def _counted(self, connection: duckdb.DuckDBPyConnection) -> Change:
        updated, deleted = _one(
            connection,
            "SELECT count(*) FILTER (NOT gone AND NOT alike), count(*) FILTER (gone) FROM matched",
        )
        (lost,) = _one(connection, "SELECT count(*) FROM lost")
        new, unknown = _one(
            connection,
            "SELECT count(*) FILTER (NOT gone), count(*) FILTER (gone) FROM chosen"
            " ANTI JOIN matched USING (row)",
        )
        deleted += lost
        unchanged = self._rows - updated - deleted
        kept = self._update.full and not self._complete
        return Change(new, updated, deleted, unchanged, unknown, kept)

    def _doubts(self, connection: duckdb.DuckDBPyConnection) -> list[Doubt]:
        text = f"to_json(struct_pack({', '.join(f'{c} := a.{c}' for c in self._columns)}))"
        key = f"concat_ws('、', {', '.join(f'a.{key}' for key in self._key)})"
        found = connection.execute(
            f"SELECT f.row, f.reason, f.other, {key}, CAST({text} AS VARCHAR) FROM doubtful AS f"  # noqa: S608
            f" JOIN arrived AS a ON a.{_ID} = f.row ORDER BY f.row, f.reason"
        ).fetchall()
        return [
            Doubt(row, reason, text, {"key": key[:100], "row": row, "other": other})
            for row, reason, other, key, text in found
        ]

    def _written(self) -> str:
        columns = ", ".join(f"a.{column}" for column in self._columns)
        first = self._next_id - 1
        return (
            f"SELECT m.id AS {_ID}, {columns} FROM matched AS m JOIN arrived AS a ON a.{_ID} = m.row"  # noqa: S608
            " WHERE NOT m.gone AND NOT m.alike UNION ALL"
            f" SELECT {first} + n.place, {columns} FROM arrived AS a JOIN"
            " (SELECT row, row_number() OVER (ORDER BY row) AS place FROM chosen"
            "  ANTI JOIN matched USING (row) WHERE NOT gone) AS n"
            f" ON a.{_ID} = n.row ORDER BY 1"
        )


def _positions(connection: duckdb.DuckDBPyConnection) -> dict[int, Any]:
    import numpy as np

    found = connection.execute(
        "SELECT file, place FROM matched WHERE gone OR NOT alike UNION ALL SELECT file, place FROM lost"
        " ORDER BY file, place"
    ).fetchnumpy()
    files, places = np.asarray(found["file"]), np.asarray(found["place"], np.int64)
    return {int(number): places[files == number] for number in np.unique(files)}


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return tuple(int(each) for each in row)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(quoted(value) for value in values) or "NULL"

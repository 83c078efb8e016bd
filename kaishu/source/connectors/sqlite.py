"""A SQLite file of this machine, opened for reading only."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kaishu.source.addresses import checked_path
from kaishu.source.connectors.kind import (
    MOST_TABLES,
    Fetched,
    FoundColumn,
    FoundTable,
    Kind,
    Option,
    Place,
    Wanted,
    chosen,
    table_named,
)
from kaishu.source.connectors.spooling import row_batches, spool
from kaishu.source.errors import SourceRefuses, SourceUnreachable

if TYPE_CHECKING:
    import pyarrow as pa


#: How long rows of all tables together are counted.
COUNT_SECONDS = 3.0


class SQLite:
    """One file."""

    def __init__(self, place: Place) -> None:
        self.place = place
        path = checked_path(place.option("path"))
        self.name = path.name
        with self._speaking():
            # Connectors are opened by one thread and may be closed by another.
            self.connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro", uri=True, timeout=10, check_same_thread=False
            )
            self.connection.execute("PRAGMA query_only = 1")
            self.connection.text_factory = lambda raw: raw.decode("utf-8", "replace")

    def tables(self) -> list[FoundTable]:
        """Tables and views, with the rows of as many as can be counted in ``COUNT_SECONDS``."""
        found = self._tables()
        end = time.monotonic() + COUNT_SECONDS
        self.connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        try:
            return [
                replace(each, rows=rows, exact=rows is not None) for each, rows in self._counted(found, end)
            ]
        finally:
            self.connection.set_progress_handler(None, 0)

    def _counted(self, found: list[FoundTable], end: float) -> Iterator[tuple[FoundTable, int | None]]:
        for each in found:
            rows = None
            if time.monotonic() < end:
                with suppress(sqlite3.Error):  # took too long, or a view that cannot be read
                    asked = f"SELECT count(*) FROM {_quoted(each.name)}"  # noqa: S608 - quoted
                    rows = int(self.connection.execute(asked).fetchone()[0])
            yield each, rows

    def _tables(self) -> list[FoundTable]:
        with self._speaking():
            names = self.connection.execute(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' "
                "ORDER BY name LIMIT ?",
                (MOST_TABLES,),
            ).fetchall()
            return [FoundTable(name, self._columns(name)) for (name,) in names]

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns in their order, with the types that were declared."""
        return table_named(self._tables(), table).columns

    def read(self, wanted: Wanted) -> Iterator[pa.RecordBatch]:
        """Rows as Arrow batches."""
        with self._speaking():
            yield from self._rows(wanted, self._schema(wanted))

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """Into a Parquet file."""
        with self._speaking():
            schema = self._schema(wanted)
            return spool(self._rows(wanted, schema), schema, wanted, folder)

    def query(self, sql: str, limit: int, seconds: int) -> tuple[list[str], list[list[Any]]]:
        """The first rows of a query, stopped after so many seconds."""
        end = time.monotonic() + seconds
        with self._speaking():
            self.connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
            cursor = self.connection.execute(sql)
            rows = [list(row) for row in cursor.fetchmany(limit)]
            return [each[0] for each in cursor.description or ()], rows

    def close(self) -> None:
        """Shut the file."""
        self.connection.close()

    def _columns(self, table: str) -> tuple[FoundColumn, ...]:
        rows = self.connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        return tuple(FoundColumn(name, type or "any") for name, type in rows)

    def _schema(self, wanted: Wanted) -> pa.Schema:
        """What the values are, not what was declared: SQLite stores any kind in any column."""
        import pyarrow as pa

        columns = chosen(table_named(self._tables(), wanted.table), wanted)
        asked = ", ".join(
            f"max(typeof({c}) IN ('text', 'blob')), max(typeof({c}) = 'real'), max(typeof({c}) = 'integer')"
            for c in (_quoted(column.name) for column in columns)
        )
        found = self.connection.execute(f"SELECT {asked} FROM {_quoted(wanted.table)}").fetchone()  # noqa: S608
        types = []
        for i in range(len(columns)):
            texts, reals, whole = found[3 * i : 3 * i + 3]
            plain = pa.float64() if reals else pa.int64() if whole else pa.string()
            types.append(pa.string() if texts else plain)
        return pa.schema([(column.name, type) for column, type in zip(columns, types, strict=True)])

    def _rows(self, wanted: Wanted, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        sql = f"SELECT {', '.join(map(_quoted, schema.names))} FROM {_quoted(wanted.table)}"  # noqa: S608
        given: tuple[Any, ...] = ()
        if wanted.marker and wanted.since:
            import pyarrow as pa

            number = not pa.types.is_string(schema.field(wanted.marker).type)
            given = (float(wanted.since) if number and "." in wanted.since else wanted.since,)
            sql += f" WHERE {_quoted(wanted.marker)} > {'CAST(? AS NUMERIC)' if number else '?'}"
        yield from row_batches(iter(self.connection.execute(sql, given)), schema)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            said = self.place.plain(error)
            wrong = SourceUnreachable if "lock" in said or "open" in said else SourceRefuses
            raise wrong(place=self.name, reason=said) from None
        except sqlite3.Error as error:
            raise SourceRefuses(place=self.name, reason=self.place.plain(error)) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


KIND = Kind(
    "sqlite",
    "SQLite 文件",
    "SQLite file",
    (Option("path", "文件路径（在许可的文件夹里）", "Path, in a folder that is allowed", needed=True),),
    SQLite,
    virtual=True,
)

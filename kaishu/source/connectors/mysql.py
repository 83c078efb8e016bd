"""MySQL and MariaDB: rows stream from the server, never held there or here as a whole."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.source.addresses import checked_host
from kaishu.source.connectors.database import Database, server_options
from kaishu.source.connectors.kind import (
    MOST_COLUMNS,
    Fetched,
    FoundColumn,
    FoundTable,
    Kind,
    Option,
    Place,
    Wanted,
    needed,
)
from kaishu.source.connectors.spooling import row_batches, spool
from kaishu.source.errors import SourceRefuses, SourceUnreachable

if TYPE_CHECKING:
    import pyarrow as pa

PORT = 3306
#: Codes of the server that mean no: account, database, table, column, right, syntax.
_REFUSED = {1044, 1045, 1049, 1054, 1064, 1142, 1143, 1146, 1227, 1290, 1698, 1792}
_SQL = """
SELECT c.TABLE_NAME, t.TABLE_ROWS, c.COLUMN_NAME, c.COLUMN_TYPE
FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
  ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION LIMIT %s
"""


class MySQL(Database):
    """One connection that may only read."""

    def __init__(self, place: Place) -> None:
        super().__init__(place, PORT)
        self._driver = needed("pymysql", "pymysql", "mysql")
        self._cursors = needed("pymysql.cursors", "pymysql", "mysql")
        address = checked_host(self.host, self.port)
        with self._speaking():
            self.connection = self._driver.connect(
                host=self.host,
                user=place.option("user"),
                password=place.secret.get("password", "").encode(),
                database=place.option("database"),
                charset="utf8mb4",
                read_timeout=120,
                write_timeout=30,
                local_infile=False,
                defer_connect=True,
                **({"ssl_verify_identity": True} if place.option("tls") == "yes" else {}),
            )
            # The name is for the certificate only; the connection goes to the address that was checked.
            self.connection.connect(socket.create_connection((address, self.port), timeout=10))
            with self.connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")
                cursor.execute("SET time_zone = '+00:00'")

    def look(self) -> list[FoundTable]:
        """Tables and views of the database."""
        with self._speaking(), self.connection.cursor() as cursor:
            cursor.execute(_SQL, (MOST_COLUMNS,))
            found: dict[str, tuple[int | None, list[FoundColumn]]] = {}
            for table, rows, column, type in cursor.fetchall():
                found.setdefault(table, (rows, []))[1].append(FoundColumn(column, _word(type)))
        return [FoundTable(name, tuple(cols), rows) for name, (rows, cols) in found.items()]

    def read(self, wanted: Wanted) -> Iterator[pa.RecordBatch]:
        """Rows as Arrow batches."""
        table, columns = self.wanted(wanted)
        schema = _schema(columns)
        with self._speaking(), self._streaming() as cursor:
            sql = f"SELECT {', '.join(_asked(each) for each in columns)} FROM {_quoted(table.name)}"  # noqa: S608
            if wanted.marker and wanted.since:
                cursor.execute(f"{sql} WHERE {_quoted(wanted.marker)} > %s", (wanted.since,))
            else:
                cursor.execute(sql)
            yield from row_batches(_mended(cursor, schema), schema)

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """Into a Parquet file."""
        _, columns = self.wanted(wanted)
        return spool(self.read(wanted), _schema(columns), wanted, folder)

    def query(self, sql: str, limit: int, seconds: int) -> tuple[list[str], list[list[Any]]]:
        """The first rows of a query, stopped by the server after so many seconds."""
        with self._speaking():
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT VERSION()")
                maria = "mariadb" in str(cursor.fetchone()[0]).lower()
                said = (
                    f"max_statement_time = {seconds}" if maria else f"max_execution_time = {seconds * 1000}"
                )
                cursor.execute(f"SET SESSION {said}")
            stream = self.connection.cursor(self._cursors.SSCursor)
            stream.execute(sql)
            rows = [list(row) for row in stream.fetchmany(limit)]
            names = [each[0] for each in stream.description]
        return names, rows

    def close(self) -> None:
        """Hang up, without waiting for rows that are still on their way."""
        self.connection._force_close()

    @contextmanager
    def _streaming(self) -> Iterator[Any]:
        """A cursor whose rows come as they are read."""
        cursor = self.connection.cursor(self._cursors.SSCursor)
        try:
            yield cursor
        except (self._driver.MySQLError, OSError):
            # Closing waits for the last row, and there is nobody at the other end any more.
            if cursor._result is not None:
                cursor._result.unbuffered_active = False
            cursor.connection = None
            raise
        finally:
            cursor.close()

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Errors of the driver as ours, without any secret."""
        try:
            yield
        except (self._driver.MySQLError, OSError) as error:
            number = error.args[0] if error.args else 0
            reason = self.place.plain(str(error.args[1]) if len(error.args) > 1 else error)
            wrong = SourceRefuses if number in _REFUSED else SourceUnreachable
            raise wrong(place=self.name, reason=reason) from None


def _word(type: Any) -> str:
    return type.decode() if isinstance(type, bytes) else str(type)


def _decimal(type: str) -> tuple[int, int]:
    digits = type.partition("(")[2].partition(")")[0].split(",")
    return (int(digits[0]), int(digits[1]) if len(digits) > 1 else 0) if digits[0].isdecimal() else (99, 0)


def _asked(column: FoundColumn) -> str:
    quoted = _quoted(column.name)
    if _kind(column.type) == "number" and column.type.startswith("decimal"):
        return f"{quoted} + 0e0 AS {quoted}"
    return quoted


def _kind(type: str) -> str:
    """Our type for one of the server's."""
    word = type.partition("(")[0].partition(" ")[0]
    if word == "bigint" and "unsigned" in type:
        return "text"
    if word in ("tinyint", "smallint", "mediumint", "int", "bigint", "year"):
        return "integer"
    if word in ("float", "double") or (word == "decimal" and _decimal(type)[0] <= 15):
        return "number"
    return {"date": "date", "datetime": "datetime", "timestamp": "datetime"}.get(word, "text")


def _schema(columns: Sequence[FoundColumn]) -> pa.Schema:
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us"),
        "text": pa.string(),
    }
    return pa.schema([(column.name, types[_kind(column.type)]) for column in columns])


def _mended(rows: Iterator[Sequence[Any]], schema: pa.Schema) -> Iterator[Sequence[Any]]:
    """The server's zero dates, which are no dates, come as text: they are missing values."""
    import pyarrow as pa

    places = [i for i, each in enumerate(schema) if pa.types.is_temporal(each.type)]
    if not places:
        yield from rows
        return
    for row in rows:
        if any(row[i] is not None and not isinstance(row[i], date | datetime) for i in places):
            mended = list(row)
            for i in places:
                mended[i] = row[i] if isinstance(row[i], date | datetime) else None
            yield mended
        else:
            yield row


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


KIND = Kind(
    "mysql",
    "MySQL 或 MariaDB 数据库",
    "MySQL or MariaDB database",
    server_options(PORT, Option("tls", "必须加密（yes）", "TLS needed (yes)")),
    MySQL,
    virtual=True,
)

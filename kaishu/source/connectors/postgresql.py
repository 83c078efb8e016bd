"""PostgreSQL and what speaks its language, by ADBC: COPY in binary form, straight to Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

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
from kaishu.source.connectors.spooling import spool
from kaishu.source.errors import SourceRefuses, SourceUnreachable

if TYPE_CHECKING:
    import pyarrow as pa

PORT = 5432
#: Types that arrive as our own; all others are asked for as text, so that nothing is rounded or lost.
_PLAIN = {
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "bool",
    "date",
    "timestamp",
    "timestamptz",
    "text",
    "varchar",
    "bpchar",
    "name",
}
#: What a server says before it hangs up that is over after a while.
_PASSING = ("starting up", "shutting down", "too many", "terminating", "remaining connection", "recovery")
_SQL = """
SELECT n.nspname, c.relname, c.reltuples::bigint, a.attname, format_type(a.atttypid, a.atttypmod), t.typname,
       a.atttypmod
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg_toast%' AND n.nspname NOT LIKE 'pg_temp%'
  AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum LIMIT {most}
"""


class PostgreSQL(Database):
    """One connection that may only read."""

    def __init__(self, place: Place) -> None:
        super().__init__(place, PORT)
        self._casts: dict[tuple[str, str], str] = {}
        driver = needed("adbc_driver_postgresql.dbapi", "adbc-driver-postgresql", "postgres")
        with self._speaking():
            self.connection = driver.connect(_uri(place, self.host, self.port))

    def read(self, wanted: Wanted) -> Iterator[pa.RecordBatch]:
        """Rows as Arrow batches."""
        with self._reader(wanted) as reader:
            yield from reader

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """Into a Parquet file."""
        with self._reader(wanted) as reader:
            return spool(reader, reader.schema, wanted, folder)

    def query(self, sql: str, limit: int, seconds: int) -> tuple[list[str], list[list[Any]]]:
        """The first rows of a query, stopped by the server after so many seconds."""
        with self._speaking(), self.connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {int(seconds) * 1000}")
            cursor.execute(sql)
            rows = [list(row) for row in cursor.fetchmany(limit)]
            return [each[0] for each in cursor.description], rows

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    @contextmanager
    def _reader(self, wanted: Wanted) -> Iterator[pa.RecordBatchReader]:
        sql = self._select(*self.wanted(wanted), wanted)
        with self._speaking(), self.connection.cursor() as cursor:
            cursor.execute(sql)
            yield cursor.fetch_record_batch()

    def _select(self, table: FoundTable, columns: tuple[FoundColumn, ...], wanted: Wanted) -> str:
        parts = [self._casts[(table.name, column.name)] for column in columns]
        schema, _, name = table.name.partition(".")
        sql = f"SELECT {', '.join(parts)} FROM {_quoted(schema)}.{_quoted(name)}"  # noqa: S608 - all quoted
        if wanted.marker and wanted.since:
            type = next(column.type for column in columns if column.name == wanted.marker)
            sql += f" WHERE {_quoted(wanted.marker)} > {_literal(wanted.since)}::{type}"
        return sql

    def look(self) -> list[FoundTable]:
        """Tables and views of all schemas but the server's own."""
        with self._speaking(), self.connection.cursor() as cursor:
            cursor.execute(_SQL.format(most=MOST_COLUMNS))
            rows = cursor.fetchall()
        found: dict[str, tuple[int, list[FoundColumn]]] = {}
        for schema, table, guess, column, type, short, modifier in rows:
            name = f"{schema}.{table}"
            found.setdefault(name, (guess, []))[1].append(FoundColumn(column, type))
            self._casts[(name, column)] = _cast(column, short, modifier)
        return [
            FoundTable(name, tuple(columns), guess if guess >= 0 else None)
            for name, (guess, columns) in found.items()
        ]

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Errors of the driver as ours, without any secret."""
        driver = needed("adbc_driver_manager", "adbc-driver-postgresql", "postgres")
        try:
            yield
        except driver.Error as error:
            raise self._error(error) from None
        except (OSError, ValueError) as error:
            # In the middle of a stream the driver speaks through Arrow, whose errors are Python's own.
            if "[libpq]" not in str(error):
                raise
            raise self._error(error) from None

    def _error(self, error: Exception) -> SourceRefuses | SourceUnreachable:
        reason, state = self.place.plain(error), getattr(error, "sqlstate", None) or ""
        said_no = "FATAL: " in reason and not any(word in reason for word in _PASSING)
        refused = state[:2] in ("22", "25", "28", "3D", "42") or said_no
        return (SourceRefuses if refused else SourceUnreachable)(place=self.name, reason=reason)


def _uri(place: Place, host: str, port: int) -> str:
    address = checked_host(host, port)
    account = quote(place.option("user"), safe="")
    if place.secret.get("password"):
        account += ":" + quote(place.secret["password"], safe="")
    said = {
        "hostaddr": address,
        "connect_timeout": "10",
        "application_name": "kaishu",
        "sslmode": place.option("sslmode", "prefer"),
        "options": "-c default_transaction_read_only=on -c standard_conforming_strings=on -c TimeZone=UTC",
        "keepalives_idle": "30",
        "tcp_user_timeout": "60000",
    }
    bracketed = f"[{host}]" if ":" in host else host
    database = quote(place.option("database"), safe="")
    return f"postgresql://{account}@{bracketed}:{port}/{database}?{urlencode(said, quote_via=quote)}"


def _cast(column: str, short: str, modifier: int) -> str:
    quoted = _quoted(column)
    if short in _PLAIN:
        return quoted
    if short == "numeric" and modifier >= 4:
        precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
        if scale == 0 and precision <= 18:
            return f"{quoted}::int8 AS {quoted}"
        if precision <= 15 and scale <= precision:
            return f"{quoted}::float8 AS {quoted}"
    return f"{quoted}::text AS {quoted}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''").replace("\x00", "") + "'"


KIND = Kind(
    "postgresql",
    "PostgreSQL 数据库",
    "PostgreSQL database",
    server_options(
        PORT,
        Option("sslmode", "加密方式（prefer、require、verify-full）", "TLS: prefer, require or verify-full"),
    ),
    PostgreSQL,
    virtual=True,
)

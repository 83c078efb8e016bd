"""Any other database for which SQLAlchemy has a dialect, by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    InterfaceError,
    NoSuchModuleError,
    NoSuchTableError,
    OperationalError,
    SQLAlchemyError,
)

from kaishu.source.addresses import checked_host
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
)
from kaishu.source.connectors.spooling import ROWS, row_batches, spool
from kaishu.source.errors import (
    ExtraMissing,
    NoSuchRemoteTable,
    SourceRefuses,
    SourceUnreachable,
    SourceUnreadable,
)

if TYPE_CHECKING:
    import pyarrow as pa

#: Dialects that connect to a host and open no file; the port each listens on.
PORTS = {
    "postgresql": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "oracle": 1521,
    "mssql": 1433,
    "dm": 5236,
    "kingbase": 54321,
    "opengauss": 5432,
    "gaussdb": 8000,
    "clickhouse": 8123,
    "hana": 30015,
    "db2": 50000,
}
#: What may stand behind the question mark; anything else could lead to another host or a file.
_ASKED = {"charset", "service_name", "sslmode", "driver", "encrypt"}


class AnySQL:
    """One connection."""

    def __init__(self, place: Place) -> None:
        self.place = place
        url = _url(place)
        self.name = f"{url.get_backend_name()} {url.host}"
        port = url.port or PORTS[url.get_backend_name()]
        pinned = url.set(host=checked_host(url.host or "", port), port=port)
        try:
            self.engine = sa.create_engine(
                pinned, poolclass=sa.NullPool, hide_parameters=True, isolation_level=None
            )
        except (ImportError, NoSuchModuleError):
            raise ExtraMissing(package=f"{url.drivername} (SQLAlchemy)", extra="postgres,mysql") from None
        with self._speaking():
            self.connection = self.engine.connect().execution_options(stream_results=True, yield_per=ROWS)
            self.inspector = sa.inspect(self.engine)

    def tables(self) -> list[FoundTable]:
        """Tables and views of the account's own schema."""
        with self._speaking():
            names = sorted({*self.inspector.get_table_names(), *self.inspector.get_view_names()})
            return [FoundTable(name, self.columns(name)) for name in names[:MOST_TABLES]]

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns in their order."""
        try:
            with self._speaking():
                found = self.inspector.get_columns(table)
        except NoSuchTableError:
            raise NoSuchRemoteTable(kind="表 table", name=table[:300]) from None
        return tuple(FoundColumn(each["name"], str(each["type"])) for each in found)

    def read(self, wanted: Wanted) -> Iterator[pa.RecordBatch]:
        """Rows as Arrow batches."""
        table, schema = self._table(wanted)
        query = sa.select(*(table.c[name] for name in schema.names))
        if wanted.marker and wanted.since:
            marker = table.c[wanted.marker]
            query = query.where(marker > sa.cast(sa.literal(wanted.since), marker.type))
        with self._speaking():
            rows: Any = self.connection.execute(query)
            yield from row_batches(iter(rows), schema)

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """Into a Parquet file."""
        return spool(self.read(wanted), self._table(wanted)[1], wanted, folder)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()
        self.engine.dispose()

    def _table(self, wanted: Wanted) -> tuple[sa.Table, pa.Schema]:
        import pyarrow as pa

        found = FoundTable(wanted.table, self.columns(wanted.table))
        names = [column.name for column in chosen(found, wanted)]
        with self._speaking():
            table = sa.Table(wanted.table, sa.MetaData(), autoload_with=self.engine, resolve_fks=False)
        return table, pa.schema([(name, _arrow(table.c[name].type)) for name in names])

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except NoSuchTableError:
            raise
        except (OperationalError, InterfaceError) as error:
            raise SourceUnreachable(place=self.name, reason=self.place.plain(_cause(error))) from None
        except SQLAlchemyError as error:
            raise SourceRefuses(place=self.name, reason=self.place.plain(_cause(error))) from None


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "orig", None) or error


def _url(place: Place) -> sa.URL:
    try:
        url = make_url(place.option("url"))
    except (ArgumentError, ValueError):
        raise SourceUnreadable(
            place="url", reason="地址写法不对", reason_en="it is not well-formed"
        ) from None
    if url.password:
        raise SourceUnreadable(
            place="url",
            reason="口令请填在口令一栏",
            reason_en="the password belongs in the field for it",
        )
    if url.get_backend_name() not in PORTS or not url.host or set(url.query) - _ASKED:
        raise SourceUnreadable(
            place=url.drivername,
            reason=f"只认有主机名的 {', '.join(PORTS)}",
            reason_en=f"only {', '.join(PORTS)} with a host are known",
        )
    return url.set(password=place.secret.get("password") or None)


def _arrow(type: Any) -> Any:
    import pyarrow as pa

    if isinstance(type, sa.Boolean):
        return pa.bool_()
    if isinstance(type, sa.Integer):
        return pa.int64()
    if isinstance(type, sa.Float):
        return pa.float64()
    if isinstance(type, sa.DateTime) and not type.timezone:
        return pa.timestamp("us")
    return pa.date32() if isinstance(type, sa.Date) else pa.string()


KIND = Kind(
    "sql",
    "其他数据库（SQLAlchemy 地址）",
    "Another database, by SQLAlchemy URL",
    (
        Option("url", "地址，如 oracle+oracledb://user@host/?service_name=x", "URL", needed=True),
        Option("password", "口令", "Password", secret=True),
    ),
    AnySQL,
)

"""Runs a checked statement in an engine of its own that reaches the asked tables' files and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaishu.access import Call, Permission, require
from kaishu.base import settings
from kaishu.delivery.errors import QueryTooSlow, SqlFailed
from kaishu.delivery.sql.naming import distinct
from kaishu.delivery.sql.parsing import Statement, parse
from kaishu.lake.models import Version
from kaishu.ledger import tally

if TYPE_CHECKING:
    import duckdb

MOST_ROWS = 32_000
MEMORY = "256MB"
DETAIL = 300
SMALLEST = -(2**63)  # of the whole numbers that programs keep exactly
_turn = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A table that a name stood for: its version, and the id of the dataset whose read is counted."""

    version: Version
    subject: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``columns`` [{name, type}] in the lake's types, no name twice; plain rows; was some left out?"""

    columns: list[dict[str, str]]
    rows: list[tuple[Any, ...]]
    truncated: bool


def query_sql(call: Call, text: str, find: Callable[[str], Asked], most_rows: int = MOST_ROWS) -> Answer:
    """The rows of one SELECT over tables that ``find`` gives by name; it raises for what may not be read.

    Raises ``SqlNotUnderstood``, ``SqlNotAllowed``, ``SqlFailed``, ``QueryTooSlow``.
    """
    require(call, Permission.delivery_sql)
    statement = parse(text, most_rows)
    asked = [find(name) for name in statement.tables]
    answer = _run(statement, [each.version for each in asked], most_rows)
    for subject in dict.fromkeys(each.subject for each in asked if each.subject):
        tally(call.actor.row, "delivery.sql", ("dataset", subject), " ".join(text.split())[:DETAIL])
    return answer


def _run(statement: Statement, versions: Sequence[Version], most: int) -> Answer:
    import duckdb

    seconds = settings.number("query_seconds")
    if not _turn.acquire(timeout=seconds):
        raise QueryTooSlow(seconds=seconds)
    try:
        connection = _locked(versions)
        timer = threading.Timer(seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            cursor = connection.execute(statement.sql)
            said = cursor.description or ()
            names = distinct([str(each[0]) for each in said])
            columns = [
                {"name": name, "type": _type(str(each[1]))} for name, each in zip(names, said, strict=True)
            ]
            rows = cursor.fetchmany(most + 1)
        finally:
            timer.cancel()
            connection.close()
    except duckdb.InterruptException as error:
        raise QueryTooSlow(seconds=seconds) from error
    except duckdb.OutOfMemoryException as error:
        raise SqlFailed(reason=f"memory limit {MEMORY}") from error
    except duckdb.Error as error:
        raise SqlFailed(reason=_reason(error)) from error
    finally:
        _turn.release()
    plain = [tuple(_plain(value) for value in row) for row in rows[:most]]
    return Answer(columns, plain, len(rows) > most)


def _locked(versions: Sequence[Version]) -> duckdb.DuckDBPyConnection:
    import duckdb

    from kaishu.lake import make_view, open_version

    connection = duckdb.connect(
        config={
            "threads": 1,
            "memory_limit": MEMORY,
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
        }
    )
    layers = [open_version(version).layers for version in versions]
    everything = ", ".join(_quoted(str(layer.path)) for each in layers for layer in each)
    connection.execute(f"SET allowed_paths = [{everything}]")
    connection.execute("SET enable_external_access = false")
    for number, each in enumerate(layers):
        make_view(connection, f"_t{number}", each)
    connection.execute("SET integer_division = true")  # as in PostgreSQL, whose SQL this is
    connection.execute("SET lock_configuration = true")
    return connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _type(name: str) -> str:
    """The engine's type as one of the lake's."""
    name = name.upper()
    if name.endswith(("INT", "INTEGER")):
        return "integer"
    if name.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        return "number"
    if name.startswith("TIMESTAMP"):
        return "datetime"
    return {"BOOLEAN": "boolean", "DATE": "date"}.get(name, "text")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, int) and not SMALLEST <= value <= -SMALLEST - 1:
        return str(value)  # as PostgreSQL's numeric is handed out: JSON's readers would round it
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value)


def _reason(error: Exception) -> str:
    """What the engine says, with our names of tables taken out of it."""
    return str(error).split("\n")[0][:300]

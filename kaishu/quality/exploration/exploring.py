"""The exploration of a table: what its fields are, what decides what, and an answer to each of 23 checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kaishu.lake import ReadOptions, TableData, passing
from kaishu.quality.exploration.answers import answer_checks
from kaishu.quality.exploration.arrival import find_arrival, missing_map
from kaishu.quality.exploration.dependencies import find_dependencies, find_orders, find_twins
from kaishu.quality.exploration.findings import explore_field
from kaishu.quality.exploration.keys import FIRST, FIRST_ROWS, find_keys
from kaishu.quality.exploration.naming import explore_names
from kaishu.quality.exploration.references import Related, find_references
from kaishu.quality.profiling import profile_data, profile_path

Progress = Callable[[int, int], None]
_SMALL_CELLS = 2_000_000
_SMALL_BYTES = 32 << 20
#: Steps after the fields, for the progress.
_STEPS = 6


def explore_data(
    data: TableData,
    profile: Mapping[str, Any],
    today: date,
    others: Sequence[Related] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Everything that the profile leaves open, safe for JSON; every count is of all rows unless it says so.

    ``profile`` is the table's own (``profile_data``), ``others`` are tables that it could refer to.
    ``cost`` tells the CPU seconds of this pass.
    """
    began = time.process_time()
    fields: Sequence[Mapping[str, Any]] = profile["fields"]
    whole = len(fields) + _STEPS
    told = progress or _silent
    found: dict[str, Any] = {"names": explore_names([_source_name(column) for column in data.columns])}
    with data.working_connection() as connection:
        source = "data"
        if data.rows * len(data.columns) <= _SMALL_CELLS and data.stored_bytes <= _SMALL_BYTES:
            connection.execute("CREATE TEMP TABLE loaded AS SELECT * FROM data")
            source = "loaded"
        explored = []
        for place, field in enumerate(fields):
            told(place, whole)
            explored.append(explore_field(connection, source, field, today))
        connection.execute("DROP TABLE IF EXISTS tally")
        connection.execute(f"CREATE TEMP TABLE {FIRST} AS SELECT * FROM {source} LIMIT {FIRST_ROWS}")  # noqa: S608
        found["fields"] = explored
        for step, (name, find) in enumerate(_TABLE_STEPS.items()):
            told(len(fields) + step, whole)
            found[name] = find(connection, source, fields)
    found["references"] = find_references(data, fields, others)
    found["day"] = today.isoformat()
    found["checks"] = answer_checks(profile, found)
    found["cost"] = round(time.process_time() - began, 3)
    told(whole, whole)
    return found


_TABLE_STEPS: dict[str, Callable[..., Any]] = {
    "keys": find_keys,
    "dependencies": find_dependencies,
    "twins": find_twins,
    "orders": find_orders,
    "arrival": find_arrival,
    "missing": missing_map,
}


def explore_path(
    path: Path,
    name: str,
    today: date,
    options: ReadOptions | None = None,
    related: Sequence[Path] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The profile of a file with its exploration under ``exploration``; nothing is kept.

    ``related`` are files that it could refer to.
    """
    from contextlib import ExitStack

    found = profile_path(path, name, options, progress)
    with ExitStack() as opened:
        data = opened.enter_context(passing(path, name, options))
        others = []
        for other in related:
            rows = opened.enter_context(passing(other, other.name))
            others.append(Related(other.name, rows, profile_data(rows)))
        found["exploration"] = explore_data(data, found, today, others, progress)
    return found


def _source_name(column: Mapping[str, Any]) -> str:
    return str(column.get("source_name") or column["name"])


def _silent(done: int, whole: int) -> None:
    """Nobody watches."""

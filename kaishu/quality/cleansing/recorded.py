"""The record of changes of a run, read page by page; shown as it is to those who may read the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kaishu.access import Call, Permission, note, require
from kaishu.lake import open_files, table_by_id, version_by_id
from kaishu.quality.cleansing.applying import changes_path
from kaishu.quality.models import CleansingRun

FILTERS = ("kind", "step", "column")
#: Columns of the record in the order in which it is handed out.
COLUMNS = ("kind", "step", "row", "key", "column", "old", "new", "reason_zh", "reason_en", "at")
_PART = 10_000


def changes_page(
    call: Call, run: CleansingRun, filters: Mapping[str, str], *, after: int = -1, limit: int = 50
) -> list[dict[str, Any]]:
    """Rows of the record behind a place in the file, with ``place`` and without ``at``, not masked yet.

    ``filters``: kind, step, column; empty ones are none.  Raises ``ChangesNotKept``.
    """
    path = changes_path(version_by_id(call.session, run.version_id))
    given = {name: filters[name] for name in FILTERS if filters.get(name)}
    where = "".join(f' AND "{name}" = ${name}' for name in given)
    shown = COLUMNS[:-1]
    names = ", ".join(f'"{name}"' for name in shown)
    with open_files([path]) as connection:
        rows = connection.execute(
            f"SELECT place, {names} FROM (SELECT row_number() OVER () - 1 AS place, * FROM data) "  # noqa: S608
            f"WHERE place > $after{where} ORDER BY place LIMIT $limit",
            {"after": after, "limit": limit, **given},
        ).fetchall()
    return [dict(zip(("place", *shown), row, strict=True)) for row in rows]


def changes_file(call: Call, run: CleansingRun) -> Path:
    """The whole record as Parquet, for those who may read the table's rows.  Raises ``ChangesNotKept``."""
    _ask(call, run)
    return changes_path(version_by_id(call.session, run.version_id))


def changes_rows(call: Call, run: CleansingRun, filters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """All rows of the record that the filters let through, likewise.  Raises ``ChangesNotKept`` at once."""
    _ask(call, run)
    path = changes_path(version_by_id(call.session, run.version_id))
    return _rows(path, {name: filters[name] for name in FILTERS if filters.get(name)})


def _ask(call: Call, run: CleansingRun) -> None:
    office = table_by_id(call.session, run.table_id).office_id
    require(call, Permission.failing_read, office=office)
    note(call, "quality.cleansing.changes-read", ("cleansing-run", run.id))


def _rows(path: Path, filters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    import pyarrow.compute as pc
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as opened:
        for batch in opened.iter_batches(_PART):
            kept = batch
            for name, value in filters.items():
                kept = kept.filter(pc.equal(kept.column(name), value))
            yield from kept.select(list(COLUMNS)).to_pylist()

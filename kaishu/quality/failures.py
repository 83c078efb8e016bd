"""The failing rows of checks: a Parquet file for each run, read page by page, masked, kept for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from kaishu.access import Call, Permission, allowed, note, require
from kaishu.base import settings
from kaishu.lake import open_files, table_by_id
from kaishu.quality.errors import RowsNotKept
from kaishu.quality.models import Run, WorkOrder

#: Checks of each table whose failing rows are kept, beside those that open work orders refer to.
KEPT = 5
#: Files of no recorded check that are as old as this, in seconds, were left behind by a dead process.
_FORGOTTEN = 86_400
_PART = 10_000


def failing_path(run_id: str) -> Path:
    """Where the failing rows of a run are."""
    return settings.folder("findings") / f"{run_id}.parquet"


def count_rows(path: Path) -> int:
    """Rows of the file; 0 removes it."""
    from pyarrow.parquet import read_metadata

    rows = int(read_metadata(path).num_rows)
    if not rows:
        path.unlink()
    return rows


def may_read_rows(call: Call, table_id: str) -> bool:
    """Does the actor see values as they stand in the table, or masked?"""
    office = table_by_id(call.session, table_id).office_id
    return bool(allowed(call, Permission.failing_read, office=office))


def failing_page(run: Run, rule_id: str, after: int = -1, limit: int = 50) -> list[dict[str, Any]]:
    """{place, row, key, value} of the failing rows of a rule behind a place in the file, unmasked.

    Raises ``RowsNotKept``.
    """
    if run.listed == 0:
        return []
    path = failing_path(run.id)
    if run.listed is None or not path.exists():
        raise RowsNotKept()
    with open_files([path]) as connection:
        found = connection.execute(
            'SELECT place, "row", "key", "value" FROM '
            "(SELECT row_number() OVER () - 1 AS place, * FROM data) "
            "WHERE rule = $rule AND place > $after ORDER BY place LIMIT $limit",
            {"rule": rule_id, "after": after, "limit": limit},
        ).fetchall()
    return [{"place": place, "row": row, "key": key, "value": value} for place, row, key, value in found]


def failing_rows(call: Call, run: Run, rule_id: str) -> Iterator[dict[str, Any]]:
    """All of them, for those who may read the table.  Raises ``RowsNotKept`` at once."""
    office = table_by_id(call.session, run.table_id).office_id
    require(call, Permission.failing_read, office=office)
    note(call, "quality.failing-rows.read", ("run", run.id), rule=rule_id)
    path = failing_path(run.id)
    if run.listed is None or (run.listed and not path.exists()):
        raise RowsNotKept()
    return _pages(path, rule_id) if run.listed else iter(())


def failing_file(call: Call, run: Run) -> Path:
    """The Parquet file of all rules, for those who may read the table.  Raises ``RowsNotKept``."""
    office = table_by_id(call.session, run.table_id).office_id
    require(call, Permission.failing_read, office=office)
    note(call, "quality.failing-rows.read", ("run", run.id), rule="")
    path = failing_path(run.id)
    if not run.listed or not path.exists():
        raise RowsNotKept()
    return path


def _pages(path: Path, rule_id: str) -> Iterator[dict[str, Any]]:
    import pyarrow.compute as pc
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as opened:
        for batch in opened.iter_batches(_PART):
            chosen = batch.filter(pc.equal(batch.column("rule"), rule_id))
            yield from chosen.select(["row", "key", "value"]).to_pylist()


def masked(value: str | None) -> str | None:
    """A value of which only the first letter can be told, and whether it is long; of ``a=1; b=2`` each."""
    if value is None:
        return None
    parts = [part.partition("=") for part in value.split("; ")]
    if all(between for _, between, _ in parts):
        return "; ".join(f"{name}={_covered(rest)}" for name, _, rest in parts)
    return _covered(value)


def _covered(value: str) -> str:
    if len(value) <= 1:
        return "•" * len(value)
    return value[0] + "•" * min(len(value) - 1, 8)


def tidy_failing_rows(call: Call) -> int:
    """Drop files that no check owns, and those of old checks; counts and samples stay.  Returns how many."""
    require(call, Permission.check_run)
    known = {
        run_id: listed for run_id, listed in call.session.execute(select(Run.id, Run.listed)) if listed != 0
    }
    kept = _kept(call)
    dropped = 0
    for path in settings.folder("findings").iterdir():
        run_id = path.name.removesuffix(".parquet")
        if run_id in kept:
            continue
        if run_id in known:
            run = call.session.get_one(Run, run_id)
            run.listed = None
            dropped += 1
        elif time.time() - path.stat().st_mtime < _FORGOTTEN:
            continue
        _remove(path)
    call.session.flush()
    return dropped


def _kept(call: Call) -> set[str]:
    place = func.row_number().over(partition_by=Run.table_id, order_by=Run.id.desc()).label("place")
    newest = select(Run.id, place).where(Run.listed > 0).subquery()
    kept = set(call.session.scalars(select(newest.c.id).where(newest.c.place <= KEPT)))
    opened = select(WorkOrder.run_id, WorkOrder.last_run_id).where(WorkOrder.open_key.is_not(None))
    for pair in call.session.execute(opened):
        kept.update(run_id for run_id in pair if run_id)
    return kept


def _remove(path: Path) -> None:
    import shutil

    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

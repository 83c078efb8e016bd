"""Make the serving copy of one version: written beside its place, then moved there in one step."""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.delivery.columns import Column, Columns
from kaishu.delivery.frames import frames, kept

if TYPE_CHECKING:
    import polars as pl

    from kaishu.lake import VersionData

LAYOUT = 1  # raised when the form of the copy changes; copies of another layout are made anew
ABOUT, ROWS, SCAN = "about.json", "rows.db", "scan.duckdb"

SMALL_ROWS = 5_000
SMALL_CELLS = 200_000
SHORT_TEXT = 48  # mean bytes up to which a text column is taken for a code, a name, a category
CROWD = 20_000  # rows that one value may have on average before an index is no help
MOST_INDEXES = 40
BATCH = 10_000

_SQLITE = {"text": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_DUCKDB = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "TINYINT"}

Progress = Callable[[int, int], None]


def build(data: VersionData, columns: Columns, place: Path, progress: Progress | None = None) -> None:
    """Write the copy to ``place``; a copy that is there already is replaced.  Memory is bounded."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.{secrets.token_hex(6)}.new")
    fresh.mkdir()
    try:
        about = _write(data, columns, fresh, progress)
        (fresh / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        _move(fresh, place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def is_small(rows: int, columns: int) -> bool:
    """Small tables need no index and no second file: reading all of one takes a few milliseconds."""
    return rows <= SMALL_ROWS and rows * columns <= SMALL_CELLS


def _move(fresh: Path, place: Path) -> None:
    old = fresh.with_suffix(".old")
    try:
        place.rename(old)
    except FileNotFoundError:
        old = fresh
    try:
        fresh.rename(place)
    except OSError:
        if not (place / ABOUT).exists():  # else another process was first, with the same rows
            raise
    shutil.rmtree(old, ignore_errors=True) if old != fresh else None


def _write(data: VersionData, columns: Columns, folder: Path, progress: Progress | None) -> dict[str, Any]:
    small = is_small(data.rows, len(columns.own))
    parts: Iterator[pl.DataFrame] = (kept(frame, columns.own) for frame in frames(data.batches(size=BATCH)))
    with closing(sqlite3.connect(folder / ROWS, isolation_level=None)) as rows:
        _prepare(rows, columns, words=small)
        if small:
            count = _fill(rows, parts, columns, words=True)
            about: dict[str, Any] = {"indexed": [], "nulls": {}}
        else:
            scan = _scan(folder, columns)
            with closing(scan):
                count = _fill(rows, _both(scan, parts, progress, data.rows), columns, words=False)
                about = _measure(scan, columns.own, count)
            for key in about["indexed"]:
                rows.execute(f"CREATE INDEX i_{key} ON data ({key})")
    return {"layout": LAYOUT, "rows": count, "small": small, **about}


def _prepare(rows: sqlite3.Connection, columns: Columns, *, words: bool) -> None:
    for pragma in (
        "page_size=8192",
        "journal_mode=off",
        "synchronous=off",
        "locking_mode=exclusive",
        "cache_size=-16384",
    ):
        rows.execute(f"PRAGMA {pragma}")
    fields = [f"{c.key} {_SQLITE.get(c.type, 'TEXT')}" for c in columns.own]
    fields += ["words TEXT"] if words else []
    rows.execute(f"CREATE TABLE data (_id INTEGER PRIMARY KEY, {', '.join(fields)})")


def _fill(rows: sqlite3.Connection, parts: Iterator[pl.DataFrame], columns: Columns, *, words: bool) -> int:
    width = len(columns.all) + words
    insert = f"INSERT INTO data VALUES ({', '.join('?' * width)})"  # noqa: S608
    count = 0
    rows.execute("BEGIN")
    for part in parts:
        series = part.get_columns()[:width]
        rows.executemany(insert, zip(*[one.to_list() for one in series], strict=True))
        count += part.height
    rows.execute("COMMIT")
    return count


def _scan(folder: Path, columns: Columns) -> Any:
    import duckdb

    memory = f"{96 + len(columns.own)}MB"  # each column holds blocks of its own while it is written
    spill: dict[str, Any] = {"memory_limit": memory, "threads": "1", "temp_directory": str(folder / "spill")}
    scan = duckdb.connect(str(folder / SCAN), config=spill)
    fields = ", ".join(f"{c.key} {_DUCKDB.get(c.type, 'VARCHAR')}" for c in columns.all)
    scan.execute(f"CREATE TABLE data ({fields}, words VARCHAR)")
    return scan


def _both(
    scan: Any, parts: Iterator[pl.DataFrame], progress: Progress | None, rows: int
) -> Iterator[pl.DataFrame]:
    """The same parts again, written to the scan file on their way, a few at a time."""
    import polars as pl

    waiting: list[pl.DataFrame] = []
    done = 0

    def write() -> None:
        together = pl.concat(waiting).to_arrow()
        scan.register("part", together)
        scan.execute("INSERT INTO data SELECT * FROM part")
        scan.unregister("part")
        waiting.clear()

    for part in parts:
        waiting.append(part)
        if len(waiting) == 4:
            write()
        yield part
        done += part.height
        if progress:
            progress(done, rows)
    if waiting:
        write()


def _measure(scan: Any, columns: Sequence[Column], rows: int) -> dict[str, Any]:
    """Which columns get an index, and how many values are missing in each."""
    asked = ", ".join(
        f"approx_count_distinct({c.key}), count({c.key}), "
        + (f"avg(strlen({c.key}))" if c.type == "text" else "0")
        for c in columns
    )
    answer = scan.execute(f"SELECT {asked} FROM data").fetchone() if columns else ()  # noqa: S608
    indexed, nulls = [], {}
    for number, column in enumerate(columns):
        distinct, present, length = answer[number * 3 : number * 3 + 3]
        nulls[column.key] = rows - present
        tells = distinct * CROWD >= rows and distinct > 1
        if column.type != "boolean" and tells and (length or 0) <= SHORT_TEXT:
            indexed.append(column.key)
    return {"indexed": indexed[:MOST_INDEXES], "nulls": nulls}

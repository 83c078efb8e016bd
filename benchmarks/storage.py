"""Thirty days on which one row in a hundred changes: what the lake keeps, and what merging costs.

    python -m benchmarks storage [--rows N] [--rounds K] [--large]

Storage: a table of N rows, then thirty deliveries that change 0.9 % of the rows (two columns of twelve),
add 0.05 % and delete 0.05 %, scattered or close together.  The ratio is everything below the table's
folder (data, deletion vectors, log) against the first version alone; every day opens as it was.  The files
as received are counted apart.  Merging: 1 % changed, into N rows (``--large``: ten times N), against a
polars script that reads the table, updates it by key and writes it whole.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.data import make_csv
from benchmarks.measure import line, measured, paired, run_alone

DAYS = 30
GOAL = 1.3
PEAK = 1024
KEY = "编号"


def main(rows: int = 1_000_000, rounds: int = 1, large: bool = False) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each comparison."""
    found: list[dict[str, Any]] = []
    for kind in ("scattered", "clustered"):
        kept = run_alone("storage", "days", kind, str(rows))
        ratio = kept["stored"] / kept["first"]
        found.append(
            {
                "benchmark": f"storage, {DAYS} days of 1 %, {kind}",
                "ours": f"{kept['stored'] / 2**20:.1f} MiB",
                "peer": f"first {kept['first'] / 2**20:.1f} MiB, received {kept['received'] / 2**20:.1f}",
                "ratio": round(ratio, 3),
                "goal": GOAL,
                "peak_mib": round(kept["peak"]),
                "met": ratio <= GOAL,
            }
        )
        print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    count = rows * 10 if large else rows
    for kind in ("scattered", "clustered"):
        with tempfile.TemporaryDirectory() as folder:
            run_alone("storage", "prepare", kind, str(count), folder)
            done = paired("storage", {each: [kind, str(count), folder] for each in SIDES}, rounds)
            peer = ("polars whole", done["polars"].cpu)
            name = f"merge of 1 % into {count:,} rows, {kind}"
            found.append(line(name, done["merge"], peer, 1.0, PEAK))
    return found


def changes(rows: int, day: int, kind: str, path: Path, marker: bool = True) -> None:
    """A day's delivery: the rows that changed, as CSV."""
    import duckdb

    from benchmarks.data import _COLUMNS, _PICK

    few = max(rows // 2000, 1)
    changed = max(rows * 9 // 1000, 1)
    start = hash((day, 7)) % rows
    picked = (
        f"SELECT DISTINCT (hash(n * 7919 + {day}) % {rows})::BIGINT AS i FROM range({changed}) AS t(n)"
        if kind == "scattered"
        else f"SELECT ({start} + n) % {rows} AS i FROM range({changed}) AS t(n)"
    )
    gone = f"SELECT (hash(n * 104729 + {day}) % {rows})::BIGINT AS i FROM range({few}) AS t(n)"
    fresh = f"SELECT {rows} + {day} * {few} + n AS i FROM range({few}) AS t(n)"
    columns = _COLUMNS.replace("hash(i * 13)", f"hash(i * 13 + {day})").replace(
        "hash(i * 23)", f"hash(i * 23 + {day})"
    )
    mark = ", CASE WHEN lost THEN 'D' END AS 标记" if marker else ""
    sql = (
        f"WITH lost AS (SELECT DISTINCT i FROM ({gone})), sent AS ("
        f"SELECT i, false AS lost FROM ({picked}) WHERE i NOT IN (SELECT i FROM lost)"
        f" UNION ALL SELECT i, false FROM ({fresh}) UNION ALL SELECT i, true FROM lost)"
        f" SELECT {columns}{mark} FROM sent ORDER BY i"
    )
    with duckdb.connect() as connection:
        connection.execute(_PICK)
        connection.execute(f"COPY ({sql}) TO '{path}' (HEADER)")


def opened(home: str) -> Any:
    """A call on a fresh or known home."""
    from kaishu.access import TERMINAL, Call
    from kaishu.base import clock
    from kaishu.db import engine, session_scope
    from kaishu.tables import METADATA

    os.environ["KAISHU_HOME"] = home
    METADATA.create_all(engine())
    return session_scope(), lambda session: Call(session, TERMINAL, clock.now(), "benchmark")


def days(kind: str, rows: int) -> None:
    """The table and its thirty days; prints sizes in bytes."""
    import resource

    from kaishu.access import add_office
    from kaishu.lake import Update, add_table, ingest
    from kaishu.lake.folders import table_folder
    from kaishu.source import receive_path

    update = Update(mode="merge", key=(KEY,), marker="标记", gone=("D",))
    with tempfile.TemporaryDirectory() as home:
        scope, calling = opened(home)
        with scope as session:
            call = calling(session)
            table = add_table(call, add_office(call, title="统计局", name="office").id)
            path = Path(home, "first.csv")
            make_csv(path, rows)
            ingest(call, receive_path(call, path), table=table)
            first, received = _size(table_folder(table.id)), 0
            for day in range(1, DAYS + 1):
                path = Path(home, f"day{day}.csv")
                changes(rows, day, kind, path)
                received += path.stat().st_size
                version = ingest(call, receive_path(call, path), table=table, update=update)
                assert version.set_aside == 0
                assert (version.updated or 0) + (version.inserted or 0) >= rows * 9 // 1100
                path.unlink()
            stored = _size(table_folder(table.id))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"first": first, "stored": stored, "received": received, "peak": peak}))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def prepare(kind: str, rows: int, folder: str) -> None:
    """A home with the table, and a day's delivery beside it."""
    from kaishu.access import add_office
    from kaishu.lake import add_table, ingest
    from kaishu.source import receive_path

    make_csv(Path(folder, "first.csv"), rows)
    changes(rows, 1, kind, Path(folder, "day.csv"), marker=False)
    scope, calling = opened(f"{folder}/home")
    with scope as session:
        call = calling(session)
        table = add_table(call, add_office(call, title="统计局", name="office").id)
        ingest(call, receive_path(call, Path(folder, "first.csv")), table=table)
    Path(folder, "first.csv").unlink()
    print(json.dumps({}))


def merge(kind: str, rows: int, folder: str) -> None:
    """Receive, read, compare, write, record; taken back at the end, so that it can be run again."""
    import deltalake  # noqa: F401
    from sqlalchemy import select

    from kaishu.lake import Update, ingest, versions_of
    from kaishu.lake.models import Table
    from kaishu.source import receive_path

    scope, calling = opened(f"{folder}/home")
    with scope as session:
        call = calling(session)
        table = session.scalars(select(Table)).one()
        before = versions_of(session, table.id)[0]

        def work() -> None:
            update = Update(mode="merge", key=(KEY,))
            version = ingest(call, receive_path(call, Path(folder, "day.csv")), table=table, update=update)
            share = version.stored_bytes / before.stored_bytes
            print(f"wrote {share:.2%} of the table; {version.updated} changed", file=sys.stderr)

        measured(work)
        session.rollback()


def polars(kind: str, rows: int, folder: str) -> None:
    """Read all, update by key, write all."""
    import polars as pl

    files = sorted(Path(folder, "home/lake/tables").rglob("*.parquet"))

    def work() -> None:
        table = pl.read_parquet(files)
        day = pl.read_csv(Path(folder, "day.csv"), schema_overrides=dict(table.drop("_id").schema))
        table.update(day, on=KEY, how="full").write_parquet(Path(folder, "whole.parquet"))

    measured(work)


SIDES = {"merge": merge, "polars": polars}


if __name__ == "__main__":
    name, *rest = sys.argv[2:]
    if name == "days":
        days(rest[0], int(rest[1]))
    elif name == "prepare":
        prepare(rest[0], int(rest[1]), rest[2])
    else:
        SIDES[name](rest[0], int(rest[1]), rest[2])

"""Exact profile of a table of 13 columns: CPU against a hand-written DuckDB profile; memory.

    python -m benchmarks profile [--rows N] [--rounds K]

The peer is what a good analyst would write over the same Parquet files: one aggregate query for all
columns (count, distinct, blanks, zeros, lengths, minimum, maximum, mean, deviation, quartiles), one
query a column for the most frequent values, and one for duplicate rows by hash.  It makes no value
shapes and no histograms, which ours does; "duckdb-shapes" adds the shapes by regular expression.

ydata-profiling (minimal) runs in an interpreter of its own, whose path ``YDATA_PYTHON`` gives; it is left
out, with the reason printed, where there is none.  Exploring is a second pass and told by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.data import make_csv
from benchmarks.measure import Figures, line, measured, paired

if TYPE_CHECKING:
    from kaishu.lake import TableData

PEAK = 512
#: At least this many times less CPU than ydata-profiling.
YDATA = 15
_YDATA_SCRIPT = """
import glob, json, resource, sys, time
import pandas as pd
from ydata_profiling import ProfileReport
began = time.process_time()
frame = pd.concat([pd.read_parquet(path) for path in sorted(glob.glob(sys.argv[1] + "/*.parquet"))])
ProfileReport(frame.drop(columns="_id"), minimal=True, progress_bar=False).to_json()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": time.process_time() - began, "peak": peak}))
"""


def main(rows: int = 1_000_000, rounds: int = 3, large: bool = False) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each comparison."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        make_table(Path(folder), rows)
        done = paired("profile", {name: [folder] for name in ("kaishu", "duckdb", "duckdb-shapes")}, rounds)
        ours = done["kaishu"]
        found.append(line("profile", ours, ("duckdb", done["duckdb"].cpu), 1.3, PEAK))
        found.append(line("profile", ours, ("duckdb-shapes", done["duckdb-shapes"].cpu), 1.3, PEAK))
        found += beside_ydata(Path(folder), ours)
        explored = paired("profile", {"exploration": [folder]}, 1)["exploration"]
        found.append(line("exploration, second pass", explored, ("profile", ours.cpu), None, PEAK))
        if large:
            make_table(Path(folder), rows * 10)
            big = paired("profile", {"kaishu": [folder]}, 1)["kaishu"]
            found.append(line(f"profile of {rows * 10:,} rows, memory", big, None, None, PEAK))
    return found


def beside_ydata(folder: Path, ours: Figures) -> list[dict[str, Any]]:
    """Our CPU beside that of ydata-profiling minimal on the same files; nothing where it is not installed."""
    python = os.environ.get("YDATA_PYTHON")
    if not python:
        print("ydata-profiling left out: YDATA_PYTHON names no interpreter that has it", flush=True)
        return []
    done = subprocess.run(
        [python, "-c", _YDATA_SCRIPT, str(folder)], capture_output=True, text=True, timeout=3600
    )
    if done.returncode:
        print(f"ydata-profiling left out: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return []
    cpu = json.loads(done.stdout.splitlines()[-1])["cpu"]
    return [line("profile", ours, ("ydata-profiling minimal", cpu), 1 / YDATA, PEAK)]


def make_table(folder: Path, rows: int) -> None:
    """The lake's own Parquet files of 13 columns, by ingest."""
    from kaishu.lake import make_plan, stage

    os.environ["KAISHU_HOME"] = str(folder / "home")
    csv = folder / "a.csv"
    make_csv(csv, rows, columns=13)
    staged = stage(csv, csv.name, table_id="t", plan=make_plan(csv, csv.name))
    for old in folder.glob("*.parquet"):
        old.unlink()
    for part in staged.parts:
        (staged.mark.folder / part.name).rename(folder / part.name)
    staged.drop()
    csv.unlink()


def kaishu(folder: Path) -> None:
    """The whole profile, as stored."""
    import duckdb  # noqa: F401
    import polars  # noqa: F401

    from kaishu.quality import profile_data

    data = _table(folder)

    def work() -> None:
        assert len(profile_data(data)["fields"]) == 13

    measured(work)


def exploration(folder: Path) -> None:
    """The second pass alone, the profile being there."""
    from datetime import date

    from kaishu.quality import explore_data, profile_data

    data = _table(folder)
    profile = profile_data(data)

    def work() -> None:
        assert len(explore_data(data, profile, date(2026, 1, 1))["checks"]) == 23

    measured(work)


def _table(folder: Path) -> TableData:
    from pyarrow.parquet import read_metadata, read_schema

    from kaishu.lake import Plan
    from kaishu.lake.passage import PassingData

    os.environ["KAISHU_HOME"] = str(folder / "home")
    kinds = {"string": "text", "int64": "integer", "double": "number", "date32[day]": "date"}
    parts = sorted(folder.glob("*.parquet"))
    return PassingData(
        columns=[
            {"name": field.name, "type": kinds.get(str(field.type), "datetime")}
            for field in list(read_schema(parts[0]))[1:]
        ],
        rows=sum(read_metadata(part).num_rows for part in parts),
        parts=parts,
        plan=Plan(format="csv"),
        notes=[],
        set_aside=0,
    )


def by_hand(folder: Path, shapes: bool) -> None:
    """The same statistics by plain SQL."""
    import duckdb

    files = f"read_parquet('{folder}/*.parquet')"
    with duckdb.connect(config={"threads": 2}) as connection:
        described = connection.execute(f"DESCRIBE SELECT * EXCLUDE _id FROM {files}").fetchall()

        def work() -> None:
            connection.execute("SELECT " + ", ".join(_aggregates(described)) + f" FROM {files}").fetchall()
            for name, *_ in described:
                column = f'"{name}"'
                connection.execute(
                    f"SELECT {column}, count(*) AS n FROM {files} WHERE {column} IS NOT NULL "
                    f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT 10"
                ).fetchall()
                if shapes:
                    connection.execute(
                        f"SELECT {_shape(column)}, count(*) AS n FROM {files} "
                        f"GROUP BY 1 ORDER BY n DESC LIMIT 10"
                    ).fetchall()
            everything = ", ".join(f'"{name}"' for name, *_ in described)
            connection.execute(
                f"SELECT count(*) - count(DISTINCT hash({everything})) FROM {files}"
            ).fetchall()

        measured(work)


def _aggregates(described: list[tuple[Any, ...]]) -> list[str]:
    wanted = ["count(*)"]
    for name, type, *_ in described:
        column = f'"{name}"'
        text = column if type == "VARCHAR" else f"{column}::VARCHAR"
        wanted += [f"count({column})", f"count(DISTINCT {column})", f"min({column})", f"max({column})"]
        wanted += [f"min(length({text}))", f"max(length({text}))", f"avg(length({text}))"]
        if type == "VARCHAR":
            wanted.append(f"count(*) FILTER (WHERE trim({column}) = '')")
        elif type in ("BIGINT", "DOUBLE"):
            wanted += [f"count(*) FILTER (WHERE {column} = 0)", f"avg({column})", f"stddev_samp({column})"]
            wanted.append(f"quantile_cont({column}, [0.25, 0.5, 0.75])")
        else:
            wanted.append(f"quantile_disc({column}, [0.25, 0.5, 0.75])")
    return wanted


def _shape(column: str) -> str:
    shape = f"{column}::VARCHAR"
    for pattern, kind in (("[0-9]", "d"), ("[a-z]", "a"), ("[A-Z]", "A"), ("[一-龥]", "h")):
        shape = f"regexp_replace({shape}, '{pattern}', '{kind}', 'g')"
    return shape


_WAYS = {
    "kaishu": kaishu,
    "exploration": exploration,
    "duckdb": lambda folder: by_hand(folder, shapes=False),
    "duckdb-shapes": lambda folder: by_hand(folder, shapes=True),
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _WAYS[sys.argv[2]](Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:3]))

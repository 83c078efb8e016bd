"""Exact profile of a table of 13 columns: CPU against a hand-written DuckDB profile; memory.

    python -m benchmarks profile [--rows N] [--rounds K] [--peers]

The peer is what a good analyst would write over the same Parquet files: one aggregate query for all
columns (count, distinct, blanks, zeros, lengths, minimum, maximum, mean, deviation, quartiles), one
query a column for the most frequent values, and one for duplicate rows by hash.  It makes no value
shapes and no histograms, which ours does; "duckdb-shapes" adds the shapes by regular expression.

``--peers`` adds ydata-profiling (minimal), installed apart; it is left out, with the reason printed, where
it cannot be.  Exploring is a second pass and told by itself.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.data import make_csv
from benchmarks.measure import Figures, line, measured, paired
from benchmarks.peers import LeftOut, run_peer

if TYPE_CHECKING:
    from kaishu.lake import TableData

PEAK = 512
#: At most this many times the CPU of the hand-written profile.
GOAL = 1.2
#: At least this many times less CPU than ydata-profiling.
YDATA = 15
_YDATA_SCRIPT = Path(__file__).parent / "profile_peers" / "ydata_script.py"


def main(
    rows: int = 1_000_000, rounds: int = 3, large: bool = False, peers: bool = False
) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each comparison."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        make_table(Path(folder), rows)
        done = paired("profile", {name: [folder] for name in ("kaishu", "duckdb", "duckdb-shapes")}, rounds)
        ours = done["kaishu"]
        found.append(line("profile", ours, ("duckdb", done["duckdb"].cpu), GOAL, PEAK))
        found.append(line("profile", ours, ("duckdb-shapes", done["duckdb-shapes"].cpu), GOAL, PEAK))
        if peers:
            found += beside_ydata(Path(folder), ours)
        explored = paired("profile", {"exploration": [folder]}, 1)["exploration"]
        found.append(line("exploration, second pass", explored, ("profile", ours.cpu), None, PEAK))
        if large:
            make_table(Path(folder), rows * 10)
            big = paired("profile", {"kaishu": [folder]}, 1)["kaishu"]
            found.append(line(f"profile of {rows * 10:,} rows, memory", big, None, None, PEAK))
    return found


def beside_ydata(folder: Path, ours: Figures) -> list[dict[str, Any]]:
    """Our CPU beside that of ydata-profiling minimal on the same files, once, if it can be installed."""
    try:
        cpu = run_peer(_YDATA_SCRIPT, folder)["cpu"]
    except LeftOut as reason:
        print(f"ydata-profiling left out: {reason}", flush=True)
        return []
    name = f"profile, core, {YDATA}x less"
    return [line(name, ours, ("ydata-profiling minimal", cpu), 1 / YDATA, PEAK)]


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

    from kaishu.lake import leave_pandas_out
    from kaishu.quality import profile_data

    data = _table(folder)

    def work() -> None:
        assert len(profile_data(data)["fields"]) == 13

    leave_pandas_out()  # as the command does
    measured(work)


def exploration(folder: Path) -> None:
    """The second pass alone, the profile being there."""
    from datetime import date

    from kaishu.lake import leave_pandas_out
    from kaishu.quality import explore_data, profile_data

    data = _table(folder)
    profile = profile_data(data)

    def work() -> None:
        assert len(explore_data(data, profile, date(2026, 1, 1))["checks"]) == 23

    leave_pandas_out()
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

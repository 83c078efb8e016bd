"""Fifteen checks of a register of citizens: CPU against hand-written Polars and numpy; memory; start.

    python -m benchmarks quality [--rows N] [--rounds K] [--large] [--huge] [--peers]

All candidates read the same Parquet file and must count the same failing rows.  Imports are left out of the
CPU of a candidate, and measured by themselves as ``kaishu check`` of a thousand rows.  ``--peers`` adds
great_expectations and soda, each installed apart: their core and their whole process beside ours.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Figures, line, measured, paired, run_alone
from benchmarks.peers import beside_checkers

RULES = Path(__file__).parent / "quality_peers" / "fifteen.yaml"
GOAL, LISTING, START = 1.5, 1.3, 0.5
PEAK, LARGE_PEAK = 400, 1024
#: At a hundred times the rows: MiB, and CPU a row beside that at ten times.
HUGE_PEAK, LINEAR = 6144, 1.3


def main(
    rows: int = 1_000_000,
    rounds: int = 3,
    large: bool = False,
    huge: bool = False,
    peers: bool = False,
) -> list[dict[str, Any]]:
    """Run everything; one line of the report for each comparison."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, rows)
        found += compare(folder, f"{rows:,} rows", rounds, PEAK)
        found.append(start(folder, rounds))
        if peers:
            found += beside_checkers(folder, RULES, f"{rows:,} rows", rounds)
        if large:
            prepare(folder, rows * 10)
            found += compare(folder, f"{rows * 10:,} rows", 1, LARGE_PEAK)
        if huge:
            found.append(grow(folder, rows))
    return found


def grow(folder: Path, rows: int) -> dict[str, Any]:
    """A hundred times the rows, beside ten times the CPU of ten times the rows; 3.5 GB at 1,000,000."""
    runs = {}
    for times in (10, 100):
        run_alone("quality", "make", str(folder), str(rows * times))
        done = run_alone("quality", "kaishu", str(folder))
        runs[times] = Figures(cpu=done["cpu"], peak=done["peak"], rounds=(round(done["cpu"], 2),))
    peer = (f"10 x {rows * 10:,} rows", runs[10].cpu * 10)
    return line(f"quality {rows * 100:,} rows", runs[100], peer, LINEAR, HUGE_PEAK)


def prepare(folder: Path, rows: int) -> None:
    """Make the data and compare the counts in other processes: a child's peak begins at its parent's."""
    run_alone("quality", "make", str(folder), str(rows))
    run_alone("quality", "agree", str(folder))
    few = folder / "few"
    few.mkdir(exist_ok=True)
    run_alone("quality", "make", str(few), "1000")


def make(folder: Path, rows: int) -> None:
    """The two registers and the rules beside them."""
    from benchmarks.citizens import enterprises_for, make_citizens
    from benchmarks.enterprises import make_enterprises

    make_citizens(folder / "citizens.parquet", rows)
    make_enterprises(folder / "enterprises.parquet", enterprises_for(rows), seed=1)
    shutil.copy(RULES, folder / RULES.name)


def agree(folder: Path) -> None:
    """Every candidate counts the same."""
    from benchmarks.quality_peers import numpy_script, polars_query

    ours = counts(folder)
    for peer in (polars_query, numpy_script):
        theirs = peer.counts(folder)
        differ = {id: (failed, theirs[id]) for id, failed in ours.items() if theirs[id] != failed}
        if differ:
            raise AssertionError(f"{peer.__name__} counts otherwise: {differ}")


def compare(folder: Path, label: str, rounds: int, peak: int) -> list[dict[str, Any]]:
    """Ours against the better peer, and ours with rows listed against ours without."""
    names = ("kaishu", "polars", "numpy", "kaishu-listing")
    done = paired("quality", {name: [str(folder)] for name in names}, rounds)
    best = min(("polars", "numpy"), key=lambda name: done[name].cpu)
    other = "numpy" if best == "polars" else "polars"
    return [
        line(f"quality {label}", done["kaishu"], (best, done[best].cpu), GOAL, peak),
        line(f"quality {label}", done["kaishu"], (other, done[other].cpu), GOAL, peak),
        line(
            f"quality {label}, rows listed",
            done["kaishu-listing"],
            ("count only", done["kaishu"].cpu),
            LISTING,
            peak,
        ),
    ]


def start(folder: Path, rounds: int) -> dict[str, Any]:
    """The whole process of a check of a thousand rows, which is start and imports."""
    command = [sys.executable, "-m", "kaishu", "check", str(folder / "few" / "citizens.parquet"), "--json"]
    command += ["--rules", str(folder / "few" / RULES.name)]
    runs = []
    for _ in range(rounds + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, timeout=300, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        runs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # The first one may have compiled modules.
    spent = sorted(runs[1:])[rounds // 2]
    figures = Figures(cpu=spent, peak=0.0, rounds=tuple(round(each, 2) for each in runs[1:]))
    return line("quality start", figures, ("CPU seconds allowed", START), 1.0, None)


def counts(folder: Path, failed: Path | None = None, sample: int = 0) -> dict[str, int]:
    """Ours: failing rows by rule."""
    from kaishu.lake import reading_file
    from kaishu.quality import check_data, parse_rules

    rules = parse_rules((folder / RULES.name).read_text(encoding="utf-8"), RULES.name)
    with reading_file(folder / "citizens.parquet") as data:
        result = check_data(data, rules, folder=folder, sample=sample, failed=failed)
    return {each.rule.id: each.failed for each in result.rules}


def run(name: str, folder: Path) -> None:
    """One candidate, imports before the clock starts."""
    import numpy  # noqa: F401
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401
    import yaml  # noqa: F401

    os.environ["KAISHU_HOME"] = str(folder / "home")
    if name == "make":
        measured(lambda: make(folder, int(sys.argv[4])))
    elif name == "agree":
        measured(lambda: agree(folder))
    elif name == "polars":
        from benchmarks.quality_peers import polars_query

        measured(lambda: bool(polars_query.counts(folder)) * 0.0)
    elif name == "numpy":
        from benchmarks.quality_peers import numpy_script

        measured(lambda: bool(numpy_script.counts(folder)) * 0.0)
    else:
        import kaishu.lake.direct
        import kaishu.lake.reading
        import kaishu.quality.checking
        import kaishu.quality.kernels
        import kaishu.quality.marked

        kaishu.lake.leave_pandas_out()
        listing = name == "kaishu-listing"
        failed = folder / "failed.parquet" if listing else None
        measured(lambda: bool(counts(folder, failed, 5 if listing else 0)) * 0.0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run(sys.argv[2], Path(sys.argv[3]))
    else:
        print(json.dumps(main(), ensure_ascii=False))

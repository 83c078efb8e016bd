"""The harvest of Tokyo's 4,843 datasets from a dump, and a second run in which nothing has changed.

A process of its own for each, with a fresh home, so that seconds, CPU and memory are those of the harvest:
reading, plan, datasets, resources, ledger.  The harvest runs in one thread, so its CPU seconds are what it
takes where nothing else runs; they are held against the goal, and the wall seconds are printed beside them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "kaishu" / "demo" / "catalogues" / "tokyo.jsonl.gz"
FIRST, SECOND, PEAK_MIB = 60.0, 10.0, 512
WORK = """
import json, resource, sys, time
from pathlib import Path
from kaishu import app, discovery, harvest, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
app.prepare()
with session_scope() as session:
    call = Call(session, TERMINAL, clock.now(), ids.new_id())
    if not harvest.sources(call):
        delivery = source.receive_path(call, Path(sys.argv[1]))
        harvest.add_source(call, name="tokyo", kind="ckan-jsonl", title="Tokyo", delivery=delivery)
began, cpu = time.perf_counter(), time.process_time()
run_id = harvest.run(TERMINAL, "tokyo")
wall, spent = time.perf_counter() - began, time.process_time() - cpu
with session_scope(write=False) as session:
    counts = harvest.run_by_id(Call(session, TERMINAL, clock.now(), ""), run_id).counts
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"wall": wall, "cpu": spent, "peak": peak, "counts": counts}))
"""


def main() -> list[dict[str, Any]]:
    """Seconds of both runs against their goals."""
    with tempfile.TemporaryDirectory(prefix="kaishu-bench-") as home:
        first, second = (_run(home) for _ in range(2))
    load = os.getloadavg()[0]
    print(f"harvest: first {first}, second {second}; load of the machine {load:.1f}", file=sys.stderr)
    assert first["counts"] == {"new": 4843}
    assert second["counts"] == {"same": 4843}
    return [
        _line("harvest of 4,843 datasets, s", first, FIRST),
        _line("the same unchanged, s", second, SECOND),
    ]


def _run(home: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(FILE)],
        env={**os.environ, "KAISHU_HOME": home},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _line(name: str, found: dict[str, Any], goal: float) -> dict[str, Any]:
    peak = round(found["peak"])
    return {
        "benchmark": name,
        "ours": f"{found['cpu']:.1f} CPU ({found['wall']:.1f} wall)",
        "goal": goal,
        "peak_mib": peak,
        "peak_goal": PEAK_MIB,
        "met": found["cpu"] <= goal and peak <= PEAK_MIB,
    }

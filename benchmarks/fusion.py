"""Two registers of people become one: by number, and by name, birth date and address where that fails.

What counts is found against the known truth of ``benchmarks.registers``: precision and recall of pairs across
the registers are printed, beside CPU seconds, wall seconds and peak memory of the process.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import run_alone
from benchmarks.registers import HEALTH, POLICE, make_registers

#: Goals at 1,000,000 people each: CPU seconds (five minutes on one core), MiB, and of pairs.
_CPU, _PEAK, _PRECISION, _RECALL = 300, 4096, 0.999, 0.99
_FIELDS = {"id_number": "id", "name": "name", "sex": "sex", "birth_date": "birth", "address": "address"}


def main(rows: int = 1_000_000) -> list[dict[str, Any]]:
    """One line: time and memory; another: precision and recall."""
    with tempfile.TemporaryDirectory() as folder:
        make_registers(Path(folder), rows)
        found = run_alone("fusion", folder)
    ours = {"benchmark": f"fusion of 2 × {rows:,} people", "ours": round(found["cpu"], 1), "goal": _CPU}
    peak = {"peak_mib": round(found["peak"]), "peak_goal": _PEAK}
    fast = found["cpu"] <= _CPU and found["peak"] <= _PEAK
    right = found["precision"] >= _PRECISION and found["recall"] >= _RECALL
    shares = f"{found['precision']:.5f} precision, {found['recall']:.5f} recall"
    print(json.dumps(found))
    return [
        {**ours, **peak, "met": fast},
        {"benchmark": "pairs found by it", "ours": shares, "goal": f"{_PRECISION}, {_RECALL}", "met": right},
    ]


def _fuse(folder: Path) -> None:
    from kaishu import standardisation

    sources = [
        {
            "name": name,
            "file": f"{name}.parquet",
            "unique": True,
            "updated": heads["when"],
            "fields": {field: heads[column] for field, column in _FIELDS.items()},
        }
        for name, heads in (("police", POLICE), ("health", HEALTH))
    ]
    mapping = standardisation.parse_mapping(
        {"entity": "person", "sources": sources, "survivorship": {"address": "newest"}}
    )
    begun, before = time.perf_counter(), time.process_time()
    standardisation.fuse(mapping, folder / "out.parquet", folder=folder, review=folder / "review.csv")
    figures = {
        "cpu": time.process_time() - before,
        "wall": time.perf_counter() - begun,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps({**figures, **_compared(folder)}))


def _compared(folder: Path) -> dict[str, float]:
    """Precision and recall of pairs across the registers."""
    import polars as pl

    rows = pl.read_parquet(folder / "out.rows.parquet", columns=["entity", "_source", "_row"])
    sides = [
        rows.filter(pl.col("_source") == name).join(
            pl.read_parquet(folder / f"{name}.truth.parquet"), left_on="_row", right_on="row"
        )
        for name in ("police", "health")
    ]
    found = sides[0].join(sides[1], on="entity")
    right = found.filter(pl.col("person") == pl.col("person_right")).height
    true = sides[0].join(sides[1], on="person").height
    return {"precision": right / max(found.height, 1), "recall": right / true}


if __name__ == "__main__" and sys.argv[1:2] == ["--one"]:
    _fuse(Path(sys.argv[2]))

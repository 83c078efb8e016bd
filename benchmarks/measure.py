"""Paired runs: each candidate in a process of its own, in turn (A B A B …), on the same machine.

What counts is CPU seconds of the work, imports left out, and the peak memory of the whole process.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """CPU seconds (median of the rounds, with every one) and peak memory in MiB (largest)."""

    cpu: float
    peak: float
    rounds: tuple[float, ...]


def paired(module: str, candidates: dict[str, list[str]], rounds: int) -> dict[str, Figures]:
    """Run every candidate's arguments in turn, so many times."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, arguments in candidates.items():
            runs[name].append(run_alone(module, name, *arguments))
    return {
        name: Figures(
            cpu=statistics.median(run["cpu"] for run in done),
            peak=max(run["peak"] for run in done),
            rounds=tuple(round(run["cpu"], 2) for run in done),
        )
        for name, done in runs.items()
    }


def run_alone(module: str, *arguments: str) -> dict[str, float]:
    """One run in a fresh process: ``python -m benchmarks.<module> --one <arguments>``."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", "--one", *arguments],
        capture_output=True,
        text=True,
        timeout=3600,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def measured(work: Callable[[], float | None]) -> None:
    """Do the work and print its figures; what it returns is CPU spent elsewhere, to be added."""
    before = time.process_time()
    elsewhere = work() or 0.0
    cpu = time.process_time() - before + elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "peak": peak}))


def line(
    name: str, ours: Figures, peer: tuple[str, float] | None, goal: float | None, peak_goal: float | None
) -> dict[str, Any]:
    """One line of the report, printed at once; ``peer`` is its name and CPU seconds."""
    ratio = ours.cpu / peer[1] if peer else None
    met = (ratio is None or goal is None or ratio <= goal) and (peak_goal is None or ours.peak <= peak_goal)
    found = {
        "benchmark": name,
        "ours": round(ours.cpu, 2),
        "rounds": ours.rounds,
        "peer": f"{peer[0]} {peer[1]:.2f}" if peer else "",
        "ratio": None if ratio is None else round(ratio, 3),
        "goal": None if goal is None else round(goal, 3),
        "peak_mib": round(ours.peak),
        "peak_goal": peak_goal,
        "met": met,
    }
    print(json.dumps(found, ensure_ascii=False), flush=True)
    return found

"""Robustness: CPU seconds of many runs of one index, against the same drawn run by run in bare numpy.

COINr's figures are recorded ones (version 1.1.14, R 4.2.2, another day on a machine of two cores), not run
here: 31 CPU seconds for 100 uncertainty runs and 184 for a sensitivity analysis of 600 runs, both of 51 x
49 with four inputs, 166 for the outranking matrix of 300 x 49.  The bare numpy chooses between two ways of
normalising and two means, draws weights and ranks; nothing is treated, graded or kept.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.evaluate import PILLARS, _system
from benchmarks.measure import run_alone

RUNS, POINTS = 10_000, 100
UNITS, LEAVES = 51, 49
_MIB = 2048


def main(rounds: int = 3) -> list[dict[str, Any]]:
    """Each piece of work several times, the median; memory in a process of its own."""
    from kaishu import evaluation
    from kaishu.evaluation import methods, robustness

    result, large = _result(UNITS, LEAVES), _result(340, LEAVES)
    four = robustness.uncertainty_from(
        {
            "normalise": ["z-score"],
            "treat": [{"winsorise": 5}],
            "aggregate": ["geometric"],
            "weight-noise": 0.25,
        }
    )
    x = np.random.default_rng(2).lognormal(size=(300, LEAVES))
    even = np.full(LEAVES, 1 / LEAVES)
    bare = _median(lambda: _bare(result, RUNS // 10), rounds) * 10
    found = [
        _line(
            f"uncertainty, {RUNS:,} runs of {UNITS} x {LEAVES} x 4 levels, every factor",
            _median(lambda: robustness.analyse_uncertainty(result, runs=RUNS).spreads(), rounds),
            ("COINr (scaled from 31 recorded for 100 runs)", 31.0 * RUNS / 100),
            40.0,
        ),
        _line(
            f"the same, {RUNS:,} runs, four inputs",
            _median(lambda: robustness.analyse_uncertainty(result, four, runs=RUNS).spreads(), rounds),
            ("numpy run by run", bare),
            40.0,
        ),
        _line(
            f"sensitivity, {POINTS * 6} runs with four inputs, 1,000 resamples",
            _median(lambda: robustness.analyse_sensitivity(result, four, points=POINTS), rounds),
            ("COINr (recorded)", 184.0),
            3.0,
        ),
        _line(
            f"new weights of 340 x {LEAVES}, normalised scores kept",
            _median(lambda: robustness.live(large, {"p0": 0.4, "i8": 0.2}), 5 * rounds),
            ("whole build", _median(lambda: evaluation.again(large), 5 * rounds)),
            0.02,
        ),
        _line(
            f"what lifts one of 340 units, {LEAVES} indicators",
            _median(lambda: robustness.lifts(large, "u7"), rounds),
            None,
            None,
        ),
        _line(
            f"Copeland 300 x {LEAVES}",
            _median(lambda: methods.copeland(x, even), rounds),
            ("COINr (recorded)", 166.0),
            0.3,
        ),
    ]
    alone = run_alone("robustness", "copeland")
    memory = {
        "benchmark": f"Copeland 2,850 x {LEAVES} (CPU s)",
        "ours": round(alone["cpu"], 2),
        "peak_mib": round(alone["peak"]),
        "peak_goal": _MIB,
        "met": alone["peak"] <= _MIB,
    }
    print(json.dumps(memory, ensure_ascii=False), flush=True)
    return [*found, memory]


def _line(name: str, spent: float, peer: tuple[str, float] | None, goal: float | None) -> dict[str, Any]:
    line = {
        "benchmark": f"{name} (CPU s)",
        "ours": round(spent, 4),
        "peer": f"{peer[0]} {peer[1]:.4g}" if peer else "",
        "ratio": round(spent / peer[1], 5) if peer else None,
        "goal": goal,
        "met": goal is None or spent <= goal,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return line


def _result(units: int, leaves: int) -> Any:
    from kaishu import evaluation

    x = np.random.default_rng(1).lognormal(size=(units, leaves))
    columns = {f"i{place}": x[:, place] for place in range(leaves)}
    table = evaluation.UnitTable(ids=tuple(f"u{row}" for row in range(units)), numbers=columns)
    return evaluation.build(evaluation.read_system(_system(leaves)), table)


def _bare(result: Any, runs: int) -> Any:
    """Run by run: normalise, weigh with noise, three levels of means, rank."""
    x = np.stack([result.table.numbers[f"i{place}"] for place in range(LEAVES)], axis=1)
    pillar = np.arange(LEAVES) % PILLARS
    members = [np.nonzero(pillar == place)[0] for place in range(PILLARS)]
    chance, found = np.random.default_rng(3), []
    for run in range(runs):
        low, high = x.min(axis=0), x.max(axis=0)
        scores = (
            (x - low) / (high - low) * 99 + 1 if run % 2 else (x - x.mean(axis=0)) / x.std(axis=0) * 9 + 50
        )
        geometric = run % 4 < 2
        values = np.log(np.maximum(scores, 1)) if geometric else scores
        weights = chance.uniform(0.75, 1.25, LEAVES)
        pillars = [values[:, each] @ weights[each] / weights[each].sum() for each in members]
        upper = chance.uniform(0.75, 1.25, PILLARS)
        index = np.stack(pillars, axis=1) @ upper / upper.sum()
        found.append(np.argsort(np.argsort(-index)))
    return np.quantile(np.array(found), (0.05, 0.5, 0.95), axis=0)


def _median(work: Callable[[], object], rounds: int) -> float:
    work()
    return statistics.median(_cpu(work) for _ in range(rounds))


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _one() -> None:
    from kaishu.evaluation import methods

    x = np.random.default_rng(2).lognormal(size=(2850, LEAVES))
    spent = _cpu(lambda: methods.copeland(x, np.full(LEAVES, 1 / LEAVES)))
    print(json.dumps({"cpu": spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _one()
    else:
        sys.exit(0 if all(line["met"] for line in main()) else 1)

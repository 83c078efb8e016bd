"""Building an index: CPU seconds of all stages, explanation and fingerprint too, against bare arithmetic.

The bare arithmetic is min-max and three levels of weighted means in numpy, of complete data, with nothing
checked, named or explained.  COINr 1.1.14 took 0.31 CPU s for the first size and 2.8 for the last
(recorded on a machine of two cores, not run here).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

#: Units, indicators, CPU seconds allowed; four levels each.
SIZES = ((51, 49, 0.02), (340, 49, None), (2850, 50, 0.3))
PILLARS = 8


def main(rounds: int = 3) -> list[dict[str, Any]]:
    """Ours and the reference in turn, the median of many."""
    found = []
    for units, leaves, goal in SIZES:
        ours, plain = _work(units, leaves)
        ours(), plain()
        pairs = [(_cpu(ours), _cpu(plain)) for _ in range(5 * rounds)]
        spent, bare = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        line = {
            "benchmark": f"index of {units:,} units x {leaves} indicators x 4 levels (CPU s)",
            "ours": round(spent, 4),
            "peer": f"numpy {bare:.5f}",
            "ratio": round(spent / bare, 1),
            "goal": goal,
            "met": goal is None or spent <= goal,
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)
        found.append(line)
    return found


def _work(units: int, leaves: int) -> tuple[Callable[[], object], Callable[[], object]]:
    from kaishu import evaluation

    chance = np.random.default_rng(1)
    x = chance.lognormal(size=(units, leaves))
    passport = evaluation.read_system(_system(leaves))
    ids = tuple(f"u{row}" for row in range(units))
    columns = {f"i{place}": x[:, place] for place in range(leaves)}
    pillar = np.arange(leaves) % PILLARS
    members = [np.nonzero(pillar == place)[0] for place in range(PILLARS)]

    def plain() -> object:
        low, high = x.min(axis=0), x.max(axis=0)
        scores = (x - low) / (high - low) * 100
        pillars = np.stack([scores[:, each].mean(axis=1) for each in members], axis=1)
        halves = np.stack([pillars[:, :4].mean(axis=1), pillars[:, 4:].mean(axis=1)], axis=1)
        return np.argsort(-halves.mean(axis=1))

    return lambda: evaluation.build(passport, evaluation.UnitTable(ids=ids, numbers=columns)), plain


def _system(leaves: int) -> dict[str, Any]:
    """Two halves of four pillars; indicators are dealt to the pillars in turn."""
    below: list[list[dict[str, Any]]] = [[] for _ in range(PILLARS)]
    for place in range(leaves):
        below[place % PILLARS].append({"code": f"i{place}", "indicator": {}})
    pillars = [{"code": f"p{place}", "children": each} for place, each in enumerate(below)]
    halves = [{"code": "h0", "children": pillars[:4]}, {"code": "h1", "children": pillars[4:]}]
    return {"system": "bench", "weights": "equal", "tree": halves}


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(0 if all(line["met"] for line in main()) else 1)

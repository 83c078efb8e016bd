"""Replacing the factors of a product one after the other, and what the order of doing so decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kaishu.evaluation.analysis.columns import Floats

#: 2 to the power of this many products are formed.
MOST_FACTORS = 12


def substitutions(before: Floats, after: Floats, order: Sequence[int]) -> Floats:
    """(n,) effects of replacing the factors at ``order``, one by one.

    >>> substitutions(np.array([10.0, 2.0]), np.array([12.0, 3.0]), [1, 0]).tolist()
    [6.0, 10.0]
    """
    now = before.copy()
    effects = np.zeros(len(before))
    for place in order:
        rest = float(np.prod(np.delete(now, place)))
        effects[place] = (after[place] - before[place]) * rest
        now[place] = after[place]
    return effects


def widest_range(before: Floats, after: Floats) -> list[tuple[float, float]] | None:
    """Least and largest effect of each factor over all orders; None with more than 12 factors.

    An effect depends only on which others were replaced before, so that subsets take the place of orders.
    """
    n = len(before)
    if n > MOST_FACTORS:
        return None
    found = []
    for place in range(n):
        rest = np.ones(1)
        for other in range(n):
            if other != place:
                rest = np.concatenate([rest * before[other], rest * after[other]])
        effects = (after[place] - before[place]) * rest
        found.append((float(effects.min()), float(effects.max())))
    return found

"""K-means: the tightest of several starts, each run until nothing moves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kaishu.evaluation.analysis.columns import Floats

Whole = npt.NDArray[np.int64]

STARTS, _MOST_STEPS = 5, 100


def k_means(z: Floats, k: int, seed: int) -> Whole:
    """(n,) group numbers from 0 of (n, m) values with at least ``k`` different rows.

    Lloyd 1982 (doi:10.1109/TIT.1982.1056489) from the starts of Arthur and Vassilvitskii 2007 (k-means++).

    >>> k_means(np.array([[0.0], [0.1], [5.0], [5.1]]), 2, 1).tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    True
    """
    best, least = np.zeros(len(z), dtype=np.int64), np.inf
    for start in range(STARTS):
        generator = np.random.default_rng([seed, k, start])
        split, spread = _settled(z, _first_centres(z, k, generator))
        if spread < least * (1 - 1e-12):
            best, least = split, spread
    return best


def _first_centres(z: Floats, k: int, generator: np.random.Generator) -> Floats:
    """Rows far from one another: each next one drawn by its squared distance to those before."""
    chosen = [int(generator.integers(len(z)))]
    far = ((z - z[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k:
        chosen.append(int(generator.choice(len(z), p=far / far.sum())))
        far = np.minimum(far, ((z - z[chosen[-1]]) ** 2).sum(axis=1))
    return z[chosen].copy()


def _settled(z: Floats, centres: Floats) -> tuple[Whole, float]:
    split = np.full(len(z), -1, dtype=np.int64)
    own = (z**2).sum(axis=1, keepdims=True)
    for _ in range(_MOST_STEPS):
        distances = own - 2 * (z @ centres.T) + (centres**2).sum(axis=1)
        now = distances.argmin(axis=1)
        for empty in np.setdiff1d(np.arange(len(centres)), now):
            # A group without rows takes the row that lies worst, from a group that can spare it.
            spare = np.bincount(now, minlength=len(centres))[now] > 1
            now[np.where(spare, distances[np.arange(len(z)), now], -1.0).argmax()] = empty
        if (now == split).all():
            break
        split = now
        member = (split[:, None] == np.arange(len(centres))).astype(np.float64)
        centres = (member.T @ z) / member.sum(axis=0)[:, None]
    return split, float(((z - centres[split]) ** 2).sum())

"""Turning factors so that they can be read."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from kaishu.evaluation.analysis.columns import Floats


def varimax(loadings: Floats, *, tolerance: float = 1e-12, most: int = 1000) -> tuple[Floats, Floats]:
    """(p, k) loadings and the (k, k) turn, with Kaiser's scaling of rows.

    The variance of squared loadings within factors is made as large as it can be, plane by plane with the
    best angle in each (Kaiser 1958, doi:10.1007/BF02289233), which also leaves a start at a saddle.

    >>> turned, turn = varimax(np.array([[0.6, 0.6], [0.6, -0.6], [0.7, 0.7], [0.7, -0.7]]))
    >>> abs(turned).round(3).tolist()
    [[0.849, 0.0], [0.0, 0.849], [0.99, 0.0], [0.0, 0.99]]
    """
    p, k = loadings.shape
    turn = np.eye(k)
    size = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    now = loadings / np.where(size > 0, size, 1.0)
    for _ in range(most):
        widest = 0.0
        for i, j in combinations(range(k), 2):
            angle = _angle(now[:, i], now[:, j], p)
            widest = max(widest, abs(angle))
            plane = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            now[:, [i, j]] = now[:, [i, j]] @ plane
            turn[:, [i, j]] = turn[:, [i, j]] @ plane
        if widest < tolerance:
            break
    return loadings @ turn, turn


def _angle(x: Floats, y: Floats, p: int) -> float:
    u, v = x * x - y * y, 2 * x * y
    above = 2 * (u @ v) - 2 * u.sum() * v.sum() / p
    below = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / p
    # Where neither says anything every angle is as good; staying is the one that ends.
    if np.hypot(above, below) < 1e-14 * p:
        return 0.0
    return float(np.arctan2(above, below) / 4)


def fix_signs(loadings: Floats) -> Floats:
    """(k,) of 1 and -1 that make the loadings of each column sum to more than zero.

    Where they sum to nothing, the largest loading by size (the first of several) is made positive.

    >>> fix_signs(np.array([[-0.9, 0.1], [0.2, 0.3]])).tolist()
    [-1.0, 1.0]
    """
    sums = loadings.sum(axis=0)
    size = np.abs(loadings).max(axis=0)
    # The first of those that are largest but for rounding, so that rounding cannot choose the sign.
    largest = (np.abs(loadings) >= size * (1 - 1e-9)).argmax(axis=0)
    first = loadings[largest, np.arange(loadings.shape[1])]
    deciding = np.where(np.abs(sums) > 1e-9 * np.where(size > 0, size, 1.0), sums, first)
    return np.where(deciding < 0, -1.0, 1.0)

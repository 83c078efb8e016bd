"""Weights by which each member is as closely related to the index as it is meant to matter 优化赋权.

Sources: P. Paruolo, M. Saisana and A. Saltelli, JRSS A 176, 2013 (why a weight is not an importance);
W. Becker et al., Ecological Indicators 80, 2017; J. A. Nelder and R. Mead, Computer Journal 7, 1965.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kaishu.base.errors import Said
from kaishu.evaluation.methods.aggregation import arithmetic
from kaishu.evaluation.methods.arrays import Array, column_figures, floats, refuse, same
from kaishu.evaluation.methods.errors import BadChoice

OPTIMISED = Said("优化赋权", "Optimised weights")


@dataclass(frozen=True, slots=True)
class Optimised:
    """Weights; each member's correlation with the index by them; its share of their sum; the squared miss."""

    weights: Array
    correlations: Array
    shares: Array
    miss: float


def optimised(
    x: ArrayLike,
    importance: ArrayLike | None = None,
    aggregate: Callable[[Array, Array], Array] = arithmetic,
    *,
    steps: int = 4000,
) -> Optimised:
    """Weights so that members' correlations with the index are as ``importance`` (equal if not given).

    ``x`` (units, members) are scores, missing ones as NaN; ``aggregate`` takes scores and weights. Searched
    by Nelder and Mead's simplex from the wanted shares: the same data always give the same weights. Where
    members contradict each other the shares cannot be met, and ``miss`` says by how much.

    >>> draw = np.random.default_rng(1).random((40, 3))
    >>> optimised(draw).shares.round(3).tolist()
    [0.333, 0.333, 0.333]
    """
    values = floats(x, OPTIMISED)
    members = values.shape[1]
    aims = floats(np.ones(members) if importance is None else importance, OPTIMISED)
    if aims.shape != (members,) or not (aims > 0).all():
        raise BadChoice(OPTIMISED, Said("每个成员的重要性都应大于 0", "every member's importance is above 0"))
    figures = column_figures(values)
    refuse(same(figures.minimum, figures.maximum), OPTIMISED, Said("有常数列", "a column is constant"))
    aims = aims / aims.sum()

    def miss(point: Array) -> float:
        shares = _shares(_related(values, aggregate(values, _to_weights(point))))
        return float(((shares - aims) ** 2).sum())

    weights = _to_weights(_simplex(miss, np.log(aims), steps))
    related = _related(values, aggregate(values, weights))
    shares = _shares(related)
    return Optimised(weights, related, shares, float(((shares - aims) ** 2).sum()))


def _to_weights(point: Array) -> Array:
    """Any point as weights above 0 with the sum 1."""
    raised = np.exp(np.clip(point - point.max(), -30, 0))
    return np.asarray(raised / raised.sum())


def _related(values: Array, index: Array) -> Array:
    """Pearson's r of each column with the index, over the units that have both; 0 without spread."""
    there = ~np.isnan(values) & ~np.isnan(index)[:, None]
    n = np.maximum(there.sum(axis=0), 1)
    left = np.where(there, values, 0.0)
    right = np.where(there, index[:, None], 0.0)
    left = np.where(there, left - left.sum(axis=0) / n, 0.0)
    right = np.where(there, right - right.sum(axis=0) / n, 0.0)
    size = np.sqrt((left * left).sum(axis=0) * (right * right).sum(axis=0))
    return np.asarray((left * right).sum(axis=0) / np.where(size > 0, size, 1.0))


def _shares(related: Array) -> Array:
    total = related.sum()
    return np.asarray(related / total) if total > 1e-9 else np.full(related.shape, -1.0)


def _simplex(function: Callable[[Array], float], start: Array, steps: int) -> Array:
    """The least of a function by reflection, expansion, contraction and shrinking, with the usual factors."""
    points = np.vstack([start, start + 0.5 * np.eye(len(start))])
    worth = np.array([function(point) for point in points])
    for _ in range(steps):
        order = np.argsort(worth, kind="stable")
        points, worth = points[order], worth[order]
        if worth[-1] - worth[0] < 1e-14 and np.abs(points - points[0]).max() < 1e-7:
            break
        middle = points[:-1].mean(axis=0)
        tried = 2 * middle - points[-1]
        found = function(tried)
        if found < worth[0]:
            further = 3 * middle - 2 * points[-1]
            better = function(further)
            tried, found = (further, better) if better < found else (tried, found)
        elif found >= worth[-2]:
            tried = (middle + (tried if found < worth[-1] else points[-1])) / 2
            found = function(tried)
            if found >= worth[-1]:
                points[1:] = (points[0] + points[1:]) / 2
                worth[1:] = [function(point) for point in points[1:]]
                continue
        points[-1], worth[-1] = tried, found
    return np.asarray(points[int(np.argmin(worth))])

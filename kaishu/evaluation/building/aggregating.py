"""Scores of the leaves to those of every node above, group by group, for one run or many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaishu.base.errors import Said
from kaishu.evaluation import methods
from kaishu.evaluation.building.errors import Undefined
from kaishu.evaluation.building.normalising import Scored
from kaishu.evaluation.building.notes import Notice
from kaishu.evaluation.building.plan import Group, Plan
from kaishu.evaluation.building.table import Array, Mask
from kaishu.evaluation.building.weighing import group_weights
from kaishu.evaluation.methods.aggregation import weighted_total
from kaishu.evaluation.methods.arrays import NOISE
from kaishu.evaluation.methods.errors import UnsuitableValues
from kaishu.evaluation.system.choices import Method, Power


@dataclass(frozen=True)
class Aggregated:
    """Scores of all nodes, (units, nodes) or (runs, units, nodes), the index first.

    ``weights`` holds what each group was weighed with, by the code of its parent: an array that broadcasts
    against (units, children), or (runs, units, children).  ``applicable`` is (units, nodes).
    """

    scores: Array
    weights: Mapping[str, Array]
    applicable: Mask
    notices: tuple[Notice, ...]


def aggregate(
    plan: Plan,
    scored: Scored,
    *,
    weights: Mapping[str, Array] | None = None,
    method: Method | None = None,
    scores: Array | None = None,
) -> Aggregated:
    """Put together from the lowest groups to the index.

    ``weights`` (by the code of the parent, shapes as ``Aggregated.weights``) and ``method`` stand for those
    of the plan; ``scores``, (units, leaves) or (runs, units, leaves), for those of ``scored``.
    Raises ``Undefined``, naming the node and the units.
    """
    given = scored.scores if scores is None else scores
    columns: dict[int, Array] = {int(place): given[..., leaf] for leaf, place in enumerate(plan.leaf_places)}
    applicable = np.zeros((plan.units, len(plan.codes)), dtype=bool)
    applicable[:, plan.leaf_places] = scored.applicable
    used: dict[str, Array] = {}
    notices: list[Notice] = []
    for group in plan.groups:
        there = applicable[:, group.children]
        applicable[:, group.place] = there.any(axis=1)
        x = _members(columns, group)
        if weights is not None and group.code in weights:
            used[group.code] = weights[group.code]
        else:
            used[group.code] = group_weights(plan, group, x, notices)
        columns[group.place] = _together(plan, group, x, used[group.code], there, method or group.method)
    shape = np.broadcast_shapes(*(column.shape for column in columns.values()))
    scores_of_all = np.empty((*shape, len(plan.codes)))
    for place, column in columns.items():
        scores_of_all[..., place] = column
    return Aggregated(scores_of_all, used, applicable, tuple(notices))


def _members(columns: Mapping[int, Array], group: Group) -> Array:
    chosen = [columns[int(place)] for place in group.children]
    return np.stack(np.broadcast_arrays(*chosen), axis=-1)


def _together(plan: Plan, group: Group, x: Array, weights: Array, there: Mask, method: Method) -> Array:
    broken: Mask | None = None
    for place, skipped in group.alone.items():
        lost = np.isnan(x[..., place]) & there[:, place]
        if skipped:
            there = there & ~_at(lost, place, there.shape)
        else:
            counts = lost & (weights[..., place] > 0)
            broken = counts if broken is None else broken | counts
    applicable = None if there.all() else there
    try:
        found = _called(method, x, weights, group.policy, applicable)
    except UnsuitableValues as error:
        raise _undefined(plan, group, error) from error
    # A spread that is too small to be squared leaves nothing to divide by.
    found = np.where(np.isfinite(found), found, np.nan)
    return found if broken is None else np.where(broken, np.nan, found)


def _at(lost: Mask, place: int, shape: tuple[int, ...]) -> Mask:
    found = np.zeros((*lost.shape[:-1], *shape), dtype=bool)
    found[..., place] = lost
    return found


def _called(method: Method, x: Array, weights: Array, policy: Any, applicable: Mask | None) -> Array:
    if isinstance(method, Power):
        return methods.power(x, weights, method.power, missing=policy, applicable=applicable)
    if method == "sum":
        return total(x, weights, policy, applicable)
    function: Any = getattr(methods, method.replace("-", "_"))
    return np.asarray(function(x, weights, missing=policy, applicable=applicable))


def total(x: Array, weights: Array, policy: Any, applicable: Mask | None) -> Array:
    """Points: the sum of weight times score over the members that are there; missing without any."""
    counts = np.ones(x.shape, dtype=bool) if applicable is None else np.broadcast_to(applicable, x.shape)
    present = counts & ~np.isnan(x)
    points = weighted_total(np.where(present, x, 0.0), np.asarray(weights))
    lost = ~present.any(axis=-1)
    if policy == "propagate":
        lost = lost | (counts & ~present & (weights > 0)).any(axis=-1)
    elif not isinstance(policy, str):
        lost = lost | (present.sum(axis=-1) < policy * counts.sum(axis=-1) - NOISE)
    return np.where(lost, np.nan, points)


def _undefined(plan: Plan, group: Group, error: UnsuitableValues) -> Undefined:
    rows, places = error.facts["rows"], error.facts["columns"]
    named = []
    for number, row in enumerate(rows[:10]):
        code = f" {plan.codes[group.children[places[number]]]}" if number < len(places) else ""
        named.append(plan.table.names[row] + code)
    more = "…" if len(rows) > len(named) else ""
    problem = Said(
        f"{error.facts['method_zh']}不能用：{error.facts['reason_zh']}",
        f"{error.facts['method_en']}: {error.facts['reason_en']}",
    )
    return Undefined(
        node=group.code, problem_zh=str(problem), problem_en=problem.en, units="、".join(named) + more
    )

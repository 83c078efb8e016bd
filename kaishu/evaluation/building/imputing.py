"""Values put in where there were none, by the policy of each leaf."""

from __future__ import annotations

from typing import Any, Literal, cast

import numpy as np

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation import methods
from kaishu.evaluation.building.errors import BadData
from kaishu.evaluation.building.plan import Leaf, Plan
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.system.choices import Constant, Impute


def imputed(plan: Plan, values: Array, chosen: Any = None) -> Array:
    """``values`` (units, leaves) with missing ones that apply put in; ``chosen`` stands for all policies."""
    by_method: dict[object, list[Leaf]] = {}
    empty = np.isnan(values) & plan.applicable
    for leaf in plan.leaves:
        policy = chosen if chosen is not None else leaf.fill
        if isinstance(policy, Impute) and empty[:, leaf.place].any():
            by_method.setdefault(policy.impute, []).append(leaf)
    if not by_method:
        return values
    found = values.copy()
    for how, leaves in by_method.items():
        places = [leaf.place for leaf in leaves]
        if isinstance(how, Constant):
            filled = np.full((plan.units, len(places)), how.constant)
        elif how == "row":
            filled = _from_row(plan, values)[:, places]
        elif how in ("last", "linear"):
            filled = _panel(plan, values[:, places], how)
        else:
            filled = _middle(plan, values[:, places], str(how))
        found[:, places] = np.where(empty[:, places], filled, values[:, places])
    return found


def _middle(plan: Plan, values: Array, how: str) -> Array:
    groups = None
    if how.startswith("group-"):
        if plan.passport.units.group is None:
            said = Said("按组插补需要 units 里的 group 列", "imputing by group needs a group column in units")
            raise BadData(plan.table.source, [CellProblem(0, "", said)])
        groups = np.array([group or "" for group in plan.table.groups])
    by = cast('Literal["mean", "median"]', how.removeprefix("group-"))
    return methods.impute(values, by, groups).values


def _from_row(plan: Plan, values: Array) -> Array:
    parent = {int(child): place for place, group in enumerate(plan.groups) for child in group.children}
    branches = np.array([parent[int(place)] for place in plan.leaf_places])
    direction = np.array([leaf.direction for leaf in plan.leaves])
    return methods.impute_from_row(values, branches, direction).values


def _panel(plan: Plan, values: Array, how: Literal["last", "linear"]) -> Array:
    """Each unit's own other periods, in their order."""
    if plan.passport.units.period is None:
        said = Said(
            "按时间插补需要 units 里的 period 列", "imputing over time needs a period column in units"
        )
        raise BadData(plan.table.source, [CellProblem(0, "", said)])
    filled = values.copy()
    times = period_numbers(plan.table.periods)
    rows_of: dict[str, list[int]] = {}
    for row, unit in enumerate(plan.table.ids):
        rows_of.setdefault(unit, []).append(row)
    for rows in rows_of.values():
        order = sorted(rows, key=lambda row: times[row])
        filled[order] = methods.impute_panel(values[order], times[order], how).values
    return filled


def period_numbers(periods: tuple[str | None, ...]) -> Array:
    """Periods as numbers: years as they are, other names by their order.

    >>> period_numbers(("2019", "2021")).tolist(), period_numbers(("2020Q2", "2020Q1")).tolist()
    ([2019.0, 2021.0], [1.0, 0.0])
    """
    names = [period or "" for period in periods]
    try:
        return np.array([float(name) for name in names])
    except ValueError:
        order = {name: place for place, name in enumerate(sorted(set(names)))}
        return np.array([float(order[name]) for name in names])

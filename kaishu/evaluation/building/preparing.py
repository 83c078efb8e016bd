"""Raw values to values that can be normalised: denominators, imputation, outliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation import methods
from kaishu.evaluation.building.errors import BadData
from kaishu.evaluation.building.imputing import imputed
from kaishu.evaluation.building.notes import IMPUTED, MISSING, NOT_APPLICABLE, TREATED, UNUSED, Flags, Notice
from kaishu.evaluation.building.plan import Leaf, Plan
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.methods.errors import BadChoice, UnsuitableValues
from kaishu.evaluation.system.choices import Winsorise


@dataclass(frozen=True)
class Prepared:
    """``raw`` after denominators, ``values`` after imputation and treatment, both (units, leaves)."""

    raw: Array
    values: Array
    flags: Flags
    notices: tuple[Notice, ...]


def prepare(plan: Plan, *, treat: Any = None, impute: Any = None, raw: Array | None = None) -> Prepared:
    """Denominate, impute, treat.

    ``treat`` and ``impute`` (choices of the passport) stand for those of every leaf; ``raw``, (units,
    leaves), for the values of the table, denominators taken already.
    """
    notices: list[Notice] = []
    flags = np.zeros((plan.units, len(plan.leaves)), dtype=np.uint16)
    if raw is None:
        raw = raw_values(plan, notices)
    values = np.where(plan.applicable, raw, np.nan)
    flags |= np.where(plan.applicable, 0, NOT_APPLICABLE).astype(np.uint16)
    flags |= np.where(~plan.applicable & ~np.isnan(raw), UNUSED, 0).astype(np.uint16)
    empty = np.isnan(values) & plan.applicable
    flags |= np.where(empty, MISSING, 0).astype(np.uint16)
    values = imputed(plan, values, impute)
    put = empty & ~np.isnan(values)
    flags |= np.where(put, IMPUTED, 0).astype(np.uint16)
    treated = _treated(plan, values, treat, notices)
    flags |= np.where(_differs(treated, values), TREATED, 0).astype(np.uint16)
    return Prepared(raw, treated, flags, tuple(notices))


def _differs(one: Array, other: Array) -> Any:
    return (one != other) & ~(np.isnan(one) & np.isnan(other))


def raw_values(plan: Plan, notices: list[Notice]) -> Array:
    """Values of the table, (units, leaves), divided by their denominators."""
    numbers = plan.table.numbers
    raw = np.empty((plan.units, len(plan.leaves)))
    for leaf in plan.leaves:
        raw[:, leaf.place] = numbers[leaf.column]
        if leaf.per is not None:
            raw[:, leaf.place] = _divided(plan, leaf, numbers[leaf.per], notices)
    return raw


def _divided(plan: Plan, leaf: Leaf, below: Array, notices: list[Notice]) -> Array:
    assert leaf.per is not None
    negative = np.nonzero(below < 0)[0]
    if len(negative):
        problems = [
            CellProblem(
                int(row) + 1,
                leaf.per,
                Said(
                    f"作分母的数是负的（{plan.table.names[row]}）",
                    f"a denominator is negative ({plan.table.names[row]})",
                ),
            )
            for row in negative[:30]
        ]
        raise BadData(plan.table.source, problems, len(negative))
    above = plan.table.numbers[leaf.column]
    nought = np.nonzero((below == 0) & ~np.isnan(above))[0]
    if len(nought):
        said = Said(
            f"“{leaf.per}”为0，比值没有意义，按缺失处理",
            f'"{leaf.per}" is 0: the ratio is not defined and counts as missing',
        )
        notices.append(Notice("denominator", said, leaf.code, units_at(plan, nought)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / (below / leaf.per_scale), np.nan)


def units_at(plan: Plan, rows: Any) -> tuple[str, ...]:
    """Names of the units in some rows, at most 50."""
    return tuple(plan.table.names[row] for row in list(rows)[:50])


def _treated(plan: Plan, values: Array, chosen: Any, notices: list[Notice]) -> Array:
    by_method: dict[object, list[Leaf]] = {}
    for leaf in plan.leaves:
        how = chosen if chosen is not None else leaf.treat
        if how != "none":
            by_method.setdefault(how, []).append(leaf)
    if not by_method:
        return values
    found = values.copy()
    for how, leaves in by_method.items():
        places = [leaf.place for leaf in leaves]
        if isinstance(how, Winsorise):
            found[:, places] = _winsorised(plan, values[:, places], how, leaves, notices)
        else:
            for place in places:
                found[:, place] = methods.log_treated(values[:, place])
    return found


def _winsorised(
    plan: Plan, columns: Array, how: Winsorise, leaves: list[Leaf], notices: list[Notice]
) -> Array:
    try:
        treated = methods.treat(columns, most=how.winsorise, then=how.then)
    except UnsuitableValues as error:
        raise unsuitable(plan, error, np.arange(plan.units), leaves) from error
    for place, leaf in enumerate(leaves):
        if treated.failing[place]:
            said = Said(
                f"{leaf.code} 处理后仍有异常值，保留原值",
                f"{leaf.code} has outliers even after treatment; its values are kept",
            )
            notices.append(Notice("outliers", said, leaf.code))
        elif treated.outcome[place] != "none":
            cells = np.nonzero(treated.winsorised[:, place])[0]
            zh, en = _OUTCOMES[treated.outcome[place]]
            said = Said(f"{leaf.code} 有异常值：{zh}", f"{leaf.code} had outliers: {en}")
            notices.append(Notice("treated", said, leaf.code, units_at(plan, cells)))
    return treated.values


_OUTCOMES = {
    "winsorised": ("已缩尾", "drawn in"),
    "log": ("已取对数", "logarithms taken"),
    "box-cox": ("已作 Box-Cox 变换", "Box-Cox transformed"),
}


def unsuitable(plan: Plan, error: BadChoice | UnsuitableValues, rows: Any, leaves: Sequence[Leaf]) -> BadData:
    """A method's refusal with the names of its units; ``rows`` and ``leaves`` are what it was given."""
    facts = error.facts
    said = Said(
        f"{facts['method_zh']}不能用：{facts['reason_zh']}", f"{facts['method_en']}: {facts['reason_en']}"
    )
    problems = []
    for number, row in enumerate(facts.get("rows", ())):
        column = facts["columns"][number] if number < len(facts["columns"]) else 0
        name = plan.table.names[int(rows[row])]
        told = Said(f"{said}（{name}）", f"{said.en} ({name})")
        problems.append(CellProblem(0, leaves[column].column, told))
    return BadData(plan.table.source, problems or [CellProblem(0, leaves[0].column, said)])

"""What each group is weighed with: written shares, judges' matrices, or what the scores themselves say."""

from __future__ import annotations

import numpy as np

from kaishu.evaluation.building.computed import computed
from kaishu.evaluation.building.notes import Notice
from kaishu.evaluation.building.plan import Group, Plan
from kaishu.evaluation.building.table import Array, Mask
from kaishu.evaluation.system.model import UnitClass


def group_weights(plan: Plan, group: Group, x: Array, notices: list[Notice]) -> Array:
    """Weights of a group's children: (children,) if all units have the same, else (units, children)."""
    if group.shares is not None:
        return of_classes(plan, group.shares)
    shares = computed(plan, group, x, notices)
    rules = [UnitClass(), *plan.passport.classes.values()]
    codes = [plan.codes[place] for place in group.children]
    rows = [
        _for_class(codes, shares, each, present) for each, present in zip(rules, group.present, strict=True)
    ]
    return of_classes(plan, np.array(rows))


def of_classes(plan: Plan, by_class: Array) -> Array:
    """Shares by class to shares by unit, or one row where the classes that occur agree."""
    there = np.unique(plan.class_of)
    rows = by_class[there] if len(there) else by_class[:1]
    return np.asarray(rows[0] if (rows == rows[0]).all() else by_class[plan.class_of])


def _for_class(codes: list[str], shares: Array, rules: UnitClass, present: Mask) -> Array:
    """Computed weights for a class: what does not apply is folded or spread."""
    found = shares.copy()
    if not present.any():
        return np.zeros(len(codes))
    for place in np.nonzero(~present)[0]:
        target = rules.fold.get(codes[place])
        if target in codes and present[codes.index(target)]:
            found[codes.index(target)] += found[place]
        found[place] = 0.0
    whole = found.sum()
    return found / whole if whole > 0 else found

"""Other weights tried on a result while somebody watches: only the last step, aggregation, is done again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock

import numpy as np

from kaishu.evaluation.building.aggregating import aggregate
from kaishu.evaluation.building.deciding import grade_places, ranks
from kaishu.evaluation.building.normalising import Scored, normalise
from kaishu.evaluation.building.plan import Group, Plan, compile_plan
from kaishu.evaluation.building.preparing import prepare
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.building.weighing import of_classes
from kaishu.evaluation.robustness.errors import BadNumber, NoSuchNode
from kaishu.evaluation.system.checking_decisions import grade_names
from kaishu.evaluation.system.model import Node, Passport, UnitClass
from kaishu.evaluation.system.scalars import exact
from kaishu.evaluation.system.weighing import class_shares, groups, without

#: Results whose normalised scores are kept, and the cells (units x nodes) that all of them may have.
_KEPT, _CELLS = 16, 20_000_000
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Tried:
    """``scores`` (units, nodes) as in the result; ``rank`` (units,); ``rise``: places won, below 0 lost.

    ``grade`` of every unit without vetoes, None without grades; ``weights`` are the shares now used, by code.
    """

    scores: Array
    rank: Array
    rise: Array
    grade: tuple[str | None, ...]
    weights: Mapping[str, float]


@dataclass(frozen=True)
class _Kept:
    plan: Plan
    scored: Scored
    weights: Mapping[str, Array]


_kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
_lock = Lock()


def live(result: Result, weights: Mapping[str, str | float | Fraction]) -> Tried:
    """The ranks with other weights.

    ``weights`` are by code and relative among siblings; those not named stay as they are, and every group is
    scaled to what it sums to now.  Raises ``NoSuchNode``; ``BadNumber`` for a weight that is none, below 0,
    or a group of zeros; ``Undefined``.
    """
    kept = _prepared(result)
    changed, shares = _changed(kept, weights)
    found = aggregate(kept.plan, kept.scored, weights={**kept.weights, **changed})
    index = np.asarray(found.scores[:, 0])
    rank = ranks(kept.plan, index)
    names = [*grade_names(kept.plan.passport), None]
    grade = tuple(names[int(place)] for place in grade_places(kept.plan, index))
    return Tried(found.scores, rank, result.rank - rank, grade, shares)


def _prepared(result: Result) -> _Kept:
    """Normalised scores of the result, kept from the last time."""
    key = (result.fingerprint, result.data_digest)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    plan = compile_plan(result.passport, result.table)
    scored = normalise(plan, prepare(plan), explain=False)
    found = _Kept(plan, scored, aggregate(plan, scored).weights)
    with _lock:
        _kept[key] = found
        while len(_kept) > 1 and (
            len(_kept) > _KEPT or sum(each.scored.scores.size for each in _kept.values()) > _CELLS
        ):
            _kept.popitem(last=False)
    return found


def _changed(
    kept: _Kept, weights: Mapping[str, str | float | Fraction]
) -> tuple[dict[str, Array], dict[str, float]]:
    """Arrays of the groups in which a weight is another, and each child's share in them."""
    passport, left = kept.plan.passport, {code: _weight(code, value) for code, value in weights.items()}
    gone = [set[str](), *(without(passport, rules) for rules in passport.classes.values())]
    of = {group.code: group for group in kept.plan.groups}
    arrays: dict[str, Array] = {}
    shares: dict[str, float] = {}
    for parent, children in groups(passport):
        named = [child.code for child in children if child.code in left]
        if not named:
            continue
        group = of[parent.code if parent else "index"]
        now = _now(group, children, kept.weights[group.code])
        asked = {code: left.pop(code) if code in left else share for code, share in now.items()}
        total, whole = sum(asked.values()), sum(now.values())
        if not total:
            raise BadNumber(name=" + ".join(asked), low="> 0", high=_LARGEST, given=0)
        scaled = {code: share / total * whole for code, share in asked.items()}
        arrays[group.code] = _by_class(kept.plan, passport, group, children, scaled, gone)
        shares |= {code: float(share) for code, share in scaled.items()}
    if left:
        raise NoSuchNode(name=next(iter(left)), known=kept.plan.codes[1:60])
    return arrays, shares


def _by_class(
    plan: Plan,
    passport: Passport,
    group: Group,
    children: tuple[Node, ...],
    shares: Mapping[str, Fraction],
    gone: list[set[str]],
) -> Array:
    rules = [UnitClass(), *passport.classes.values()]
    rows = [
        list(class_shares(children, shares, each, out, group.method == "sum").values())
        for each, out in zip(rules, gone, strict=True)
    ]
    return of_classes(plan, np.array([[float(share) for share in row] for row in rows]))


def _now(group: Group, children: tuple[Node, ...], used: Array) -> dict[str, Fraction]:
    """Shares as written, or what the data gave (their mean over units, where classes differ)."""
    codes = [child.code for child in children]
    if all(child.weight is not None for child in children) and group.weighing == "given":
        return {child.code: child.weight for child in children if child.weight is not None}
    if group.exact is not None:
        return dict(zip(codes, group.exact[0], strict=True))
    middle = used if used.ndim == 1 else used.mean(axis=0)
    total = float(middle.sum())
    return {
        code: Fraction(float(share) / total).limit_denominator(10**12)
        for code, share in zip(codes, middle, strict=True)
    }


def _weight(code: str, value: str | float | Fraction) -> Fraction:
    try:
        found = exact(value)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise BadNumber(name=code, low=0, high=_LARGEST, given=str(value)[:40]) from error
    if not 0 <= found <= _LARGEST:
        raise BadNumber(name=code, low=0, high=_LARGEST, given=str(value)[:40])
    return found

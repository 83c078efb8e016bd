"""Other weights tried on a kept result: nothing is written, every rule of the system holds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.building.evaluating import build, with_weights
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.system.model import Node
from kaishu.evaluation.system.scalars import exact

MOST_CHANGED = 500
_DECIMALS = 12


def shares_now(result: Result) -> dict[str, Fraction]:
    """Each node's share among its siblings: as written, else the median of what the units got."""
    found: dict[str, Fraction] = {}
    for siblings in _groups(result.passport.tree):
        written = [node.weight for node in siblings]
        if all(weight is not None for weight in written):
            found |= {node.code: exact(weight) for node, weight in zip(siblings, written, strict=True)}
            continue
        places = [result.places[node.code] for node in siblings]
        shares = [np.nan_to_num(result.shares[:, place]) for place in places]
        middle = [Fraction(float(np.median(each))).limit_denominator(10**_DECIMALS) for each in shares]
        total = sum(middle, Fraction(0))
        for node, share in zip(siblings, middle, strict=True):
            found[node.code] = share / total if total else Fraction(1, len(siblings))
    return found


def relative_weights(result: Result, weights: Mapping[str, str | float]) -> dict[str, Fraction]:
    """Weights as they would be: those given are relative within their group, the others stay as they are,
    and each changed group is scaled to sum to 1 (to its present sum, where points are summed).

    Raises ``Invalid``: no such node, no number, below zero, a group of zeros.
    """
    if len(weights) > MOST_CHANGED:
        raise _wrong(
            "weights", f"最多改{MOST_CHANGED}个权重", f"At most {MOST_CHANGED} weights can be changed."
        )
    given = {code: _number(result, code, value) for code, value in weights.items()}
    now = shares_now(result)
    found: dict[str, Fraction] = {}
    for siblings in _groups(result.passport.tree):
        codes = [node.code for node in siblings]
        if not given.keys() & set(codes):
            continue
        asked = {code: given.get(code, now[code]) for code in codes}
        total = sum(asked.values(), Fraction(0))
        if not total:
            raise _wrong(codes[0], "同级的权重不能都是0", "The weights of a group cannot all be 0.")
        whole = sum((now[code] for code in codes), Fraction(0))
        found |= {code: share / total * whole for code, share in asked.items()}
    return found


def what_if(result: Result, weights: Mapping[str, str | float]) -> Result:
    """The result with other weights, as ``relative_weights`` reads them.

    Raises ``Invalid``, ``BadSystem`` (weights by class that no longer fit), ``Undefined``.
    """
    changed = relative_weights(result, weights)
    if not changed:
        return result
    return build(with_weights(result.passport, changed), result.table)


def _groups(nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    found = [nodes]
    for node in nodes:
        if node.children:
            found += _groups(node.children)
    return found


def _number(result: Result, code: str, value: str | float) -> Fraction:
    if code not in result.places or code == result.codes[0]:
        raise _wrong(code, "体系里没有这一项", "There is no such node in the system.")
    try:
        found = exact(value)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise _wrong(
            code, "应为数，如 0.3、1/3、30%", "A number is needed, such as 0.3, 1/3 or 30%."
        ) from error
    if found < 0 or found > 10**6:
        raise _wrong(code, "应为不小于0的数", "A number of 0 or more is needed.")
    return found


def _wrong(field: str, zh: str, en: str) -> Invalid:
    return Invalid({field: [Said(zh, en)]})

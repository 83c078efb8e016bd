"""What the functions over columns and tables do."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from kaishu.evaluation.auditing.formulas.tree import Operation, Source
from kaishu.evaluation.auditing.formulas.values import (
    Choices,
    Rows,
    Span,
    Value,
    Values,
    combined,
    in_order,
    key_of,
    span_of,
    total_of,
)

if TYPE_CHECKING:
    from kaishu.evaluation.auditing.formulas.running import Running

Apply: TypeAlias = "Callable[[Running, Operation], Value]"
MOST_CANDIDATES = 100_000


def _list(running: Running, node: Operation) -> Value:
    return Values(tuple(running.single(each, running.value(each)) for each in node.of))


def _set(running: Running, node: Operation) -> Value:
    found: list[Value] = []
    for each in node.of:
        found += running.items(each, running.value(each))
    return Values(tuple(found), ordered=False)


def _count(running: Running, node: Operation) -> Value:
    found = running.value(node.of[0])
    return Fraction(len(found.rows) if isinstance(found, Rows) else len(running.items(node.of[0], found)))


def _distinct(running: Running, node: Operation) -> Value:
    found = {key_of(each): each for each in reversed(running.items(node.of[0], running.value(node.of[0])))}
    return Values(tuple(reversed(found.values())), ordered=False)


def _numbers(running: Running, node: Operation) -> list[Fraction | Span]:
    found: list[Fraction | Span] = []
    for each in node.of:
        found += running.numbers(each, running.value(each))
    return found


def _sum(running: Running, node: Operation) -> Value:
    return total_of(_numbers(running, node))


def _mean(running: Running, node: Operation) -> Value:
    found = _numbers(running, node)
    if not found:
        return None
    return combined(operator.truediv, total_of(found), Fraction(len(found)))


def _sorted(running: Running, node: Operation) -> list[Fraction]:
    found = [
        each
        for part in node.of
        for one in running.items(part, running.value(part))
        if (each := running.number_or_none(part, one)) is not None
    ]
    return sorted(found, key=in_order)


def _median(running: Running, node: Operation) -> Value:
    found = _sorted(running, node)
    half = len(found) // 2
    if not found:
        return None
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2


def _end(place: int) -> Apply:
    def apply(running: Running, node: Operation) -> Value:
        found = _sorted(running, node)
        return found[place] if found else None

    return apply


def _rank(running: Running, node: Operation) -> Value:
    values = running.numbers(node.of[0], running.value(node.of[0]))
    wanted = running.needed(node.of[1], running.value(node.of[1]))
    return Fraction(1 + sum(span_of(each).middle > span_of(wanted).middle for each in values))


def _duplicates(running: Running, node: Operation) -> Value:
    lists = [running.value(each) for each in node.of]
    columns = [each.items if isinstance(each, Values) else (each,) for each in lists]
    if len({len(each) for each in columns}) > 1:
        raise running.wrong(node, "各列长短不一", "the columns are not equally long")
    rows = [tuple(key_of(each) for each in row) for row in zip(*columns, strict=True)]
    return Fraction(len(rows) - len(set(rows)))


def _each(running: Running, node: Operation) -> Value:
    found = running.each(_rows(running, node), node.of[1])
    return Values(tuple(running.single(node.of[1], each) for each in found))


def _rows(running: Running, node: Operation) -> Rows:
    rows = running.value(node.of[0])
    if not isinstance(rows, Rows):
        raise running.wrong(node.of[0], "此处应为一张表", "a table should stand here")
    return rows


def _every(running: Running, node: Operation) -> Value:
    rows = _rows(running, node)
    return all(running.truth(node.of[1], each) for each in running.each(rows, node.of[1]))


def _steady(step: Callable[[Fraction, Fraction], bool]) -> Apply:
    def apply(running: Running, node: Operation) -> Value:
        found = [span_of(each).middle for each in running.numbers(node.of[0], running.value(node.of[0]))]
        return all(step(later, earlier) for earlier, later in pairwise(found))

    return apply


def _candidates(running: Running, node: Operation) -> Value:
    variable = node.of[0]
    low, high = (running.number_or_none(each, running.value(each)) for each in node.of[1:3])
    if not isinstance(variable, Source) or variable.column or variable.clauses or low is None or high is None:
        raise running.wrong(node, "写作 candidates(k, 起, 止, 式)", "write candidates(k, from, to, formula)")
    if high - low > MOST_CANDIDATES:
        raise running.wrong(node, f"多于{MOST_CANDIDATES}个", f"more than {MOST_CANDIDATES} of them")
    before = dict(running.variables)
    found: dict[int, Fraction] = {}
    try:
        for k in range(int(low), int(high) + 1):
            running.variables[variable.table] = Fraction(k)
            value = running.number_or_none(node.of[3], running.value(node.of[3]))
            if value is not None:
                found[k] = value
    finally:
        running.variables = before
    return Choices(found)


def _sets(running: Running, node: Operation) -> list[dict[Value, Value]]:
    return [{key_of(each): each for each in running.items(part, running.value(part))} for part in node.of]


def _union(running: Running, node: Operation) -> Value:
    found: dict[Value, Value] = {}
    for each in _sets(running, node):
        found = each | found
    return Values(tuple(found.values()), ordered=False)


def _common(running: Running, node: Operation) -> Value:
    first, *others = _sets(running, node)
    return Values(tuple(v for k, v in first.items() if all(k in other for other in others)), ordered=False)


def _without(running: Running, node: Operation) -> Value:
    first, second = _sets(running, node)
    return Values(tuple(value for key, value in first.items() if key not in second), ordered=False)


AGGREGATES: dict[str, Apply] = {
    "list": _list,
    "set": _set,
    "count": _count,
    "distinct": _distinct,
    "sum": _sum,
    "mean": _mean,
    "median": _median,
    "min": _end(0),
    "max": _end(-1),
    "rank": _rank,
    "duplicates": _duplicates,
    "every": _every,
    "each": _each,
    "candidates": _candidates,
    "rising": _steady(operator.gt),
    "falling": _steady(operator.lt),
    "union": _union,
    "common": _common,
    "without": _without,
}

"""What each operator and function does."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from kaishu.evaluation.auditing.formulas.aggregating import AGGREGATES
from kaishu.evaluation.auditing.formulas.tree import Node, Operation
from kaishu.evaluation.auditing.formulas.values import (
    Span,
    Value,
    Values,
    combined,
    decimals_of,
    half_up,
    key_of,
    span_of,
    whole_parts,
    written,
)

if TYPE_CHECKING:
    from kaishu.evaluation.auditing.formulas.running import Running

Apply: TypeAlias = "Callable[[Running, Operation], Value]"
_ORDER: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
MOST_YEARS = 200


def _equal(running: Running, node: Operation) -> Value:
    left, right = (running.value(each) for each in node.of)
    if isinstance(left, Values) and isinstance(right, Values):
        return [key_of(each) for each in left.items] == [key_of(each) for each in right.items]
    one, other = (
        key_of(running.single(part, each)) for part, each in zip(node.of, (left, right), strict=True)
    )
    if one is None or other is None:
        return None
    if isinstance(one, Span) or isinstance(other, Span):
        first, second = span_of(one), span_of(other)
        return first.low <= second.high and second.low <= first.high
    return one == other


def _unequal(running: Running, node: Operation) -> Value:
    same = _equal(running, node)
    return None if same is None else not same


def _order(running: Running, node: Operation) -> Value:
    one, other = (running.number_or_none(each, running.value(each)) for each in node.of)
    return None if one is None or other is None else _ORDER[node.name](one, other)


def _between(running: Running, node: Operation) -> Value:
    found, low, high = (running.number_or_none(each, running.value(each)) for each in node.of)
    return None if found is None or low is None or high is None else low <= found <= high


def _in(running: Running, node: Operation) -> Value:
    wanted = key_of(running.single(node.of[0], running.value(node.of[0])))
    if wanted is None:
        return None
    return wanted in running.members(node.of[1])


def _and(running: Running, node: Operation) -> Value:
    return all(running.truth(each, running.value(each)) for each in node.of)


def _or(running: Running, node: Operation) -> Value:
    return any(running.truth(each, running.value(each)) for each in node.of)


def _not(running: Running, node: Operation) -> Value:
    return not running.truth(node.of[0], running.value(node.of[0]))


def _null(running: Running, node: Operation) -> Value:
    empty = running.single(node.of[0], running.value(node.of[0])) is None
    return empty if node.name == "is null" else not empty


def _arithmetic(running: Running, node: Operation) -> Value:
    left, right = (running.number(each, running.value(each)) for each in node.of)
    if left is None or right is None:
        return None
    if node.name == "/":
        _no_zero(running, node.of[1], right)
    return combined(_ARITHMETIC[node.name], left, right)


def _no_zero(running: Running, node: Node, value: Fraction | Span) -> None:
    span = span_of(value)
    if span.low <= 0 <= span.high:
        raise running.wrong(node, "除数为零", "the divisor is zero")


def _negative(running: Running, node: Operation) -> Value:
    found = running.number(node.of[0], running.value(node.of[0]))
    return None if found is None else combined(operator.sub, Fraction(0), found)


def _pair(running: Running, node: Operation) -> tuple[Fraction | Span, Fraction | Span]:
    left, right = (running.needed(each, running.value(each)) for each in node.of[:2])
    return left, right


def _share(running: Running, node: Operation) -> Value:
    part, whole = _pair(running, node)
    _no_zero(running, node.of[1], whole)
    return combined(lambda a, b: 100 * a / b, part, whole)


def _growth(running: Running, node: Operation) -> Value:
    new, old = _pair(running, node)
    _no_zero(running, node.of[1], old)
    return combined(lambda a, b: 100 * (a / b - 1), new, old)


def _cagr(running: Running, node: Operation) -> Value:
    new, old, years = (running.number_or_none(each, running.value(each)) for each in node.of)
    if new is None or old is None or years is None or new < 0 or old <= 0 or not 0 < years <= MOST_YEARS:
        raise running.wrong(
            node, "增长率要正数和 200 年以内", "growth needs positive numbers and up to 200 years"
        )
    with localcontext(prec=50):
        quotient, span = new / old, Decimal(years.numerator) / years.denominator
        root = (Decimal(quotient.numerator) / quotient.denominator) ** (1 / span)
        return Fraction((root - 1) * 100)


def _ratio(running: Running, node: Operation) -> Value:
    return ":".join(written(running.needed(each, running.value(each))) for each in node.of)


def _fits(running: Running, node: Operation) -> Value:
    printed = running.single(node.of[0], running.value(node.of[0]))
    share = running.number_or_none(node.of[0], printed)
    base = running.number_or_none(node.of[1], running.value(node.of[1]))
    if share is None or base is None or base <= 0 or base.denominator != 1:
        raise running.wrong(
            node, "要一个百分比和一个正整数", "a percentage and a positive whole number are needed"
        )
    return bool(
        whole_parts(share, decimals_of(printed if isinstance(printed, str) else written(share)), int(base))
    )


def _rounded(running: Running, node: Operation) -> Value:
    value = running.value(node.of[0])
    if isinstance(value, Values):
        return Values(tuple(_with_error(running, node.of[0], each) for each in value.items))
    return _with_error(running, node.of[0], value)


def _with_error(running: Running, node: Node, value: Value) -> Span | None:
    number = running.number_or_none(node, value)
    if number is None:
        return None
    half = Fraction(1, 2) / 10 ** decimals_of(value if isinstance(value, str) else written(number))
    return Span(number - half, number + half, number)


def _unknown(running: Running, node: Operation) -> Value:
    most = running.number_or_none(node.of[0], running.value(node.of[0]))
    return None if most is None else Span(min(most, Fraction(0)), max(most, Fraction(0)), Fraction(0))


def _round(running: Running, node: Operation) -> Value:
    number = running.number_or_none(node.of[0], running.value(node.of[0]))
    digits = (
        running.number_or_none(node.of[1], running.value(node.of[1])) if len(node.of) == 2 else Fraction(0)
    )
    if digits is None or abs(digits) > 30:
        raise running.wrong(node, "小数位数不对", "these decimals cannot be")
    return None if number is None else half_up(number, int(digits))


def _abs(running: Running, node: Operation) -> Value:
    number = running.number_or_none(node.of[0], running.value(node.of[0]))
    return None if number is None else abs(number)


def _number(running: Running, node: Operation) -> Value:
    return running.number(node.of[0], running.value(node.of[0]))


def _texts(running: Running, node: Operation) -> list[str]:
    return [written(running.single(each, running.value(each))) for each in node.of]


def _text(test: Callable[[str, str], bool]) -> Apply:
    def apply(running: Running, node: Operation) -> Value:
        text, part = _texts(running, node)
        return test(text, part)

    return apply


def _if(running: Running, node: Operation) -> Value:
    chosen = node.of[1 if running.truth(node.of[0], running.value(node.of[0])) else 2]
    return running.value(chosen)


APPLY: dict[str, Apply] = {
    **AGGREGATES,
    **dict.fromkeys(_ORDER, _order),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
    "=": _equal,
    "!=": _unequal,
    "between": _between,
    "in": _in,
    "and": _and,
    "or": _or,
    "not": _not,
    **dict.fromkeys(("is null", "is not null"), _null),
    "negative": _negative,
    "share": _share,
    "growth": _growth,
    "cagr": _cagr,
    "ratio": _ratio,
    "fits": _fits,
    "if": _if,
    "rounded": _rounded,
    "unknown": _unknown,
    "round": _round,
    "abs": _abs,
    "number": _number,
    "concat": lambda running, node: "".join(_texts(running, node)),
    "contains": _text(operator.contains),
    "starts_with": _text(str.startswith),
    "ends_with": _text(str.endswith),
}

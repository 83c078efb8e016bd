"""What a formula can give: numbers as exact fractions, texts, truths, lists, spans, choices, rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WIDE = str.maketrans("０１２３４５６７８９．，＋－％", "0123456789.,+-%")
#: Digits of a number that anybody prints; longer ones only cost time.
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Span:
    """A number known within bounds; ``middle`` is what it would be without the doubt."""

    low: Fraction
    high: Fraction
    middle: Fraction


@dataclass(frozen=True, slots=True)
class Choices:
    """Numbers of which one may agree: whole number to value."""

    values: Mapping[int, Fraction]


@dataclass(frozen=True, slots=True)
class Values:
    """A list; ``ordered`` where the order counts."""

    items: tuple[Value, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table: ``columns`` maps names (also ``table.column``) to places; ``lines`` are the file's."""

    name: str
    columns: Mapping[str, int]
    rows: Sequence[tuple[str, ...]]
    lines: Sequence[int]


Value: TypeAlias = "Fraction | str | bool | Span | Choices | Values | Rows | None"


@lru_cache(maxsize=65536)
def read_number(text: str) -> Fraction | None:
    """The number a cell holds, commas between thousands allowed; None where it is none.

    >>> read_number("3,503,838")
    Fraction(3503838, 1)
    >>> read_number("9,91") is None
    True
    """
    plain = text.strip().translate(_WIDE)
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
        return None
    whole, _, part = plain.replace(",", "").partition(".")
    return Fraction(int(whole + part), 10 ** len(part))


def decimals_of(text: str) -> int:
    """Decimals that a number is printed with.

    >>> decimals_of("18.60")
    2
    """
    return len(text.strip().translate(_WIDE).partition(".")[2])


def half_up(number: Fraction, decimals: int) -> Fraction:
    """Rounded, halves away from zero; negative decimals round to tens.

    >>> half_up(Fraction(-5, 2), 0)
    Fraction(-3, 1)
    """
    scale = Fraction(10) ** decimals
    whole = int(abs(number) * scale + Fraction(1, 2))
    return (whole if number >= 0 else -whole) / scale


def cut_off(number: Fraction, decimals: int) -> Fraction:
    """Digits beyond the decimals left away."""
    scale = Fraction(10) ** decimals
    return int(number * scale) / scale


def key_of(value: Value) -> Value:
    """What values are compared by: a text that is a number is the number, blanks at ends do not count."""
    if not isinstance(value, str):
        return value
    number = read_number(value)
    return value.strip() if number is None else number


def combined(change: Callable[[Fraction, Fraction], Fraction], left: Value, right: Value) -> Fraction | Span:
    """An operation on numbers or spans; a span's bounds are those of its four corners.

    Right for sums, differences, products, and quotients whose divisor does not span zero.
    """
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return change(left, right)
    one, other = span_of(left), span_of(right)
    corners = [change(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    return Span(min(corners), max(corners), change(one.middle, other.middle))


def total_of(numbers: Iterable[Fraction | Span]) -> Fraction | Span:
    """The sum; numbers of one denominator are added as whole numbers, which is far faster."""
    by_denominator: dict[int, int] = {}
    spans = Span(Fraction(0), Fraction(0), Fraction(0))
    doubt = False
    for each in numbers:
        if isinstance(each, Span):
            doubt = True
            spans = Span(spans.low + each.low, spans.high + each.high, spans.middle + each.middle)
        else:
            by_denominator[each.denominator] = by_denominator.get(each.denominator, 0) + each.numerator
    sure = sum((Fraction(top, below) for below, top in by_denominator.items()), Fraction(0))
    return Span(spans.low + sure, spans.high + sure, spans.middle + sure) if doubt else sure


def in_order(number: Fraction) -> tuple[float, Fraction]:
    """What to sort exact numbers by: floats keep their order, and where floats are equal fractions tell."""
    return (number.numerator / number.denominator, number)


def span_of(value: Value) -> Span:
    """A number as a span without width."""
    if isinstance(value, Span):
        return value
    assert isinstance(value, Fraction)
    return Span(value, value, value)


def written(value: Value) -> str:
    """A value as it is read: whole numbers plain, others with at most six decimals, lists joined."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        return f"{Decimal(half_up(value, 6).numerator) / Decimal(half_up(value, 6).denominator):f}"
    if isinstance(value, Span):
        return f"{written(value.middle)} [{written(value.low)}, {written(value.high)}]"
    if isinstance(value, Values):
        return "、".join(written(each) for each in value.items)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def whole_parts(share: Fraction, decimals: int, base: int, *, cut: bool = False) -> list[int]:
    """Whole k up to ``base`` for which k/base prints as ``share`` per cent.

    >>> whole_parts(Fraction("74.4"), 1, 86)
    [64]
    >>> whole_parts(Fraction("80.32"), 2, 86)
    []
    """
    step = Fraction(1, 10) ** decimals
    first, last = (int((share + side * step) * base / 100) for side in (-1, 1))
    change = cut_off if cut else half_up
    return [
        k
        for k in range(max(first, 0), min(last + 1, base) + 1)
        if change(Fraction(100 * k, base), decimals) == share
    ]

"""Whether a computed value says what is printed.

``yes``: equal at the printed precision, or the relation holds.  ``partly``: equal only when cut off instead
of rounded, when the decimal point is put back, within bounds that rounded inputs or missing rows leave, or
by another reckoning that is named.  ``no``: none of these.  ``unchecked``: there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from kaishu.base.errors import Said
from kaishu.evaluation.auditing.formulas import (
    Choices,
    Span,
    Value,
    Values,
    cut_off,
    half_up,
    key_of,
    read_number,
    written,
)
from kaishu.evaluation.auditing.formulas.values import span_of
from kaishu.evaluation.auditing.printed import Printed, read_printed

YES, PARTLY, NO, UNCHECKED = VERDICTS = ("yes", "partly", "no", "unchecked")
#: How a verdict came about.
EQUAL = Said("相等", "equal")
HOLDS = Said("成立", "it holds")
CUT_OFF = Said("截尾而非四舍五入", "cut off, not rounded")
POINT_LOST = Said("小数点丢失", "the decimal point is lost")
WITHIN = Said("在数据允许的误差之内", "within the bounds that the data leave")
DIFFERS = Said("不相等", "not equal")
FAILS = Said("不成立", "it does not hold")
_LIMITS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "more-than": lambda found, limit: found > limit,
    "less-than": lambda found, limit: found < limit,
    "at-least": lambda found, limit: found >= limit,
    "at-most": lambda found, limit: found <= limit,
}
#: A lost point is only believed where so many digits agree.
_TELLING = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of ``VERDICTS``, why, and the computed value as it is shown at the printed precision."""

    word: str
    why: Said
    found: str


def judge(printed: Printed, value: Value) -> Verdict:
    """Set a computed value beside a printed one."""
    if isinstance(value, Values) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, str) and printed.number is not None and (number := read_number(value)) is not None:
        value = number
    if isinstance(value, bool):
        return _judge_truth(printed, value)
    if isinstance(value, Values):
        return _judge_list(printed, value)
    if isinstance(value, Choices):
        return _judge_choices(printed, value)
    if isinstance(value, Fraction | Span) and printed.number is not None:
        return _judge_number(printed, printed.number, span_of(value))
    if isinstance(value, str):
        same = "".join(value.split()) == "".join(printed.text.split())
        return Verdict(YES if same else NO, EQUAL if same else DIFFERS, value)
    if value is None:
        return Verdict(UNCHECKED, Said("算出的值为空", "what is computed is empty"), "")
    why = Said("印出的不是数，无法与算出的相比", "what is printed is no number to compare with")
    return Verdict(UNCHECKED, why, written(value))


def _judge_truth(printed: Printed, value: bool) -> Verdict:
    wanted = printed.truth is not False
    words = Said("是", "yes") if value else Said("否", "no")
    return Verdict(YES if value == wanted else NO, HOLDS if value == wanted else FAILS, words)


def _judge_number(printed: Printed, number: Fraction, span: Span) -> Verdict:
    shown = shown_as(span.middle, printed.decimals)
    if printed.relation in _LIMITS:
        test = _LIMITS[printed.relation]
        sure, maybe = test(span.middle, number), test(span.low, number) or test(span.high, number)
        shown = written(half_up(span.middle, max(printed.decimals, 0) + 2))
        if sure:
            return Verdict(YES, HOLDS, shown)
        return Verdict(PARTLY, WITHIN, shown) if maybe else Verdict(NO, FAILS, shown)
    same = half_up(span.middle, printed.decimals) == number
    if printed.relation == "nearly":
        holds = same and span.middle <= number
        return Verdict(
            YES if holds else NO, HOLDS if holds else FAILS, shown_as(span.middle, printed.decimals + 2)
        )
    if same:
        return Verdict(YES, EQUAL, shown)
    if cut_off(span.middle, printed.decimals) == number:
        return Verdict(PARTLY, CUT_OFF, shown)
    half = Fraction(1, 2) / Fraction(10) ** printed.decimals
    if span.low < span.high and span.low <= number + half and span.high >= number - half:
        return Verdict(PARTLY, WITHIN, shown)
    if _point_lost(number, span.middle):
        return Verdict(PARTLY, POINT_LOST, _until(number, span.middle))
    return Verdict(NO, DIFFERS, shown)


def _point_lost(number: Fraction, found: Fraction) -> bool:
    return number.denominator == 1 and abs(number) >= 10**_TELLING and _until(number, found) != ""


def _until(number: Fraction, found: Fraction) -> str:
    """The value with as many decimals as make its digits those of the number; empty if none do."""
    for decimals in range(1, 10):
        if half_up(found, decimals) * 10**decimals == number:
            return shown_as(found, decimals)
    return ""


def _judge_choices(printed: Printed, choices: Choices) -> Verdict:
    if printed.number is None or not choices.values:
        return Verdict(UNCHECKED, Said("没有可比的整数", "there are no whole numbers to compare"), "")
    judged = {
        k: _judge_number(printed, printed.number, span_of(value)) for k, value in choices.values.items()
    }
    for wanted in (YES, PARTLY):
        fitting = [k for k, each in judged.items() if each.word == wanted]
        if fitting:
            first, more = judged[fitting[0]], len(fitting) - 1
            also = Said(f"，另有{more}个", f" and {more} more") if more else Said("", "")
            why = Said(f"{first.why}（k={fitting[0]}{also}）", f"{first.why.en} (k={fitting[0]}{also.en})")
            return Verdict(wanted, why, first.found)
    return Verdict(NO, *_nearest(printed, choices))


def _nearest(printed: Printed, choices: Choices) -> tuple[Said, str]:
    number = printed.number or Fraction(0)
    near = sorted(choices.values, key=lambda k: abs(choices.values[k] - number))[:2]
    words = [f"k={k}: {shown_as(choices.values[k], printed.decimals)}" for k in sorted(near)]
    why = Said(
        f"没有整数 k 能得出它；最近的 {'，'.join(words)}",
        f"no whole k gives it; the nearest are {', '.join(words)}",
    )
    return why, shown_as(choices.values[near[0]], printed.decimals)


def _judge_list(printed: Printed, values: Values) -> Verdict:
    found = (
        written(values)
        if printed.number is None and "/" not in printed.text
        else "/".join(map(written, values.items))
    )
    if printed.number is not None:
        each = [judge(printed, item) for item in values.items]
        holds = bool(each) and all(one.word == YES for one in each)
        found = "/".join(one.found for one in each)
        return Verdict(YES if holds else NO, HOLDS if holds else FAILS, found)
    wanted, given = printed.parts, values.items
    if values.ordered:
        same = len(wanted) == len(given) and all(map(_says, wanted, given))
    else:
        same = {key_of(part) for part in wanted} == {key_of(item) for item in given}
    return Verdict(YES if same else NO, EQUAL if same else DIFFERS, found)


def _says(part: str, item: Value) -> bool:
    return judge(read_printed(part), item).word == YES


def shown_as(number: Fraction, decimals: int) -> str:
    """A number with so many decimals, rounded half up.

    >>> shown_as(Fraction(1, 3), 2)
    '0.33'
    """
    rounded = half_up(number, decimals)
    if decimals <= 0:
        return str(int(rounded))
    whole = abs(int(rounded * 10**decimals))
    sign = "-" if rounded < 0 else ""
    digits = str(whole).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"

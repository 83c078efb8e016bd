"""One number as people in China write it, read exactly; what cannot be read for certain is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from kaishu.base.errors import Said

_SIMPLE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)
_PARTS = re.compile(r"((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(万亿|千万|百万|十万|亿|万|千|百)?", re.ASCII)
_UNITS = {
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12,
}  # fmt: skip
_DIGIT = dict(zip("〇一二三四五六七八九", range(10), strict=True)) | {"零": 0, "○": 0, "两": 2}
_DIGIT |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
#: No number is longer, and what is longer is neither searched nor remembered.
_LONGEST = 60
_NOT = Said("不是认识的数的写法", "no known way of writing a number")
_TWO_WAYS = Said("可以读成两个数", "it can be read as two numbers")


@dataclass(frozen=True, slots=True)
class NumberForms:
    """``percent``: share (12% is 0.12), number (12) or refuse; ``units`` may stand at the end and go."""

    percent: str = "share"
    units: tuple[str, ...] = ()


def read_number(text: str, forms: NumberForms) -> str | Said:
    """The number with digits and a point only, or why there is none."""
    return _read(text, forms) if len(text) <= _LONGEST else _NOT


@lru_cache(maxsize=65_536)
def _read(text: str, forms: NumberForms) -> str | Said:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    for unit in forms.units:
        if plain.endswith(unit):
            plain = plain[: -len(unit)].strip()
            break
    scale, plain = _percent(plain)
    if scale and forms.percent == "refuse":
        return Said("是百分数", "it is a percentage")
    sign, plain = _sign(plain)
    found = _digits(plain) if re.search(r"\d", plain) else _chinese(plain)
    if isinstance(found, Said):
        return found
    if scale and forms.percent == "share":
        found = found.scaleb(-scale)
    return _plain(-found if sign else found)


def _percent(text: str) -> tuple[int, str]:
    if text.startswith("百分之"):
        return 2, text[3:]
    scale = {"%": 2, "‰": 3}.get(text[-1:], 0)
    return scale, text[:-1].strip() if scale else text


def _sign(text: str) -> tuple[bool, str]:
    negative = text[:1] in ("-", "负")
    text = text[1:] if text[:1] in ("-", "+", "负") else text
    return negative, text.lstrip("¥$").strip()


def _digits(text: str) -> Decimal | Said:
    if _SIMPLE.fullmatch(text) or _SCIENTIFIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    total, before, place = Decimal(0), 100, 0
    while place < len(text):
        part = _PARTS.match(text, place)
        if part is None:
            return _NOT
        power = _UNITS[part[2]] if part[2] else 0
        # 2万5 may be 25,000 or 20,005; 2万5000 is certain.
        if power >= before or (not part[2] and place and len(part[1]) != before):
            return _TWO_WAYS
        total += Decimal(part[1].replace(",", "")).scaleb(power)
        before, place = power, part.end()
    return total


def _chinese(text: str) -> Decimal | Said:
    whole, point, after = text.partition("点")
    if point and (not after or any(each not in _DIGIT for each in after)):
        return _NOT
    found = _whole(whole)
    if isinstance(found, Said):
        return found
    fraction = "".join(str(_DIGIT[each]) for each in after)
    return Decimal(f"{found}.{fraction}") if fraction else Decimal(found)


def _whole(text: str) -> int | Said:
    """一百二十三, 三亿二千万, or digits one by one as in 二〇二四."""
    if not text:
        return _NOT
    if all(each in _DIGIT for each in text):
        return int("".join(str(_DIGIT[each]) for each in text))
    total = section = 0
    digit: int | None = None
    gap = last = 10**12
    for letter in text:
        if letter in _DIGIT:
            if digit:
                return _NOT
            digit, gap = _DIGIT[letter], (1 if _DIGIT[letter] == 0 else gap)
            if digit == 0:
                digit = None
        elif letter in _SMALL:
            unit = _SMALL[letter]
            if unit >= last or (digit is None and unit != 10):
                return _NOT
            section, digit, last, gap = section + (digit or 1) * unit, None, unit, unit
        elif letter in _LARGE:
            unit = _LARGE[letter]
            if section + (digit or 0) == 0 or (total and total < unit):
                return _NOT
            total, section, digit, last, gap = total + (section + (digit or 0)) * unit, 0, None, 10**12, unit
        else:
            return _NOT
    # 一百五 may be 150 or 105; 一百零五 and 一百五十 are certain.
    if digit and gap > 10 and (section or total):
        return _TWO_WAYS
    return total + section + (digit or 0)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text

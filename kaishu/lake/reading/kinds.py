"""What kind of value a piece of text is: the words and forms that inference and casting share."""

from __future__ import annotations

import re

MISSING = (
    "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "NULL", "null", "Null", "None", "none", "nil",
    "-", "--", "---", "—", "——", "–", "－", "\\N", "…", "...",
)  # fmt: skip
TRUE_WORDS = ("true", "True", "TRUE")
FALSE_WORDS = ("false", "False", "FALSE")
# Words that count only where a person asked for boolean.
MORE_TRUE = (*TRUE_WORDS, "是", "yes", "Yes", "YES", "Y", "y", "T", "t", "1", "对", "有", "√")
MORE_FALSE = (*FALSE_WORDS, "否", "no", "No", "NO", "N", "n", "F", "f", "0", "错", "无", "×")

DIGITS = 15  # whole numbers of more digits stay text: spreadsheets and JavaScript would change them
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
EXPONENT = re.compile(r"[^.]*[eE][0-9]+")  # "2E10" is as likely a room or a code as a number
ZERO_FIRST = re.compile(r"-?0[0-9]+(?:\.[0-9]*)?")
_SEPARATED = re.compile(
    r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{1,2})-|/(?P<n>[0-9]{1,2})/|\.(?P<o>[0-9]{1,2})\.|年(?P<p>[0-9]{1,2})月)"
    r"(?P<d>[0-9]{1,2})日?"
)
_CLOCK = re.compile(r"[ T](?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:\.[0-9]{1,6})?)?")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(text: str) -> bool:
    """2020-01-11, 2020/1/11, 2020.1.11 or 2020年1月11日, and a day that exists."""
    found = _SEPARATED.fullmatch(text)
    return found is not None and text.endswith("日") == ("年" in text) and _real_day(found)


def is_datetime(text: str) -> bool:
    """A date followed by a time of day; no zone."""
    found = _SEPARATED.match(text)
    clock = found and _CLOCK.fullmatch(text, found.end())
    if not found or not clock or ("年" in text) != ("日" in text) or not _real_day(found):
        return False
    return int(clock["H"]) < 24 and int(clock["M"]) < 60 and int(clock["S"] or 0) < 60


def is_compact_date(text: str) -> bool:
    """20200111 between 1900 and 2100."""
    return (
        len(text) == 8
        and text.isascii()
        and text.isdigit()
        and 1900 <= int(text[:4]) <= 2100
        and _day_exists(int(text[:4]), int(text[4:6]), int(text[6:]))
    )


def _real_day(found: re.Match[str]) -> bool:
    month = found["m"] or found["n"] or found["o"] or found["p"]
    return _day_exists(int(found["y"]), int(month), int(found["d"]))


def _day_exists(year: int, month: int, day: int) -> bool:
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
        return False
    return (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def kind_of(text: str | None) -> str:
    """``year``, ``integer``, ``number``, ``date`` or ``text``: what a cell looks like beside others."""
    value = (text or "").strip()
    if INTEGER.fullmatch(value) or ZERO_FIRST.fullmatch(value):
        return "year" if len(value) == 4 and "1900" <= value <= "2100" else "integer"
    if NUMBER.fullmatch(value):
        return "number"
    if is_date(value) or is_datetime(value):
        return "date"
    return "text"

"""公民身份号码 as GB 11643-1999 lays it down: division, birth date, order, check character.

A column is read once into numbers; form, division, date, check digit, sex and uniqueness follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels import citizen_divisions
from kaishu.quality.kernels.reasons import BLANK, CHARACTERS, CHECK, FINE, FULL_WIDTH, Reason, misspelt
from kaishu.quality.kernels.text import (
    BATCH,
    Text,
    digits_only,
    number_of,
    of_width,
    read_text,
    weighted,
    words,
)

#: In ``birth``: no date can be read.  In ``number``: no number can be read.
NO_BIRTH = np.int32(-(2**31))
NO_NUMBER = np.int64(-1)
#: Nobody who is registered was born before.
FIRST_YEAR = 1850
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_BYTE = np.uint64(0xFF)


REASONS = (
    FINE,
    Reason("length", "不是18位", "Not 18 characters"),
    Reason("fifteen", "15位旧号码", "An old number of 15 digits"),
    Reason("small-x", "校验码是小写x", "The check character is a small x"),
    FULL_WIDTH,
    BLANK,
    CHARACTERS,
    Reason("date", "出生日期不存在", "The birth date is on no calendar"),
    Reason("division", "行政区划代码不存在", "The division code is unknown"),
    Reason("county", "省市代码存在，县级代码不存在", "Province and city are known, the county is not"),
    Reason("division-then", "当时没有这个行政区划代码", "The division code was not in force at the time"),
    CHECK,
)
_BY_KEY = {reason.key: number for number, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class CitizenIds:
    """A column of citizen ids, read.  Null passes every check; what is not of the form fails all others.

    ``form``: 17 digits and a digit or X; ``division``: in force when such a number could be given;
    ``date``: on the calendar, from 1850; ``check``: the check character is right; ``number``: the 17 digits
    times 11 plus the check (X is 10), -1 where the form is wrong or the cell null; ``birth``: days since
    1970-01-01, ``NO_BIRTH`` where impossible; ``sex``: 1 male, 2 female, 0 unknown.
    """

    form: NDArray[np.bool_]
    date: NDArray[np.bool_]
    check: NDArray[np.bool_]
    number: NDArray[np.int64]
    birth: NDArray[np.int32]
    sex: NDArray[np.int8]

    @cached_property
    def division(self) -> NDArray[np.bool_]:
        """Worked out when it is asked for, since it takes the history of all codes."""
        ok = self.form.copy()
        there = np.flatnonzero(self.number >= 0)
        head = self.number[there] // (11 * 10**7)
        codes = head // 10_000
        known = citizen_divisions.years_in_force()[codes]
        known &= _years()[2][head - codes * 10_000]
        ok[there] = known != 0
        return ok

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Form, division, date and check digit are all right."""
        return self.form & self.division & self.date & self.check


def read_citizen_ids(values: Any) -> CitizenIds:
    """Read an Arrow array of text.  Source: GB 11643-1999; the check is ISO 7064 MOD 11-2."""
    text = read_text(values)
    rows = len(text)
    found = CitizenIds(
        form=np.empty(rows, bool),
        date=np.empty(rows, bool),
        check=np.empty(rows, bool),
        number=np.empty(rows, np.int64),
        birth=np.empty(rows, np.int32),
        sex=np.empty(rows, np.int8),
    )
    for start in range(0, rows, BATCH):
        end = min(start + BATCH, rows)
        _read(text.part(start, end), found, slice(start, end))
    return found


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are right in every part; null is right."""
    return read_citizen_ids(values).ok


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``; 0 where it is right or null."""
    text = read_text(values)
    found = read_citizen_ids(values)
    why = np.zeros(len(text), np.uint8)
    why[~found.check] = _BY_KEY["check"]
    lost = np.flatnonzero(~found.division & found.form)
    codes = found.number[lost] // (11 * 10**11)
    known = citizen_divisions.known_prefixes()[codes // 100]
    listed = citizen_divisions.years_in_force()[codes] != 0
    why[lost] = np.where(
        listed, _BY_KEY["division-then"], np.where(known, _BY_KEY["county"], _BY_KEY["division"])
    )
    why[~found.date] = _BY_KEY["date"]
    for place in np.flatnonzero(~found.form):
        why[place] = _BY_KEY[_why_no_form(text.cell(int(place)))]
    return why


def _why_no_form(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if len(cell) == 15 and cell.isascii() and cell.isdigit():
        return "fifteen"
    if len(cell) != 18:
        return "length"
    if cell[-1] == "x" and cell[:-1].isascii() and cell[:-1].isdigit():
        return "small-x"
    return "characters"


def _read(text: Text, found: CitizenIds, here: slice) -> None:
    fits, starts = of_width(text, 18)
    if fits is not None and not fits.any():
        _nothing(text, found, here, slice(None))
        return
    first, second, last = (words(text.data, starts, skip) for skip in (0, 8, 10))
    order = ((last >> np.uint64(48)) & _BYTE) - np.uint64(48)
    sign = last >> np.uint64(56)
    form = digits_only(first)
    form &= digits_only(second)
    form &= order < 10
    check = _CHECK_VALUES.take(sign.view(np.int64))
    form &= check >= 0
    if fits is not None:
        form &= fits
    total = weighted(first, WEIGHTS[:8])
    total += weighted(second, WEIGHTS[8:16])
    total += order << np.uint64(1)
    total &= np.uint64(1023)
    found.form[here] = form
    found.check[here] = _CHECK_OF_SUM.take(total.view(np.int64)) == check
    left, right = number_of(first), number_of(second)
    found.sex[here] = np.int8(2) - (order & np.uint64(1)).astype(np.int8)
    _dates(left.astype(np.uint32), right.astype(np.uint32), found, here)
    _numbers(left, right, order, check, found.number[here])
    if not form.all():
        _nothing(text, found, here, ~form)


def _numbers(left: Any, right: Any, order: Any, check: Any, target: NDArray[np.int64]) -> None:
    """All digits and the check as one number; ``left`` is used up."""
    left *= np.uint64(10**8)
    left += right
    left *= np.uint64(10)
    left += order
    left *= np.uint64(11)
    np.add(left.view(np.int64), check, out=target)


def _dates(left: NDArray[np.uint32], right: NDArray[np.uint32], found: CitizenIds, here: slice) -> None:
    """Left are division and century, right are year, month, day and two digits of the order."""
    division = left // np.uint32(100)
    year = (left - division * np.uint32(100)) * np.uint32(100)
    short = right // np.uint32(1_000_000)
    year += short
    day = (right - short * np.uint32(1_000_000)) // np.uint32(100)
    year = np.minimum(year, np.uint32(9999)).view(np.int32)
    first_day, leap, _ = _years()
    days = _days_of_year().take(leap.take(year) + day.view(np.int32), mode="clip")
    birth = first_day.take(year)
    birth += days
    right_date = (days >= 0) & (year >= FIRST_YEAR)
    birth[~right_date] = NO_BIRTH
    found.birth[here] = birth
    found.date[here] = right_date


def _nothing(text: Text, found: CitizenIds, here: slice, wrong: Any) -> None:
    """Cells without the form have no parts; nulls pass."""
    null = text.nulls()[wrong]
    for checked in (found.form, found.date, found.check):
        checked[here][wrong] = null
    found.number[here][wrong] = NO_NUMBER
    found.birth[here][wrong] = NO_BIRTH
    found.sex[here][wrong] = 0


def _check_values() -> NDArray[np.int64]:
    """Value of each byte as check character; -1 if it is none."""
    values = np.full(256, -1, np.int64)
    values[48:58] = np.arange(10)
    values[ord("X")] = 10
    return values


_CHECK_VALUES = _check_values()
_CHECK_OF_SUM = np.array([_CHECK_VALUES[ord(CHECKS[total % 11])] for total in range(1024)])


@cache
def _years() -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint64]]:
    """By year to 9999: days to its first day, 10,000 for a leap year, and years its numbers were given in."""
    years = np.arange(10_000)
    starts = (np.datetime64("0000-01-01", "Y") + years).astype("datetime64[D]").astype(np.int32)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return starts, (leap * 10_000).astype(np.int32), citizen_divisions.years_given(10_000)


@cache
def _days_of_year() -> NDArray[np.int32]:
    """By month and day as four digits, plus 10,000 in a leap year: days since new year, below 0 if none."""
    days = np.full(20_000, -(10**6), np.int32)
    for base, year in ((0, 2001), (10_000, 2000)):
        new_year = np.datetime64(f"{year}-01-01", "D")
        for passed in range(365 if year % 4 else 366):
            month, day = str(new_year + passed)[5:].split("-")
            days[base + int(month + day)] = passed
    return days

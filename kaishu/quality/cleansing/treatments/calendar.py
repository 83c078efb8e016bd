"""One date as people in China write it, read; what cannot be read for certain is refused with the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from kaishu.base.errors import Said

_DIGIT = {"〇": 0, "零": 0, "○": 0, "Ο": 0, "O": 0} | dict(
    zip("一二三四五六七八九", range(1, 10), strict=True)
)
_SEPARATED = re.compile(r"(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CHINESE = re.compile(
    r"([〇零○ΟO一二三四五六七八九]{4})年([元正一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]"
)
_SHORT = re.compile(
    r"'?(\d{2})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*[日号]?|(\d{2})(\d{2})(\d{2})"
)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4})")
_TIME = re.compile(r"(.+?)(?:[T\s]+|(?<=[日号]))(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?Z?", re.ASCII)
_NO_DAY = re.compile(r"\d{4}\s*(?:年|[-./]|年?\s*)\s*(?:\d{1,2}\s*月?)?")
_LUNAR = re.compile(
    "农历|阴历|旧历|夏历|腊月|冬月|闰.{1,2}月|初[一二三四五六七八九十]|廿|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
_SERIAL = re.compile(r"(\d{1,7})(?:\.0+)?")
#: No date is longer, and what is longer is neither searched nor remembered.
_LONGEST = 60
_UNKNOWN = Said("不是认识的日期写法", "no known way of writing a date")
#: The serial 60 is a 29 February 1900 that never was; later ones count it.
_FAKE_DAY, _LAST_SERIAL = 60, 2_958_465


@dataclass(frozen=True, slots=True)
class DateForms:
    """Which doubtful forms count: Excel serials; two-digit years up to ``short`` as 20xx, others as 19xx;
    years at the end with the day or the month first; a time of day that is dropped."""

    excel: bool = False
    short: int | None = None
    year_last: str = ""
    drop_time: bool = False


def read_date(text: str, forms: DateForms) -> date | Said:
    """The date, or why there is none."""
    return _read(text, forms) if len(text) <= _LONGEST else _UNKNOWN


@lru_cache(maxsize=65_536)
def _read(text: str, forms: DateForms) -> date | Said:
    plain = unicodedata.normalize("NFKC", text).strip()
    if "民国" in plain or "民國" in plain:
        return Said("民国纪年", "years of the Republic")
    if _LUNAR.search(plain):
        return Said("农历日期", "a date of the lunar calendar")
    if timed := _TIME.fullmatch(plain):
        if not forms.drop_time and any(int(each) for each in timed.groups()[1:] if each):
            return Said("带有时刻", "there is a time of day")
        plain = timed[1].strip()
    for read in _READERS:
        found = read(plain, forms)
        if found is not None:
            return found
    return _UNKNOWN


def _separated(text: str, forms: DateForms) -> date | Said | None:
    found = _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text)
    return _day(*(int(each) for each in found.groups())) if found else None


def _chinese(text: str, forms: DateForms) -> date | Said | None:
    found = _CHINESE.fullmatch(text)
    if not found:
        return None
    if found[2] == "正":
        return Said("农历日期", "a date of the lunar calendar")
    year = int("".join(str(_DIGIT[each]) for each in found[1]))
    return _day(year, 1 if found[2] == "元" else _tens(found[2]), _tens(found[3]))


def _tens(text: str) -> int:
    """十, 十二, 二十, 二十一; 0 for anything else."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGIT.get(text, 0)
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGIT[tens] if tens else 1) * 10 + (_DIGIT[ones] if ones else 0)


def _short(text: str, forms: DateForms) -> date | Said | None:
    found = _SHORT.fullmatch(text)
    if not found or (found[4] and forms.excel):
        return None
    if forms.short is None:
        return Said("年份只有两位", "the year has two digits only")
    year, month, day = (int(each) for each in found.groups() if each is not None)
    return _day(year + (2000 if year <= forms.short else 1900), month, day)


def _last(text: str, forms: DateForms) -> date | Said | None:
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        return None
    if not forms.year_last:
        return Said("年份在后，分不清日和月", "the year is last, and day and month cannot be told apart")
    first, second, year = (int(each) for each in found.groups())
    return _day(year, *((second, first) if forms.year_last == "dmy" else (first, second)))


def _serial(text: str, forms: DateForms) -> date | Said | None:
    found = _SERIAL.fullmatch(text)
    if not found or (len(found[1]) == 4 and not forms.excel):
        return None
    if not forms.excel:
        return Said(
            "可能是 Excel 序号，但没有写 excel: true", "perhaps an Excel serial, but excel: true is not said"
        )
    days = int(found[1])
    if not 0 < days <= _LAST_SERIAL or days == _FAKE_DAY:
        return Said("没有这个 Excel 序号", "there is no such Excel serial")
    return date(1899, 12, 31) + timedelta(days=days - (days > _FAKE_DAY))


def _partial(text: str, forms: DateForms) -> date | Said | None:
    return Said("没有日", "there is no day") if _NO_DAY.fullmatch(text) else None


_READERS: tuple[Callable[[str, DateForms], date | Said | None], ...] = (
    _separated,
    _chinese,
    _last,
    _short,
    _serial,
    _partial,
)


def _day(year: int, month: int, day: int) -> date | Said:
    try:
        return date(year, month, day)
    except ValueError:
        return Said("没有这一天", "there is no such day")

"""Which days are worked in the People's Republic: weekdays, but for holidays and the days worked for them.

The General Office of the State Council announces the days of each year in the autumn before.  Those known
when this release was made are shipped; a file ``working-days.yaml`` of the same form in the home folder adds
years, or takes the place of ours.  In other years Saturdays and Sundays alone are free.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from kaishu.base import settings
from kaishu.base.errors import Terminal

OWN = "working-days.yaml"
_SHIPPED = Path(__file__).parent / "data" / "working_days" / OWN
_SATURDAY = 5


class BadWorkingDays(Terminal):
    """The home's file of holidays cannot be read."""

    code = "standards.bad-working-days"
    status = 500
    zh = "节假日文件“{file}”不能用：{reason}。"
    en = 'The file of holidays "{file}" cannot be used: {reason_en}.'
    next_zh = "写法：years 下每年有 off（如 2027-01-01 或 2027-02-05..2027-02-11）和 on 两个日期列表。"
    next_en = (
        "Below years, each year has two lists of days, off (2027-01-01 or 2027-02-05..2027-02-11) and on."
    )


@dataclass(frozen=True, slots=True)
class Calendar:
    """``off`` are holidays, ``on`` Saturdays and Sundays that are worked, ``years`` those that are known."""

    off: frozenset[date]
    on: frozenset[date]
    years: frozenset[int]

    def works(self, day: date) -> bool:
        """Is this day worked?"""
        return day in self.on or (day.weekday() < _SATURDAY and day not in self.off)


def works_on(day: date) -> bool:
    """Is this day worked?  Raises ``BadWorkingDays``."""
    return calendar().works(day)


def add_working_days(start: date, days: int) -> date:
    """The day ``days`` working days after ``start``.  Raises ``BadWorkingDays``."""
    known, day = calendar(), start
    while days > 0:
        day += timedelta(days=1)
        days -= known.works(day)
    return day


def calendar() -> Calendar:
    """What is shipped, with the home's own years in the place of ours.  Raises ``BadWorkingDays``."""
    own = settings.home() / OWN
    changed = own.stat().st_mtime_ns if own.exists() else 0
    return _calendar(own if changed else None, changed)


@lru_cache(maxsize=8)
def _calendar(own: Path | None, changed: int) -> Calendar:
    years = _years(_SHIPPED) | (_years(own) if own else {})
    return Calendar(
        frozenset(day for off, _ in years.values() for day in off),
        frozenset(day for _, on in years.values() for day in on),
        frozenset(years),
    )


def _years(path: Path) -> dict[int, tuple[set[date], set[date]]]:
    import yaml

    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            int(year): (
                _days(said.get("off") or said.get(False) or ()),
                _days(said.get("on") or said.get(True) or ()),
            )
            for year, said in found["years"].items()
        }
    # YAML takes a bare "on" for true, and "off" for false.
    except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError) as error:
        place = str(error).splitlines()[0][:200]
        raise BadWorkingDays(file=path.name, reason=place, reason_en=place) from error


def _days(written: Iterable[Any]) -> set[date]:
    """Days and stretches of days: ``2026-02-15..2026-02-23``, both ends included."""
    found: set[date] = set()
    for each in written:
        first, _, last = str(each).partition("..")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        if not 0 <= (end - start).days <= 31:
            raise ValueError(f"{each}: not a stretch of days")
        found.update(start + timedelta(days=number) for number in range((end - start).days + 1))
    return found

"""Dates that cannot be: not in the calendar, an end before its start, a day still to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from kaishu.base.errors import Said
from kaishu.inspection.checks.check import WRONG, Check, Found, Surroundings, both
from kaishu.inspection.scopes import Subject

FIELDS = ("issued", "modified", "temporal_start", "temporal_end")
DATED = re.compile(r"(date|issued|modified|created|updated|temporal|日期|时间)", re.IGNORECASE)
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
EARLIEST = 1000


def dates(subject: Subject, around: Surroundings) -> Iterator[Found]:
    """Impossible days in the record, in its distributions and in what was kept aside when it was read."""
    record = subject.record
    for where, text in _written(subject):
        day = DAY.search(text)
        if day and not _real(day):
            yield _found(subject, where, text, "日历上没有这一天", "there is no such day")
    start, end = record.get("temporal_start"), record.get("temporal_end")
    if start and end and str(end) < str(start):
        yield _found(
            subject, "temporal_end", f"{start} – {end}", "结束早于开始", "the end is before the start"
        )
    tomorrow = (around.today + timedelta(days=1)).isoformat()
    for field in ("issued", "modified"):
        value = str(record.get(field) or "")[:10]
        if DAY.fullmatch(value) and value > tomorrow:
            yield _found(subject, field, value, "日期还没到", "the day is still to come")


def _written(subject: Subject) -> Iterator[tuple[str, str]]:
    record = subject.record
    for field in FIELDS:
        if record.get(field):
            yield field, str(record[field])
    yield from _aside(record.get("extras") or {})
    for link in subject.links:
        for field in ("issued", "modified"):
            if link.get(field):
                yield "resources", str(link[field])
        yield from _aside(link.get("extras") or {})


def _aside(extras: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in extras.items():
        if DATED.search(key) and isinstance(value, str) and len(value) < 100:
            yield f"extras.{key}"[:100], value


def _real(day: re.Match[str]) -> bool:
    try:
        return date(int(day[1]), int(day[2]), int(day[3])).year >= EARLIEST
    except ValueError:
        return False


def _found(subject: Subject, field: str, value: str, zh: str, en: str) -> Found:
    return Found(subject=subject, field=field, value=value[:500], facts=both(zh, en))


CHECK = Check(
    name="dates",
    severity=WRONG,
    title=Said("日期不可能", "Impossible dates"),
    why=Said("日期必须真实存在，先开始后结束。", "Days must exist, and an end comes after its start."),
    said=Said("日期“{value}”有误：{reason}。", 'The date "{value}" is wrong: {reason}.'),
    mend=Said("改成真实的日期，如 2026-11-21。", "Write the real day, such as 2026-11-21."),
    each=dates,
)

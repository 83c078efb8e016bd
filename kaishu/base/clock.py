"""Time: always UTC and aware inside, ISO 8601 outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def now() -> datetime:
    """The present moment, UTC, to the microsecond."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """``2026-11-21T01:02:03.000004Z``: fixed width, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def add_working_days(start: date, days: int, holidays: frozenset[date] = frozenset()) -> date:
    """The day ``days`` working days after ``start``; Saturdays, Sundays and ``holidays`` do not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day

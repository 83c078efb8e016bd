"""When deliveries are due, and which were kept: functions of the contract, what came, and the moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from kaishu import standards

PERIODS = ("workday", "daily", "weekly", "monthly", "quarterly", "yearly")
#: Contracts are written in China Standard Time, which has no summer time.
ZONE = timezone(timedelta(hours=8))
#: Periods that are looked back upon at most.
MOST = 400


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of a contract that says when."""

    period: str
    starts_on: date
    at: str = "00:00"
    grace: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """One delivery: for which period, when, and whether anything was in it."""

    period_start: date
    at: datetime
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """One period and how it went.

    ``state`` is kept, late (came after it was due), empty (only deliveries without rows), overdue (is due,
    and the newest of those that are), missed (nothing came until the next was due) or waiting.
    """

    start: date
    due: datetime
    state: str


def local_day(moment: datetime) -> date:
    """The day of a moment as contracts count."""
    return moment.astimezone(ZONE).date()


def period_of(terms: Terms, day: date) -> date:
    """The first day of the period that holds this day."""
    if terms.period == "daily":
        return day
    if terms.period == "workday":
        while not _works(day):
            day -= timedelta(days=1)
        return day
    if terms.period == "weekly":
        return day - timedelta(days=day.weekday())
    if terms.period == "monthly":
        return day.replace(day=1)
    if terms.period == "quarterly":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1)


def next_period(terms: Terms, start: date) -> date:
    """The first day of the period after the one that begins then."""
    if terms.period == "daily":
        return start + timedelta(days=1)
    if terms.period == "workday":
        return standards.add_working_days(start, 1)
    if terms.period == "weekly":
        return start + timedelta(days=7)
    months = {"monthly": 1, "quarterly": 3}.get(terms.period, 12)
    count = start.month - 1 + months
    return date(start.year + count // 12, count % 12 + 1, 1)


def due_at(terms: Terms, start: date) -> datetime:
    """When the delivery of that period must have come, UTC."""
    day = standards.add_working_days(start, terms.grace)
    hour, minute = terms.at.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), ZONE).astimezone(UTC)


def opens_at(terms: Terms, start: date) -> datetime:
    """From when on it is pulled: its hour on the period's first day, UTC."""
    return due_at(Terms(terms.period, terms.starts_on, terms.at, 0), start)


def periods(terms: Terms, now: datetime) -> Iterator[date]:
    """First days of every period that has begun, the first that begins no sooner than ``starts_on``."""
    start = period_of(terms, terms.starts_on)
    if start < terms.starts_on:
        start = next_period(terms, start)
    today = local_day(now)
    while start <= today:
        yield start
        start = next_period(terms, start)


def judge(terms: Terms, came: Iterable[Came], now: datetime) -> list[Kept]:
    """How every period of the contract went, oldest first, at most the last ``MOST``."""
    by_period: dict[date, list[Came]] = {}
    for each in came:
        by_period.setdefault(each.period_start, []).append(each)
    starts = list(periods(terms, now))[-MOST:]
    judged = []
    for start in starts:
        due = due_at(terms, start)
        over = due_at(terms, next_period(terms, start)) <= now
        judged.append(Kept(start, due, _state(by_period.get(start, []), due, now, over)))
    return judged


def _state(came: list[Came], due: datetime, now: datetime, over: bool) -> str:
    full = [each.at for each in came if not each.empty]
    if full:
        return "kept" if min(full) <= due else "late"
    if came:
        return "empty"
    if now < due:
        return "waiting"
    return "missed" if over else "overdue"


def retry_at(now: datetime, failures: int) -> datetime:
    """When a pull that failed is tried again: after 1, 2, 4 … minutes, at most six hours."""
    return now + timedelta(minutes=min(2 ** max(failures - 1, 0), 360))


def _works(day: date) -> bool:
    return standards.works_on(day)

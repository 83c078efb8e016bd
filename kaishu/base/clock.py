"""Time: always UTC and aware inside, ISO 8601 outside; days are those of the site."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

#: China Standard Time, which has no summer time.
ZONE = timezone(timedelta(hours=8), "UTC+8")


def now() -> datetime:
    """The present moment, UTC, to the microsecond."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """``2026-11-21T01:02:03.000004Z``: fixed width, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_of(moment: datetime) -> date:
    """The day that it is where the site stands, eight hours ahead of UTC."""
    return moment.astimezone(ZONE).date()

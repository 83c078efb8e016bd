"""Time: always UTC and aware inside, ISO 8601 outside."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, UTC, to the microsecond."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """``2026-11-21T01:02:03.000004Z``: fixed width, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON as _JSON
from sqlalchemy import DateTime, Dialect, String
from sqlalchemy import Text as _Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from kaishu.base import clock


def Text(length: int) -> String:  # noqa: N802 - reads as a type where it is used
    """Bounded text; every text column has a length, as some databases demand."""
    return String(length)


class UTCTime(TypeDecorator[datetime]):
    """An aware UTC moment; naive values are refused, so that no local time slips in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JSON(TypeDecorator[Any]):
    """JSON as text on SQLite, ``jsonb`` on PostgreSQL.

    Not ``with_variant``: that would import PostgreSQL's dialect with all its drivers at every start.
    """

    impl = _JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(_JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


class Stamp(TypeDecorator[datetime]):
    """A UTC moment as text of fixed width, ``2026-11-21T01:02:03.000004Z``: sorts by time, one form only.

    For rows whose very bytes are vouched for; elsewhere ``UTCTime``.
    """

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else clock.iso(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class CanonicalJSON(TypeDecorator[Any]):
    """JSON as text in one form only: sorted keys, no blanks; for rows whose very bytes are vouched for."""

    impl = _Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """The one form of a value as JSON: sorted keys, no blanks, letters of every script as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

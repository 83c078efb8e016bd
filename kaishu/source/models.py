"""What was received, from where, and what was agreed about when it comes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime
from kaishu.source.originals import original_path


class Delivery(Model):
    """A file as it arrived; ``size`` in bytes, ``person_id`` the id of the actor who sent it.

    The bytes stand once in the home folder under their SHA-256, however many deliveries brought them.
    """

    __tablename__ = "source_delivery"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(255))
    sha256: Mapped[str] = mapped_column(Text(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UTCTime)
    person_id: Mapped[str] = mapped_column(Text(40))

    @property
    def path(self) -> Path:
        """Where the received bytes are, unchanged."""
        return original_path(self.sha256)


class Source(Model):
    """A place outside from which tables are read, registered for an office.

    ``state`` is draft, certified or retired.  ``secret`` is what ``secrets.seal`` made.  ``found`` is what
    the last look saw: [{name, rows, exact, columns: [{name, type}]}].
    """

    __tablename__ = "source_source"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    title: Mapped[str] = mapped_column(Text(200))
    kind: Mapped[str] = mapped_column(Text(20))
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    options: Mapped[dict[str, str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text(20_000), default="")
    state: Mapped[str] = mapped_column(Text(10), default="draft")
    found: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    probed_at: Mapped[datetime | None] = mapped_column(UTCTime)
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    created_by: Mapped[str] = mapped_column(Text(40))
    certified_at: Mapped[datetime | None] = mapped_column(UTCTime)
    certified_by: Mapped[str] = mapped_column(Text(200), default="")


class DriftFinding(Model):
    """A difference between two looks at a source; ``kind`` is came, went, retyped or renamed."""

    __tablename__ = "source_drift"
    __table_args__ = (Index("ix_source_drift_source", "source_id", "id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source_source.id"))
    kind: Mapped[str] = mapped_column(Text(10))
    table_name: Mapped[str] = mapped_column(Text(300))
    column_name: Mapped[str] = mapped_column(Text(300), default="")
    was: Mapped[str] = mapped_column(Text(300), default="")
    now: Mapped[str] = mapped_column(Text(300), default="")
    found_at: Mapped[datetime] = mapped_column(UTCTime)


class Contract(Model):
    """How one table is kept up: who brings it (``way``: pull, push or virtual), when, and what then.

    ``period`` is workday, daily, weekly, monthly, quarterly or yearly; a delivery is due ``grace`` working
    days after the period begins, at ``at`` (HH:MM, China Standard Time).  ``update`` is how the lake takes a
    delivery (mode and key).  ``marker_value`` is the greatest value of ``marker`` that was taken.
    """

    __tablename__ = "source_contract"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    way: Mapped[str] = mapped_column(Text(10))
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source_source.id"), index=True)
    remote_table: Mapped[str] = mapped_column(Text(300), default="")
    query: Mapped[str] = mapped_column(Text(10_000), default="")
    dataset: Mapped[str] = mapped_column(Text(200), default="")
    resource_id: Mapped[str | None] = mapped_column(Text(26))
    table_id: Mapped[str | None] = mapped_column(Text(26), index=True)
    period: Mapped[str] = mapped_column(Text(10), default="monthly")
    at: Mapped[str] = mapped_column(Text(5), default="02:00")
    grace: Mapped[int] = mapped_column(Integer, default=0)
    starts_on: Mapped[date] = mapped_column(Date)
    marker: Mapped[str] = mapped_column(Text(300), default="")
    marker_value: Mapped[str] = mapped_column(Text(2_000), default="")
    redelivery: Mapped[str] = mapped_column(Text(10), default="replace")
    update: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text(10), default="active")
    failures: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCTime)
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    created_by: Mapped[str] = mapped_column(Text(40))


class Arrival(Model):
    """A delivery under a contract; ``state`` is received, taken, empty or refused.

    ``period_start`` is the first day of the period for which it counts; ``idempotency_key`` was sent with it.
    """

    __tablename__ = "source_arrival"
    __table_args__ = (
        UniqueConstraint("contract_id", "idempotency_key"),
        Index("ix_source_arrival_period", "contract_id", "period_start"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("source_contract.id"))
    period_start: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text(10))
    at: Mapped[datetime] = mapped_column(UTCTime)
    name: Mapped[str] = mapped_column(Text(255), default="")
    delivery_id: Mapped[str | None] = mapped_column(ForeignKey("source_delivery.id"))
    version_id: Mapped[str | None] = mapped_column(Text(26))
    rows: Mapped[int | None] = mapped_column(BigInteger)
    idempotency_key: Mapped[str | None] = mapped_column(Text(200))
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSON)

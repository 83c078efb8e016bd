"""Tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Task(Model):
    """One piece of work; ``done`` of ``total`` in whatever unit its kind counts (bytes for an ingest)."""

    __tablename__ = "queue_task"
    __table_args__ = (
        Index("ix_queue_task_state", "state", "id"),
        Index("ix_queue_task_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(40))
    subject_kind: Mapped[str] = mapped_column(Text(40), default="")
    subject_id: Mapped[str] = mapped_column(Text(40), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text(10))
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCTime)

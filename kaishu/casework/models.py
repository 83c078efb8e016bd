"""Cases and the steps taken in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Case(Model):
    """Something that waits for a decision; ``due_on`` is the last day by its kind's clock."""

    __tablename__ = "casework_case"
    __table_args__ = (Index("ix_casework_case_subject", "subject_kind", "subject_id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(40), index=True)
    subject_kind: Mapped[str] = mapped_column(Text(40))
    subject_id: Mapped[str] = mapped_column(Text(40))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("access_office.id"))
    state: Mapped[str] = mapped_column(Text(20))
    opened_at: Mapped[datetime] = mapped_column(UTCTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Step(Model):
    """One move in a case, with who made it and why.

    ``reason`` is what a person wrote; ``said`` is what the platform says: {code, and its facts}, told in
    words where it is shown.
    """

    __tablename__ = "casework_step"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("casework_case.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(Text(40))
    from_state: Mapped[str] = mapped_column(Text(20))
    to_state: Mapped[str] = mapped_column(Text(20))
    actor_id: Mapped[str] = mapped_column(Text(40))
    actor_name: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(UTCTime)
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Voice(Model):
    """One office asked in a case; ``answer`` is empty, agrees or objects, ``due_on`` its last day."""

    __tablename__ = "casework_voice"
    __table_args__ = (UniqueConstraint("case_id", "office_id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("casework_case.id"))
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCTime)
    due_on: Mapped[date] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(Text(20), default="")
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    answered_by: Mapped[str] = mapped_column(Text(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCTime)

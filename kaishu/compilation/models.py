"""Duty lists, their duties (L1), and the entries proposed for what the duties bring about (L2 to L4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class DutyList(Model):
    """One 权责清单 of an office, as it was read; ``columns`` maps our fields to the file's headings."""

    __tablename__ = "compilation_duty_list"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    title: Mapped[str] = mapped_column(Text(300))
    file_name: Mapped[str] = mapped_column(Text(255))
    sha256: Mapped[str] = mapped_column(Text(64), default="")
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    duties: Mapped[int] = mapped_column(Integer)
    left_out: Mapped[int] = mapped_column(Integer, default=0)
    created_by: Mapped[str] = mapped_column(Text(200))
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class Duty(Model):
    """One 业务事项 (L1); ``said`` holds what the row says of it, ``needs`` what other offices issue."""

    __tablename__ = "compilation_duty"
    __table_args__ = (Index("ix_compilation_duty_list", "list_id", "row"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    list_id: Mapped[str] = mapped_column(ForeignKey("compilation_duty_list.id", ondelete="CASCADE"))
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    row: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text(300))
    kind: Mapped[str] = mapped_column(Text(40))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    needs: Mapped[list[str]] = mapped_column(JSON)


class Proposal(Model):
    """One proposed entry: information (L2) of one or several duties, with standard, sources and record.

    ``origin`` is given, result, register or material; ``state`` open, accepted or declined.  ``elements``
    is L3, ``sources`` are L4 candidates with score and reasons, the best first.
    """

    __tablename__ = "compilation_proposal"
    __table_args__ = (
        Index("ix_compilation_proposal_list", "list_id", "state"),
        Index("ix_compilation_proposal_office", "office_id", "state"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    list_id: Mapped[str] = mapped_column(ForeignKey("compilation_duty_list.id", ondelete="CASCADE"))
    duty_id: Mapped[str] = mapped_column(ForeignKey("compilation_duty.id", ondelete="CASCADE"), index=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"))
    information: Mapped[str] = mapped_column(Text(300))
    origin: Mapped[str] = mapped_column(Text(20))
    also: Mapped[list[str]] = mapped_column(JSON)
    elements: Mapped[list[str]] = mapped_column(JSON)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text(20))
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    dataset_id: Mapped[str | None] = mapped_column(
        ForeignKey("catalogue_dataset.id", ondelete="SET NULL"), index=True
    )
    decided_by: Mapped[str] = mapped_column(Text(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCTime)
    created_at: Mapped[datetime] = mapped_column(UTCTime)

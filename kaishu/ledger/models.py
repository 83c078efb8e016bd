"""Ledger entries: no update, no delete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import CanonicalJSON, Model, Stamp, Text

FIRST = "0" * 64


class Entry(Model):
    """One act.  ``hash`` covers the stored bytes of every other column and the hash of the entry before."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_subject", "subject_kind", "subject_id"),
        Index("ix_ledger_entry_at", "at"),
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(Stamp)
    actor_kind: Mapped[str] = mapped_column(Text(20))
    actor_id: Mapped[str] = mapped_column(Text(40))
    actor_name: Mapped[str] = mapped_column(Text(200))
    action: Mapped[str] = mapped_column(Text(80), index=True)
    subject_kind: Mapped[str] = mapped_column(Text(40))
    subject_id: Mapped[str] = mapped_column(Text(200))
    request_id: Mapped[str] = mapped_column(Text(40))
    facts: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    previous: Mapped[str] = mapped_column(Text(64))
    hash: Mapped[str] = mapped_column(Text(64))

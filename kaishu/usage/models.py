"""Counts a day, and how far the ledger has been read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Date, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import Model, Text

Big = BigInteger().with_variant(Integer(), "sqlite")


class UsageDay(Model):
    """How often one thing was done with one dataset on one day (UTC).

    ``kind`` is view, download or call; ``detail`` a format or path, empty if there is none.
    """

    __tablename__ = "usage_day"
    __table_args__ = (Index("ix_usage_day_day_kind", "day", "kind"),)

    dataset_id: Mapped[str] = mapped_column(Text(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(Text(20), primary_key=True)
    detail: Mapped[str] = mapped_column(Text(200), primary_key=True)
    count: Mapped[int] = mapped_column(Big, default=0)


class UsageTotal(Model):
    """Everything ever counted of one dataset, so that a page or a list need not add up days."""

    __tablename__ = "usage_total"
    __table_args__ = (Index("ix_usage_total_rank", "kind", "count"),)

    dataset_id: Mapped[str] = mapped_column(Text(40), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(20), primary_key=True)
    count: Mapped[int] = mapped_column(Big, default=0)


class UsagePosition(Model):
    """The last ledger entry that has been counted; one row."""

    __tablename__ = "usage_position"

    name: Mapped[str] = mapped_column(Text(40), primary_key=True)
    number: Mapped[int] = mapped_column(Big, default=0)

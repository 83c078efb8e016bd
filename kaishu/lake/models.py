"""Tables of the lake and their versions.  The row is the truth; Delta's log follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Table(Model):
    """One table of one office: a Delta table in ``home/lake/<id>``.

    ``update`` is how batches were last added (``lake.Update``), ``retention`` which are kept.
    """

    __tablename__ = "lake_table"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    update: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    retention: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Version(Model):
    """One batch.  ``columns`` is [{name, type, source_name, position}] without ``_id``.

    ``number`` counts from 1 in its table, ``delta_version`` is Delta's own count (which also counts changes
    of protocol), ``received_bytes`` the size of the file, ``stored_bytes`` what the batch added on disk.
    ``mode`` is ``lake.Update.mode``, or cleanse or undo where the rows were made from the version before;
    ``inserted``, ``updated``, ``deleted`` and ``unchanged`` count rows against the version before (None for a
    replacement, which is not compared); ``next_id`` is the ``_id`` that the next new row gets.  Rows that
    were dropped have ``dropped_at`` and ``dropped_by``;
    ``freed_bytes`` follows when their files are gone.
    """

    __tablename__ = "lake_version"
    __table_args__ = (UniqueConstraint("table_id", "number"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("lake_table.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    delta_version: Mapped[int] = mapped_column(BigInteger)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("source_delivery.id"), index=True)
    file_name: Mapped[str] = mapped_column(Text(255))
    sha256: Mapped[str] = mapped_column(Text(64))
    rows: Mapped[int] = mapped_column(BigInteger)
    set_aside: Mapped[int] = mapped_column(BigInteger)
    encoding: Mapped[str | None] = mapped_column(Text(40))
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_bytes: Mapped[int] = mapped_column(BigInteger)
    stored_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    created_by: Mapped[str] = mapped_column(Text(200))
    mode: Mapped[str] = mapped_column(Text(20), default="replace")
    inserted: Mapped[int | None] = mapped_column(BigInteger)
    updated: Mapped[int | None] = mapped_column(BigInteger)
    deleted: Mapped[int | None] = mapped_column(BigInteger)
    unchanged: Mapped[int | None] = mapped_column(BigInteger)
    next_id: Mapped[int | None] = mapped_column(BigInteger)
    dropped_at: Mapped[datetime | None] = mapped_column(UTCTime)
    dropped_by: Mapped[str | None] = mapped_column(Text(200))
    freed_bytes: Mapped[int | None] = mapped_column(BigInteger)


class Disposal(Model):
    """What a rule of retention would drop of a table, until somebody decides.

    ``versions`` is [{number, at, rows, bytes}] oldest first, ``bytes`` their sum; ``held`` is
    [{number, why}] of those that the rule alone would drop.  ``state`` is open, confirmed, declined or
    overtaken; ``dropped`` are the numbers that were confirmed.
    """

    __tablename__ = "lake_disposal"
    __table_args__ = (Index("ix_lake_disposal_table", "table_id", "state"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("lake_table.id"))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    versions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    held: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text(10))
    dropped: Mapped[list[int]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text(2000), default="")
    proposed_at: Mapped[datetime] = mapped_column(UTCTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCTime)
    decided_by: Mapped[str] = mapped_column(Text(200), default="")

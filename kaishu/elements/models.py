"""Regional elements and code sets, their versions, and which column holds which element."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Entry(Model):
    """One element or code set (``kind``) of an office; ``code`` is its identifier.

    ``state`` is proposed, released or withdrawn; ``released`` and ``newest`` are numbers of versions.
    """

    __tablename__ = "elements_entry"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(10))
    code: Mapped[str] = mapped_column(Text(60))
    name: Mapped[str] = mapped_column(Text(100))
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    state: Mapped[str] = mapped_column(Text(20))
    released: Mapped[int | None] = mapped_column(Integer)
    newest: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class Version(Model):
    """One version; ``definition`` is an ``Element`` or ``CodeSetText`` as a mapping.

    ``state`` is technical-review, cross-review, returned, draft (taken back), released, superseded or
    withdrawn.  ``flags`` are duplicates seen at proposal, ``asked`` offices that the proposer names (ids).
    """

    __tablename__ = "elements_version"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        Index("ix_elements_version_state", "state"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("elements_entry.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text(20))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    flags: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    asked: Mapped[list[str]] = mapped_column(JSON)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("casework_case.id"), index=True)
    proposed_by: Mapped[str] = mapped_column(Text(200))
    proposed_at: Mapped[datetime] = mapped_column(UTCTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Assignment(Model):
    """A column of a table holds an element, as a person decided; ``element`` is the element's code.

    ``table_id`` and ``dataset_id`` belong to rooms above and are only remembered here.
    """

    __tablename__ = "elements_assignment"
    __table_args__ = (UniqueConstraint("table_id", "column"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(Text(26))
    dataset_id: Mapped[str] = mapped_column(Text(26), index=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    column: Mapped[str] = mapped_column(Text(300))
    element: Mapped[str] = mapped_column(Text(60), index=True)
    score: Mapped[int | None] = mapped_column(Integer)
    decided_by: Mapped[str] = mapped_column(Text(200))
    decided_at: Mapped[datetime] = mapped_column(UTCTime)

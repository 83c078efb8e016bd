"""Datasets, their resources, the revisions of their records, and their former names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kaishu.access.models import Office
from kaishu.db import JSON, Model, Text, UTCTime


class Dataset(Model):
    """One catalogue entry.

    ``record`` and ``resources`` are what may be shown: the published ones, or the draft's while
    nothing has been published.  ``state`` is the dataset's, ``draft_state`` that of a newer revision
    under way, if there is one.  ``foreign_id`` is the UUID that it had in the portal from which it was moved
    here, and by which programs go on calling it.
    """

    __tablename__ = "catalogue_dataset"
    __table_args__ = (
        Index("ix_catalogue_dataset_state_name", "state", "name"),
        Index("ix_catalogue_dataset_state_id", "state", "id"),
        Index("ix_catalogue_dataset_state_published", "state", "published_at"),
        Index("ix_catalogue_dataset_office", "office_id", "state", "name"),
        Index("ix_catalogue_dataset_draft_state", "draft_state"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), unique=True)
    name: Mapped[str] = mapped_column(Text(100), unique=True)
    foreign_id: Mapped[str | None] = mapped_column(Text(36), unique=True, index=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"))
    state: Mapped[str] = mapped_column(Text(20))
    draft_state: Mapped[str | None] = mapped_column(Text(20))
    title: Mapped[str] = mapped_column(Text(300))
    title_en: Mapped[str] = mapped_column(Text(300), default="")
    open_class: Mapped[str] = mapped_column(Text(20))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    resources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    published_revision_id: Mapped[str | None] = mapped_column(Text(26))
    draft_revision_id: Mapped[str | None] = mapped_column(Text(26))
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    updated_at: Mapped[datetime] = mapped_column(UTCTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCTime)

    office: Mapped[Office] = relationship(lazy="joined")


class Resource(Model):
    """Identity of one table or link of a dataset; what is said of it stands in the revisions."""

    __tablename__ = "catalogue_resource"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), index=True)
    table_id: Mapped[str | None] = mapped_column(Text(26), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class Revision(Model):
    """One edition of record and resources on its way from draft to publication."""

    __tablename__ = "catalogue_revision"
    __table_args__ = (UniqueConstraint("dataset_id", "number"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text(20))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    resources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("casework_case.id"))
    author: Mapped[str] = mapped_column(Text(200))
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCTime)


class FormerName(Model):
    """A name that a dataset once had; it leads to the present one."""

    __tablename__ = "catalogue_former_name"

    name: Mapped[str] = mapped_column(Text(100), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class GateStatement(Model):
    """What a person said of a table for the entry gates.

    ``kind`` is no-element (``subject`` is a column), hand-delivery (no subject; by the bureau) or assessment
    (``subject`` is the id of the version).
    """

    __tablename__ = "catalogue_gate_statement"
    __table_args__ = (UniqueConstraint("table_id", "kind", "subject"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(Text(26))
    kind: Mapped[str] = mapped_column(Text(20))
    subject: Mapped[str] = mapped_column(Text(300), default="")
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    said_by: Mapped[str] = mapped_column(Text(200))
    said_at: Mapped[datetime] = mapped_column(UTCTime)


class TableEntry(Model):
    """A table that entered the data-resource centre (入库); without a row, or once it fell, it is staged.

    ``version_id`` is the version for which the gates held last; ``fell_for`` the gates a later one lacks.
    """

    __tablename__ = "catalogue_table_entry"

    table_id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), index=True)
    version_id: Mapped[str] = mapped_column(Text(26))
    entered_at: Mapped[datetime] = mapped_column(UTCTime)
    entered_by: Mapped[str] = mapped_column(Text(200))
    fell_at: Mapped[datetime | None] = mapped_column(UTCTime)
    fell_for: Mapped[list[str]] = mapped_column(JSON)

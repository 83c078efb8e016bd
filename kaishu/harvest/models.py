"""Other portals, the runs that read them, what each run plans, and what came from where."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Source(Model):
    """A catalogue elsewhere.

    Read from ``url``, or from a stored file (``delivery_id``).  ``office_id`` owns all that comes from
    it; without one an office is made for each publisher.  ``every_hours`` 0 means only when asked.
    ``themes`` are the rules (YAML) by which themes are inferred; None if nobody ever gave any.
    """

    __tablename__ = "harvest_source"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60), unique=True)
    title: Mapped[str] = mapped_column(Text(200))
    title_en: Mapped[str] = mapped_column(Text(200), default="")
    kind: Mapped[str] = mapped_column(Text(20))
    url: Mapped[str] = mapped_column(Text(2000), default="")
    delivery_id: Mapped[str | None] = mapped_column(Text(26))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("access_office.id"))
    every_hours: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(Text(10), default="active")
    changed_until: Mapped[str] = mapped_column(Text(40), default="")
    failures: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCTime)
    last_error: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    last_run_id: Mapped[str | None] = mapped_column(Text(26))
    last_read_at: Mapped[datetime | None] = mapped_column(UTCTime)
    themes: Mapped[str | None] = mapped_column(Text(60_000))
    created_at: Mapped[datetime] = mapped_column(UTCTime)


class Run(Model):
    """One reading of a source; ``state`` is planning, planned, applying, done, failed or dropped.

    ``counts`` maps an action to its number.  ``whole`` tells that all of the source was read, so that
    what is missing is gone.  ``read`` datasets were read so far, ``applied`` of ``to_apply`` items done.
    While it is planned ``mark`` says where reading stopped, and ``reader`` who reads.
    """

    __tablename__ = "harvest_run"
    __table_args__ = (Index("ix_harvest_run_source", "source_id", "id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("harvest_source.id"))
    state: Mapped[str] = mapped_column(Text(10))
    whole: Mapped[bool] = mapped_column(Boolean, default=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    read: Mapped[int] = mapped_column(Integer, default=0)
    applied: Mapped[int] = mapped_column(Integer, default=0)
    to_apply: Mapped[int] = mapped_column(Integer, default=0)
    changed_until: Mapped[str] = mapped_column(Text(40), default="")
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UTCTime)
    planned_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)
    mark: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reader: Mapped[str | None] = mapped_column(Text(26))


class Seen(Model):
    """What a run that is still reading has met, also what is the same; cleared when all is read."""

    __tablename__ = "harvest_seen"

    run_id: Mapped[str] = mapped_column(ForeignKey("harvest_run.id"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(Text(500), primary_key=True)
    digest: Mapped[str] = mapped_column(Text(64))


class PlanItem(Model):
    """What a run would do about one dataset; those that are the same are counted, not listed.

    ``action`` is new, changed, back, gone, conflict or refused.  ``entry`` is what was read, in our
    words: name, publisher, record, resources.  ``choice`` of a conflict is empty (ours stays) or theirs.
    """

    __tablename__ = "harvest_plan_item"
    __table_args__ = (Index("ix_harvest_plan_item_action", "run_id", "action", "number"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("harvest_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    remote_id: Mapped[str] = mapped_column(Text(500))
    action: Mapped[str] = mapped_column(Text(10))
    title: Mapped[str] = mapped_column(Text(300), default="")
    digest: Mapped[str] = mapped_column(Text(64), default="")
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    dataset_id: Mapped[str | None] = mapped_column(Text(26))
    choice: Mapped[str] = mapped_column(Text(10), default="")
    applied_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Harvested(Model):
    """Where a dataset of ours came from.

    ``remote_digest`` is of what the source said, ``our_digest`` of what we made of it: a record that
    no longer has that digest was edited here.  ``state`` is present or gone.  ``settled`` maps a field
    in which ours was kept to the digests of both sides as they were when a person decided.
    """

    __tablename__ = "harvest_harvested"

    source_id: Mapped[str] = mapped_column(ForeignKey("harvest_source.id"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(Text(500), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"), unique=True)
    remote_digest: Mapped[str] = mapped_column(Text(64))
    our_digest: Mapped[str] = mapped_column(Text(64))
    state: Mapped[str] = mapped_column(Text(10), default="present")
    first_seen: Mapped[datetime] = mapped_column(UTCTime)
    last_seen: Mapped[datetime] = mapped_column(UTCTime)
    settled: Mapped[dict[str, list[str]] | None] = mapped_column(JSON)


class Duplicate(Model):
    """Two datasets that may be one; ``state`` is proposed, merged or declined, ``kept_id`` the survivor."""

    __tablename__ = "harvest_duplicate"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        Index("ix_harvest_duplicate_state", "state", "id"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    one_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"))
    other_id: Mapped[str] = mapped_column(ForeignKey("catalogue_dataset.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text(10), default="proposed")
    kept_id: Mapped[str | None] = mapped_column(Text(26))
    found_at: Mapped[datetime] = mapped_column(UTCTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCTime)
    decided_by: Mapped[str] = mapped_column(Text(200), default="")

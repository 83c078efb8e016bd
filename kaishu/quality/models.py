"""Profiles of versions; rules and cleansing plans of tables, their runs, findings and work orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Float, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime

MOST_TEXT = 200_000


class Profile(Model):
    """The profile of one version: ``{"table": {...}, "fields": [{...}, ...]}``."""

    __tablename__ = "quality_profile"

    version_id: Mapped[str] = mapped_column(ForeignKey("lake_version.id"), primary_key=True)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    made_by: Mapped[str] = mapped_column(Text(200))


class Edition(Model):
    """One edition of what two owners of a table agree on; ``text`` is YAML and the truth, ``number`` counts
    from 1.

    ``state`` is draft, in-review, approved (by the business owner), in-force, returned or replaced.
    """

    __abstract__ = True

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - SQLAlchemy gives the class
        return (
            UniqueConstraint("table_id", "number"),
            Index(f"ix_{cls.__tablename__}_state", "state", "table_id"),
        )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("lake_table.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text(MOST_TEXT))
    state: Mapped[str] = mapped_column(Text(20))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("casework_case.id"))
    author: Mapped[str] = mapped_column(Text(200))
    business_id: Mapped[str] = mapped_column(Text(40), default="")
    business: Mapped[str] = mapped_column(Text(200), default="")
    technical: Mapped[str] = mapped_column(Text(200), default="")
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    changed_at: Mapped[datetime] = mapped_column(UTCTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Rulebook(Edition):
    """One edition of a table's rules.

    ``importance`` weighs the table among others; findings of level ``order_from`` and above open work orders
    by themselves, none do if it is empty.
    """

    __tablename__ = "quality_rulebook"

    rules: Mapped[int] = mapped_column(Integer)
    importance: Mapped[float] = mapped_column(Float, default=1.0)
    order_from: Mapped[str] = mapped_column(Text(10), default="")


class Run(Model):
    """One check of one version by one version of the rules.

    ``kind`` is full or recheck; ``scores`` has total and dimensions, 0 to 100; ``failing`` counts rules that
    reached a level; ``listed`` rows of the file of failing rows, None once it has been dropped.  A check that
    could not be made is not ``sound``; it has ``trouble``, an error in both languages, and no findings.
    """

    __tablename__ = "quality_run"
    __table_args__ = (
        Index("ix_quality_run_table", "table_id", "kind", "id"),
        Index("ix_quality_run_version", "version_id", "rulebook_id"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("lake_table.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("lake_version.id"))
    rulebook_id: Mapped[str] = mapped_column(ForeignKey("quality_rulebook.id"))
    kind: Mapped[str] = mapped_column(Text(10))
    rows: Mapped[int] = mapped_column(BigInteger)
    scores: Mapped[dict[str, Any]] = mapped_column(JSON)
    level: Mapped[str | None] = mapped_column(Text(10))
    failing: Mapped[int] = mapped_column(Integer)
    listed: Mapped[int | None] = mapped_column(BigInteger)
    sound: Mapped[bool] = mapped_column(Boolean)
    trouble: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor: Mapped[str] = mapped_column(Text(200))
    started_at: Mapped[datetime] = mapped_column(UTCTime)
    ended_at: Mapped[datetime] = mapped_column(UTCTime)


class Finding(Model):
    """What one rule found in a run.

    ``sample`` is [{row, key, value}] as it stands in the table: mask it before showing it; ``notes`` and
    ``hints`` are [{zh, en, ...}]; ``measures`` are what a later check compares with.
    """

    __tablename__ = "quality_finding"

    run_id: Mapped[str] = mapped_column(ForeignKey("quality_run.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    rule_id: Mapped[str] = mapped_column(Text(100))
    title: Mapped[str] = mapped_column(Text(300))
    title_en: Mapped[str] = mapped_column(Text(300), default="")
    check: Mapped[str] = mapped_column(Text(40))
    dimension: Mapped[str] = mapped_column(Text(20))
    weight: Mapped[float] = mapped_column(Float)
    level: Mapped[str | None] = mapped_column(Text(10))
    checked: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    sample: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    measures: Mapped[dict[str, Any]] = mapped_column(JSON)
    hints: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class WorkOrder(Model):
    """One rule of one table that an office has to mend; its state and clock stand in its case.

    ``origin`` is check, person, citizen or standard.  ``failed`` and ``checked`` are those of ``run_id``, the
    check it was opened for; ``last_failed`` and ``last_checked`` those of the newest re-check.  ``open_key``
    names table and rule while the order is open, so that there is one at most.  What no check of ours found
    has no ``run_id``; ``found_by`` and ``last_found_by`` are then ids of whatever found it.
    """

    __tablename__ = "quality_order"
    __table_args__ = (Index("ix_quality_order_rule", "table_id", "rule_id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("casework_case.id"), unique=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("lake_table.id"))
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    rule_id: Mapped[str] = mapped_column(Text(100))
    title: Mapped[str] = mapped_column(Text(300))
    title_en: Mapped[str] = mapped_column(Text(300), default="")
    level: Mapped[str] = mapped_column(Text(10))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("quality_run.id"))
    found_by: Mapped[str] = mapped_column(Text(26), default="")
    last_found_by: Mapped[str] = mapped_column(Text(26), default="")
    failed: Mapped[int] = mapped_column(BigInteger)
    checked: Mapped[int] = mapped_column(BigInteger)
    last_run_id: Mapped[str | None] = mapped_column(ForeignKey("quality_run.id"))
    last_failed: Mapped[int | None] = mapped_column(BigInteger)
    last_checked: Mapped[int | None] = mapped_column(BigInteger)
    origin: Mapped[str] = mapped_column(Text(10))
    remark: Mapped[str] = mapped_column(Text(2000), default="")
    opened_by: Mapped[str] = mapped_column(Text(200))
    reminded_at: Mapped[datetime | None] = mapped_column(UTCTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UTCTime)
    exempt_until: Mapped[date | None] = mapped_column(Date)
    open_key: Mapped[str | None] = mapped_column(Text(130), unique=True)


class CleansingPlan(Edition):
    """One edition of a table's cleansing steps.

    ``importance`` is high, medium or low by column, as the draft was made; medium where nothing is said.
    """

    __tablename__ = "quality_cleansing_plan"

    steps: Mapped[int] = mapped_column(Integer)
    importance: Mapped[dict[str, str]] = mapped_column(JSON)


class CleansingRun(Model):
    """One cleansing of a version into the next, or the undoing of one.

    ``kind`` is cleanse or undo; ``undoes_id`` is the run that was undone.  ``steps`` is [{id, step, strategy,
    title, changed, added, removed, refused, tolerated, writes}]; ``writes`` is {column: [columns that it
    comes of]}.  The record of changes stands beside the rows of ``version_id``; ``listed`` counts its rows.
    """

    __tablename__ = "quality_cleansing_run"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("lake_table.id"), index=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("quality_cleansing_plan.id"))
    kind: Mapped[str] = mapped_column(Text(10))
    base_id: Mapped[str] = mapped_column(ForeignKey("lake_version.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("lake_version.id"), unique=True)
    undoes_id: Mapped[str | None] = mapped_column(ForeignKey("quality_cleansing_run.id"))
    rows: Mapped[int] = mapped_column(BigInteger)
    rows_left: Mapped[int] = mapped_column(BigInteger)
    listed: Mapped[int] = mapped_column(BigInteger)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    actor_id: Mapped[str] = mapped_column(Text(40))
    actor: Mapped[str] = mapped_column(Text(200))
    started_at: Mapped[datetime] = mapped_column(UTCTime)
    ended_at: Mapped[datetime] = mapped_column(UTCTime)

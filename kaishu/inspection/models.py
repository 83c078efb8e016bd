"""Runs, scores, aggregates, link states, conformance and findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime


class Run(Model):
    """One time that something was inspected; ``kind`` is mqa, check, links, shapes or elements.

    ``scope`` is a catalogue: own, all, or the name of a harvested source.
    """

    __tablename__ = "inspection_run"
    __table_args__ = (Index("ix_inspection_run_kind", "kind", "scope", "id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(20))
    scope: Mapped[str] = mapped_column(Text(100))
    datasets: Mapped[int] = mapped_column(Integer)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor: Mapped[str] = mapped_column(Text(200))
    started_at: Mapped[datetime] = mapped_column(UTCTime)
    ended_at: Mapped[datetime] = mapped_column(UTCTime)


class Score(Model):
    """The newest MQA result of a dataset: indicators as bits, in the order of ``indicators.yaml``.

    ``unknown`` has the bits of what has not been looked at yet; such a bit is never set in ``met``.
    """

    __tablename__ = "inspection_score"
    __table_args__ = (
        Index("ix_inspection_score_office", "office_id", "score"),
        Index("ix_inspection_score_catalogue", "catalogue", "score"),
    )

    dataset_id: Mapped[str] = mapped_column(
        ForeignKey("catalogue_dataset.id", ondelete="CASCADE"), primary_key=True
    )
    run_id: Mapped[str] = mapped_column(ForeignKey("inspection_run.id", ondelete="CASCADE"), index=True)
    office_id: Mapped[str] = mapped_column(Text(26))
    catalogue: Mapped[str] = mapped_column(Text(100))
    score: Mapped[int] = mapped_column(Integer)
    met: Mapped[int] = mapped_column(Integer)
    unknown: Mapped[int] = mapped_column(Integer)


class Aggregate(Model):
    """What a run found of a catalogue, or of one office in the own catalogue; kept for every run.

    ``kind`` is catalogue or office; ``met`` and ``unknown`` map an indicator to a number of datasets.
    """

    __tablename__ = "inspection_aggregate"
    __table_args__ = (Index("ix_inspection_aggregate_name", "kind", "name", "run_id"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("inspection_run.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text(20), primary_key=True)
    name: Mapped[str] = mapped_column(Text(100), primary_key=True)
    datasets: Mapped[int] = mapped_column(Integer)
    met: Mapped[dict[str, int]] = mapped_column(JSON)
    unknown: Mapped[dict[str, int]] = mapped_column(JSON)
    ratings: Mapped[dict[str, int]] = mapped_column(JSON)


class LinkState(Model):
    """Whether an address answered when it was last asked; ``key`` is the SHA-256 of the address."""

    __tablename__ = "inspection_link"

    key: Mapped[str] = mapped_column(Text(64), primary_key=True)
    url: Mapped[str] = mapped_column(Text(2000))
    host: Mapped[str] = mapped_column(Text(255), index=True)
    reachable: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[int | None] = mapped_column(Integer)
    trouble: Mapped[str] = mapped_column(Text(40), default="")
    detail: Mapped[str] = mapped_column(Text(300), default="")
    failures: Mapped[int] = mapped_column(Integer, default=0)
    checked_at: Mapped[datetime] = mapped_column(UTCTime, index=True)


class Conformance(Model):
    """What the DCAT-AP shapes say of a dataset; ``mark`` names the record and the shapes it holds for."""

    __tablename__ = "inspection_conformance"

    dataset_id: Mapped[str] = mapped_column(
        ForeignKey("catalogue_dataset.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[str] = mapped_column(Text(80))
    conforms: Mapped[bool] = mapped_column(Boolean, index=True)
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    checked_at: Mapped[datetime] = mapped_column(UTCTime)


class Finding(Model):
    """One thing that a check found; ``facts`` fill the check's sentence."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        Index("ix_inspection_finding_check", "run_id", "check", "id"),
        Index("ix_inspection_finding_office", "run_id", "office_id", "id"),
        Index("ix_inspection_finding_dataset", "dataset_id"),
    )

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("inspection_run.id", ondelete="CASCADE"))
    check: Mapped[str] = mapped_column(Text(40))
    severity: Mapped[str] = mapped_column(Text(10))
    dataset_id: Mapped[str | None] = mapped_column(ForeignKey("catalogue_dataset.id", ondelete="CASCADE"))
    office_id: Mapped[str | None] = mapped_column(Text(26))
    field: Mapped[str] = mapped_column(Text(100), default="")
    value: Mapped[str] = mapped_column(Text(500), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)

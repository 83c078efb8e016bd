"""Standard entities, the versions of their mappings, runs, pairs that wait, and what people decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime

MOST_TEXT = 200_000


class StandardEntity(Model):
    """One standard entity (标准实体) of an office.

    ``name`` is its identifier; ``in_force`` and ``newest`` are numbers of mappings.  ``dataset`` (a name),
    ``resource_id`` and ``table_id`` are those of its golden table, empty before the first run into force.
    ``renewing``: does a new version of a source leave a run by itself?
    """

    __tablename__ = "standardisation_entity"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(30), unique=True)
    title: Mapped[str] = mapped_column(Text(200))
    title_en: Mapped[str] = mapped_column(Text(200), default="")
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), index=True)
    in_force: Mapped[int | None] = mapped_column(Integer)
    newest: Mapped[int] = mapped_column(Integer)
    dataset: Mapped[str] = mapped_column(Text(100), default="")
    resource_id: Mapped[str] = mapped_column(Text(26), default="")
    table_id: Mapped[str | None] = mapped_column(ForeignKey("lake_table.id"))
    renewing: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    created_by: Mapped[str] = mapped_column(Text(200))


class MappingVersion(Model):
    """One version of an entity's mapping; ``text`` is YAML and the truth, ``number`` counts from 1.

    ``state`` is draft, in-agreement, in-force or superseded.  ``tables`` are the sources as they were found:
    [{source, name, title, table_id, office_id, version}]; ``concerns`` {office id: digest of what it is
    asked to agree to}; ``carried`` offices that agreed to the same before and are not asked again.
    """

    __tablename__ = "standardisation_mapping"
    __table_args__ = (UniqueConstraint("entity_id", "number"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("standardisation_entity.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text(MOST_TEXT))
    state: Mapped[str] = mapped_column(Text(20))
    tables: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    concerns: Mapped[dict[str, str]] = mapped_column(JSON)
    carried: Mapped[list[str]] = mapped_column(JSON)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("casework_case.id"))
    proposed_by: Mapped[str] = mapped_column(Text(200))
    proposed_at: Mapped[datetime] = mapped_column(UTCTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Objection(Model):
    """An office does not agree to the rule of one field, and why."""

    __tablename__ = "standardisation_objection"

    mapping_id: Mapped[str] = mapped_column(ForeignKey("standardisation_mapping.id"), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Text(60), primary_key=True)
    reason: Mapped[str] = mapped_column(Text(4000))
    said_by: Mapped[str] = mapped_column(Text(200))
    said_at: Mapped[datetime] = mapped_column(UTCTime)


class FusionRun(Model):
    """One fusion by one version of a mapping; ``kind`` is trial or force.

    ``versions`` are the tables as they were read: [{source, table_id, version_id, number}]; ``counts`` what
    came of it (``Fused.as_dict``) with ``keys_only`` where probable matching was not installed, and
    ``differences`` [[source, field, rows, compared]];
    ``version_id`` the version of the golden table, None of a trial.  ``kept``: are its files there?
    """

    __tablename__ = "standardisation_run"
    __table_args__ = (Index("ix_standardisation_run_entity", "entity_id", "kind", "id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("standardisation_entity.id"))
    mapping_id: Mapped[str] = mapped_column(ForeignKey("standardisation_mapping.id"))
    kind: Mapped[str] = mapped_column(Text(10))
    versions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[int] = mapped_column(BigInteger)
    entities: Mapped[int] = mapped_column(BigInteger)
    version_id: Mapped[str | None] = mapped_column(ForeignKey("lake_version.id"))
    kept: Mapped[bool] = mapped_column(Boolean)
    actor: Mapped[str] = mapped_column(Text(200))
    started_at: Mapped[datetime] = mapped_column(UTCTime)
    ended_at: Mapped[datetime] = mapped_column(UTCTime)


class WaitingPair(Model):
    """Two rows that may be one, as the newest run found them; ``later_at`` puts a pair behind the others."""

    __tablename__ = "standardisation_pair"
    __table_args__ = (Index("ix_standardisation_pair_entity", "entity_id", "later_at", "probability"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("standardisation_entity.id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("standardisation_run.id"))
    left_source: Mapped[str] = mapped_column(Text(200))
    left_handle: Mapped[str] = mapped_column(Text(300))
    right_source: Mapped[str] = mapped_column(Text(200))
    right_handle: Mapped[str] = mapped_column(Text(300))
    probability: Mapped[float] = mapped_column(Float)
    weight: Mapped[float] = mapped_column(Float)
    weights: Mapped[dict[str, float]] = mapped_column(JSON)
    later_at: Mapped[datetime | None] = mapped_column(UTCTime)


class PairDecision(Model):
    """What somebody decided about two rows, for ever; ``replaced_at`` if somebody decided anew since."""

    __tablename__ = "standardisation_decision"
    __table_args__ = (Index("ix_standardisation_decision_entity", "entity_id", "replaced_at"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    entity_id: Mapped[str] = mapped_column(ForeignKey("standardisation_entity.id"))
    left_source: Mapped[str] = mapped_column(Text(200))
    left_handle: Mapped[str] = mapped_column(Text(300))
    right_source: Mapped[str] = mapped_column(Text(200))
    right_handle: Mapped[str] = mapped_column(Text(300))
    same: Mapped[bool] = mapped_column(Boolean)
    probability: Mapped[float | None] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    decided_by: Mapped[str] = mapped_column(Text(200))
    decided_at: Mapped[datetime] = mapped_column(UTCTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UTCTime)

"""Indicator systems in editions, evaluations made with them, facts collected and judgements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kaishu.db import JSON, Model, Text, UTCTime

MOST_TEXT = 400_000
MOST_NAME = 80


class SystemEdition(Model):
    """One edition of an indicator system; ``text`` is YAML and the truth, ``number`` counts from 1.

    ``state`` is draft, published, replaced or withdrawn.  ``based_on`` is the id of the edition it was made
    from, or the name of a built-in system.
    """

    __tablename__ = "evaluation_edition"
    __table_args__ = (UniqueConstraint("system", "number"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    system: Mapped[str] = mapped_column(Text(80))
    number: Mapped[int] = mapped_column(Integer)
    edition: Mapped[str] = mapped_column(Text(200))
    title: Mapped[str] = mapped_column(Text(500))
    title_en: Mapped[str] = mapped_column(Text(500), default="")
    text: Mapped[str] = mapped_column(Text(MOST_TEXT))
    fingerprint: Mapped[str] = mapped_column(Text(80))
    state: Mapped[str] = mapped_column(Text(20))
    based_on: Mapped[str] = mapped_column(Text(80), default="")
    author_id: Mapped[str] = mapped_column(Text(40))
    author: Mapped[str] = mapped_column(Text(200))
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    changed_at: Mapped[datetime] = mapped_column(UTCTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCTime)


class Evaluation(Model):
    """One evaluation: which system, on which data, with what outcome.

    ``state`` is waiting (left to the worker), kept, published or withdrawn.  ``origin`` says where the data
    and its units came from: own (of a built-in system), table, file, given, facts, round.  ``asked`` is
    what was asked for, enough to do it: facts and a round may stand beside a table; ``summary`` has the first
    units and the spread of the scores.
    """

    __tablename__ = "evaluation_run"
    __table_args__ = (Index("ix_evaluation_run_system", "system", "state"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    system: Mapped[str] = mapped_column(Text(80))
    edition: Mapped[str] = mapped_column(Text(200))
    edition_id: Mapped[str | None] = mapped_column(ForeignKey("evaluation_edition.id"))
    title: Mapped[str] = mapped_column(Text(500))
    title_en: Mapped[str] = mapped_column(Text(500), default="")
    fingerprint: Mapped[str] = mapped_column(Text(80))
    data_digest: Mapped[str] = mapped_column(Text(80), default="")
    origin: Mapped[str] = mapped_column(Text(10))
    source: Mapped[str] = mapped_column(Text(500), default="")
    version_id: Mapped[str | None] = mapped_column(ForeignKey("lake_version.id"))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    units: Mapped[int] = mapped_column(Integer, default=0)
    indicators: Mapped[int] = mapped_column(Integer, default=0)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text(20), index=True)
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    actor_id: Mapped[str] = mapped_column(Text(40))
    actor: Mapped[str] = mapped_column(Text(200))
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCTime)
    published_by: Mapped[str] = mapped_column(Text(200), default="")


class KeptResult(Model):
    """The whole result of an evaluation, or while it waits the file that was given: packed, as base64."""

    __tablename__ = "evaluation_kept"

    run_id: Mapped[str] = mapped_column(ForeignKey("evaluation_run.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(JSON)


class ReportTemplate(Model):
    """A template of reports, as YAML; ``name`` is what people choose it by."""

    __tablename__ = "evaluation_template"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    name: Mapped[str] = mapped_column(Text(MOST_NAME))
    text: Mapped[str] = mapped_column(Text(100_002))
    author_id: Mapped[str] = mapped_column(Text(40))
    author: Mapped[str] = mapped_column(Text(200))
    created_at: Mapped[datetime] = mapped_column(UTCTime)
    changed_at: Mapped[datetime] = mapped_column(UTCTime)
    changed_by: Mapped[str] = mapped_column(Text(200))


class FactCollection(Model):
    """Facts measured at one time; ``sheet`` is what was found with its queries, for all units of a scope."""

    __tablename__ = "evaluation_facts"
    __table_args__ = (Index("ix_evaluation_facts_scope", "scope", "id"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    scope: Mapped[str] = mapped_column(Text(20))
    at: Mapped[datetime] = mapped_column(UTCTime)
    actor: Mapped[str] = mapped_column(Text(200))
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)


class FactFrame(Model):
    """The rows that a collection of facts was counted from, one frame; ``body`` is packed, as base64."""

    __tablename__ = "evaluation_fact_frame"

    collection_id: Mapped[str] = mapped_column(
        ForeignKey("evaluation_facts.id", ondelete="CASCADE"), primary_key=True
    )
    frame: Mapped[str] = mapped_column(Text(20), primary_key=True)
    body: Mapped[str] = mapped_column(JSON)


class JudgingRound(Model):
    """A round of judging: the judged indicators of a system for some units, by two assessors and a reviewer.

    ``units`` is [{id, name, class, office (an office's id, or None)}] and ``text`` the system as it was then.
    ``state`` is judging, disclosed (units may appeal until ``appeal_until``) or closed.
    """

    __tablename__ = "evaluation_round"

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    title: Mapped[str] = mapped_column(Text(300))
    title_en: Mapped[str] = mapped_column(Text(300), default="")
    system: Mapped[str] = mapped_column(Text(80))
    edition: Mapped[str] = mapped_column(Text(200))
    fingerprint: Mapped[str] = mapped_column(Text(80))
    text: Mapped[str] = mapped_column(Text(MOST_TEXT))
    units: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    first_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"))
    second_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"))
    state: Mapped[str] = mapped_column(Text(20), index=True)
    opened_by: Mapped[str] = mapped_column(Text(200))
    opened_at: Mapped[datetime] = mapped_column(UTCTime)
    appeal_days: Mapped[int] = mapped_column(Integer)
    appeal_until: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UTCTime)


class StandIn(Model):
    """Who takes a seat (first, second, reviewer) for one unit whose office the person before is of.

    One row for each time: ``number`` counts from 1, the highest holds.
    """

    __tablename__ = "evaluation_stand_in"

    round_id: Mapped[str] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(Text(200), primary_key=True)
    seat: Mapped[str] = mapped_column(Text(10), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), index=True)
    by: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(UTCTime)


class Judgement(Model):
    """One assessor's score of one unit on one indicator; it stands once both assessors have given theirs."""

    __tablename__ = "evaluation_judgement"

    round_id: Mapped[str] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(Text(200), primary_key=True)
    code: Mapped[str] = mapped_column(Text(80), primary_key=True)
    assessor_id: Mapped[str] = mapped_column(ForeignKey("access_person.id"), primary_key=True)
    score: Mapped[float] = mapped_column(Float)
    remark: Mapped[str] = mapped_column(Text(4000), default="")
    at: Mapped[datetime] = mapped_column(UTCTime)


class Evidence(Model):
    """What a judgement rests on; ``kind`` is file, screenshot or link, and a file has hash, name and bytes.

    ``sealed`` evidence of one assessor is hidden from the other until both have judged.
    """

    __tablename__ = "evaluation_evidence"
    __table_args__ = (Index("ix_evaluation_evidence_place", "round_id", "unit_id", "code"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("evaluation_round.id"))
    unit_id: Mapped[str] = mapped_column(Text(200))
    code: Mapped[str] = mapped_column(Text(80))
    kind: Mapped[str] = mapped_column(Text(10))
    url: Mapped[str] = mapped_column(Text(2000), default="")
    file_name: Mapped[str] = mapped_column(Text(255), default="")
    sha256: Mapped[str] = mapped_column(Text(64), default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    about: Mapped[str] = mapped_column(Text(2000), default="")
    person_id: Mapped[str] = mapped_column(Text(40))
    person: Mapped[str] = mapped_column(Text(200))
    sealed: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(UTCTime)


class SettledScore(Model):
    """A score as it was settled, one row for each time: ``number`` counts from 1, the highest holds.

    ``how`` is agreed (both gave the same), decided (by the reviewer) or appealed.
    """

    __tablename__ = "evaluation_settled"

    round_id: Mapped[str] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(Text(200), primary_key=True)
    code: Mapped[str] = mapped_column(Text(80), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    score: Mapped[float] = mapped_column(Float)
    how: Mapped[str] = mapped_column(Text(10))
    reason: Mapped[str] = mapped_column(Text(4000), default="")
    by: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(UTCTime)


class Appeal(Model):
    """A unit's objection to a settled score; its state and clock stand in its case."""

    __tablename__ = "evaluation_appeal"
    __table_args__ = (Index("ix_evaluation_appeal_place", "round_id", "unit_id", "code"),)

    id: Mapped[str] = mapped_column(Text(26), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("casework_case.id"), unique=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("evaluation_round.id"))
    unit_id: Mapped[str] = mapped_column(Text(200))
    code: Mapped[str] = mapped_column(Text(80))
    office_id: Mapped[str] = mapped_column(ForeignKey("access_office.id"))
    reason: Mapped[str] = mapped_column(Text(4000))
    by: Mapped[str] = mapped_column(Text(200))
    at: Mapped[datetime] = mapped_column(UTCTime)
    answer: Mapped[str] = mapped_column(Text(4000), default="")

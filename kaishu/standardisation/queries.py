"""Reads of standard entities."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu.standardisation.errors import NoSuchStandard
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.models import (
    FusionRun,
    MappingVersion,
    Objection,
    PairDecision,
    StandardEntity,
    WaitingPair,
)
from kaishu.standardisation.parsing import parse_mapping

DRAFT, AGREEING, IN_FORCE, SUPERSEDED = "draft", "in-agreement", "in-force", "superseded"
TRIAL, FORCE = "trial", "force"


def standards(session: Session) -> Sequence[StandardEntity]:
    """Every standard entity, by name."""
    return session.scalars(select(StandardEntity).order_by(StandardEntity.name)).all()


def standard_by_name(session: Session, name: str) -> StandardEntity:
    """One by its name or id.  Raises ``NoSuchStandard``."""
    found = session.scalars(
        select(StandardEntity).where((StandardEntity.name == name) | (StandardEntity.id == name))
    ).first()
    if found is None:
        raise NoSuchStandard(name=name[:60])
    return found


def mappings_of(session: Session, entity: StandardEntity) -> Sequence[MappingVersion]:
    """Every version of its mapping, newest first."""
    return session.scalars(
        select(MappingVersion)
        .where(MappingVersion.entity_id == entity.id)
        .order_by(MappingVersion.number.desc())
    ).all()


def mapping_of(session: Session, entity: StandardEntity, number: int | None) -> MappingVersion | None:
    """One version, or None."""
    return session.scalars(
        select(MappingVersion).where(MappingVersion.entity_id == entity.id, MappingVersion.number == number)
    ).first()


def read_mapping(kept: MappingVersion) -> Mapping:
    """The mapping as it was kept."""
    return parse_mapping(kept.text, "mapping.yaml", tables=True)


def objections_of(session: Session, mapping_id: str) -> Sequence[Objection]:
    """Objections to single fields."""
    return session.scalars(
        select(Objection)
        .where(Objection.mapping_id == mapping_id)
        .order_by(Objection.field, Objection.office_id)
    ).all()


def runs_of(session: Session, entity: StandardEntity, limit: int = 20) -> Sequence[FusionRun]:
    """Its runs, newest first."""
    return session.scalars(
        select(FusionRun).where(FusionRun.entity_id == entity.id).order_by(FusionRun.id.desc()).limit(limit)
    ).all()


def last_run(session: Session, entity: StandardEntity, kind: str = "") -> FusionRun | None:
    """The newest run, of a kind or of any."""
    wanted = select(FusionRun).where(FusionRun.entity_id == entity.id)
    if kind:
        wanted = wanted.where(FusionRun.kind == kind)
    return session.scalars(wanted.order_by(FusionRun.id.desc()).limit(1)).first()


def waiting_pairs(
    session: Session, entity: StandardEntity, limit: int = 10, after: int = 0
) -> Sequence[WaitingPair]:
    """Pairs that wait, the likeliest first, those put off last."""
    return session.scalars(
        select(WaitingPair)
        .where(WaitingPair.entity_id == entity.id)
        .order_by(
            WaitingPair.later_at.is_not(None),
            WaitingPair.later_at,
            WaitingPair.probability.desc(),
            WaitingPair.id,
        )
        .limit(limit)
        .offset(after)
    ).all()


def count_waiting(session: Session, entity: StandardEntity) -> int:
    """How many pairs wait."""
    counted = select(func.count()).select_from(WaitingPair).where(WaitingPair.entity_id == entity.id)
    return session.scalar(counted) or 0


def decisions_of(
    session: Session, entity: StandardEntity, *, replaced: bool = False, limit: int | None = None
) -> Sequence[PairDecision]:
    """What people decided, newest first; with those that were decided anew since if asked."""
    wanted = select(PairDecision).where(PairDecision.entity_id == entity.id)
    if not replaced:
        wanted = wanted.where(PairDecision.replaced_at.is_(None))
    return session.scalars(wanted.order_by(PairDecision.id.desc()).limit(limit)).all()


def run_of_version(session: Session, version_id: str) -> tuple[FusionRun, MappingVersion] | None:
    """The run that made a version of a golden table, with its mapping."""
    run = session.scalars(select(FusionRun).where(FusionRun.version_id == version_id)).first()
    return (run, session.get_one(MappingVersion, run.mapping_id)) if run else None


def fields_made_of(session: Session, table_id: str, column: str) -> list[tuple[StandardEntity, str]]:
    """Items of entities whose mapping in force, or newest, reads this column; a source's own id and time
    are told by their words ``id`` and ``updated``.
    """
    found: dict[tuple[str, str], tuple[StandardEntity, str]] = {}
    for entity in standards(session):
        for number in {entity.in_force, entity.newest}:
            kept = mapping_of(session, entity, number)
            named = {each["source"] for each in kept.tables if each["table_id"] == table_id} if kept else ()
            for source in read_mapping(kept).sources if kept and named else ():
                reads = {name: each.column for name, each in source.columns.items()}
                reads |= {"id": source.id, "updated": source.updated}
                for field in [name for name, read in reads.items() if read == column]:
                    if source.name in named:
                        found[entity.id, field] = (entity, field)
    return list(found.values())

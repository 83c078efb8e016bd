"""Which versions of a table something still needs, so that no rule of retention drops them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu.casework.models import Case
from kaishu.catalogue.models import Dataset, Resource, Revision, TableEntry
from kaishu.catalogue.queries import published_versions
from kaishu.lake import newest_version
from kaishu.lake.models import Version
from kaishu.quality.models import Run, WorkOrder
from kaishu.standardisation.models import FusionRun, MappingVersion

NEWEST, SHOWN, DRAFT, ENTERED, PUBLISHED, GOLDEN, ORDER = HOLDS = (
    "newest",
    "shown",
    "draft",
    "entered",
    "published",
    "golden",
    "order",
)


def held_versions(session: Session, table_id: str, *, published: bool = True) -> dict[str, list[str]]:
    """Version id to why it stays, in the order of ``HOLDS``.

    The newest; what a dataset shows or its draft would show; what entered the data-resource centre; what was
    ever published, where ``published`` (else only what is shown now); what a standard entity is made from, or
    names; what an open work order is about.
    """
    reasons: dict[str, set[str]] = {}

    def hold(version_id: str | None, why: str) -> None:
        if version_id:
            reasons.setdefault(version_id, set()).add(why)

    newest = newest_version(session, table_id)
    hold(newest.id if newest else None, NEWEST)
    owners = select(Resource.dataset_id).where(Resource.table_id == table_id)
    for dataset in session.scalars(select(Dataset).where(Dataset.id.in_(owners))):
        draft = session.get(Revision, dataset.draft_revision_id) if dataset.draft_revision_id else None
        for entry in draft.resources if draft else []:
            hold(entry["version_id"] if entry.get("table_id") == table_id else None, DRAFT)
        for entry in dataset.resources:
            why = SHOWN if dataset.published_revision_id else DRAFT
            hold(entry["version_id"] if entry.get("table_id") == table_id else None, why)
        for versions in published_versions(session, dataset).values() if published else ():
            for version in versions:
                hold(version.id if version.table_id == table_id else None, PUBLISHED)
    entered = session.get(TableEntry, table_id)
    hold(entered.version_id if entered else None, ENTERED)
    for version_id in _in_golden(session, table_id):
        hold(version_id, GOLDEN)
    for version_id in _in_orders(session, table_id):
        hold(version_id, ORDER)
    return {version: [why for why in HOLDS if why in given] for version, given in reasons.items()}


def _in_golden(session: Session, table_id: str) -> set[str]:
    """Versions that the newest run of a standard entity read, or one whose files are kept; and those that a
    mapping names."""
    newest = select(func.max(FusionRun.id)).where(FusionRun.kind == "force").group_by(FusionRun.entity_id)
    runs = session.scalars(select(FusionRun.versions).where(FusionRun.kept | FusionRun.id.in_(newest)))
    read = {each["version_id"] for run in runs for each in run if each["table_id"] == table_id}
    mappings = session.scalars(select(MappingVersion.tables).where(MappingVersion.ended_at.is_(None)))
    named = {each["version"] for tables in mappings for each in tables if each["table_id"] == table_id}
    numbers = [number for number in named if isinstance(number, int)]
    wanted = select(Version.id).where(Version.table_id == table_id, Version.number.in_(numbers))
    return read | (set(session.scalars(wanted)) if numbers else set())


def _in_orders(session: Session, table_id: str) -> set[str]:
    """Versions in which an open work order's defect was found, or looked for once more."""
    wanted = (
        select(WorkOrder.run_id, WorkOrder.last_run_id)
        .join(Case, Case.id == WorkOrder.case_id)
        .where(WorkOrder.table_id == table_id, Case.closed_at.is_(None))
    )
    runs = {run for pair in session.execute(wanted) for run in pair if run}
    return set(session.scalars(select(Run.version_id).where(Run.id.in_(runs)))) if runs else set()

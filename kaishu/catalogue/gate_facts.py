"""Facts for the entry gates, gathered for many datasets in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access.models import Person
from kaishu.base.errors import Said, in_language
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.catalogue.gates import GateFacts, Verdict, verdicts
from kaishu.catalogue.models import Dataset, GateStatement, Revision, TableEntry
from kaishu.catalogue.policy import lacks
from kaishu.catalogue.resources import ResourceEntry
from kaishu.elements.models import Assignment
from kaishu.lake.models import Version
from kaishu.quality.models import Profile, Rulebook, Run
from kaishu.source.models import Arrival, Contract, Delivery, Source

NO_ELEMENT, HAND, ASSESSMENT = "no-element", "hand-delivery", "assessment"


@dataclass(frozen=True, slots=True)
class TableGates:
    """One table with its six verdicts; ``entered`` is its row, whether it still stands or fell."""

    dataset: Dataset
    entry: ResourceEntry
    facts: GateFacts
    verdicts: Sequence[Verdict]
    entered: TableEntry | None
    statements: Sequence[GateStatement]

    @property
    def missing(self) -> list[Verdict]:
        """Those that are not passed."""
        return [each for each in self.verdicts if not each.passed]

    @property
    def staged(self) -> bool:
        """暂存: never entered, or fell back."""
        return self.entered is None or self.entered.fell_at is not None


@dataclass(slots=True)
class _Known:
    """What the statements brought, by table or by version."""

    versions: dict[str, Version] = field(default_factory=dict)
    elements: dict[str, set[str]] = field(default_factory=dict)
    statements: dict[str, list[GateStatement]] = field(default_factory=dict)
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    bringers: dict[str, str | None] = field(default_factory=dict)
    books: dict[str, str] = field(default_factory=dict)
    checked: set[tuple[str, str]] = field(default_factory=set)
    profiled: set[str] = field(default_factory=set)
    entered: dict[str, TableEntry] = field(default_factory=dict)
    offices: set[str] = field(default_factory=set)


def judged(session: Session, datasets: Sequence[Dataset]) -> list[TableGates]:
    """The tables of these datasets, drafts before what is published, with their verdicts."""
    drafts = _drafts(session, datasets)
    shown = []
    for dataset in datasets:
        stated = drafts.get(dataset.draft_revision_id or "")
        entries = [ResourceEntry.model_validate(each) for each in (stated or dataset).resources]
        record = DatasetRecord.model_validate((stated or dataset).record)
        shown += [(dataset, record, entry) for entry in entries if entry.table_id]
    if not shown:
        return []
    known = _known(session, datasets, [entry for _dataset, _record, entry in shown])
    return [_judge(dataset, record, entry, known) for dataset, record, entry in shown]


def _judge(dataset: Dataset, record: DatasetRecord, entry: ResourceEntry, known: _Known) -> TableGates:
    facts = _facts(dataset, record, entry, known)
    table = str(entry.table_id)
    statements = known.statements.get(table, [])
    return TableGates(dataset, entry, facts, verdicts(facts), known.entered.get(table), statements)


def _facts(dataset: Dataset, record: DatasetRecord, entry: ResourceEntry, known: _Known) -> GateFacts:
    table, version = str(entry.table_id), known.versions.get(str(entry.version_id))
    said = {(each.kind, each.subject) for each in known.statements.get(table, [])}
    source, state = known.sources.get(str(entry.version_id), ("", ""))
    bringer = known.bringers.get(version.delivery_id) if version else None
    book = known.books.get(table)
    office = dataset.office
    return GateFacts(
        dataset=dataset.name,
        office=Said(office.title, office.title_en or office.title),
        answerable=dataset.office_id in known.offices,
        contact=record.contact_name or office.contact,
        columns=[column["name"][:300] for column in version.columns] if version else [],
        has_version=version is not None,
        meant=frozenset(known.elements.get(table, ())),
        meaningless=frozenset(subject for kind, subject in said if kind == NO_ELEMENT),
        source=source,
        source_state=state,
        by_owner=bringer == dataset.office_id,
        hand_certified=(HAND, "") in said,
        share_class=record.share_class,
        share_condition=record.share_condition,
        has_rules=book is not None,
        checked=(str(entry.version_id), str(book)) in known.checked,
        profiled=str(entry.version_id) in known.profiled,
        assessed=(ASSESSMENT, str(entry.version_id)) in said,
        missing=lacks(record, version is not None),
    )


def _drafts(session: Session, datasets: Iterable[Dataset]) -> Mapping[str, Revision]:
    wanted = [dataset.draft_revision_id for dataset in datasets if dataset.draft_revision_id]
    if not wanted:
        return {}
    found = session.scalars(select(Revision).where(Revision.id.in_(wanted)))
    return {each.id: each for each in found}


def _known(session: Session, datasets: Iterable[Dataset], entries: Sequence[ResourceEntry]) -> _Known:
    """Twelve statements, however many tables there are."""
    known = _Known()
    tables = [entry.table_id for entry in entries]
    versions = [entry.version_id for entry in entries if entry.version_id]
    offices = {dataset.office_id for dataset in datasets}
    people = select(Person.office_id).where(Person.active, Person.office_id.in_(offices)).distinct()
    known.offices = {str(each) for each in session.scalars(people)}
    _what_was_said(session, known, tables)
    for version in session.scalars(select(Version).where(Version.id.in_(versions))):
        known.versions[version.id] = version
    _who_brought(session, known, versions)
    _what_was_checked(session, known, tables, versions)
    return known


def _what_was_said(session: Session, known: _Known, tables: Sequence[Any]) -> None:
    held = select(Assignment.table_id, Assignment.column).where(Assignment.table_id.in_(tables))
    for table, column in session.execute(held):
        known.elements.setdefault(table, set()).add(column)
    wanted = select(GateStatement).where(GateStatement.table_id.in_(tables)).order_by(GateStatement.id)
    for statement in session.scalars(wanted):
        known.statements.setdefault(statement.table_id, []).append(statement)
    for entered in session.scalars(select(TableEntry).where(TableEntry.table_id.in_(tables))):
        known.entered[entered.table_id] = entered


def _who_brought(session: Session, known: _Known, versions: Sequence[str]) -> None:
    arrived = (
        select(Arrival.version_id, Source.name, Source.state)
        .join(Contract, Contract.id == Arrival.contract_id)
        .join(Source, Source.id == Contract.source_id)
        .where(Arrival.version_id.in_(versions))
    )
    for version, name, state in session.execute(arrived):
        known.sources[str(version)] = (name, state)
    deliveries = [each.delivery_id for each in known.versions.values()]
    by_hand = (
        select(Delivery.id, Person.office_id)
        .join(Person, Person.id == Delivery.person_id)
        .where(Delivery.id.in_(deliveries))
    )
    for delivery, office in session.execute(by_hand):
        known.bringers[delivery] = office


def _what_was_checked(
    session: Session, known: _Known, tables: Sequence[Any], versions: Sequence[str]
) -> None:
    books = select(Rulebook.table_id, Rulebook.id)
    for table, book in session.execute(
        books.where(Rulebook.table_id.in_(tables), Rulebook.state == "in-force")
    ):
        known.books[table] = book
    runs = select(Run.version_id, Run.rulebook_id).where(
        Run.version_id.in_(versions), Run.kind == "full", Run.sound
    )
    known.checked = {(version, book) for version, book in session.execute(runs)}
    profiles = select(Profile.version_id).where(Profile.version_id.in_(versions))
    known.profiled = set(session.scalars(profiles))


def gates_told(table: TableGates, language: str) -> dict[str, Any]:
    """A table's gates for programs, sentences in ``zh`` or ``en``; ``at`` is the page where it is done."""
    entered = table.entered
    return {
        "dataset": table.dataset.name,
        "resource": table.entry.id,
        "table": table.entry.name or table.entry.file_name or table.entry.id,
        "version": table.entry.version,
        "state": "staged" if table.staged else "entered",
        "entered_at": entered.entered_at.isoformat() if entered else None,
        "entered_by": entered.entered_by if entered else "",
        "fell_at": entered.fell_at.isoformat() if entered and entered.fell_at else None,
        "missing": [each.gate for each in table.missing],
        "gates": [
            {
                "gate": each.gate,
                "title": in_language(each.title, language),
                "passed": each.passed,
                "missing": [in_language(said, language) for said in each.missing],
                "columns": list(each.columns),
                "office": in_language(each.office, language) if each.missing else "",
                "role": in_language(each.role, language) if each.missing else "",
                "at": each.href if each.missing else "",
            }
            for each in table.verdicts
        ],
    }

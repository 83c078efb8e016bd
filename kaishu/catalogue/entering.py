"""Entry into the data-resource centre (入库): what people say for the gates, entering, falling back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids, settings
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.casework.errors import ReasonNeeded
from kaishu.catalogue.errors import GatesMissing, NoSuchResource, Staged, WrongGateMode
from kaishu.catalogue.gate_facts import ASSESSMENT, HAND, NO_ELEMENT, TableGates, judged
from kaishu.catalogue.models import Dataset, GateStatement, Resource, TableEntry
from kaishu.catalogue.queries import dataset_by_name, visible
from kaishu.catalogue.resources import ResourceEntry

OFF, ADVISE, REQUIRE = MODES = ("off", "advise", "require")
#: Datasets judged at once.
BATCH = 500


def gate_mode() -> str:
    """What the setting says.  Raises ``WrongGateMode``."""
    value = settings.text("entry_gates")
    if value not in MODES:
        raise WrongGateMode(value=value)
    return value


def gates_of(call: Call, name: str) -> list[TableGates]:
    """The tables of a dataset with their gates, for those who may see drafts."""
    dataset = dataset_by_name(call, name)
    require(call, Permission.dataset_read_draft, office=dataset.office_id)
    return judged(call.session, [dataset])


def gates_of_all(call: Call, office: str | None = None) -> list[TableGates]:
    """Every table that is not withdrawn, of one office (an id) or of all, by name of its dataset."""
    require(call, Permission.dataset_read_draft, office=office or call.actor.office)
    # What was gathered from elsewhere has no table here, and there may be thousands of it.
    tabled = exists().where(Resource.dataset_id == Dataset.id, Resource.table_id.is_not(None))
    drafted = Dataset.draft_revision_id.is_not(None)
    wanted = visible(call).where(Dataset.state != "withdrawn", or_(drafted, tabled)).order_by(Dataset.name)
    if office is None and call.actor.role == "steward":
        office = call.actor.office
    if office is not None:
        wanted = wanted.where(Dataset.office_id == office)
    found: list[TableGates] = []
    batch: list[Dataset] = []
    for dataset in call.session.scalars(wanted):
        batch.append(dataset)
        if len(batch) == BATCH:
            found += judged(call.session, batch)
            batch = []
    return found + (judged(call.session, batch) if batch else [])


def declare_no_element(call: Call, name: str, resource: str, column: str, reason: str) -> None:
    """Say that a column has no data element, and why.  Raises ``ReasonNeeded``, ``NotFound``."""
    declare_no_elements(call, name, resource, [column], reason)


def declare_no_elements(call: Call, name: str, resource: str, columns: Sequence[str], reason: str) -> None:
    """The same of many columns, for one reason."""
    table = _table(call, name, resource)
    require(call, Permission.elements_assign, office=table.dataset.office_id)
    known = set(table.facts.columns)
    for column in columns:
        if column not in known:
            raise NotFound(kind="列 column", name=column[:60])
        _say(call, table, NO_ELEMENT, column[:300], reason)


def certify_hand_delivery(call: Call, name: str, resource: str, reason: str) -> None:
    """Say for the bureau that the owning office may deliver this table by hand, and on what ground."""
    require(call, Permission.source_certify)
    _say(call, _table(call, name, resource), HAND, "", reason)


def confirm_assessment(call: Call, name: str, resource: str, reason: str) -> None:
    """Say for the owning office that the profile of this version was looked at, and what came of it.

    Raises ``Invalid`` while there is no profile.
    """
    table = _table(call, name, resource)
    require(call, Permission.rules_business, office=table.dataset.office_id)
    if not table.facts.profiled:
        raise Invalid({"profile": [Said("这一版还没有统计。", "This version has no profile yet.")]})
    _say(call, table, ASSESSMENT, str(table.entry.version_id), reason)


def take_back_statement(call: Call, name: str, resource: str, statement: str) -> None:
    """Take a statement back; the bureau its own, the office its own."""
    table = _table(call, name, resource)
    found = next((each for each in table.statements if each.id == statement), None)
    if found is None:
        raise NotFound(kind="说明 statement", name=statement[:60])
    if found.kind == HAND:
        require(call, Permission.source_certify)
    else:
        require(call, Permission.elements_assign, office=table.dataset.office_id)
    call.session.delete(found)
    call.session.flush()
    facts = {"kind": found.kind, "about": found.subject, "table": found.table_id}
    note(call, "catalogue.gate.take-back", ("dataset", table.dataset.id), **facts)


def enter(call: Call, name: str, resource: str) -> TableEntry:
    """Let a table in.  Raises ``GatesMissing`` with those that it has not passed."""
    table = _table(call, name, resource)
    require(call, Permission.dataset_draft, office=table.dataset.office_id)
    if table.missing:
        raise GatesMissing(**_told(table))
    return _enter(call, table)


def settle(call: Call, dataset: Dataset) -> None:
    """At publication: let in what passes; what does not falls back, or is refused if gates are required.

    Raises ``Staged``.
    """
    mode = gate_mode()
    if mode == OFF:
        return
    for table in judged(call.session, [dataset]):
        if not table.missing:
            if table.staged or (table.entered and table.entered.version_id != table.entry.version_id):
                _enter(call, table)
        elif mode == REQUIRE:
            raise Staged(**_told(table))
        elif table.entered is not None and table.entered.fell_at is None:
            _fall(call, table, table.entered)


def refuse_staged(session: Session, dataset: Dataset, entry: ResourceEntry) -> None:
    """Where gates are required, refuse to hand out a table that has not entered.  Raises ``Staged``."""
    if gate_mode() != REQUIRE:
        return
    entered = session.get(TableEntry, str(entry.table_id))
    if entered is not None and entered.fell_at is None:
        return
    for table in judged(session, [dataset]):
        if table.entry.table_id == entry.table_id:
            raise Staged(**_told(table))
    raise NoSuchResource(kind="", name=dataset.name, resource=entry.name)


def _table(call: Call, name: str, resource: str) -> TableGates:
    found: Sequence[TableGates] = gates_of(call, name)
    for table in found:
        if resource in ("", table.entry.id):
            return table
    raise NoSuchResource(kind="", name=name, resource=resource or "表 table")


def _say(call: Call, table: TableGates, kind: str, subject: str, reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded()
    found = next((each for each in table.statements if (each.kind, each.subject) == (kind, subject)), None)
    if found is None:
        found = GateStatement(id=ids.new_id(), table_id=str(table.entry.table_id), kind=kind, subject=subject)
        call.session.add(found)
    found.reason = reason.strip()[:4000]
    found.said_by, found.said_at = call.actor.name or call.actor.id, call.now
    call.session.flush()
    facts = {"kind": kind, "about": subject, "table": table.entry.table_id, "reason": found.reason}
    note(call, "catalogue.gate.say", ("dataset", table.dataset.id), **facts)


def _enter(call: Call, table: TableGates) -> TableEntry:
    entered = table.entered
    if entered is None:
        entered = TableEntry(table_id=str(table.entry.table_id), dataset_id=table.dataset.id)
        call.session.add(entered)
    if table.staged:
        entered.entered_at, entered.entered_by = call.now, call.actor.name or call.actor.id
    entered.version_id, entered.fell_at, entered.fell_for = str(table.entry.version_id), None, []
    call.session.flush()
    facts = table.facts
    note(
        call,
        "catalogue.enter",
        ("dataset", table.dataset.id),
        table=table.entry.table_id,
        version=table.entry.version,
        office=str(facts.office),
        contact=facts.contact,
        columns=len(facts.columns),
        elements=len(facts.meant & set(facts.columns)),
        source=facts.source or "by hand",
        share_class=facts.share_class,
        assessed="rules" if facts.has_rules else "profile",
    )
    return entered


def _fall(call: Call, table: TableGates, entered: TableEntry) -> None:
    entered.fell_at, entered.fell_for = call.now, [each.gate for each in table.missing]
    call.session.flush()
    facts = {"table": table.entry.table_id, "version": table.entry.version, "missing": entered.fell_for}
    note(call, "catalogue.fall-back", ("dataset", table.dataset.id), **facts)


def _told(table: TableGates) -> dict[str, str]:
    titles = [each.title for each in table.missing]
    named = table.entry.name or table.entry.file_name or table.entry.id
    return {
        "name": table.dataset.name,
        "table": named,
        "gates": "、".join(titles) or "尚未办理入库",
        "gates_en": ", ".join(title.en for title in titles) or "nobody has entered it yet",
    }

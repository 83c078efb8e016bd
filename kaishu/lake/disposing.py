"""Disposal: what a table's rule would drop is written down as a proposal, and a person decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.casework.errors import ReasonNeeded
from kaishu.lake.errors import DisposalDecided
from kaishu.lake.models import Disposal, Table
from kaishu.lake.queries import table_by_id, versions_of
from kaishu.lake.retention import Retention, drop_versions, propose
from kaishu.queue import enqueue

CLEAR_TASK = "clear-dropped"
#: Why each version stays, by its id; see ``catalogue.held_versions``.
Held = Mapping[str, Sequence[str]]


def propose_disposal(call: Call, table: Table, held: Held, *, again: bool = False) -> Disposal | None:
    """Work out what the table's rule would drop and leave it to be decided; None if that is nothing.

    A proposal that still says the same stands; one that says something else is overtaken.  What somebody
    has declined is not proposed once more, unless ``again``.
    """
    require(call, Permission.lake_ingest, office=table.office_id)
    call.session.scalars(select(Table.id).where(Table.id == table.id).with_for_update()).one()
    rule = Retention.from_dict(table.retention or {})
    found = propose(call.session, table, rule, shown=held, now=call.now)
    numbers = [each.version.number for each in found]
    standing = open_disposals(call.session, [table.id]).get(table.id)
    if standing is not None:
        if numbers == [each["number"] for each in standing.versions] and standing.rule == rule.to_dict():
            return standing
        _decide(call, standing, "overtaken")
    if not found or (not again and set(numbers) <= _declined(call.session, table.id)):
        return None
    made = Disposal(
        id=ids.new_id(),
        table_id=table.id,
        rule=rule.to_dict(),
        versions=[
            {
                "number": each.version.number,
                "at": each.version.created_at.isoformat(),
                "rows": each.version.rows,
                "bytes": each.bytes,
            }
            for each in found
        ],
        held=_spared(call, table, rule, held),
        bytes=sum(each.bytes for each in found),
        state="open",
        dropped=[],
        proposed_at=call.now,
    )
    call.session.add(made)
    call.session.flush()
    facts = {"disposal": made.id, "numbers": numbers, "bytes": made.bytes, **rule.to_dict()}
    note(call, "lake.retention.propose", ("table", table.id), **facts)
    return made


def confirm_disposal(call: Call, id: str, numbers: Collection[int], held: Held) -> Disposal:
    """Drop these of the proposed versions; the worker removes their files afterwards.

    ``held`` is asked anew, for much may have happened since it was proposed.  Raises ``NotFound``,
    ``DisposalDecided``, ``Invalid`` for none or others, ``KeptVersion``.
    """
    disposal, table = _waiting(call, id)
    chosen = sorted(set(numbers))
    if not chosen or not set(chosen) <= {each["number"] for each in disposal.versions}:
        raise Invalid({"number": [Said("请勾选方案中的版本。", "Tick versions of the proposal.")]})
    drop_versions(call, table, chosen, shown=held)
    disposal.dropped = chosen
    _decide(call, disposal, "confirmed")
    enqueue(call, CLEAR_TASK, {"table_id": table.id}, ("retention", table.id))
    return disposal


def decline_disposal(call: Call, id: str, reason: str) -> Disposal:
    """Keep all of it.  Raises ``NotFound``, ``DisposalDecided``, ``ReasonNeeded``."""
    disposal, table = _waiting(call, id)
    if not reason.strip():
        raise ReasonNeeded()
    disposal.reason = reason.strip()[:2000]
    _decide(call, disposal, "declined")
    numbers = [each["number"] for each in disposal.versions]
    facts = {"disposal": disposal.id, "numbers": numbers, "reason": disposal.reason}
    note(call, "lake.retention.decline", ("table", table.id), **facts)
    return disposal


def open_disposals(session: Session, table_ids: Collection[str] | None = None) -> dict[str, Disposal]:
    """The proposals of these tables, or of all, that wait for a decision; by table."""
    wanted = select(Disposal).where(Disposal.state == "open")
    if table_ids is not None:
        wanted = wanted.where(Disposal.table_id.in_(table_ids))
    return {each.table_id: each for each in session.scalars(wanted)}


def disposals_of(session: Session, table_id: str, limit: int = 20) -> Sequence[Disposal]:
    """What was decided about a table, newest first; what was only overtaken is left out."""
    wanted = select(Disposal).where(
        Disposal.table_id == table_id, Disposal.state.in_(("confirmed", "declined"))
    )
    return session.scalars(wanted.order_by(Disposal.id.desc()).limit(limit)).all()


def tables_with_rule(session: Session) -> list[str]:
    """Ids of the tables of which not everything is kept for good, or about which a proposal stands open."""
    found = session.execute(select(Table.id, Table.retention).where(Table.retention.is_not(None)))
    ruled = [id for id, rule in found if rule and Retention.from_dict(rule).bounded]
    standing = session.scalars(select(Disposal.table_id).where(Disposal.state == "open"))
    return list(dict.fromkeys([*ruled, *standing]))


def _waiting(call: Call, id: str) -> tuple[Disposal, Table]:
    disposal = call.session.get(Disposal, id)
    if disposal is None:
        raise NotFound(kind="清退方案 proposal", name=id[:60])
    table = table_by_id(call.session, disposal.table_id)
    require(call, Permission.lake_ingest, office=table.office_id)
    call.session.scalars(select(Table.id).where(Table.id == table.id).with_for_update()).one()
    call.session.refresh(disposal)
    if disposal.state != "open":
        raise DisposalDecided(state=disposal.state)
    return disposal, table


def _decide(call: Call, disposal: Disposal, state: str) -> None:
    disposal.state, disposal.decided_at = state, call.now
    disposal.decided_by = call.actor.name or call.actor.id
    call.session.flush()


def _declined(session: Session, table_id: str) -> set[int]:
    """Numbers of versions that somebody wanted to keep."""
    wanted = select(Disposal.versions).where(Disposal.table_id == table_id, Disposal.state == "declined")
    return {each["number"] for versions in session.scalars(wanted) for each in versions}


def _spared(call: Call, table: Table, rule: Retention, held: Held) -> list[dict[str, object]]:
    there = [each for each in versions_of(call.session, table.id) if each.dropped_at is None]
    kept = rule.kept([(each.number, each.created_at) for each in there], call.now)
    return [
        {"number": each.number, "why": list(held[each.id])}
        for each in there
        if each.number not in kept and each.id in held
    ]

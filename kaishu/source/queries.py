"""Reads of source."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.source.models import Arrival, Contract, Delivery, DriftFinding, Source


def delivery_by_id(session: Session, id: str) -> Delivery:
    """One delivery.  Raises ``NotFound``."""
    found = session.get(Delivery, id)
    if found is None:
        raise NotFound(kind="收到的文件 delivery", name=id)
    return found


def source_by_name(call: Call, name: str) -> Source:
    """A source by name or id, of an office whose sources may be seen.  Raises ``NotFound``."""
    require(call, Permission.source_read, office=call.actor.office)
    found = call.session.scalars(select(Source).where((Source.name == name) | (Source.id == name))).first()
    if found is None or not allowed(call, Permission.source_read, office=found.office_id):
        raise NotFound(kind="来源 source", name=name)
    return found


def sources(call: Call) -> list[Source]:
    """Every source that may be seen, by name."""
    require(call, Permission.source_read, office=call.actor.office)
    found = call.session.scalars(select(Source).order_by(Source.name))
    return [each for each in found if allowed(call, Permission.source_read, office=each.office_id)]


def drift_of(call: Call, name: str, limit: int = 200) -> Sequence[DriftFinding]:
    """What was found to differ, newest first."""
    source = source_by_name(call, name)
    require(call, Permission.source_read, office=source.office_id)
    asked = select(DriftFinding).where(DriftFinding.source_id == source.id)
    return call.session.scalars(asked.order_by(DriftFinding.id.desc()).limit(limit)).all()


def contract_by_name(call: Call, name: str) -> Contract:
    """A contract by name, id or the id of its table.  Raises ``NotFound``."""
    require(call, Permission.source_read, office=call.actor.office)
    asked = select(Contract).where(
        (Contract.name == name) | (Contract.id == name) | (Contract.table_id == name)
    )
    found = call.session.scalars(asked).first()
    if found is None or not allowed(call, Permission.source_read, office=found.office_id):
        raise NotFound(kind="约定 contract", name=name)
    return found


def contracts(call: Call, source_id: str | None = None) -> list[Contract]:
    """Every contract that may be seen, by name; of one source only if it is given."""
    require(call, Permission.source_read, office=call.actor.office)
    asked = select(Contract).order_by(Contract.name)
    if source_id is not None:
        asked = asked.where(Contract.source_id == source_id)
    found = call.session.scalars(asked)
    return [each for each in found if allowed(call, Permission.source_read, office=each.office_id)]


def arrivals_of(call: Call, contract: Contract, limit: int = 1000) -> Sequence[Arrival]:
    """Deliveries under a contract, newest first."""
    require(call, Permission.source_read, office=contract.office_id)
    asked = select(Arrival).where(Arrival.contract_id == contract.id)
    return call.session.scalars(asked.order_by(Arrival.at.desc(), Arrival.id.desc()).limit(limit)).all()

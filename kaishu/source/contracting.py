"""Contracts: who brings a table, when, how the lake takes it; and what became of each delivery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, KaishuError, Said, Transient
from kaishu.source.errors import (
    AlreadyDelivered,
    ContractPaused,
    NotCertified,
    PullOvertaken,
    SourceNameTaken,
)
from kaishu.source.models import Arrival, Contract, Delivery, Source
from kaishu.source.queries import arrivals_of, contract_by_name, contracts, source_by_name
from kaishu.source.registering import NAME
from kaishu.source.timetable import (
    PERIODS,
    Came,
    Kept,
    Terms,
    judge,
    local_day,
    opens_at,
    period_of,
    retry_at,
)

WAYS = ("pull", "push")
REDELIVERIES = ("replace", "refuse", "keep")
#: States of deliveries that brought something, and of those that count as having come.
BROUGHT = ("received", "taken")
CAME = (*BROUGHT, "empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDraft:
    """What is agreed; ``update`` is how the lake takes a delivery: {mode, key, …}."""

    name: str
    way: str = "pull"
    source: str = ""
    table: str = ""
    dataset: str = ""
    period: str = "monthly"
    at: str = "02:00"
    grace: int = 0
    starts_on: date | None = None
    marker: str = ""
    redelivery: str = "replace"
    update: Mapping[str, Any] | None = None


def make_contract(call: Call, draft: ContractDraft, office: str) -> Contract:
    """Agree how one table of that office (id) is kept up.  Raises ``Invalid``, ``SourceNameTaken``."""
    require(call, Permission.source_manage, office=office)
    source = source_by_name(call, draft.source) if draft.way == "pull" and draft.source else None
    problems = _problems(draft, source)
    if problems:
        raise Invalid(problems)
    if source is not None:
        require(call, Permission.source_manage, office=source.office_id)
    if call.session.scalars(select(Contract.id).where(Contract.name == draft.name)).first():
        raise SourceNameTaken(name=draft.name)
    made = Contract(
        id=ids.new_id(),
        name=draft.name,
        office_id=office,
        way=draft.way,
        source_id=source.id if source else None,
        remote_table=draft.table,
        dataset=draft.dataset,
        period=draft.period,
        at=draft.at,
        grace=draft.grace,
        starts_on=draft.starts_on or local_day(call.now),
        marker=draft.marker,
        redelivery=draft.redelivery,
        update=dict(draft.update or {"mode": "replace"}),
        created_at=call.now,
        created_by=call.actor.id,
    )
    call.session.add(made)
    call.session.flush()
    note(
        call,
        "source.contract.make",
        ("contract", made.id),
        name=made.name,
        way=made.way,
        period=made.period,
        table=made.remote_table,
        dataset=made.dataset,
    )
    return made


def pause_contract(call: Call, name: str, paused: bool) -> Contract:
    """Stop, or go on; a contract that goes on is tried again at once."""
    contract = contract_by_name(call, name)
    require(call, Permission.source_manage, office=contract.office_id)
    contract.state = "paused" if paused else "active"
    if not paused:
        contract.failures, contract.next_try_at, contract.trouble = 0, None, None
    call.session.flush()
    note(call, f"source.contract.{'pause' if paused else 'resume'}", ("contract", contract.id), name=name)
    return contract


def due_contracts(call: Call) -> list[Contract]:
    """Contracts whose pull has its hour: nothing came in this period, and no pause after a failure."""
    require(call, Permission.source_read)
    due = []
    for contract in contracts(call):
        if contract.way != "pull" or contract.state != "active":
            continue
        source = call.session.get(Source, contract.source_id)
        terms, today = terms_of(contract), local_day(call.now)
        start = period_of(terms, max(today, contract.starts_on))
        waits = contract.next_try_at is not None and contract.next_try_at > call.now
        if source is None or source.state != "certified" or waits or call.now < opens_at(terms, start):
            continue
        if today >= contract.starts_on and not _arrivals(call, contract, start):
            due.append(contract)
    return due


def source_to_pull(call: Call, contract: Contract) -> Source:
    """The source of a contract, if it may be pulled.  Raises ``NotCertified``, ``ContractPaused``."""
    require(call, Permission.source_manage, office=contract.office_id)
    source = call.session.get(Source, contract.source_id) if contract.source_id else None
    if source is None or contract.way != "pull":
        raise ContractPaused(name=contract.name, way=contract.way, state=contract.state)
    if source.state != "certified":
        raise NotCertified(name=source.name)
    return source


def receive_arrival(
    call: Call, name: str, delivery: Delivery, key: str | None = None
) -> tuple[Arrival, bool]:
    """A file that was pushed: an arrival that waits to be taken, and whether it is new.

    A key that came before gives the arrival of then.  Raises ``AlreadyDelivered``, ``ContractPaused``.
    """
    contract = contract_by_name(call, name)
    require(call, Permission.source_manage, office=contract.office_id)
    before = arrival_by_key(call, contract, key)
    if before is not None:
        return before, False
    if contract.way != "push" or contract.state != "active":
        raise ContractPaused(name=contract.name, way=contract.way, state=contract.state)
    arrival = add_arrival(call, contract, "received", name=delivery.name, delivery_id=delivery.id, key=key)
    return arrival, True


def arrival_by_key(call: Call, contract: Contract, key: str | None) -> Arrival | None:
    """What came before under the same idempotency key."""
    require(call, Permission.source_read, office=contract.office_id)
    if not key:
        return None
    asked = select(Arrival).where(Arrival.contract_id == contract.id, Arrival.idempotency_key == key)
    return call.session.scalars(asked).first()


def add_arrival(
    call: Call,
    contract: Contract,
    state: str,
    *,
    name: str = "",
    delivery_id: str | None = None,
    rows: int | None = None,
    key: str | None = None,
) -> Arrival:
    """Write a delivery down for the present period.  Raises ``AlreadyDelivered``."""
    require(call, Permission.source_manage, office=contract.office_id)
    start = period_of(terms_of(contract), local_day(call.now))
    again = [each for each in _arrivals(call, contract, start) if each.state in BROUGHT]
    if again and contract.redelivery == "refuse" and state in BROUGHT:
        raise AlreadyDelivered(name=contract.name, period=start.isoformat())
    arrival = Arrival(
        id=ids.new_id(),
        contract_id=contract.id,
        period_start=start,
        state=state,
        at=call.now,
        name=name[:255],
        delivery_id=delivery_id,
        rows=rows,
        idempotency_key=key,
    )
    call.session.add(arrival)
    call.session.flush()
    note(call, "source.arrival", ("contract", contract.id), name=contract.name, state=state, file=name)
    return arrival


def settle_pull(call: Call, contract: Contract, marker_value: str, since: str | None = None) -> None:
    """A pull went well: remember how far it came.  ``since`` is the marker from which it started.

    Raises ``PullOvertaken`` if the contract's marker is another one by now.
    """
    require(call, Permission.source_manage, office=contract.office_id)
    if since is not None:
        call.session.flush()
        call.session.refresh(contract, with_for_update=True)
        if contract.marker_value != since:
            raise PullOvertaken(name=contract.name)
    contract.failures, contract.next_try_at, contract.trouble = 0, None, None
    contract.marker_value = marker_value[:2000]
    call.session.flush()
    note(call, "source.pull", ("contract", contract.id), name=contract.name, marker=marker_value[:200])


def fail_pull(call: Call, name: str, error: KaishuError) -> None:
    """A pull went wrong: what can pass is tried again after a growing pause, all else at the longest one."""
    contract = contract_by_name(call, name)
    require(call, Permission.source_manage, office=contract.office_id)
    contract.failures += 1
    passes = isinstance(error, Transient)
    contract.next_try_at = retry_at(call.now, contract.failures if passes else 99)
    contract.trouble = {"zh": error.as_dict("zh"), "en": error.as_dict("en")}
    call.session.flush()
    note(call, "source.pull.fail", ("contract", contract.id), name=contract.name, error=error.code)


def terms_of(contract: Contract) -> Terms:
    """When deliveries of a contract are due."""
    return Terms(contract.period, contract.starts_on, contract.at, contract.grace)


def kept_periods(call: Call, contract: Contract) -> list[Kept]:
    """How every period of a contract went, oldest first; a virtual entry has none."""
    require(call, Permission.source_read, office=contract.office_id)
    if contract.way == "virtual":
        return []
    came = [
        Came(each.period_start, each.at, each.state == "empty")
        for each in arrivals_of(call, contract)
        if each.state in CAME
    ]
    return judge(terms_of(contract), came, call.now)


def _arrivals(call: Call, contract: Contract, start: date) -> list[Arrival]:
    asked = select(Arrival).where(Arrival.contract_id == contract.id, Arrival.period_start == start)
    return [each for each in call.session.scalars(asked) if each.state in CAME]


def _problems(draft: ContractDraft, source: Source | None) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    update = draft.update or {"mode": "replace"}
    if not NAME.fullmatch(draft.name):
        said["name"] = [
            Said(
                "用小写字母、数字和连字符，2至60个字符。", "Use 2 to 60 lower-case letters, digits, hyphens."
            )
        ]
    for field, known in (("way", WAYS), ("period", PERIODS), ("redelivery", REDELIVERIES)):
        if getattr(draft, field) not in known:
            said[field] = [Said(f"应是其中之一：{', '.join(known)}。", f"One of: {', '.join(known)}.")]
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", draft.at):
        said["at"] = [Said("写成 02:30 的形式。", "Write it as 02:30.")]
    if not 0 <= draft.grace <= 60:
        said["grace"] = [Said("应为0至60个工作日。", "From 0 to 60 working days.")]
    if not draft.dataset:
        said["dataset"] = [Said("请给目录条目的标识。", "Name the dataset.")]
    if draft.way == "pull" and source is None:
        said["source"] = [Said("请选择来源。", "Choose a source.")]
    if draft.way == "pull" and not draft.table:
        said["table"] = [Said("请选择来源里的表。", "Choose a table of the source.")]
    if draft.marker and update.get("mode") == "replace" and source and source.kind in _TABLES:
        said["marker"] = [
            Said(
                "增量不能整表替换，请选追加或合并。",
                "An increment cannot replace the table: append or merge.",
            )
        ]
    if update.get("mode") == "append" and draft.redelivery == "replace":
        said["redelivery"] = [
            Said(
                "追加的数据不能按期替换，请选拒收或都留。",
                "What is appended cannot be replaced: refuse or keep.",
            )
        ]
    return said


#: Kinds that bring a marker of rows; of files the marker is the newest file.
_TABLES = ("postgresql", "mysql", "sqlite", "sql", "http-json", "kaishu", "ckan")

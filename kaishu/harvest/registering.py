"""Sources come, pause and go."""

from __future__ import annotations

import re

from sqlalchemy import delete, select

from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.harvest.errors import SourceInUse, SourceTaken
from kaishu.harvest.guard import check_address
from kaishu.harvest.kinds import KINDS
from kaishu.harvest.models import Harvested, PlanItem, Run, Seen, Source
from kaishu.harvest.queries import BUSY, source_by_name
from kaishu.source.models import Delivery

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
LONGEST_PAUSE = 24 * 366


def add_source(
    call: Call,
    *,
    name: str,
    kind: str,
    title: str = "",
    title_en: str = "",
    url: str = "",
    delivery: Delivery | None = None,
    office: str = "",
    every_hours: int = 0,
) -> Source:
    """Register a catalogue elsewhere, by address or as a received file.

    ``office`` owns all of it; without one an office is made for each publisher.  Raises ``Invalid``,
    ``SourceTaken``, ``AddressRefused``.
    """
    require(call, Permission.harvest_manage)
    name = name or ids.slug(title or url.partition("://")[2], 40).strip("-")
    problems = _problems(name, kind, url, delivery, every_hours)
    if problems:
        raise Invalid(problems)
    if url:
        check_address(url)
    if call.session.scalars(select(Source.id).where(Source.name == name)).first():
        raise SourceTaken(name=name, reason="")
    source = Source(
        id=ids.new_id(),
        name=name,
        title=(title or name)[:200],
        title_en=title_en[:200],
        kind=kind,
        url=url,
        delivery_id=delivery.id if delivery else None,
        office_id=office_by_name(call.session, office).id if office else None,
        every_hours=every_hours,
        state="active",
        changed_until="",
        failures=0,
        created_at=call.now,
    )
    call.session.add(source)
    call.session.flush()
    note(call, "harvest.source.add", ("harvest", source.id), name=name, kind=kind, url=url)
    return source


def pause_source(call: Call, name: str, paused: bool = True) -> Source:
    """Stop reading a source by itself, or go on; a failure that was counted is forgotten then."""
    require(call, Permission.harvest_manage)
    source = source_by_name(call, name)
    source.state = "paused" if paused else "active"
    if not paused:
        source.failures, source.next_try_at, source.last_error = 0, None, None
    call.session.flush()
    note(call, f"harvest.source.{'pause' if paused else 'resume'}", ("harvest", source.id), name=name)
    return source


def renew_file(call: Call, name: str, delivery: Delivery) -> Source:
    """A newer file for a source that is read from a file.  Raises ``Invalid`` for one that has an address."""
    require(call, Permission.harvest_manage)
    source = source_by_name(call, name)
    if source.url:
        said = Said(
            "这个来源按地址读取，不收文件。", "This source is read from its address, not from a file."
        )
        raise Invalid({"file": [said]})
    source.delivery_id = delivery.id
    call.session.flush()
    note(call, "harvest.source.file", ("harvest", source.id), name=name, sha256=delivery.sha256)
    return source


def remove_source(call: Call, name: str) -> int:
    """Forget a source; its datasets stay as our own.  Returns how many there are.  Raises ``SourceInUse``."""
    require(call, Permission.harvest_manage)
    source = source_by_name(call, name)
    runs = select(Run.id).where(Run.source_id == source.id)
    if call.session.scalars(runs.where(Run.state.in_(BUSY))).first():
        raise SourceInUse(name=name, reason="")
    call.session.execute(delete(PlanItem).where(PlanItem.run_id.in_(runs)))
    call.session.execute(delete(Seen).where(Seen.run_id.in_(runs)))
    call.session.execute(delete(Run).where(Run.source_id == source.id))
    kept: int = call.session.execute(  # type: ignore[attr-defined]
        delete(Harvested).where(Harvested.source_id == source.id)
    ).rowcount
    call.session.delete(source)
    call.session.flush()
    note(call, "harvest.source.remove", ("harvest", source.id), name=name, datasets=kept)
    return kept


def _problems(
    name: str, kind: str, url: str, delivery: Delivery | None, every_hours: int
) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not NAME.fullmatch(name):
        problems["name"] = [
            Said(
                "标识只能用小写字母、数字和连字符，2至60个字符。",
                "Use 2 to 60 lower-case letters, digits and hyphens.",
            )
        ]
    if kind not in KINDS:
        known = ", ".join(KINDS)
        problems["kind"] = [Said(f"类型应是其中之一：{known}。", f"One of: {known}.")]
    elif not url and delivery is None:
        problems["url"] = [Said("请给地址或文件。", "Give an address or a file.")]
    elif url and not KINDS[kind].by_address:
        problems["url"] = [Said("这种类型只能从文件读取。", "This kind is read from a file only.")]
    elif not url and not KINDS[kind].from_file:
        problems["url"] = [Said("这种类型需要地址。", "This kind needs an address.")]
    if len(url) > 2000:
        problems["url"] = [Said("太长，最多2000。", "Too long; at most 2000.")]
    if not 0 <= every_hours <= LONGEST_PAUSE:
        problems["every_hours"] = [Said(f"应为0至{LONGEST_PAUSE}。", f"From 0 to {LONGEST_PAUSE}.")]
    return problems

"""Reads of sources, runs and plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, require
from kaishu.access.models import Person
from kaishu.base import clock
from kaishu.base.errors import NotFound
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.harvest.errors import NoSuchSource
from kaishu.harvest.models import Duplicate, Harvested, PlanItem, Run, Source

#: A run that is under way; ``planned`` waits for a person.
BUSY = ("planning", "applying")
OPEN = (*BUSY, "planned")
#: What apply does something about; conflicts only if a person chose theirs.
DOING = ("new", "changed", "back", "gone")


def sources(call: Call) -> Sequence[Source]:
    """Every source, by name."""
    require(call, Permission.harvest_read)
    return call.session.scalars(select(Source).order_by(Source.name)).all()


def source_by_name(call: Call, name: str) -> Source:
    """A source by name or id.  Raises ``NoSuchSource``."""
    require(call, Permission.harvest_read)
    found = call.session.scalars(select(Source).where(or_(Source.name == name, Source.id == name))).first()
    if found is None:
        raise NoSuchSource(kind="来源 source", name=name)
    return found


def run_by_id(call: Call, run_id: str) -> Run:
    """A run.  Raises ``NotFound``."""
    require(call, Permission.harvest_read)
    run = call.session.get(Run, run_id)
    if run is None:
        raise NotFound(kind="采集 run", name=run_id)
    return run


def runs_of(call: Call, source: Source, limit: int = 20) -> Sequence[Run]:
    """Runs of a source, newest first."""
    require(call, Permission.harvest_read)
    wanted = select(Run).where(Run.source_id == source.id).order_by(Run.id.desc()).limit(limit)
    return call.session.scalars(wanted).all()


def open_run(call: Call, source: Source) -> Run | None:
    """The run of a source that is not done yet, if there is one."""
    require(call, Permission.harvest_read)
    wanted = select(Run).where(Run.source_id == source.id, Run.state.in_(OPEN)).order_by(Run.id.desc())
    return call.session.scalars(wanted).first()


def items_of(call: Call, run: Run, action: str = "", after: int = 0, limit: int = 50) -> Sequence[PlanItem]:
    """Items of a plan in order, after the number given."""
    require(call, Permission.harvest_read)
    wanted = select(PlanItem).where(PlanItem.run_id == run.id, PlanItem.number > after)
    if action:
        wanted = wanted.where(PlanItem.action == action)
    return call.session.scalars(wanted.order_by(PlanItem.number).limit(limit)).all()


def item_by_id(call: Call, run_id: str, number: int) -> PlanItem:
    """One item of a plan.  Raises ``NotFound``."""
    require(call, Permission.harvest_read)
    item = call.session.get(PlanItem, (run_id, number))
    if item is None:
        raise NotFound(kind="计划项 item", name=f"{run_id}:{number}")
    return item


def conflicts(call: Call) -> Sequence[tuple[PlanItem, Source]]:
    """Conflicts of the newest run of each source that nobody has settled, by source."""
    require(call, Permission.harvest_read)
    newest = select(func.max(Run.id)).group_by(Run.source_id)
    rows = call.session.execute(
        select(PlanItem, Source)
        .join(Run, Run.id == PlanItem.run_id)
        .join(Source, Source.id == Run.source_id)
        .where(Run.id.in_(newest), PlanItem.action == "conflict", PlanItem.applied_at.is_(None))
        .order_by(Source.name, PlanItem.number)
        .limit(500)
    )
    return [(row[0], row[1]) for row in rows]


def kept_fields(item: PlanItem) -> frozenset[str]:
    """The fields of a changed dataset that stay ours, since only we changed them."""
    return frozenset((item.entry or {}).get("kept") or ())


def duplicates(
    call: Call, state: str = "proposed", limit: int = 200, *, words: str = "", start: int = 0
) -> Sequence[Duplicate]:
    """Proposals to merge in the order in which they were found; ``words`` stand in one of the titles."""
    require(call, Permission.harvest_read)
    wanted = _of_words(select(Duplicate), words).where(Duplicate.state == state)
    return call.session.scalars(wanted.order_by(Duplicate.id).offset(start).limit(limit)).all()


def duplicate_count(call: Call, state: str = "proposed", words: str = "") -> int:
    """How many pairs those are."""
    require(call, Permission.harvest_read)
    counted = _of_words(select(func.count(Duplicate.id)), words).where(Duplicate.state == state)
    return call.session.scalar(counted) or 0


def _of_words(wanted: Select[Any], words: str) -> Select[Any]:
    if not words:
        return wanted
    titled = select(Dataset.id).where(
        Dataset.title.icontains(words, autoescape=True) | Dataset.title_en.icontains(words, autoescape=True)
    )
    return wanted.where(Duplicate.one_id.in_(titled) | Duplicate.other_id.in_(titled))


def origin_of(session: Session, dataset_id: str) -> tuple[Harvested, Source] | None:
    """Where a dataset came from, or None for one of our own."""
    row = session.execute(
        select(Harvested, Source)
        .join(Source, Source.id == Harvested.source_id)
        .where(Harvested.dataset_id == dataset_id)
    ).first()
    return (row[0], row[1]) if row else None


def providers(session: Session) -> Sequence[tuple[str, Source | None, int]]:
    """Office id, the source (None for our own) and how many published datasets it has from there."""
    rows = session.execute(
        select(Dataset.office_id, Harvested.source_id, func.count())
        .outerjoin(Harvested, Harvested.dataset_id == Dataset.id)
        .where(Dataset.state == State.published)
        .group_by(Dataset.office_id, Harvested.source_id)
    ).all()
    known = {source.id: source for source in session.scalars(select(Source))}
    return [(office, known.get(source or ""), count) for office, source, count in rows]


def foreign_offices(session: Session) -> Counter[str]:
    """Ids of offices that have nothing but what was harvested from other portals, and how much.

    A draft of its own, or people of its own, make an office ours.
    """
    rows = providers(session)
    drafted = select(Dataset.office_id).where(Dataset.id.not_in(harvested_ids()))
    staffed = select(Person.office_id).where(Person.office_id.is_not(None))
    own = set(session.scalars(union(drafted, staffed)))
    found: Counter[str] = Counter()
    for office, _source, count in rows:
        if office not in own:
            found[office] += count
    return found


def harvested_ids() -> Select[tuple[str]]:
    """Ids of the datasets that came from other portals, to ask with."""
    return select(Harvested.dataset_id)


def counts_by_source(call: Call) -> dict[str, int]:
    """Source id to the number of its datasets that are present."""
    require(call, Permission.harvest_read)
    rows = call.session.execute(
        select(Harvested.source_id, func.count())
        .where(Harvested.state == "present")
        .group_by(Harvested.source_id)
    )
    return {row[0]: row[1] for row in rows}


def due_sources(session: Session) -> Sequence[Source]:
    """Sources whose time has come: by their cadence, or to be tried again after a failure."""
    now = clock.now()
    found = session.scalars(select(Source).where(Source.state == "active")).all()
    return [source for source in found if _due(source, now)]


def _due(source: Source, now: datetime) -> bool:
    if source.next_try_at is not None:
        return source.next_try_at <= now
    if not source.every_hours:
        return False
    if source.last_read_at is None:
        return True
    return source.last_read_at + timedelta(hours=source.every_hours) <= now

"""A plan becomes datasets, two hundred a transaction: a run that was killed goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from kaishu.access import Actor, Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.catalogue import Arrival, DatasetRecord, Link, take_in, withdraw_gone
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.harvest.digests import our_digest
from kaishu.harvest.errors import ManyGone, NothingPlanned
from kaishu.harvest.kinds.finding import passed
from kaishu.harvest.merging import propose
from kaishu.harvest.models import Harvested, PlanItem, Run, Source
from kaishu.harvest.offices import Offices
from kaishu.harvest.planning import plan
from kaishu.harvest.queries import DOING, open_run, source_by_name
from kaishu.harvest.staging import Report
from kaishu.harvest.weighing import KEPT, OVER, edited, merged, ours_of

CHUNK = 200


def apply(
    actor: Actor,
    name: str,
    *,
    confirm: bool = False,
    report: Report | None = None,
    request_id: str = "",
) -> str:
    """Do what the source's plan says, or go on doing it; returns the run's id.

    Conflicts stay as they are.  Raises ``NothingPlanned``; ``ManyGone`` unless ``confirm``.
    """
    request_id = request_id or ids.new_id()
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        require(call, Permission.harvest_apply)
        run = _start(call, name, confirm)
        run_id, total = run.id, run.to_apply
    done = run.applied
    while True:
        if report:
            report(done, max(total, done))
        with session_scope() as session:
            call = Call(session, actor, clock.now(), request_id)
            did = _step(call, run_id)
        if not did:
            break
        done += did
    with session_scope() as session:
        _finish(Call(session, actor, clock.now(), request_id), run_id)
    return run_id


def run(
    actor: Actor,
    name: str,
    *,
    confirm: bool = False,
    changed_only: bool = False,
    report: Report | None = None,
    request_id: str = "",
) -> str:
    """Plan and apply; what was left in the middle of applying is finished first.  Returns the run's id."""
    with session_scope(write=False) as session:
        call = Call(session, actor, clock.now(), request_id)
        under_way = open_run(call, source_by_name(call, name))
    if under_way is None or under_way.state != "applying":
        plan(actor, name, changed_only=changed_only, report=report, request_id=request_id)
    return apply(actor, name, confirm=confirm, report=report, request_id=request_id)


def _start(call: Call, name: str, confirm: bool) -> Run:
    source = source_by_name(call, name)
    run = open_run(call, source)
    if run is None or run.state == "planning":
        raise NothingPlanned(name=source.name, reason="")
    if run.state == "planned":
        present = (Harvested.source_id == source.id, Harvested.state == "present")
        known = call.session.scalar(select(func.count()).select_from(Harvested).where(*present)) or 0
        gone = run.counts.get("gone", 0)
        if gone * 2 > known and not confirm:
            raise ManyGone(name=source.name, known=known, gone=gone, reason="")
        run.state = "applying"
        note(call, "harvest.apply", ("harvest", source.id), name=source.name, run=run.id, **run.counts)
    call.session.flush()
    return run


def _step(call: Call, run_id: str) -> int:
    """One transaction's worth; the number of items done."""
    run = call.session.get_one(Run, run_id)
    items = call.session.scalars(
        select(PlanItem)
        .where(PlanItem.run_id == run_id, PlanItem.action.in_(DOING), PlanItem.applied_at.is_(None))
        .order_by(PlanItem.number)
        .limit(CHUNK)
    ).all()
    if not items or run.state != "applying":
        return 0
    source = call.session.get_one(Source, run.source_id)
    doing = _still_free(call, source, items)
    carry_out(call, source, doing)
    for item in items:
        if item.action != "conflict":
            item.applied_at, item.entry = call.now, None
    run.applied += len(items)
    call.session.flush()
    return len(items)


def _still_free(call: Call, source: Source, items: Sequence[PlanItem]) -> list[PlanItem]:
    """Without those that were edited here after the plan was made; they become conflicts."""
    held = {item.dataset_id: item for item in items if item.dataset_id}
    if not held:
        return list(items)
    rows = call.session.execute(
        select(Dataset, Harvested.our_digest)
        .join(Harvested, Harvested.dataset_id == Dataset.id)
        .where(Dataset.id.in_(list(held)), Harvested.source_id == source.id)
    )
    for dataset, digest in rows:
        item = held[dataset.id]
        if edited(dataset, (item.entry or {}).get(OVER, digest), gone=item.action == "back"):
            item.action = "conflict"
            if item.entry:
                item.entry = {key: value for key, value in item.entry.items() if key not in (KEPT, OVER)}
    return [item for item in items if item.action != "conflict"]


def carry_out(call: Call, source: Source, items: Sequence[PlanItem]) -> None:
    coming = [item for item in items if item.entry is not None]
    going = [item for item in items if item.entry is None and item.dataset_id]
    offices = Offices(call, source)
    arrivals = [_arrival(call.session, item, offices) for item in coming]
    if arrivals:
        made = take_in(call, arrivals, source.name)
        _remember(call, source, coming, made)
    if going:
        reason = f"来源“{source.title}”已不再提供（gone at source: {source.name}）"
        withdraw_gone(call, [str(item.dataset_id) for item in going], reason)
        rows = and_(
            Harvested.source_id == source.id, Harvested.remote_id.in_([item.remote_id for item in going])
        )
        call.session.execute(update(Harvested).where(rows).values(state="gone"))


def _arrival(session: Session, item: PlanItem, offices: Offices) -> Arrival:
    entry = item.entry or {}
    if KEPT in entry:
        dataset = session.get_one(Dataset, item.dataset_id)
        entry = merged(entry, ours_of(session, dataset), list(entry[KEPT]))
    return Arrival(
        record=DatasetRecord.model_validate(entry["record"]),
        links=[Link.model_validate(each) for each in entry["resources"]],
        office_id=offices.of(entry["publisher"]),
        name=entry["name"],
        dataset_id=item.dataset_id,
    )


def _remember(call: Call, source: Source, items: Sequence[PlanItem], made: Sequence[Dataset]) -> None:
    there = {
        row.remote_id: row
        for row in call.session.scalars(
            select(Harvested).where(
                Harvested.source_id == source.id,
                Harvested.remote_id.in_([item.remote_id for item in items]),
            )
        )
    }
    for item, dataset in zip(items, made, strict=True):
        item.dataset_id = dataset.id
        row = there.get(item.remote_id)
        if row is None:
            row = Harvested(source_id=source.id, remote_id=item.remote_id, first_seen=call.now)
            call.session.add(row)
        row.dataset_id, row.remote_digest, row.state = dataset.id, item.digest, "present"
        row.our_digest, row.last_seen = our_digest(dataset.record, dataset.resources), call.now
        if item.entry and KEPT in item.entry:
            row.settled = item.entry[KEPT]
    call.session.flush()


def _finish(call: Call, run_id: str) -> None:
    run = call.session.get_one(Run, run_id)
    if run.state != "applying":
        return
    run.state, run.ended_at = "done", call.now
    source = call.session.get_one(Source, run.source_id)
    source.last_read_at, source.last_run_id = run.started_at, run.id
    source.changed_until = max(passed(source.changed_until), run.changed_until)
    if run.whole:
        _see(call.session, run)
    proposed = propose(call, source) if run.applied else 0
    run.counts = _counted(call.session, run)
    call.session.flush()
    subject = ("harvest", source.id)
    note(call, "harvest.done", subject, name=source.name, run=run.id, duplicates=proposed, **run.counts)


def _see(session: Session, run: Run) -> None:
    """All that is present was seen in this run."""
    rows = or_(Harvested.state == "present", Harvested.state == "kept")
    session.execute(
        update(Harvested).where(Harvested.source_id == run.source_id, rows).values(last_seen=run.started_at)
    )


def _counted(session: Session, run: Run) -> dict[str, int]:
    """The counts once more: some may have become conflicts while the plan was applied."""
    rows = session.execute(
        select(PlanItem.action, func.count()).where(PlanItem.run_id == run.id).group_by(PlanItem.action)
    )
    same = {"same": run.counts["same"]} if run.counts.get("same") else {}
    return {**same, **{row[0]: row[1] for row in rows}}

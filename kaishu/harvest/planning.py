"""The plan: what a source has that is new, changed, gone, in conflict with edits here, or refused.

Reading may take minutes, so it holds no lock: what was found is put down a few hundred at a time, with a
mark.  A reading that was killed, or broke off, goes on from there; a source that changed meanwhile is read
anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kaishu import source as received
from kaishu.access import Actor, Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.base.errors import KaishuError, Transient
from kaishu.db import session_scope
from kaishu.harvest.errors import NothingPlanned, SourceInUse
from kaishu.harvest.kinds import Place, find
from kaishu.harvest.kinds.finding import PAUSES, SourceMoved, passed
from kaishu.harvest.models import Harvested, PlanItem, Run, Seen, Source
from kaishu.harvest.queries import DOING, source_by_name
from kaishu.harvest.staging import Known, Report, Staging
from kaishu.harvest.themes import themes_of

#: Pauses before a source that failed is tried again; after the last it waits for its cadence or a person.
RETRIES = tuple(timedelta(minutes=each) for each in (5, 20, 80, 320, 1280))
#: A reading that broke off longer ago than this is not gone on with.
FRESH = timedelta(days=2)


def plan(
    actor: Actor,
    name: str,
    *,
    report: Report | None = None,
    changed_only: bool = False,
    anew: bool = False,
    request_id: str = "",
    pauses: tuple[float, ...] = PAUSES,
) -> str:
    """Read a source and stage what it would change; returns the run's id.

    A reading that was interrupted goes on where it stopped, unless ``anew``.  ``changed_only`` asks a CKAN
    only for what changed since the last time, and then nothing is gone.  A failure is written down at the
    source, with the time of the next try, and raised.
    """
    request_id = request_id or ids.new_id()
    try:
        staging = _read(actor, name, changed_only, anew, report, request_id, pauses)
    except SourceMoved:
        staging = _read(actor, name, changed_only, True, report, request_id, pauses)
    staging.report(staging.read, staging.read)
    with session_scope() as session:
        run = session.get_one(Run, staging.run_id)
        if run.state != "planning" or run.reader != staging.reader:
            raise SourceInUse(name=name, reason="")
        run.state, run.planned_at, run.mark = "planned", clock.now(), None
        run.whole = staging.place.whole and not staging.place.since
        run.to_apply = sum(staging.counts.get(action, 0) for action in DOING)
        session.execute(delete(Seen).where(Seen.run_id == run.id))
        source = session.get_one(Source, run.source_id)
        source.failures, source.next_try_at, source.last_error = 0, None, None
    return staging.run_id


def drop_plan(call: Call, name: str) -> None:
    """Forget the plan that waits.  Raises ``NothingPlanned``."""
    require(call, Permission.harvest_manage)
    source = source_by_name(call, name)
    wanted = select(Run).where(Run.source_id == source.id, Run.state.in_(("planned", "planning")))
    runs = call.session.scalars(wanted).all()
    if not runs:
        raise NothingPlanned(name=name, reason="")
    for run in runs:
        _forget(call.session, run)
    note(call, "harvest.plan.drop", ("harvest", source.id), name=name)


def _read(
    actor: Actor,
    name: str,
    changed_only: bool,
    anew: bool,
    report: Report | None,
    request_id: str,
    pauses: tuple[float, ...],
) -> Staging:
    """Read all that is left to read.  Raises ``SourceMoved`` and whatever the source does."""
    staging, kind = _begin(actor, name, changed_only, anew, request_id)
    staging.report = report or staging.report
    place = staging.place
    place.pauses = pauses
    try:
        for found in find(kind, place):
            staging.add(found)
            if staging.read % 50 == 0:
                staging.report(staging.read, max(place.total, staging.read))
        staging.finish(place.whole and not place.since)
    except KaishuError as error:
        if isinstance(error, Transient):
            staging.write()
        _fail(staging, error)
        raise
    except Exception:
        _drop(staging)
        raise
    return staging


def _begin(actor: Actor, name: str, changed_only: bool, anew: bool, request_id: str) -> tuple[Staging, str]:
    """The run that was interrupted, or a fresh one; plans that were not applied are dropped, an apply under
    way is left to end."""
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        require(call, Permission.harvest_manage)
        source = source_by_name(call, name)
        since = passed(source.changed_until) if changed_only and source.kind == "ckan" else ""
        rules = themes_of(source)
        about = {"since": since, "from": [source.kind, source.url, source.delivery_id], "rules": rules.digest}
        run = None if anew else _interrupted(session, source, about, call.now)
        for other in session.scalars(select(Run).where(Run.source_id == source.id)):
            if other.state == "applying":
                raise SourceInUse(name=source.name, reason="")
            if other.state in ("planning", "planned") and other is not run:
                _forget(session, other)
        place = _place(session, source, since)
        again = run is not None
        if run is None:
            run = Run(
                id=ids.new_id(),
                source_id=source.id,
                state="planning",
                counts={},
                started_at=call.now,
                read=0,
                changed_until="",
                mark=about,
            )
            session.add(run)
        run.state, run.reader, run.error, run.ended_at = "planning", ids.new_id(), None, None
        source.last_run_id = run.id
        session.flush()
        staging = Staging(run.id, source.id, run.reader, _known(session, source), place, rules)
        if again:
            staging.take_up(session, run)
        note(call, "harvest.plan", ("harvest", source.id), name=source.name, run=run.id, read=run.read)
        return staging, source.kind


def _interrupted(session: Session, source: Source, about: Mapping[str, object], now: datetime) -> Run | None:
    """The newest run, if its reading broke off, not long ago, and was of the very same place."""
    newest = select(Run).where(Run.source_id == source.id).order_by(Run.id.desc()).limit(1)
    run = session.scalars(newest).first()
    if run is None or run.state not in ("planning", "failed") or now - run.started_at > FRESH:
        return None
    mark = run.mark or {}
    return run if mark.get("at") and all(mark.get(key) == value for key, value in about.items()) else None


def _known(session: Session, source: Source) -> dict[str, Known]:
    rows = session.scalars(select(Harvested).where(Harvested.source_id == source.id))
    return {
        row.remote_id: Known(row.dataset_id, row.remote_digest, row.our_digest, row.state, row.settled)
        for row in rows
    }


def _place(session: Session, source: Source, since: str) -> Place:
    place = Place(url=source.url, since=since)
    if source.delivery_id and not source.url:
        delivery = received.delivery_by_id(session, source.delivery_id)
        place.path, place.name, place.content = delivery.path, delivery.name, delivery.sha256
    return place


def _forget(session: Session, run: Run) -> None:
    session.execute(delete(PlanItem).where(PlanItem.run_id == run.id))
    session.execute(delete(Seen).where(Seen.run_id == run.id))
    run.state, run.ended_at, run.mark = "dropped", clock.now(), None


def _drop(staging: Staging) -> None:
    with session_scope() as session:
        run = session.get(Run, staging.run_id)
        if run is not None and run.state == "planning" and run.reader == staging.reader:
            _forget(session, run)


def _fail(staging: Staging, error: KaishuError) -> None:
    """Write the failure down.  What gets better by waiting is tried again after a pause that grows, and
    what was read until then is kept for it."""
    said = {"zh": error.as_dict("zh"), "en": error.as_dict("en")}
    with session_scope() as session:
        run = session.get_one(Run, staging.run_id)
        if run.state != "planning" or run.reader != staging.reader:
            return
        passing = isinstance(error, Transient)
        if not passing:
            _forget(session, run)
        run.state, run.error, run.ended_at = "failed", said, clock.now()
        source = session.get_one(Source, staging.source_id)
        source.last_error = said
        source.next_try_at = None
        if passing and source.failures < len(RETRIES):
            source.next_try_at = clock.now() + RETRIES[source.failures]
        source.failures += 1

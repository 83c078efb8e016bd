"""The plan: what a source has that is new, changed, gone, in conflict with edits here, or refused.

Reading may take minutes, so it holds no lock: what was found is staged a few hundred at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from kaishu import source as received
from kaishu.access import Actor, Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.base.errors import KaishuError, Said, Transient
from kaishu.catalogue import DatasetRecord, Link, State, is_secret
from kaishu.catalogue.models import Dataset
from kaishu.crosswalk import Entry, Note, Reading
from kaishu.db import session_scope
from kaishu.harvest.digests import LINK, our_digest
from kaishu.harvest.errors import NothingPlanned, SourceInUse
from kaishu.harvest.kinds import Found, Place, find
from kaishu.harvest.kinds.finding import PAUSES, refused
from kaishu.harvest.models import Harvested, PlanItem, Run, Source
from kaishu.harvest.queries import DOING, source_by_name

log = logging.getLogger("kaishu.harvest")

Report = Callable[[int, int], None]
CHUNK = 300
TWICE = Note(
    "identifier",
    Said("来源里另有一条记录用同一个标识。", "The source has another record with this identifier."),
)
MOST_NOTES = 20
#: Pauses before a source that failed is tried again; after the last it waits for its cadence or a person.
RETRIES = tuple(timedelta(minutes=each) for each in (5, 20, 80, 320, 1280))


@dataclass(frozen=True, slots=True)
class Known:
    """What we have of one dataset of the source."""

    dataset_id: str
    remote_digest: str
    our_digest: str
    state: str


@dataclass
class Staging:
    """One run's plan as it grows."""

    run_id: str
    source_id: str
    known: dict[str, Known]
    report: Report
    seen: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0
    read: int = 0
    changed_until: str = ""

    def add(self, found: Found) -> None:
        """Decide about one dataset found."""
        self.read += 1
        self.changed_until = max(self.changed_until, found.changed)
        remote_id, twin = self._identified(found)
        if remote_id in self.seen:
            said = "来源里有两条完全一样的记录。", "The source has this very record twice."
            self._stage("refused", remote_id, found, refused("identifier", *said), None)
            return
        known = self.known.get(remote_id)
        self.seen[remote_id] = found.digest
        if known and known.remote_digest == found.digest and known.state != "gone":
            self._count("same")
            return
        reading, staged = _read(found)
        if staged is None:
            self._stage("refused", remote_id, found, reading, known)
            return
        if known is None:
            action = "new"
        elif known.state == "gone":
            action = "back"
        elif our_digest(_full(staged["record"]), staged["resources"]) == known.our_digest:
            self._count("same")
            return
        else:
            action = "changed"
        if twin:
            reading = Reading(reading.entry, (*reading.notes, TWICE))
        self._stage(action, remote_id, found, reading, known, staged)

    def _identified(self, found: Found) -> tuple[str, bool]:
        """The identifier; a second record of the same one, that says something else, is numbered."""
        wanted = remote_id = found.remote_id[:490]
        number = 1
        while remote_id in self.seen and self.seen[remote_id] != found.digest:
            number += 1
            remote_id = f"{wanted}#{number}"
        return remote_id, number > 1

    def finish(self, whole: bool) -> None:
        """All was read: what is missing is gone."""
        if whole:
            for remote_id, known in self.known.items():
                if known.state == "present" and remote_id not in self.seen:
                    found = Found(remote_id, "", "", lambda: Reading(None))
                    self._stage("gone", remote_id, found, Reading(None), known)
        self.write()

    def write(self) -> None:
        """Put down what has been decided since the last time, in a transaction of its own."""
        with session_scope() as session:
            run = session.get_one(Run, self.run_id)
            if run.state != "planning":
                raise SourceInUse(name=session.get_one(Source, self.source_id).name, reason="")
            _find_conflicts(session, self.items, self.known)
            for item in self.items:
                self._count(item["action"])
            if self.items:
                session.execute(insert(PlanItem), self.items)
            run.read, run.counts = self.read, dict(self.counts)
        self.items = []

    def _count(self, action: str) -> None:
        self.counts[action] = self.counts.get(action, 0) + 1

    def _stage(
        self,
        action: str,
        remote_id: str,
        found: Found,
        reading: Reading,
        known: Known | None,
        staged: dict[str, Any] | None = None,
    ) -> None:
        self.number += 1
        title = str((staged or {}).get("record", {}).get("title") or found.title)
        self.items.append(
            {
                "run_id": self.run_id,
                "number": self.number,
                "remote_id": remote_id,
                "action": action,
                "title": title[:300],
                "digest": found.digest,
                "entry": staged,
                "notes": [_said(each) for each in reading.notes[:MOST_NOTES]],
                "dataset_id": known.dataset_id if known else None,
                "choice": "",
            }
        )
        if len(self.items) >= CHUNK:
            self.write()


def plan(
    actor: Actor,
    name: str,
    *,
    report: Report | None = None,
    changed_only: bool = False,
    request_id: str = "",
    pauses: tuple[float, ...] = PAUSES,
) -> str:
    """Read a source and stage what it would change; returns the run's id.

    ``changed_only`` asks a CKAN only for what changed since the last time, and then nothing is gone.
    A failure is written down at the source, with the time of the next try, and raised.
    """
    staging, kind, place = _begin(actor, name, changed_only, request_id or ids.new_id())
    staging.report = report or (lambda done, total: None)
    place.pauses = pauses
    try:
        for found in find(kind, place):
            staging.add(found)
            if staging.read % 50 == 0:
                staging.report(staging.read, max(place.total, staging.read))
        staging.finish(place.whole and not place.since)
    except KaishuError as error:
        _fail(staging, error)
        raise
    except BaseException:
        _drop(staging.run_id)
        raise
    staging.report(staging.read, staging.read)
    with session_scope() as session:
        run = session.get_one(Run, staging.run_id)
        run.state, run.planned_at = "planned", clock.now()
        run.whole = place.whole and not place.since
        run.changed_until = staging.changed_until
        run.to_apply = sum(staging.counts.get(action, 0) for action in DOING)
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


def _begin(actor: Actor, name: str, changed_only: bool, request_id: str) -> tuple[Staging, str, Place]:
    """A fresh run; plans that were not applied are dropped, an apply under way is left to end."""
    with session_scope() as session:
        call = Call(session, actor, clock.now(), request_id)
        require(call, Permission.harvest_manage)
        source = source_by_name(call, name)
        for run in session.scalars(select(Run).where(Run.source_id == source.id)):
            if run.state == "applying":
                raise SourceInUse(name=source.name, reason="")
            if run.state in ("planning", "planned"):
                _forget(session, run)
        run = Run(
            id=ids.new_id(), source_id=source.id, state="planning", counts={}, started_at=call.now, read=0
        )
        session.add(run)
        source.last_run_id = run.id
        note(call, "harvest.plan", ("harvest", source.id), name=source.name, run=run.id)
        known = {
            row.remote_id: Known(row.dataset_id, row.remote_digest, row.our_digest, row.state)
            for row in session.scalars(select(Harvested).where(Harvested.source_id == source.id))
        }
        place = Place(url=source.url, since=source.changed_until if changed_only else "")
        if source.kind != "ckan":
            place.since = ""
        if source.delivery_id and not source.url:
            delivery = received.delivery_by_id(session, source.delivery_id)
            place.path, place.name = delivery.path, delivery.name
        return Staging(run.id, source.id, known, lambda done, total: None), source.kind, place


def _read(found: Found) -> tuple[Reading, dict[str, Any] | None]:
    """The reading and what to stage of it; what was not foreseen is a refusal, so that one stops no other."""
    try:
        reading = found.read()
        if reading.entry and is_secret(str(reading.entry.record.get("secrecy") or "")):
            said = (
                "来源标明涉密，不能进入公开目录。",
                "The source says it is secret; it is not for a public catalogue.",
            )
            return refused("secrecy", *said), None
        return reading, _staged(reading.entry) if reading.entry else None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return refused(where, f"“{where}”的值不能用。", f"The value of {where} cannot be used."), None
    except Exception as error:
        log.exception("a dataset could not be read: %s", found.remote_id)
        kind = type(error).__name__
        said = f"读取时出现意外错误（{kind}）。", f"Something unexpected went wrong ({kind})."
        return refused("", *said), None


def _staged(entry: Entry) -> dict[str, Any]:
    record = DatasetRecord.model_validate(dict(entry.record))
    links = [Link.model_validate(_link(each)) for each in entry.resources]
    publisher = entry.publisher
    return {
        "name": entry.name,
        "publisher": {"name": publisher.name, "title": publisher.title, "title_en": publisher.title_en},
        "record": record.model_dump(mode="json", exclude_defaults=True),
        "resources": [link.model_dump(mode="json", exclude_defaults=True) for link in links],
    }


def _full(record: dict[str, Any]) -> dict[str, Any]:
    return DatasetRecord.model_validate(record).model_dump(mode="json")


def _link(said: Any) -> dict[str, Any]:
    """The part of an entry that a link has; where nothing tells which one it was, its id does."""
    link = {key: value for key, value in said.items() if key in LINK}
    if said.get("id") and not link.get("original_id"):
        link["original_id"] = str(said["id"])[:300]
    return link


def _said(each: Note) -> dict[str, Any]:
    english = getattr(each.said, "en", str(each.said))
    return {"where": each.where[:200], "zh": str(each.said)[:500], "en": english[:500], "fatal": each.fatal}


def _find_conflicts(session: Session, items: list[dict[str, Any]], known: dict[str, Known]) -> None:
    """What was edited here since we last wrote it is a conflict, whatever the source did."""
    wanted = {
        item["dataset_id"]: item for item in items if item["dataset_id"] and item["action"] != "refused"
    }
    digests = {each.dataset_id: each.our_digest for each in known.values() if each.dataset_id in wanted}
    for dataset in session.scalars(select(Dataset).where(Dataset.id.in_(list(wanted)))):
        item = wanted[dataset.id]
        if edited(dataset, digests[dataset.id], gone=item["action"] == "back"):
            item["action"] = "conflict"
        elif not item["title"]:
            item["title"] = dataset.title


def edited(dataset: Dataset, digest: str, gone: bool = False) -> bool:
    """Was this dataset changed, withdrawn or begun to be changed here since we wrote it?"""
    if dataset.draft_revision_id or (dataset.state != State.published and not gone):
        return True
    return our_digest(dataset.record, dataset.resources) != digest


def _forget(session: Session, run: Run) -> None:
    session.execute(delete(PlanItem).where(PlanItem.run_id == run.id))
    run.state, run.ended_at = "dropped", clock.now()


def _drop(run_id: str) -> None:
    with session_scope() as session:
        run = session.get(Run, run_id)
        if run is not None and run.state == "planning":
            _forget(session, run)


def _fail(staging: Staging, error: KaishuError) -> None:
    """Write the failure down; what gets better by waiting is tried again after a pause that grows."""
    said = {"zh": error.as_dict("zh"), "en": error.as_dict("en")}
    with session_scope() as session:
        run = session.get_one(Run, staging.run_id)
        if run.state != "planning":
            return
        session.execute(delete(PlanItem).where(PlanItem.run_id == run.id))
        run.state, run.error, run.ended_at = "failed", said, clock.now()
        source = session.get_one(Source, staging.source_id)
        source.last_error = said
        source.next_try_at = None
        if isinstance(error, Transient) and source.failures < len(RETRIES):
            source.next_try_at = clock.now() + RETRIES[source.failures]
        source.failures += 1

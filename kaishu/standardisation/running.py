"""A run: the tables of a mapping are fused, and what came of it is kept; trials are kept too, and marked."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kaishu import lake, queue
from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids, settings
from kaishu.lake.models import Version
from kaishu.queue.models import Task
from kaishu.standardisation.differences import Difference, differences_of
from kaishu.standardisation.errors import MappingNotInForce, NoMappingInState, RunFilesNotKept
from kaishu.standardisation.fusing import Fused, Progress, fuse_tables
from kaishu.standardisation.mapping import Mapping
from kaishu.standardisation.models import FusionRun, StandardEntity, WaitingPair
from kaishu.standardisation.probable import splink_is_there
from kaishu.standardisation.queries import (
    FORCE,
    TRIAL,
    decisions_of,
    last_run,
    mapping_of,
    read_mapping,
    standard_by_name,
    standards,
)
from kaishu.standardisation.registering import version_to_read
from kaishu.standardisation.review import Decision

TASK = "standard-run"
_SUBJECT = "standard"
#: Runs whose files are kept, of each kind, and pairs that are put into the queue.
KEPT, MOST_PAIRS = 5, 5_000
#: Folders of no recorded run that are as old as this, in seconds, were left behind by a dead process.
_FORGOTTEN = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun:
    """All that a run needs, so that no session is open while it goes on."""

    id: str
    entity: StandardEntity
    mapping_id: str
    mapping: Mapping
    kind: str
    versions: Sequence[Version]
    decisions: Sequence[Decision]
    keys_only: bool
    started_at: datetime

    @property
    def golden(self) -> Path:
        """The file of the golden records."""
        return run_folder(self.id) / f"{self.entity.name}.parquet"


@dataclass(frozen=True, slots=True)
class ComputedRun:
    """What came of it; the files stand in the run's folder.  ``waiting``: pairs, the likeliest first."""

    prepared: PreparedRun
    fused: Fused
    waiting: Sequence[dict[str, Any]]
    differences: Sequence[Difference]


def leave_run(call: Call, name: str, *, trial: bool) -> str:
    """Leave a run to the worker unless the same waits; the task's id.  Raises ``MappingNotInForce``."""
    entity = standard_by_name(call.session, name)
    require(call, Permission.standard_run, office=entity.office_id)
    if not trial and entity.in_force is None:
        raise MappingNotInForce(name=entity.title)
    payload = {"standard": entity.name, "trial": trial}
    for task in runs_under_way(call.session, entity):
        if task.state == "waiting" and task.payload == payload:
            return task.id
    return queue.enqueue(call, TASK, payload, (_SUBJECT, entity.id)).id


def runs_under_way(session: Session, entity: StandardEntity) -> list[Task]:
    """Tasks of an entity that wait or run, newest first."""
    tasks = queue.tasks_about(session, _SUBJECT, entity.id, 10)
    return [task for task in tasks if task.state in ("waiting", "running")]


def last_task(session: Session, entity: StandardEntity) -> Task | None:
    """The newest task of an entity, however it went."""
    tasks = queue.tasks_about(session, _SUBJECT, entity.id, 1)
    return tasks[0] if tasks else None


def prepare_run(call: Call, name: str, *, trial: bool) -> PreparedRun:
    """A trial takes the newest mapping, a run into force the one that is in force.

    Raises ``MappingNotInForce``, ``NoMappingInState``, ``SourceEmpty``.
    """
    entity = standard_by_name(call.session, name)
    require(call, Permission.standard_run, office=entity.office_id)
    if not trial and entity.in_force is None:
        raise MappingNotInForce(name=entity.title)
    kept = mapping_of(call.session, entity, entity.newest if trial else entity.in_force)
    if kept is None:
        raise NoMappingInState(name=entity.title, state="—")
    mapping = read_mapping(kept)
    keys_only = mapping.entity.probable is not None and not splink_is_there()
    if keys_only:
        mapping = replace(mapping, entity=replace(mapping.entity, probable=None))
    versions = [
        version_to_read(call, each["table_id"], each["version"], each["source"]) for each in kept.tables
    ]
    decisions = [
        Decision((each.left_source, each.left_handle), (each.right_source, each.right_handle), each.same, {})
        for each in decisions_of(call.session, entity)
    ]
    call.session.expunge(entity)
    return PreparedRun(
        id=ids.new_id(),
        entity=entity,
        mapping_id=kept.id,
        mapping=mapping,
        kind=TRIAL if trial else FORCE,
        versions=versions,
        decisions=decisions,
        keys_only=keys_only,
        started_at=call.now,
    )


def compute_run(prepared: PreparedRun, progress: Progress | None = None) -> ComputedRun:
    """Fuse; needs no session.  The run's folder is removed again if that fails."""
    prepared.golden.parent.mkdir(parents=True)
    waiting: list[dict[str, Any]] = []
    try:
        fused = fuse_tables(
            prepared.mapping,
            [lake.open_version(version) for version in prepared.versions],
            prepared.golden,
            decisions=prepared.decisions,
            tell_waiting=waiting.extend,
            most_waiting=MOST_PAIRS,
            progress=progress,
        )
        return ComputedRun(prepared, fused, waiting, differences_of(prepared.golden))
    except BaseException:
        drop_files(prepared.id)
        raise


def keep_run(call: Call, computed: ComputedRun, golden: Version | None) -> FusionRun:
    """Record a run with the pairs that wait; ``golden``: the version of the golden table, if one was made."""
    prepared, fused = computed.prepared, computed.fused
    entity = standard_by_name(call.session, prepared.entity.id)
    require(call, Permission.standard_run, office=entity.office_id)
    run = FusionRun(
        id=prepared.id,
        entity_id=entity.id,
        mapping_id=prepared.mapping_id,
        kind=prepared.kind,
        versions=[
            {
                "source": source.name,
                "table_id": version.table_id,
                "version_id": version.id,
                "number": version.number,
            }
            for source, version in zip(prepared.mapping.sources, prepared.versions, strict=True)
        ],
        counts={
            **fused.as_dict(),
            "keys_only": prepared.keys_only,
            "differences": [
                [each.source, each.field, each.rows, each.compared] for each in computed.differences
            ],
        },
        rows=sum(fused.sources.values()),
        entities=fused.entities,
        version_id=golden.id if golden else None,
        kept=True,
        actor=(call.actor.name or call.actor.id)[:200],
        started_at=prepared.started_at,
        ended_at=clock.now(),
    )
    call.session.add(run)
    call.session.flush()
    _queue_pairs(call, entity, run, computed.waiting)
    facts = {"kind": run.kind, "rows": run.rows, "entities": run.entities, "waiting": fused.waiting}
    note(call, "standardisation.run", ("standard", entity.id), run=run.id, **facts)
    return run


def differences_in(run: FusionRun) -> list[Difference]:
    """Each source and field of a run with rows that differ, most rows first."""
    return [Difference(*each) for each in run.counts["differences"]]


def run_folder(run_id: str) -> Path:
    """Where the files of a run are."""
    return settings.folder("standard") / run_id


def run_file(session: Session, run: FusionRun) -> Path:
    """The golden file of a run, beside which its rows, cells and links are.  Raises ``RunFilesNotKept``."""
    entity = session.get_one(StandardEntity, run.entity_id)
    path = run_folder(run.id) / f"{entity.name}.parquet"
    if not run.kept or not path.with_suffix(".rows.parquet").exists():
        raise RunFilesNotKept(kind="", name=run.id)
    return path


def drop_files(run_id: str) -> None:
    """Remove the files of a run."""
    shutil.rmtree(settings.home() / "standard" / run_id, ignore_errors=True)


def tidy_runs(call: Call, needed: Collection[str]) -> int:
    """Remove files of runs that are neither among the newest nor ``needed`` (ids), and what a dead process
    left; counts stay.  Returns how many runs lost theirs.
    """
    require(call, Permission.standard_run)
    kept = set(needed)
    for entity in standards(call.session):
        for kind in (FORCE, TRIAL):
            newest = select(FusionRun.id).where(FusionRun.entity_id == entity.id, FusionRun.kind == kind)
            kept.update(call.session.scalars(newest.order_by(FusionRun.id.desc()).limit(KEPT)))
    dropped = 0
    for folder in settings.folder("standard").iterdir():
        run = call.session.get(FusionRun, folder.name)
        if folder.name in kept or (run is None and time.time() - folder.stat().st_mtime < _FORGOTTEN):
            continue
        if run is not None:
            run.kept = False
            dropped += 1
        drop_files(folder.name)
    call.session.flush()
    return dropped


def due_standards(session: Session) -> list[str]:
    """Names of entities that renew themselves and whose sources have newer versions than were read."""
    due = []
    for entity in standards(session):
        kept = mapping_of(session, entity, entity.in_force)
        if kept is None or not entity.renewing:
            continue
        run = last_run(session, entity, FORCE)
        read = {each["source"]: each["number"] for each in run.versions} if run else {}
        newest = {
            each["source"]: lake.last_numbers(session, each["table_id"])[0]
            for each in kept.tables
            if each["version"] is None
        }
        stale = run is None or run.mapping_id != kept.id
        if stale or any(number > read.get(source, 0) for source, number in newest.items()):
            task = last_task(session, entity)
            if task is None or task.state == "done" or _news(session, newest, kept.tables, task):
                due.append(entity.name)
    return due


def _news(session: Session, newest: dict[str, int], tables: Sequence[dict[str, Any]], task: Task) -> bool:
    """Has anything been delivered since the task was left?  A failed one is not tried over and over."""
    if task.state != "failed":
        return False
    times = [
        version.created_at
        for each in tables
        if each["source"] in newest
        for version in lake.versions_of(session, each["table_id"])[:1]
    ]
    return any(moment > task.created_at for moment in times)


def _queue_pairs(
    call: Call, entity: StandardEntity, run: FusionRun, waiting: Sequence[dict[str, Any]]
) -> None:
    """Put the pairs of this run in place of those before; what was put off stays put off."""
    put_off = {
        (pair.left_source, pair.left_handle, pair.right_source, pair.right_handle): pair.later_at
        for pair in call.session.scalars(
            select(WaitingPair).where(WaitingPair.entity_id == entity.id, WaitingPair.later_at.is_not(None))
        )
    }
    call.session.execute(delete(WaitingPair).where(WaitingPair.entity_id == entity.id))
    made = []
    for each in waiting:
        left, right = str(each["left"]).partition(":"), str(each["right"]).partition(":")
        ends = (left[0], left[2], right[0], right[2])
        made.append(
            WaitingPair(
                id=ids.new_id(),
                entity_id=entity.id,
                run_id=run.id,
                left_source=ends[0],
                left_handle=ends[1],
                right_source=ends[2],
                right_handle=ends[3],
                probability=float(each["probability"]),
                weight=float(each["weight"]),
                weights=_weights(str(each["why"])),
                later_at=put_off.get(ends),
            )
        )
    call.session.add_all(made)
    call.session.flush()


def _weights(why: str) -> dict[str, float]:
    """Weights of the items, as ``name +8.1; birth_date -2.0`` tells them."""
    parts = (part.rpartition(" ") for part in why.split("; ") if part)
    return {name: float(weight) for name, _, weight in parts}

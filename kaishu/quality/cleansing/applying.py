"""Cleansing a stored version into the next, and back: prepared, computed without the database, kept.

The record of changes lies in the folder of the version that it led to.  Both are kept by the commit that
records the version, and both are gone if that does not come about, whenever the process dies.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, settings
from kaishu.lake import (
    Staged,
    TableData,
    beside,
    newest_version,
    open_version,
    record_derived,
    stage_derived,
    table_by_id,
    version_by_id,
)
from kaishu.lake.models import Version
from kaishu.quality.cleansing.changes import about_changes
from kaishu.quality.cleansing.parsing import parse_steps
from kaishu.quality.cleansing.passes import Passes
from kaishu.quality.cleansing.planned import (
    cleansing_of_version,
    cleansing_plan_by_id,
    cleansing_run_by_id,
    may_be_undone,
    plan_in_force,
    readable_version,
)
from kaishu.quality.cleansing.plans import FILE
from kaishu.quality.cleansing.results import COUNTS, Cleansed, StepResult
from kaishu.quality.cleansing.running import Cleansing, Progress
from kaishu.quality.cleansing.steps import StepList
from kaishu.quality.cleansing.treatments import CellTreatment
from kaishu.quality.cleansing.undoing import undo
from kaishu.quality.errors import CannotUndo, ChangesNotKept, NoCleansing, NothingToCheck
from kaishu.quality.models import CleansingRun
from kaishu.quality.referring import put_references, references

if TYPE_CHECKING:
    import polars as pl

#: Name of a dataset to the newest version of its first table.  Raises what the caller may not see.
Resolve = Callable[[str], Version]
CHANGES = "changes.parquet"
SAMPLE = 10


@dataclass(frozen=True, slots=True)
class PreparedCleansing:
    """Everything that a run or a preview needs, so that no session is open while it computes.

    ``again``: the newest version was made by this very plan, so that what it lists is on record.
    """

    base: Version
    plan_id: str
    steps: StepList
    data: TableData
    referred: Mapping[str, TableData]
    again: bool = False


@dataclass(frozen=True, slots=True)
class CleansedVersion:
    """Rows and record written, waiting to be kept; ``staged`` is None where there was nothing to do."""

    prepared: PreparedCleansing
    result: Cleansed
    steps: Sequence[Mapping[str, Any]]
    staged: Staged | None
    listed: int
    started: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class PreparedUndo:
    """The run to be undone, the version that it made and the one before."""

    run: CleansingRun
    cleansed: Version
    base: Version
    data: TableData
    changes: Path


@dataclass(frozen=True, slots=True)
class UndoneVersion:
    """Rows as they were, waiting to be kept."""

    prepared: PreparedUndo
    staged: Staged
    started: datetime
    ended: datetime


def prepare_cleansing(call: Call, table_id: str, resolve: Resolve, *, plan_id: str = "") -> PreparedCleansing:
    """What is needed to cleanse the newest version by the plan in force, or to preview a plan that is named.

    Raises ``NoCleansing``, ``NothingToCheck``, ``BadSteps``.
    """
    office = table_by_id(call.session, table_id).office_id
    require(call, Permission.cleansing_draft if plan_id else Permission.cleansing_run, office=office)
    plan = cleansing_plan_by_id(call.session, plan_id) if plan_id else plan_in_force(call.session, table_id)
    if plan is None or plan.table_id != table_id:
        raise NoCleansing()
    base = readable_version(call.session, table_id)
    if base is None:
        raise NothingToCheck()
    before = cleansing_of_version(call.session, base.id)
    return PreparedCleansing(
        base=base,
        plan_id=plan.id,
        steps=parse_steps(plan.text, FILE),
        data=open_version(base),
        referred={name: open_version(resolve(name)) for name in references(plan.text, FILE)},
        again=before is not None and before.plan_id == plan.id,
    )


def preview_cleansing(prepared: PreparedCleansing, progress: Progress | None = None) -> dict[str, Any]:
    """Counts and a sample of each step, as plain JSON; nothing is written.  Needs no session."""
    with _references(prepared) as folder:
        passes = Passes(prepared.data, prepared.steps, progress)
        cleansing = Cleansing(passes, prepared.steps, folder=folder, sample=SAMPLE)
        result = cleansing.run()
    return {
        "version": prepared.base.number,
        "version_id": prepared.base.id,
        "rows": result.rows,
        "left": result.left,
        "added_columns": list(cleansing.bound.added),
        "steps": [
            {
                **step,
                "title": each.step.title,
                "sample": [_texts(one) for one in each.changes],
                "refusals": [_texts(one) for one in each.refusals],
            }
            for step, each in zip(_told(cleansing, result.steps), result.steps, strict=True)
        ],
    }


def compute_cleansing(prepared: PreparedCleansing, progress: Progress | None = None) -> CleansedVersion:
    """Write the cleansed rows and the record of changes.  Needs no session; drop ``staged`` or keep it.

    Raises what reading and the steps raise; nothing is left then.
    """
    started = clock.now()
    made: list[Cleansing] = []
    with _references(prepared) as folder:

        def make(beside_rows: Path) -> tuple[Sequence[Mapping[str, str]], Iterator[pl.DataFrame]]:
            passes = Passes(prepared.data, prepared.steps, progress)
            made.append(
                Cleansing(passes, prepared.steps, folder=folder, changes=beside_rows / CHANGES, sample=0)
            )
            return made[0].columns, made[0].frames()

        staged = stage_derived(prepared.base, "cleanse", make)
    result = made[0].result
    assert result is not None
    listed = _count(staged.mark.folder / CHANGES)
    changed = any(step.changed or step.added or step.removed for step in result.steps)
    kept = changed or bool(made[0].bound.added) or (listed > 0 and not prepared.again)
    if not kept:
        staged.drop()
    told = _told(made[0], result.steps)
    return CleansedVersion(prepared, result, told, staged if kept else None, listed, started, clock.now())


def keep_cleansing(call: Call, run_id: str, computed: CleansedVersion) -> CleansingRun:
    """The version, its record and the run: all of it, or nothing.  Raises ``VersionMoved``."""
    prepared, staged = computed.prepared, computed.staged
    assert staged is not None
    office = table_by_id(call.session, prepared.base.table_id).office_id
    require(call, Permission.cleansing_run, office=office)
    version = record_derived(call, staged, prepared.base)
    return _keep(
        call,
        CleansingRun(
            id=run_id,
            table_id=version.table_id,
            plan_id=prepared.plan_id,
            kind="cleanse",
            base_id=prepared.base.id,
            version_id=version.id,
            rows=computed.result.rows,
            rows_left=computed.result.left,
            listed=computed.listed,
            steps=[dict(each) for each in computed.steps],
            started_at=computed.started,
            ended_at=computed.ended,
        ),
    )


def prepare_undo(call: Call, run_id: str) -> PreparedUndo:
    """What is needed to take a run's changes back.  Raises ``CannotUndo``, ``ChangesNotKept``."""
    run = cleansing_run_by_id(call.session, run_id)
    require(call, Permission.cleansing_run, office=table_by_id(call.session, run.table_id).office_id)
    cleansed, base = version_by_id(call.session, run.version_id), version_by_id(call.session, run.base_id)
    newest = newest_version(call.session, run.table_id)
    assert newest is not None
    if not may_be_undone(call.session, run):
        raise CannotUndo(made=cleansed.number, number=newest.number, base=base.number)
    changes = changes_path(cleansed)
    return PreparedUndo(run, cleansed, base, open_version(cleansed), changes)


def compute_undo(prepared: PreparedUndo, progress: Progress | None = None) -> UndoneVersion:
    """Write the rows as they were before, from the cleansed ones and the record.  Needs no session.

    Raises ``NotTheseChanges``; nothing is left then.
    """
    started = clock.now()
    about = about_changes(prepared.changes)

    def make(_: Path) -> tuple[Sequence[Mapping[str, str]], Iterator[pl.DataFrame]]:
        columns = [{"name": name, "type": type} for name, type in about.before.items()]
        return columns, undo(_frames(prepared.data, list(about.after), progress), prepared.changes)

    staged = stage_derived(prepared.cleansed, "undo", make)
    return UndoneVersion(prepared, staged, started, clock.now())


def keep_undo(call: Call, run_id: str, computed: UndoneVersion) -> CleansingRun:
    """The version with the rows as they were, and the run; all, or nothing.  Raises ``VersionMoved``."""
    prepared = computed.prepared
    undone = prepared.run
    require(call, Permission.cleansing_run, office=table_by_id(call.session, undone.table_id).office_id)
    version = record_derived(call, computed.staged, prepared.cleansed)
    return _keep(
        call,
        CleansingRun(
            id=run_id,
            table_id=version.table_id,
            plan_id=undone.plan_id,
            kind="undo",
            base_id=prepared.cleansed.id,
            version_id=version.id,
            undoes_id=undone.id,
            rows=prepared.cleansed.rows,
            rows_left=version.rows,
            listed=0,
            steps=[],
            started_at=computed.started,
            ended_at=computed.ended,
        ),
    )


def changes_path(version: Version) -> Path:
    """The record of changes of the run that made this version.  Raises ``ChangesNotKept``."""
    path = beside(version, CHANGES)
    if not path.exists():
        raise ChangesNotKept(number=version.number)
    return path


def _keep(call: Call, run: CleansingRun) -> CleansingRun:
    run.actor_id, run.actor = call.actor.id, (call.actor.name or call.actor.id)[:200]
    call.session.add(run)
    call.session.flush()
    counts = {name: sum(step[name] for step in run.steps) for name in COUNTS}
    facts = {"table": run.table_id, "version": run.version_id, "base": run.base_id, "plan": run.plan_id}
    action = "quality.cleansing.run" if run.kind == "cleanse" else "quality.cleansing.undo"
    note(call, action, ("cleansing-run", run.id), **facts, **counts, undoes=run.undoes_id or "")
    return run


def _told(cleansing: Cleansing, results: Sequence[StepResult]) -> list[dict[str, Any]]:
    """Each step with its counts and the columns that it writes."""
    found = []
    for place, each in enumerate(results):
        treatment = each.step.treatment
        found.append(
            {
                "id": each.step.id,
                "step": treatment.kind,
                "strategy": each.step.strategy,
                "title": each.step.title,
                **{name: getattr(each, name) for name in COUNTS},
                "writes": _origins(cleansing, place),
            }
        )
    return found


def _origins(cleansing: Cleansing, place: int) -> dict[str, list[str]]:
    """Each column that a step writes with those that it looks at for it."""
    treatment, types = cleansing.steps.steps[place].treatment, cleansing.bound.types[place]
    if not isinstance(treatment, CellTreatment):
        return {}
    writes, own = list(treatment.writes(types)), treatment.reads(types)
    asked = [name for name in cleansing.bound.reads(place) if name not in own]
    # What reads and writes the same columns treats each of them by itself.
    alone = set(own) == set(writes)
    return {name: list(dict.fromkeys([*([name] if alone else own), *asked])) for name in writes}


def _texts(change: Mapping[str, Any]) -> dict[str, Any]:
    names = ("row", "key", "column", "old", "new", "reason_zh", "reason_en")
    return {name: change[name] for name in names if change.get(name) is not None}


def _count(path: Path) -> int:
    from pyarrow.parquet import read_metadata

    return int(read_metadata(path).num_rows)


@contextmanager
def _references(prepared: PreparedCleansing) -> Iterator[Path]:
    """A folder for the moment, with the tables that steps refer to under their names."""
    with tempfile.TemporaryDirectory(dir=settings.folder("findings")) as made:
        put_references(Path(made), prepared.referred)
        yield Path(made)


def _frames(data: TableData, columns: Sequence[str], progress: Progress | None) -> Iterator[pl.DataFrame]:
    import polars as pl

    done = 0
    for batch in data.batches(columns):
        done += batch.num_rows
        if progress is not None:
            progress(done, data.rows)
        yield pl.DataFrame(pl.from_arrow(batch))

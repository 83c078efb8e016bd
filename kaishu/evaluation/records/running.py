"""Evaluations: data chosen, computed, kept, published, withdrawn, made again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from kaishu import catalogue, lake, queue
from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, Said
from kaishu.evaluation.building.data import MOST_UNITS, make_units, read_units, units_of_frame
from kaishu.evaluation.building.evaluating import again, build, own_data
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import UnitTable
from kaishu.evaluation.errors import EvaluationInState, NoData, TooManyScores
from kaishu.evaluation.facts.measuring import facts_table
from kaishu.evaluation.models import Evaluation, SystemEdition
from kaishu.evaluation.records.editions import actor_name, needed_reason
from kaishu.evaluation.records.queries import Chosen, built_in_system, evaluation_by_id, system_chosen
from kaishu.evaluation.records.storing import given_file, packed, result_of, store
from kaishu.evaluation.system.built_in import folder_of
from kaishu.evaluation.system.fingerprint import fingerprint
from kaishu.evaluation.system.model import Fact, Passport, column_of

TASK, SUBJECT = "evaluate", "evaluation"
#: More than this is left to the worker: rows of a table, bytes of a file.
ROWS_AT_ONCE, BYTES_AT_ONCE = 20_000, 1_000_000
MOST_FILE = 32 * 1024 * 1024
#: Units times nodes of the largest result that is kept: some hundred megabytes of memory while it is packed.
MOST_CELLS = 500_000
_FIRST, _NAME = 3, 60


@dataclass(frozen=True, slots=True)
class DataChoice:
    """Which data: those of a built-in system, a table of a dataset, a file, columns as they are given, or
    facts counted now, by ``facts``: platform, catalogue, office or division.

    ``absent``: an indicator without a column is missing for all.
    """

    dataset: str = ""
    resource: str = ""
    version: int | None = None
    file_name: str = ""
    content: bytes = b""
    columns: dict[str, list[Any]] | None = None
    facts: str = ""
    absent: bool = False

    def __post_init__(self) -> None:
        # PostgreSQL keeps no NUL in a text.
        object.__setattr__(self, "file_name", self.file_name.replace("\0", ""))

    @property
    def origin(self) -> str:
        """Where the data come from, in a word."""
        if self.columns is not None:
            return "given"
        if self.facts:
            return "facts"
        return "table" if self.dataset else "file" if self.file_name else "own"

    def as_dict(self) -> dict[str, Any]:
        """Without the data themselves."""
        return {
            "dataset": self.dataset,
            "resource": self.resource,
            "version": self.version,
            "file": self.file_name,
            "facts": self.facts,
            "absent": self.absent,
        }


@dataclass(frozen=True, slots=True)
class Loaded:
    """A system and its units, ready to be computed; ``source`` names the data for people."""

    chosen: Chosen
    units: UnitTable
    origin: str
    source: str
    version_id: str | None
    asked: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """A result, and the same packed to be kept."""

    result: Result
    body: str


@dataclass(frozen=True, slots=True)
class Again:
    """The same evaluation made again: whether every number is the same to the last bit, else how far off."""

    same: bool
    difference: float
    result: Result


def load_evaluation(call: Call, system: str, data: DataChoice) -> Loaded:
    """Read system and data; nothing is written.

    Raises ``NoSystem``, ``NoData``, ``BadData``, ``TooManyScores``, those of reading a file and of
    finding a table.
    """
    require(call, Permission.evaluation_run)
    chosen = system_chosen(call, system)
    passport = chosen.passport
    asked = {"system": system, **data.as_dict()}
    version_id, source = None, ""
    if data.origin == "table":
        dataset, entry, version = catalogue.readable_version(
            call, data.dataset, data.resource or None, data.version
        )
        asked |= {"dataset": dataset.name, "resource": entry.id, "version": version.number}
        version_id, source = version.id, f"{dataset.name} v{version.number}"
        frame = lake.open_version(version).lazy().drop("_id", strict=False).head(MOST_UNITS + 1).collect()
        units = units_of_frame(frame, passport, source=source, absent=data.absent)
    elif data.origin == "file":
        source = data.file_name
        units = _units_of_file(passport, data)
    elif data.origin == "facts":
        units = _units_of_facts(call, passport, data)
        source = units.source
    elif data.origin == "given":
        units = make_units(data.columns or {}, passport, absent=data.absent)
    else:
        path = _own_file(call, chosen)
        source, units = path.name, read_units(path, passport, absent=data.absent)
    cells = len(units) * (len(list(passport.nodes())) + 1)
    if cells > MOST_CELLS:
        raise TooManyScores(count=cells, most=MOST_CELLS)
    return Loaded(chosen, units, data.origin, source[:500], version_id, asked)


def compute(loaded: Loaded) -> Computed:
    """The result, packed too: all that takes long and needs no record.

    Raises ``BadData``, ``Undefined``, ``ResultTooLarge``.
    """
    result = build(loaded.chosen.passport, loaded.units)
    return Computed(result, packed(result.as_json().encode()))


def keep_evaluation(call: Call, loaded: Loaded, computed: Computed, waiting: str = "") -> Evaluation:
    """Keep a result with everything it was made of; ``waiting`` names the record that waited for it."""
    require(call, Permission.evaluation_run)
    if waiting:
        run = call.session.get_one(Evaluation, waiting)
        if run.state != "waiting":
            raise EvaluationInState(state=run.state)
    else:
        run = _record(call, loaded.chosen, loaded.origin)
    result = computed.result
    run.source, run.version_id, run.asked = loaded.source, loaded.version_id, loaded.asked
    run.data_digest, run.units = result.data_digest, len(result.table)
    run.summary, run.state = summary_of(result), "kept"
    call.session.flush()
    store(call.session, run, computed.body)
    note(
        call,
        "evaluation.run",
        (SUBJECT, run.id),
        system=run.system,
        fingerprint=run.fingerprint,
        data=run.data_digest,
        units=run.units,
    )
    return run


def leave_evaluation(call: Call, system: str, data: DataChoice) -> Evaluation:
    """Leave an evaluation to the worker; the record waits until it is done."""
    require(call, Permission.evaluation_run)
    if len(data.content) > MOST_FILE:
        said = Said(f"文件超过{MOST_FILE:,}字节。", f"The file is larger than {MOST_FILE:,} bytes.")
        raise Invalid({"file": [said]})
    chosen = system_chosen(call, system)
    run = _record(call, chosen, data.origin)
    run.source = (data.file_name or data.dataset or data.facts)[:500]
    run.asked = {"system": chosen.row.id if chosen.row else system, **data.as_dict()}
    call.session.flush()
    if data.origin == "file":
        store(call.session, run, packed(data.content))
    queue.enqueue(call, TASK, {"run_id": run.id}, (SUBJECT, run.id))
    return run


def load_waiting(call: Call, run_id: str) -> Loaded:
    """System and data of an evaluation that waits."""
    require(call, Permission.evaluation_run)
    run = evaluation_by_id(call, run_id)
    if run.state != "waiting":
        raise EvaluationInState(state=run.state)
    asked = run.asked
    data = DataChoice(
        dataset=asked["dataset"],
        resource=asked["resource"],
        version=asked["version"],
        file_name=asked["file"],
        content=given_file(call.session, run) if run.origin == "file" else b"",
        facts=asked.get("facts", ""),
        absent=asked["absent"],
    )
    return load_evaluation(call, asked["system"], data)


def at_once(call: Call, data: DataChoice) -> bool:
    """Whether this is soon done, or to be left to the worker."""
    require(call, Permission.evaluation_run)
    if data.origin == "table":
        found = catalogue.readable_version(call, data.dataset, data.resource or None, data.version)
        return found[2].rows <= ROWS_AT_ONCE
    return len(data.content) <= BYTES_AT_ONCE


def publish_evaluation(call: Call, id: str) -> Evaluation:
    """Show a result to everybody.  Raises ``EvaluationInState``."""
    require(call, Permission.evaluation_publish)
    run = _in_state(call, id, "kept", "withdrawn")
    run.state, run.published_at, run.published_by, run.reason = "published", call.now, actor_name(call), ""
    call.session.flush()
    note(call, "evaluation.publish", (SUBJECT, run.id), system=run.system)
    return run


def withdraw_evaluation(call: Call, id: str, reason: str) -> Evaluation:
    """Take a published result out of everybody's sight, with a reason; it stays in the history."""
    require(call, Permission.evaluation_publish)
    run = _in_state(call, id, "published")
    run.state, run.reason = "withdrawn", needed_reason(reason)
    call.session.flush()
    note(call, "evaluation.withdraw", (SUBJECT, run.id), system=run.system, reason=run.reason)
    return run


def evaluation_again(call: Call, id: str) -> Again:
    """Make an evaluation again from what was kept, and hold every number against the kept one."""
    require(call, Permission.evaluation_read)
    before = result_of(call.session, evaluation_by_id(call, id))
    found = again(before)
    pairs = [
        (getattr(before, name), getattr(found, name))
        for name in ("scores", "weights", "contributions", "rank")
    ]
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in pairs) and before.grades == found.grades
    off = max((float(np.nanmax(np.abs(a - b), initial=0.0)) for a, b in pairs), default=0.0)
    return Again(same and before.stages == found.stages, off, found)


def summary_of(result: Result) -> dict[str, Any]:
    """The first units, and the spread of the scores."""
    scores = result.index
    known = scores[~np.isnan(scores)]
    order = [row for row in np.argsort(-scores, kind="stable") if not np.isnan(scores[row])]
    names = result.table.names
    return {
        "first": [[names[row].replace("\0", ""), float(scores[row])] for row in order[:_FIRST]],
        "mean": float(known.mean()) if len(known) else None,
        "lowest": float(known.min()) if len(known) else None,
        "highest": float(known.max()) if len(known) else None,
        "without": len(scores) - len(known),
        "staged": bool(result.stages),
    }


def _record(call: Call, chosen: Chosen, origin: str) -> Evaluation:
    passport = chosen.passport
    run = Evaluation(
        id=ids.new_id(),
        system=passport.system,
        edition=passport.edition[:200],
        edition_id=chosen.row.id if chosen.row else None,
        title=(passport.title.zh or passport.title.en or passport.system)[:500],
        title_en=(passport.title.en or "")[:500],
        fingerprint=fingerprint(passport),
        origin=origin,
        asked={},
        indicators=len(passport.leaves()),
        summary={},
        state="waiting",
        actor_id=call.actor.id,
        actor=actor_name(call),
        created_at=call.now,
    )
    call.session.add(run)
    return run


def _units_of_facts(call: Call, passport: Passport, data: DataChoice) -> UnitTable:
    """The facts that the system reads, counted now; its other columns are not there."""
    leaves = passport.leaves()
    names = [
        leaf.indicator.from_.fact
        for leaf in leaves
        if leaf.indicator and isinstance(leaf.indicator.from_, Fact)
    ]
    units = facts_table(call, names, data.facts)
    wanted = {column_of(leaf) for leaf in leaves} | {
        leaf.indicator.per for leaf in leaves if leaf.indicator and leaf.indicator.per
    }
    missing = sorted(wanted - units.numbers.keys())
    if missing and (not names or not data.absent):
        listed = ", ".join(missing[:20])
        said = Said(f"这些指标不是平台事实：{listed}", f"These indicators are no facts: {listed}")
        raise Invalid({"facts": [said]})
    empty = {name: np.full(len(units), np.nan) for name in missing}
    return replace(units, numbers={**units.numbers, **empty})


def _own_file(call: Call, chosen: Chosen) -> Path:
    """The file of a built-in system, also for editions made from it; no other file is ever opened."""
    row, root = chosen.row, chosen.passport.system
    while row is not None:
        root = row.based_on
        row = call.session.get(SystemEdition, root)
    if folder_of(root) is None or built_in_system(root).passport.data != chosen.passport.data:
        raise NoData(system=chosen.passport.system)
    return own_data(chosen.passport, root)


def _units_of_file(passport: Passport, data: DataChoice) -> UnitTable:
    if len(data.content) > MOST_FILE:
        said = Said(f"文件超过{MOST_FILE:,}字节。", f"The file is larger than {MOST_FILE:,} bytes.")
        raise Invalid({"file": [said]})
    name = PurePath(data.file_name.replace("\\", "/")).name.lstrip(".") or "data"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name[-_NAME:]
        path.write_bytes(data.content)
        return read_units(path, passport, absent=data.absent)


def _in_state(call: Call, id: str, *states: str) -> Evaluation:
    run = evaluation_by_id(call, id)
    if run.state not in states:
        raise EvaluationInState(state=run.state)
    return run

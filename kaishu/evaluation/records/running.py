"""Evaluations: computed, kept, left to the worker, published, withdrawn, made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kaishu import queue
from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.evaluation.building.evaluating import again, build
from kaishu.evaluation.building.result import Result
from kaishu.evaluation.errors import EvaluationInState
from kaishu.evaluation.models import Evaluation
from kaishu.evaluation.records.editions import actor_name, needed_reason
from kaishu.evaluation.records.gathering import (
    DataChoice,
    Loaded,
    check_size,
    choose_system,
    load_evaluation,
)
from kaishu.evaluation.records.queries import evaluation_by_id
from kaishu.evaluation.records.storing import given_file, packed, result_of, store
from kaishu.evaluation.system.choosing import Chosen
from kaishu.evaluation.system.fingerprint import fingerprint

TASK, SUBJECT = "evaluate", "evaluation"
_FIRST = 3


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
        describe(run, loaded.chosen)  # a draft may have been revised while it waited
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
    check_size(data)
    chosen = choose_system(call, system, data)
    run = _record(call, chosen, data.origin)
    run.source = (data.file_name or data.dataset)[:500]
    run.asked = {"system": chosen.row.id if chosen.row else system, **data.as_dict()}
    call.session.flush()
    if data.origin == "file":
        store(call.session, run, packed(data.content))
    queue.enqueue(call, TASK, {"run_id": run.id}, (SUBJECT, run.id))
    return run


def evaluate_round(call: Call, round_id: str) -> Evaluation:
    """Evaluate a disclosed round by its own system as it was then, and keep the result.

    Indicators that are not judged are missing.  Raises ``RoundInState``, ``NotFound``, ``Undefined``.
    """
    loaded = load_evaluation(call, "", DataChoice(round=round_id, absent=True))
    return keep_evaluation(call, loaded, compute(loaded))


def load_waiting(call: Call, run_id: str) -> Loaded:
    """System and data of an evaluation that waits."""
    require(call, Permission.evaluation_run)
    run = evaluation_by_id(call, run_id)
    if run.state != "waiting":
        raise EvaluationInState(state=run.state)
    content = given_file(call.session, run) if run.origin == "file" else b""
    return load_evaluation(call, run.asked["system"], DataChoice.from_dict(run.asked, content))


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
    run = Evaluation(
        id=ids.new_id(),
        origin=origin,
        asked={},
        summary={},
        state="waiting",
        actor_id=call.actor.id,
        actor=actor_name(call),
        created_at=call.now,
    )
    describe(run, chosen)
    call.session.add(run)
    return run


def describe(run: Evaluation, chosen: Chosen) -> None:
    """Enter what the record says of its system."""
    passport = chosen.passport
    run.system, run.edition = passport.system, passport.edition[:200]
    run.edition_id = chosen.row.id if chosen.row else None
    run.title = (passport.title.zh or passport.title.en or passport.system)[:500]
    run.title_en = (passport.title.en or "")[:500]
    run.fingerprint, run.indicators = fingerprint(passport), len(passport.leaves())


def _in_state(call: Call, id: str, *states: str) -> Evaluation:
    run = evaluation_by_id(call, id)
    if run.state not in states:
        raise EvaluationInState(state=run.state)
    return run

"""Evaluations that the worker could not make, tried again with the same data."""

from __future__ import annotations

from kaishu import queue
from kaishu.access import Call, Permission, note, require
from kaishu.evaluation.errors import EvaluationInState
from kaishu.evaluation.models import Evaluation
from kaishu.evaluation.records.gathering import DataChoice, choose_system
from kaishu.evaluation.records.queries import evaluation_by_id
from kaishu.evaluation.records.running import SUBJECT, TASK, describe
from kaishu.queue.models import Task


def evaluation_task(call: Call, id: str) -> Task | None:
    """The last task that makes, or made, an evaluation; None where none was left.  Raises ``NotFound``."""
    require(call, Permission.evaluation_run)
    run = evaluation_by_id(call, id)
    tasks = queue.tasks_about(call.session, SUBJECT, run.id)
    return next((each for each in tasks if each.kind == TASK), None)


def retry_evaluation(call: Call, id: str, *, system: str = "") -> Evaluation:
    """Leave an evaluation that failed to the worker again: its data as they were given, its system as it
    reads now, or another one (``system``, a name or the id of an edition).

    Raises ``EvaluationInState`` unless it failed, ``NoSystem``, ``NotFound``.
    """
    require(call, Permission.evaluation_run)
    run = evaluation_by_id(call, id)
    call.session.refresh(run, with_for_update=True)
    task = evaluation_task(call, run.id)
    if run.state != "waiting" or task is None or task.state != "failed":
        raise EvaluationInState(state=run.state)
    given = system.strip() or str(run.asked["system"])
    chosen = choose_system(call, given, DataChoice.from_dict(run.asked, b""))
    describe(run, chosen)
    run.asked = {**run.asked, "system": chosen.row.id if chosen.row else given}
    call.session.flush()
    queue.enqueue(call, TASK, {"run_id": run.id}, (SUBJECT, run.id))
    note(call, "evaluation.retry", (SUBJECT, run.id), system=run.system, fingerprint=run.fingerprint)
    return run

"""Take a task, run it as the one who left it, write down how it went."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from kaishu import queue
from kaishu.access import Actor, Role
from kaishu.base.errors import KaishuError, Transient
from kaishu.db import session_scope
from kaishu.jobs import (
    cleansing,
    counting,
    evaluating,
    exploring,
    harvesting,
    ingesting,
    inspecting,
    pulling,
    quality_checking,
    report_sending,
    retaining,
    serving,
    sheets,
    standardising,
)
from kaishu.jobs.rounds import ROUNDS, Round

log = logging.getLogger("kaishu.jobs")

HANDLERS: dict[str, Callable[[str, Actor, dict[str, Any]], dict[str, Any]]] = {
    "ingest": ingesting.run,
    "serve": serving.run,
    "inspect": inspecting.run,
    "harvest": harvesting.run,
    "pull": pulling.run,
    "take": pulling.take,
    "sheet": sheets.run,
    "quality-check": quality_checking.run,
    "explore": exploring.run,
    "standard-run": standardising.run,
    "cleanse": cleansing.run,
    "cleanse-undo": cleansing.undo,
    "cleanse-preview": cleansing.preview,
    "clear-dropped": retaining.run,
    "evaluate": evaluating.run,
    "facts": counting.run,
    "send-reports": report_sending.run,
}


class Worker:
    """Two threads: one runs tasks one after another, the other what comes round.

    Apart, so that a long ingest holds up neither the counts nor the index.  ``without`` names rounds that
    are left out.
    """

    def __init__(self, without: Collection[str] = ()) -> None:
        self._stop = threading.Event()
        self._rounds = [replace(each, last=time.monotonic()) for each in ROUNDS if each.name not in without]
        self._threads = [
            threading.Thread(target=work, name=f"kaishu-{name}", daemon=True)
            for name, work in (("tasks", self._run_tasks), ("rounds", self._go_round))
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10) -> None:
        """Ask both to end, wait, and make the last rounds so that no count is lost.

        A task that takes longer is left to its lease: the next start takes it up again.
        """
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)
        for each in self._rounds:
            if each.at_end:
                _safely(each)

    def _run_tasks(self) -> None:
        while not self._stop.is_set():
            ran = False
            try:
                ran = run_task() is not None
            except Exception:
                log.exception("the worker could not take a task")
            if not ran:
                self._stop.wait(0.3)

    def _go_round(self) -> None:
        while not self._stop.wait(0.3):
            for each in self._rounds:
                if each.due():
                    _safely(each)


def run_task(task_id: str | None = None) -> str | None:
    """Run the oldest waiting task (or the one named); its id, or None if there was none."""
    with session_scope(write=False) as session:
        if not queue.anything_waiting(session, task_id):
            return None
    with session_scope() as session:
        task = queue.lease(session, task_id)
        if task is None:
            return None
        actor = Actor(**{**task.actor, "role": Role(task.actor["role"])})
    error: dict[str, Any] = {}
    again = False
    result: dict[str, Any] | None = None
    try:
        result = HANDLERS[task.kind](task.id, actor, task.payload)
    except KaishuError as problem:
        error, again = (
            {"zh": problem.as_dict("zh"), "en": problem.as_dict("en")},
            isinstance(problem, Transient),
        )
        log.info("task %s failed: %s", task.id, problem)
    except Exception:
        log.exception("task %s failed", task.id)
        error = _unexpected(task.id)
    with session_scope() as session:
        task = queue.task_by_id(session, task.id)
        if result is not None:
            queue.finish(session, task, result)
        else:
            queue.fail(session, task, error, again)
    return task.id


def run_waiting(limit: int = 1000) -> int:
    """Run tasks until none waits: for the terminal, the demo city and tests."""
    ran = 0
    while ran < limit and run_task() is not None:
        ran += 1
    return ran


def _unexpected(task_id: str) -> dict[str, Any]:
    return {
        "zh": {
            "code": "jobs.unexpected",
            "message": "处理时出现意外错误。",
            "advice": f"请把任务号 {task_id} 告诉管理员。",
        },
        "en": {
            "code": "jobs.unexpected",
            "message": "Something unexpected went wrong.",
            "advice": f"Tell an administrator the task number {task_id}.",
        },
    }


def _safely(each: Round) -> None:
    try:
        each.run()
    except Exception:
        log.exception("the round %s failed", each.name)

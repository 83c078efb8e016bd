"""kill -9 at any point of a cleansing leaves the old version whole, and the task is carried out once."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from kaishu import access, catalogue, jobs, lake, ledger, quality, queue, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.catalogue import DatasetRecord
from kaishu.db import forget_engines, session_scope
from kaishu.queue.models import Task

ROWS = 3_000
TABLE = "编号,名称\n" + "".join(f"{n}, 灯{n} \n" for n in range(ROWS))
STEPS = "key: 编号\nsteps:\n  - {step: trim, column: 名称}\n  - {step: deduplicate, column: 编号}\n"
#: Where the process dies: what it calls there.
POINTS = {
    "while rows are read": "kaishu.jobs.reporting.queue.progress",
    "when all is written": "kaishu.quality.cleansing.applying._count",
    "when Delta has the version": "kaishu.lake.ingesting._row",
    "before the commit": "kaishu.jobs.cleansing._told",
    "after the commit": "kaishu.jobs.worker.queue.finish",
}
#: All of them where ``KAISHU_KILLS`` asks for a long proof.
CHOSEN = [
    name
    for name in POINTS
    if "KAISHU_KILLS" in os.environ or name not in ("when all is written", "before the commit")
]


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def table(home: Path) -> str:
    """Id of the table of a dataset with one version and a plan in force."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        access.add_office(call, title="统计局", name="tongjiju", code="11000002")
        name = catalogue.add_dataset(
            call, record=DatasetRecord(title="灯"), office="tongjiju", name="lamps"
        ).name
        delivery = source.receive(call, "lamps.csv", io.BytesIO(TABLE.encode()))
        plan = lake.make_plan(delivery.path, delivery.name).to_dict()
        payload = {"delivery_id": delivery.id, "plan": plan, "dataset": name, "resource_id": None}
        queue.enqueue(call, "ingest", payload)
    jobs.run_waiting()
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        (entry,) = catalogue.draft_resources(call, catalogue.dataset_by_name(call, name))
        quality.keep_cleansing_plan(call, str(entry.table_id), STEPS).state = "in-force"
        return str(entry.table_id)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run_and_die(home: str, task_id: str, point: str) -> None:
    """What the killed process does."""
    os.environ["KAISHU_HOME"] = home
    forget_engines()
    with mock.patch(point, lambda *_, **__: die()):
        jobs.run_task(task_id)


def killed(home: Path, task_id: str, point: str) -> None:
    made = multiprocessing.get_context("spawn").Process(target=run_and_die, args=(str(home), task_id, point))
    made.start()
    made.join()
    assert made.exitcode == -signal.SIGKILL
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        lake.sweep(call)
        assert ledger.verify(session).ok
        session.get_one(Task, task_id).leased_until = clock.now() - timedelta(seconds=1)


def left(act: Callable[[Call], str]) -> str:
    with session_scope() as session:
        return act(Call(session, TERMINAL, clock.now(), ids.new_id()))


def seen(table: str) -> list[tuple[int, str, Any]]:
    with session_scope(write=False) as session:
        versions = lake.versions_of(session, table)
    folders = [path.name for path in lake.beside(versions[0], "").parent.iterdir() if path.is_dir()]
    assert sorted(folders) == sorted(["_delta_log", *(each.id for each in versions)]), (
        "nothing half-made is left"
    )
    return [(each.number, each.mode, lake.open_version(each).lazy().collect()) for each in versions]


@pytest.mark.parametrize("name", CHOSEN)
def test_killed_at_every_point_and_carried_out_once(home: Path, table: str, name: str) -> None:
    point = POINTS[name]
    task_id = left(partial(quality.leave_cleansing, table_id=table, dataset="lamps"))
    killed(home, task_id, point)
    done = "finish" in point
    assert [each[:2] for each in seen(table)] == ([(2, "cleanse")] if done else []) + [(1, "replace")]
    assert jobs.run_task(task_id) == task_id
    (_, _, cleansed), (_, _, before) = seen(table)
    assert cleansed["名称"].to_list() == [f"灯{n}" for n in range(ROWS)]
    assert before["名称"].to_list() == [f" 灯{n} " for n in range(ROWS)]
    with session_scope(write=False) as session:
        (run,) = quality.cleansing_runs(session, table)
        assert queue.task_by_id(session, task_id).state == "done" and run.id == task_id
        assert quality.changes_path(lake.version_by_id(session, run.version_id)).exists()


def test_an_undoing_that_was_killed_leaves_the_cleansed_version(home: Path, table: str) -> None:
    run_id = left(partial(quality.leave_cleansing, table_id=table, dataset="lamps"))
    jobs.run_task(run_id)
    task_id = left(partial(quality.leave_cleansing_undo, run_id=run_id, dataset="lamps"))
    killed(home, task_id, POINTS["when Delta has the version"])
    assert [each[:2] for each in seen(table)] == [(2, "cleanse"), (1, "replace")]
    jobs.run_task(task_id)
    undone, _, first = seen(table)
    assert undone[:2] == (3, "undo") and undone[2].equals(first[2])

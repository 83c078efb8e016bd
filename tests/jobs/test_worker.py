"""What is left in the queue gets done as the one who left it, and a failure says why."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaishu import access, catalogue, jobs, lake, ledger, quality, queue, source, usage
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock
from kaishu.catalogue import DatasetRecord
from kaishu.db import session_scope

CSV = "代码,名称,人数\n001,东城,10\n002,西城,20\n003,朝阳,\n".encode("gb18030")


@pytest.fixture
def town(home: Path) -> Iterator[str]:
    """A home with one office and a dataset without data; yields the dataset's name."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        access.add_office(call, title="统计局", name="tongjiju", code="11000002")
        name = catalogue.add_dataset(call, record=DatasetRecord(title="区划"), office="tongjiju").name
    yield name


def leave(name: str, content: bytes, file_name: str = "qu.csv", actor: Actor = TERMINAL) -> str:
    """Receive a file and leave its ingest in the queue."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        delivery = source.receive(call, file_name, io.BytesIO(content))
        plan = lake.make_plan(delivery.path, file_name).to_dict()
        call = Call(session, actor, clock.now(), "test")
        payload = {"delivery_id": delivery.id, "plan": plan, "dataset": name, "resource_id": None}
        return queue.enqueue(call, "ingest", payload).id


def test_an_ingest_makes_a_version_of_the_draft(town: str) -> None:
    task_id = leave(town, CSV)
    assert jobs.run_waiting() == 1
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        task = queue.task_by_id(session, task_id)
        assert (task.state, (task.result or {})["rows"]) == ("done", 3)
        dataset = catalogue.dataset_by_name(call, town)
        entry = catalogue.draft_resources(call, dataset)[0]
        assert (entry.version, entry.rows, entry.format) == (1, 3, "CSV")
        assert [item["name"] for item in dataset.record["items"]] == ["代码", "名称", "人数"]


def test_a_second_file_is_the_second_version_of_the_same_table(town: str) -> None:
    for _ in range(2):
        leave(town, CSV)
    assert jobs.run_waiting() == 2
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        entries = catalogue.draft_resources(call, catalogue.dataset_by_name(call, town))
        assert [(entry.version, entry.rows) for entry in entries] == [(2, 3)]


def test_a_failed_ingest_says_why_in_both_languages_and_leaves_nothing(town: str, home: Path) -> None:
    task_id = leave(town, CSV, actor=Actor("person", "p9", "外人", Role.member))
    jobs.run_waiting()
    with session_scope(write=False) as session:
        task = queue.task_by_id(session, task_id)
        assert task.state == "failed"
        assert {"zh", "en"} <= set(task.error or {})
        dataset = catalogue.dataset_by_name(Call(session, TERMINAL, clock.now(), "test"), town)
        assert dataset.resources == []
    assert not list((home / "lake").glob("*/*.parquet"))


def test_publication_leaves_serving_copies_and_profiles(town: str) -> None:
    leave(town, CSV)
    jobs.run_waiting()
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        record = DatasetRecord.model_validate(catalogue.dataset_by_name(call, town).record)
        complete = record.model_copy(
            update={
                "description": "各区的代码、名称和人数。",
                "resource_class": "base",
                "format_category": "spreadsheet",
                "share_class": "unconditional",
                "open_class": "unconditional",
                "update_frequency": "yearly",
                "themes": ["geography"],
                "licence": "cc-by-4.0",
                "contact_name": "统计科",
            }
        )
        catalogue.revise(call, town, catalogue.record_from(complete.model_dump(mode="json")))
        catalogue.publish(call, town)
    assert jobs.run_waiting() == 1
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), "test")
        _, _, version = catalogue.readable_version(call, town)
        profile = quality.profile_of(session, version.id)
        assert profile is not None
        assert profile["table"]["records"] == 3


def test_counted_reads_reach_the_ledger_and_the_usage_table(town: str) -> None:
    from kaishu.jobs.rounds import flush_counts

    with session_scope(write=False) as session:
        dataset = catalogue.dataset_by_name(Call(session, TERMINAL, clock.now(), "test"), town)
    for _ in range(3):
        ledger.tally(TERMINAL.row, "catalogue.view", ("dataset", dataset.id))
    flush_counts()
    with session_scope(write=False) as session:
        assert usage.counts(session, dataset.id).views == 3
        assert ledger.verify(session).ok


def test_a_running_worker_takes_what_is_left_for_it(town: str) -> None:
    import time

    worker = jobs.Worker()
    worker.start()
    task_id = leave(town, CSV)
    try:
        for _ in range(1200):
            with session_scope(write=False) as session:
                if queue.task_by_id(session, task_id).state == "done":
                    break
            time.sleep(0.05)
        else:
            pytest.fail("the worker did not take the task within a minute")
    finally:
        worker.stop()

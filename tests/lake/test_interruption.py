"""kill -9 at any moment of an ingest leaves the old version or the new one, and no rubbish."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from kaishu.access import TERMINAL, Call, add_office
from kaishu.base import clock
from kaishu.db import forget_engines, session_scope
from kaishu.lake import add_table, open_version, record_staged, stage, sweep, versions_of
from kaishu.lake.folders import LOG, table_folder
from kaishu.lake.models import Table
from kaishu.ledger import verify
from kaishu.source import keep_original, receive_original

ROWS = 4_000
ROUNDS = 24


def content(number: int) -> bytes:
    """A file whose every row tells which version it belongs to; its columns change with the version."""
    head = f"编号,版本,时间{number % 3}\n"
    return (head + "".join(f"{n},{number},2024-01-01 08:00:00\n" for n in range(ROWS + number))).encode()


def ingest_once(home: str, table_id: str, number: int, staged_now: Event | None) -> None:
    """What the killed process does: receive, read, record."""
    os.environ["KAISHU_HOME"] = home
    forget_engines()
    original = keep_original(f"{number}.csv", io.BytesIO(content(number)))
    staged = stage(original.path, original.name, table_id=table_id)
    if staged_now is not None:
        staged_now.set()
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), str(number))
        table = session.get_one(Table, table_id)
        record_staged(call, staged, delivery=receive_original(call, original), table=table)


def check(home: Path, table_id: str, whole: bool = False) -> int:
    """Everything that must hold after a sweep; returns the newest version's number."""
    from deltalake import DeltaTable

    with session_scope() as session:
        sweep(Call(session, TERMINAL, clock.now(), "sweep"))
        found = versions_of(session, table_id)
        assert verify(session).ok
    for version in found if whole else found[:2]:
        with open_version(version).connection() as connection:
            counted = connection.execute(
                "SELECT count(*), max(_id), min(版本), max(版本) FROM data"
            ).fetchone()
        assert counted == (version.rows, version.rows, *[version.rows - ROWS] * 2)
    folder = table_folder(table_id)
    assert {path.name for path in folder.iterdir()} == {LOG, *(version.id for version in found)}
    assert DeltaTable(str(folder)).version() == found[0].delta_version
    assert not list((home / "lake" / "unfinished").iterdir())
    assert not list((home / "originals" / "arriving").iterdir())
    assert not [path for path in folder.rglob("*") if path.name == "lock" or path.suffix == ".tmp"]
    return found[0].number


@pytest.fixture
def started(home: Path) -> str:
    """A committed table with one version."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "0")
        return add_table(call, add_office(call, title="统计局").id).id


def test_killed_at_any_moment(home: Path, started: str) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(
        ["kaishu.tables", "kaishu.lake", "deltalake", "pyarrow.parquet", "pyarrow.csv", "pyarrow.compute"]
    )
    chance = random.Random(20261121)
    for number in (0, 1):  # the first one also waits for the imports
        staged_now, begun = processes.Event(), time.monotonic()
        process = processes.Process(target=ingest_once, args=(str(home), started, number, staged_now))
        process.start()
        staged_now.wait(60)
        staging = time.monotonic() - begun
        process.join()
        recording = time.monotonic() - begun - staging
        assert process.exitcode == 0
    newest = check(home, started)
    assert newest == 2
    ends = set()
    for number in range(2, ROUNDS + 2):
        staged_now = processes.Event()
        process = processes.Process(target=ingest_once, args=(str(home), started, number, staged_now))
        process.start()
        if number % 2:
            time.sleep(chance.uniform(0, staging))
        else:
            staged_now.wait(60)
            time.sleep(chance.uniform(0, recording * 1.5))
        process.kill()
        process.join()
        after = check(home, started)
        assert after in (newest, newest + 1)
        ends.add(after - newest)
        newest = after
    assert ends == {0, 1}, "some were killed before the end and some after it"
    ingest_once(str(home), started, ROUNDS + 2, None)
    assert check(home, started, whole=True) == newest + 1

"""kill -9 at any moment of an ingest leaves the old version or the new one, and no rubbish."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest

from kaishu.access import TERMINAL, Call, add_office
from kaishu.base import clock
from kaishu.db import forget_engines, session_scope
from kaishu.lake import (
    Update,
    add_table,
    newest_version,
    open_version,
    record_staged,
    stage,
    sweep,
    versions_of,
)
from kaishu.lake.folders import LOG, table_folder
from kaishu.lake.models import Table, Version
from kaishu.ledger import verify
from kaishu.source import keep_original, receive_original

ROWS = 4_000
#: ``KAISHU_KILLS=200`` makes it a long proof.
ROUNDS = int(os.environ.get("KAISHU_KILLS", "24"))
UPDATES = max(ROUNDS // 2, 8)


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


def batch(number: int) -> tuple[Update, bytes]:
    """What the ``number``-th batch of a table that is not replaced brings."""
    rows = [(number * 37 + n, number) for n in range(400)]
    if number % 3 == 1:
        return Update(mode="append"), sheet("键,值", [(-number, number)])
    if number % 3 == 2:
        return Update(mode="merge", key=("键",)), sheet("键,值", rows)
    changes = [(*row, "D" if row[0] % 5 == 0 else "U") for row in rows]
    return Update(mode="changes", key=("键",), marker="操作"), sheet("键,值,操作", changes)


def sheet(head: str, rows: list[tuple[object, ...]]) -> bytes:
    """CSV."""
    return (head + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)).encode()


def applied(model: dict[int, int], number: int) -> dict[int, int]:
    """The table's rows after that batch."""
    update, text = batch(number)
    after = dict(model)
    for line in text.decode().splitlines()[1:]:
        key, value, *operation = line.split(",")
        after.pop(int(key), None) if operation == ["D"] else after.update({int(key): int(value)})
    assert update.mode != "append" or len(after) == len(model) + 1
    return after


def update_once(home: str, table_id: str, number: int, staged_now: Event | None) -> None:
    """What the killed process does: receive, read, compare, record."""
    os.environ["KAISHU_HOME"] = home
    forget_engines()
    update, text = batch(number) if number else (Update(), sheet("键,值", list(first().items())))
    original = keep_original(f"{number}.csv", io.BytesIO(text))
    with session_scope(write=False) as session:
        base = newest_version(session, table_id)
    staged = stage(original.path, original.name, table_id=table_id, update=update, base=base)
    if staged_now is not None:
        staged_now.set()
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), str(number))
        table = session.get_one(Table, table_id)
        record_staged(call, staged, delivery=receive_original(call, original), table=table)


def first() -> dict[int, int]:
    """The table at first."""
    return dict.fromkeys(range(ROWS), 0)


def check_updates(home: Path, table_id: str, models: list[dict[int, int]], whole: bool = False) -> int:
    """Everything that must hold after a sweep; returns the newest version's number."""
    with session_scope() as session:
        sweep(Call(session, TERMINAL, clock.now(), "sweep"))
        found = versions_of(session, table_id)
        assert verify(session).ok
    for version in found if whole else found[:1]:
        if version.number > len(models):  # recorded just before the kill
            models = [*models, applied(models[-1], int(version.file_name.removesuffix(".csv")))]
        assert opened(version) == said(models[version.number - 1])
    left_clean(home, table_id, found)
    return found[0].number


def opened(version: Version) -> tuple[object, ...]:
    """Rows, and sums that tell their content."""
    with open_version(version).connection() as connection:
        asked = "SELECT count(*), sum(键), sum(值), sum(键 * 值) FROM data"
        return connection.execute(asked).fetchone() or ()


def said(model: dict[int, int]) -> tuple[object, ...]:
    """The same of rows in memory."""
    return len(model), sum(model), sum(model.values()), sum(key * value for key, value in model.items())


def check(home: Path, table_id: str, whole: bool = False) -> int:
    """Everything that must hold after a sweep; returns the newest version's number."""
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
    left_clean(home, table_id, found)
    return found[0].number


def left_clean(home: Path, table_id: str, found: Sequence[Version]) -> None:
    """Files, log and marks are those of the recorded versions and no others."""
    from deltalake import DeltaTable

    folder = table_folder(table_id)
    assert {path.name for path in folder.iterdir()} == {LOG, *(version.id for version in found)}
    assert DeltaTable(str(folder)).version() == found[0].delta_version
    assert not list((home / "lake" / "unfinished").iterdir())
    assert not list((home / "originals" / "arriving").iterdir())
    assert not [path for path in folder.rglob("*") if path.name == "lock" or path.suffix == ".tmp"]


@pytest.fixture
def started(home: Path) -> str:
    """A committed table with one version."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "0")
        return add_table(call, add_office(call, title="统计局").id).id


@pytest.fixture(scope="module")
def processes() -> Any:
    """Processes that have their imports behind them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [
            "kaishu.tables",
            "kaishu.lake",
            "kaishu.lake.patching",
            "deltalake",
            "duckdb",
            "pyarrow.parquet",
            "pyarrow.csv",
            "pyarrow.compute",
        ]
    )
    return context


def killed(processes: Any, act: Callable[..., None], rounds: int, home: Path, table_id: str) -> Iterator[int]:
    """Batch after batch, each killed at a random moment; the number of each that was."""
    chance = random.Random(20261121)
    for number in (0, 1):  # the first one also waits for the imports
        staged_now, begun = processes.Event(), time.monotonic()
        process = processes.Process(target=act, args=(str(home), table_id, number, staged_now))
        process.start()
        staged_now.wait(60)
        staging = time.monotonic() - begun
        process.join()
        recording = time.monotonic() - begun - staging
        assert process.exitcode == 0
    for number in range(2, rounds + 2):
        staged_now = processes.Event()
        process = processes.Process(target=act, args=(str(home), table_id, number, staged_now))
        process.start()
        if number % 2:
            time.sleep(chance.uniform(0, staging))
        else:
            staged_now.wait(60)
            time.sleep(chance.uniform(0, recording * 1.5))
        process.kill()
        process.join()
        yield number


def test_killed_at_any_moment(home: Path, started: str, processes: Any) -> None:
    newest, ends = 2, set()
    for _number in killed(processes, ingest_once, ROUNDS, home, started):
        after = check(home, started)
        assert after in (newest, newest + 1)
        ends.add(after - newest)
        newest = after
    assert ends == {0, 1}, "some were killed before the end and some after it"
    ingest_once(str(home), started, ROUNDS + 2, None)
    assert check(home, started, whole=True) == newest + 1


def test_killed_while_adding_merging_and_replaying(home: Path, started: str, processes: Any) -> None:
    models, ends = [first(), applied(first(), 1)], set()
    for number in killed(processes, update_once, UPDATES, home, started):
        after = check_updates(home, started, models)
        assert after in (len(models), len(models) + 1)
        ends.add(after - len(models))
        if after > len(models):
            models.append(applied(models[-1], number))
    assert ends == {0, 1}, "some were killed before the end and some after it"
    update_once(str(home), started, UPDATES + 2, None)
    models.append(applied(models[-1], UPDATES + 2))
    assert check_updates(home, started, models, whole=True) == len(models)

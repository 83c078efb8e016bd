"""kill -9 at any moment of an ingest leaves the old version or the new one, and no rubbish."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kaishu.access import TERMINAL, Call, add_office
from kaishu.base import clock
from kaishu.db import session_scope
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
from tests.killing import MANY, SHARE, killed, marks_left

ROWS = 4_000


def content(number: int) -> bytes:
    """A file whose every row tells which version it belongs to; its columns change with the version."""
    head = f"编号,版本,时间{number % 3}\n"
    return (head + "".join(f"{n},{number},2024-01-01 08:00:00\n" for n in range(ROWS + number))).encode()


def ingest_once(table_id: str, number: int, half: Callable[[], None] = lambda: None) -> None:
    """What the killed process does: receive, read, record."""
    original = keep_original(f"{number}.csv", io.BytesIO(content(number)))
    staged = stage(original.path, original.name, table_id=table_id)
    half()
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


def update_once(table_id: str, number: int, half: Callable[[], None] = lambda: None) -> None:
    """What the killed process does: receive, read, compare, record."""
    update, text = batch(number) if number else (Update(), sheet("键,值", list(first().items())))
    original = keep_original(f"{number}.csv", io.BytesIO(text))
    with session_scope(write=False) as session:
        base = newest_version(session, table_id)
    staged = stage(original.path, original.name, table_id=table_id, update=update, base=base)
    half()
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
    assert not marks_left(home)
    assert not list((home / "originals" / "arriving").iterdir())
    assert not [path for path in folder.rglob("*") if path.name == "lock" or path.suffix == ".tmp"]


@pytest.fixture
def started(home: Path) -> str:
    """A committed table with one version."""
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "0")
        return add_table(call, add_office(call, title="统计局").id).id


def test_killed_at_any_moment(home: Path, started: str) -> None:
    newest, ends = 0, set()
    for number in killed(ingest_once, lambda number: (started, number + 2)):
        after = check(home, started)
        assert after in ((newest, newest + 1) if number >= 0 else (newest + 1,))
        ends.add(after - newest)
        newest = after
    assert ends == {0, 1} or SHARE < MANY, "some were killed before the end and some after it"
    ingest_once(started, SHARE + 2)
    assert check(home, started, whole=True) == newest + 1


def test_killed_while_adding_merging_and_replaying(home: Path, started: str) -> None:
    models: list[dict[int, int]] = []
    ends = set()
    for number in killed(update_once, lambda number: (started, number + 2)):
        if number < 0:
            models.append(applied(models[-1], 1) if models else first())
        after = check_updates(home, started, models)
        assert after in (len(models), len(models) + 1)
        ends.add(after - len(models))
        if after > len(models):
            models.append(applied(models[-1], number + 2))
    assert ends == {0, 1} or SHARE < MANY, "some were killed before the end and some after it"
    update_once(started, SHARE + 2)
    models.append(applied(models[-1], SHARE + 2))
    assert check_updates(home, started, models, whole=True) == len(models)

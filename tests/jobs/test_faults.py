"""A source that hangs up, a full disk, another type, two at once: it is said, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kaishu import access, catalogue, jobs, lake, quality, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.base.errors import KaishuError
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.db import session_scope
from kaishu.jobs import ingesting
from kaishu.ledger import verify
from kaishu.source import ContractDraft
from kaishu.source.errors import DiskFull, SourceUnreachable
from tests.conftest import BOTH_DATABASES
from tests.source.conftest import mariadb, postgres

__all__ = ["mariadb", "postgres"]  # fixtures


@pytest.fixture
def database() -> str:
    """Most faults are the same on any database; those that are not ask for both."""
    return "sqlite"


def act(done: Callable[[Call], Any]) -> Any:
    with session_scope() as session:
        return done(Call(session, TERMINAL, clock.now(), ids.new_id()))


@pytest.fixture
def office(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dataset ``schools`` of an office."""
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(tmp_path))
    monkeypatch.setenv("KAISHU_SOURCE_ALLOW", "127.0.0.1")
    made = act(lambda call: access.add_office(call, name="edu", title="教育局").id)
    record = DatasetRecord(title="学校", description="全市学校名录，每天更新。")
    act(lambda call: catalogue.add_dataset(call, record=record, office="edu", name="schools"))
    return str(made)


def agree(
    office: str, kind: str, options: dict[str, str], table: str, secret: Any = None, **agreed: Any
) -> None:
    def do(call: Call) -> None:
        source.add_source(call, name="db", kind=kind, office="edu", options=options, secret=secret)
        source.certify_source(call, "db")
        draft = ContractDraft(
            name="schools", source="db", table=table, dataset="schools", period="daily", **agreed
        )
        source.make_contract(call, draft, office)

    act(do)
    look = act(lambda call: source.look_at(source.place_of(source.source_by_name(call, "db"))))
    act(lambda call: source.keep_look(call, "db", look))


def newest() -> lake.VersionData:
    def do(call: Call) -> lake.VersionData:
        contract = source.contract_by_name(call, "schools")
        version = lake.newest_version(call.session, str(contract.table_id))
        assert version is not None
        return lake.open_version(version)

    found: lake.VersionData = act(do)
    return found


def trouble() -> tuple[str, bool]:
    """What the contract says, and whether it is tried again."""

    def do(call: Call) -> tuple[str, bool]:
        contract = source.contract_by_name(call, "schools")
        return (contract.trouble or {}).get("en", {}).get("code", ""), contract.next_try_at is not None

    found: tuple[str, bool] = act(do)
    return found


def nothing_left(home: Path) -> None:
    act(lambda call: lake.sweep(call))
    assert not list((home / "pulls").iterdir())
    assert not list((home / "lake" / "unfinished").iterdir())
    assert act(lambda call: verify(call.session).ok)


# A database that is stopped in the middle of a pull


class Postgres:
    """A table on PostgreSQL, and a way to end every connection of ours."""

    kind, table = "postgresql", "public.wide"

    def __init__(self, place: dict[str, str]) -> None:
        import psycopg

        asked = {"host": place["host"], "user": place["user"], "dbname": place["database"]}
        self.admin = psycopg.connect(**asked, autocommit=True)
        self.admin.execute("CREATE TABLE wide (i integer, t text)")

    def fill(self, rows: int) -> None:
        self.admin.execute("TRUNCATE wide")
        self.admin.execute(f"INSERT INTO wide SELECT i, repeat('x', 1000) FROM generate_series(1, {rows}) i")

    def stop(self) -> None:
        self.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'kaishu' AND datname = current_database()"
        )


class MariaDB:
    """The same on MariaDB."""

    kind, table = "mysql", "wide"

    def __init__(self, place: dict[str, str]) -> None:
        import pymysql

        self.admin = pymysql.connect(unix_socket="/run/mysqld/mysqld.sock", user="root", autocommit=True)
        self.user = place["user"]
        self.ask(f"USE {place['database']}")
        self.ask("CREATE TABLE wide (i integer, t text)")

    def ask(self, sql: str) -> Any:
        with self.admin.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def fill(self, rows: int) -> None:
        self.ask("TRUNCATE wide")
        self.ask(f"INSERT INTO wide SELECT seq, repeat('x', 1000) FROM seq_1_to_{rows}")

    def stop(self) -> None:
        for (id,) in self.ask(f"SELECT id FROM information_schema.processlist WHERE user = '{self.user}'"):
            self.ask(f"KILL {int(id)}")


@pytest.mark.parametrize("server", [Postgres, MariaDB])
def test_a_database_that_hangs_up_in_the_middle_costs_nothing(
    server: Any, office: str, home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = request.getfixturevalue("postgres" if server is Postgres else "mariadb")
    remote = server(place)
    secret = {} if server is Postgres else {"password": "geheim-口令"}
    remote.fill(100)
    agree(office, remote.kind, place, remote.table, secret)
    jobs.pull(TERMINAL, "schools")
    before = newest()
    from kaishu.source.connectors import spooling

    def interrupted(batches: Any, *given: Any) -> Any:
        def some() -> Iterator[Any]:
            for number, batch in enumerate(batches):
                if number == 0:
                    remote.stop()
                yield batch

        return spooling.spool(some(), *given)

    remote.fill(22_000)
    with monkeypatch.context() as patch:
        patch.setattr(f"kaishu.source.connectors.{remote.kind}.spool", interrupted)
        with pytest.raises(SourceUnreachable):
            jobs.pull(TERMINAL, "schools")
    assert trouble() == ("source.unreachable", True)
    assert newest().version_id == before.version_id
    nothing_left(home)
    remote.fill(200)
    jobs.pull(TERMINAL, "schools")
    assert trouble() == ("", False)
    assert newest().rows == 200
    remote.admin.close()


# A column that changes its type


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE schools (id INTEGER PRIMARY KEY, pupils INTEGER)")
        made.executemany("INSERT INTO schools VALUES (?, ?)", [(n, n * 10) for n in range(1, 101)])
    return path


def test_a_column_that_changes_its_type_is_said_and_the_version_that_stands_stays(
    office: str, register: Path, home: Path
) -> None:
    agree(office, "sqlite", {"path": str(register)}, "schools", update={"mode": "merge", "key": ["id"]})
    jobs.pull(TERMINAL, "schools")
    before = newest()
    with sqlite3.connect(register) as changed:
        changed.execute("ALTER TABLE schools RENAME TO old")
        changed.execute("CREATE TABLE schools (id INTEGER PRIMARY KEY, pupils TEXT)")
        changed.execute("INSERT INTO schools SELECT id, '约' || pupils || '人' FROM old")
    with pytest.raises(KaishuError) as said:
        jobs.pull(TERMINAL, "schools")
    assert "pupils" in said.value.sentence("zh")
    assert trouble()[0] == said.value.code == "lake.column-type-differs"
    assert newest().version_id == before.version_id
    drifts = act(lambda call: [(each.kind, each.column_name) for each in source.drift_of(call, "db")])
    assert drifts == [("retyped", "pupils")]
    nothing_left(home)
    with sqlite3.connect(register) as mended:
        mended.execute("UPDATE schools SET pupils = CAST(trim(pupils, '约人') AS INTEGER) + 1")
    jobs.pull(TERMINAL, "schools")
    assert newest().lazy().collect()["pupils"].to_list() == [n * 10 + 1 for n in range(1, 101)]


# Two at once


@pytest.mark.parametrize("database", BOTH_DATABASES)
def test_two_pulls_at_once_do_not_add_the_same_rows_twice(
    office: str, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"marker": "id", "update": {"mode": "append"}, "redelivery": "keep"}
    agree(office, "sqlite", {"path": str(register)}, "schools", **more)
    keep, other = source.keep_original, []

    def overtaken(*given: Any) -> Any:
        if not other:  # the first has read the source; the second comes and goes meanwhile
            other.append(None)
            other[0] = jobs.pull(TERMINAL, "schools")
        return keep(*given)

    for total in (100, 150):
        other.clear()
        with monkeypatch.context() as patch:
            patch.setattr(source, "keep_original", overtaken)
            assert jobs.pull(TERMINAL, "schools")["state"] == "overtaken"
        assert other[0]["state"] == "taken"
        assert newest().lazy().collect()["id"].to_list() == list(range(1, total + 1))
        assert trouble() == ("", False)
        with sqlite3.connect(register) as grown:
            grown.executemany(
                "INSERT INTO schools VALUES (?, 1)", [(n,) for n in range(total + 1, total + 51)]
            )


@pytest.mark.parametrize("database", BOTH_DATABASES)
def test_two_first_pulls_at_once_make_one_table(
    office: str, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(office, "sqlite", {"path": str(register)}, "schools")
    stage, other = lake.stage, []

    def overtaken(*given: Any, **more: Any) -> Any:
        staged = stage(*given, **more)
        if not other:
            other.append(None)
            other[0] = jobs.pull(TERMINAL, "schools")
        return staged

    monkeypatch.setattr(lake, "stage", overtaken)
    assert jobs.pull(TERMINAL, "schools")["version"] == 2
    assert other[0]["version"] == 1
    assert newest().rows == 100
    assert (
        len(act(lambda call: catalogue.draft_resources(call, catalogue.dataset_by_name(call, "schools"))))
        == 1
    )


@pytest.mark.parametrize("database", BOTH_DATABASES)
def test_batches_that_are_added_at_once_are_all_there(office: str, home: Path, tmp_path: Path) -> None:
    def payload(number: int, **more: Any) -> dict[str, Any]:
        file = tmp_path / f"{number}.csv"
        file.write_text("编号,批\n" + "".join(f"{number * 100 + n},{number}\n" for n in range(100)))
        delivery = act(lambda call: source.receive_path(call, file).id)
        plan = lake.make_plan(file, file.name).to_dict()
        return {"delivery_id": delivery, "plan": plan, "dataset": "schools", "resource_id": None, **more}

    made = ingesting.run(ids.new_id(), TERMINAL, payload(0))
    append = {"resource_id": made["resource"], "update": {"mode": "append"}}
    waiting = [payload(number, **append) for number in range(1, 5)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda each: ingesting.run(ids.new_id(), TERMINAL, each), waiting))
    assert sorted(each["version"] for each in done) == [2, 3, 4, 5]
    last = act(
        lambda call: lake.version_by_id(call.session, max(done, key=lambda e: e["version"])["version_id"])
    )
    found = lake.open_version(last).lazy().collect()
    assert sorted(map(int, found["编号"].to_list())) == list(range(500))
    assert found["_id"].n_unique() == 500
    nothing_left_of_lake(home)


def nothing_left_of_lake(home: Path) -> None:
    assert not list((home / "lake" / "unfinished").iterdir())
    assert act(lambda call: verify(call.session).ok)


# A disk that is full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(asked, check=False, capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("mode", ["append", "merge"])
def test_a_full_disk_is_said_and_the_version_that_stands_stays(
    mode: str, office: str, home: Path, tmp_path: Path, small_disk: Path
) -> None:
    (home / "lake").mkdir(exist_ok=True)
    (home / "lake").rmdir()
    (home / "lake").symlink_to(small_disk)
    update = lake.Update.from_dict({"mode": mode, "key": ["编号"]} if mode == "merge" else {"mode": mode})

    def deliver(rows: int, update: lake.Update = update) -> lake.VersionData:
        file = tmp_path / "a.csv"
        file.write_text("编号,值\n" + "".join(f"{n},{os.urandom(16).hex()}\n" for n in range(1, rows + 1)))

        def do(call: Call) -> lake.VersionData:
            version = lake.ingest(call, source.receive_path(call, file), table=table(call), update=update)
            return lake.open_version(version)

        made: lake.VersionData = act(do)
        return made

    first = act(lambda call: lake.add_table(call, office).id)

    def table(call: Call) -> Any:
        return lake.table_by_id(call.session, first)

    before = deliver(1_000, lake.Update())
    content = before.lazy().collect()
    with pytest.raises(DiskFull) as said:
        deliver(200_000)
    assert "a.csv" in said.value.sentence("zh")
    act(lambda call: lake.sweep(call))
    nothing_left_of_lake(home)
    assert act(lambda call: lake.newest_version(call.session, first).id) == before.version_id
    assert before.lazy().collect().equals(content)
    assert deliver(1_100).rows >= 1_100, "there is room again"


# A rule that would never end or cannot be computed


def test_patterns_that_would_run_for_ever_and_divisions_by_zero_are_findings(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("名,甲,乙\n" + f"{'a' * 5_000}!,1,0\n" * 2_000)
    rules = quality.parse_rules(
        """
rules:
  - {id: forever, check: pattern, column: 名, pattern: '(a+)+$'}
  - {id: nested, check: expression, expression: "名 matches '(a|aa)+$'"}
  - {id: zero, check: expression, expression: "甲 / 乙 > 1"}
"""
    )
    with lake.reading_file(file) as data:
        forever, nested, zero = quality.check_data(data, rules).rules
    assert forever.failed == nested.failed == 2_000
    assert any("zero" in note.en for note in zero.notes)

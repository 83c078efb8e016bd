"""kill -9 at any moment of a pull, a cleansing and a disposal: nothing half, nothing lost, all agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kaishu import access, catalogue, jobs, lake, quality, source
from kaishu.access import TERMINAL, Actor, Call, Role
from kaishu.base import clock, ids
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.db import session_scope
from kaishu.jobs import cleansing, retaining
from kaishu.lake.folders import LOG, table_folder
from kaishu.lake.models import Table, Version
from kaishu.ledger import verify
from kaishu.ledger.models import Entry
from kaishu.quality.models import CleansingRun
from kaishu.source.models import Arrival
from tests.conftest import BOTH_DATABASES
from tests.killing import MANY, SHARE, killed, marks_left

ROWS = 6_000
NOW = lambda: None  # noqa: E731
STEPS = """\
key: 编号
steps:
  - id: blanks
    step: trim
    column: 名称
"""


def act(done: Callable[[Call], Any], actor: Actor = TERMINAL) -> Any:
    with session_scope() as session:
        return done(Call(session, actor, clock.now(), ids.new_id()))


@pytest.fixture(params=BOTH_DATABASES if SHARE >= MANY else ["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """PostgreSQL takes part in the long proof only."""
    return str(request.param)


@pytest.fixture
def office(home: Path) -> str:
    """A dataset ``lamps`` of an office."""
    made = act(lambda call: access.add_office(call, name="lamps", title="路灯管理处").id)
    record = DatasetRecord(title="路灯", description="全市路灯的位置和名称。")
    act(lambda call: catalogue.add_dataset(call, record=record, office="lamps", name="lamps"))
    return str(made)


def content(version: Version) -> pl.DataFrame:
    return lake.open_version(version).lazy().collect()


def swept(table_id: str, home: Path) -> list[Version]:
    """After the next start: versions, newest first; ledger, log and files are theirs and nobody else's."""
    act(lambda call: lake.sweep(call))
    with session_scope() as session:
        versions = list(lake.versions_of(session, table_id))
        assert verify(session).ok
        entries = session.query(Entry).filter(Entry.subject_kind == "version")
        said = {each.subject_id for each in entries if each.action in ("lake.ingest", "lake.derive")}
        assert said == {each.id for each in session.query(Version)}
        dropped = [
            number
            for each in session.query(Entry).filter(Entry.action == "lake.retention.drop")
            for number in each.facts["numbers"]
        ]
        assert sorted(dropped) == sorted(each.number for each in versions if each.dropped_at)
        session.expunge_all()
    from deltalake import DeltaTable

    there = [each for each in versions if each.dropped_at is None]
    needed = {layer.path for each in there for layer in lake.open_version(each).layers}
    needed |= {layer.gone.file for v in there for layer in lake.open_version(v).layers if layer.gone}
    folder = table_folder(table_id)
    parts = (".parquet", ".bin")
    kept = {path for path in folder.rglob("*") if path.suffix in parts and LOG not in path.parts}
    assert {path for path in kept if path.name != "changes.parquet"} == needed
    assert DeltaTable(str(folder)).version() == versions[0].delta_version
    assert not marks_left(home)
    return versions


# A pull


def pull(name: str, half: Callable[[], None] = NOW) -> None:
    """What the killed process does; half of it is over once the source has been read."""
    keep = source.keep_original

    def kept(*given: Any, **more: Any) -> Any:
        half()
        return keep(*given, **more)

    source.__dict__["keep_original"] = kept
    jobs.pull(TERMINAL, name)


@pytest.fixture
def register(office: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A growing table of a source, of which a contract adds the rows above its marker."""
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(tmp_path))
    path = tmp_path / "register.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE lamps (id INTEGER PRIMARY KEY, name TEXT)")
    options = {"path": str(path)}
    act(lambda call: source.add_source(call, name="db", kind="sqlite", office="lamps", options=options))
    act(lambda call: source.certify_source(call, "db"))
    draft = source.ContractDraft(
        name="lamps",
        source="db",
        table="lamps",
        dataset="lamps",
        period="daily",
        marker="id",
        update={"mode": "append"},
        redelivery="keep",
    )
    act(lambda call: source.make_contract(call, draft, office))
    return path


def grow(path: Path, rows: int) -> None:
    with sqlite3.connect(path) as made:
        made.executemany("INSERT INTO lamps (name) VALUES (?)", [(f"灯{n}",) for n in range(rows)])


def test_a_pull_that_is_killed_is_all_there_or_comes_again(register: Path, home: Path) -> None:
    def pulled() -> tuple[int, int]:
        with session_scope() as session:
            contract = source.contract_by_name(Call(session, TERMINAL, clock.now(), "x"), "lamps")
            table, marker = contract.table_id, int(contract.marker_value or 0)
            arrivals = {each.version_id: each.rows for each in session.query(Arrival)}
            entry = catalogue.draft_resources(
                Call(session, TERMINAL, clock.now(), "x"),
                catalogue.dataset_by_name(Call(session, TERMINAL, clock.now(), "x"), "lamps"),
            )[0]
        versions = swept(str(table), home)
        assert {each.id for each in versions} == set(arrivals)
        assert entry.version_id == versions[0].id
        assert content(versions[0])["id"].sort().to_list() == list(range(1, marker + 1)), (
            "none lost, none twice"
        )
        return len(versions), marker

    def next_rows(_: int) -> tuple[str]:
        grow(register, ROWS)
        return ("lamps",)

    known, ends, asked = 0, set(), 0
    for _number in killed(pull, next_rows):
        asked += ROWS
        versions, marker = pulled()
        assert versions in (known, known + 1)
        assert marker == asked or versions == known
        ends.add(versions - known)
        known = versions
    assert ends == {0, 1} or SHARE < MANY
    grow(register, 1)
    jobs.pull(TERMINAL, "lamps")
    assert pulled() == (known + 1, asked + 1)


# Cleansing


def cleanse(table_id: str, steward: Actor, half: Callable[[], None] = NOW) -> None:
    """Cleanse the newest version, or undo the cleansing that made it; half is over once it is computed."""
    for name in ("keep_cleansing", "keep_undo"):
        keep = getattr(quality, name)

        def kept(*given: Any, keep: Any = keep) -> Any:
            half()
            return keep(*given)

        quality.__dict__[name] = kept
    newest = act(lambda call: last_run(call, table_id))
    request, quiet = ids.new_id(), lambda done, total: None
    if newest is not None and newest.kind == "cleanse":
        cleansing.undo_now(steward, request, {"run_id": newest.id, "dataset": "lamps"}, quiet)
    else:
        cleansing.run_now(steward, request, {"table_id": table_id, "dataset": "lamps"}, quiet)


def last_run(call: Call, table_id: str) -> CleansingRun | None:
    newest = lake.newest_version(call.session, table_id)
    assert newest is not None
    found = call.session.query(CleansingRun).filter_by(version_id=newest.id).one_or_none()
    call.session.expunge_all()
    return found


def deliver(call: Call, tmp_path: Path, text: str) -> str:
    file = tmp_path / "lamps.csv"
    file.write_text(text)
    entries = catalogue.draft_resources(call, catalogue.dataset_by_name(call, "lamps"))
    if entries:
        table, resource = lake.table_by_id(call.session, str(entries[0].table_id)), entries[0].id
    else:
        table = lake.add_table(call, catalogue.dataset_by_name(call, "lamps").office_id)
        resource = catalogue.add_resource(call, "lamps", name="路灯", table=table).id
    version = lake.ingest(call, source.receive_path(call, file), table=table)
    catalogue.set_version(call, "lamps", resource, version)
    return table.id


def test_a_cleansing_or_its_undoing_that_is_killed_was_done_or_was_not(
    office: str, home: Path, tmp_path: Path
) -> None:
    steward = Actor("person", ids.new_id(), "管理员", Role.steward, office)
    other = Actor("person", ids.new_id(), "审核员", Role.reviewer)
    dirty = "编号,名称\n" + "".join(f"{n}, 灯{n} \n" for n in range(ROWS))
    table = act(lambda call: deliver(call, tmp_path, dirty))
    act(lambda call: quality.keep_cleansing_plan(call, table, STEPS), steward)
    act(lambda call: quality.submit_cleansing_plan(call, table), steward)
    act(lambda call: quality.approve_cleansing_plan(call, table), steward)
    act(lambda call: quality.approve_cleansing_plan(call, table), other)
    known, ends = 1, set()
    for _number in killed(cleanse, lambda _: (table, steward)):
        versions = swept(table, home)
        assert len(versions) in (known, known + 1)
        ends.add(len(versions) - known)
        known = len(versions)
        names = content(versions[0])["名称"]
        with session_scope() as session:
            runs = {each.version_id: each for each in session.query(CleansingRun)}
            assert set(runs) == {each.id for each in versions if each.mode in ("cleanse", "undo")}
            run = runs.get(versions[0].id)
            entry = catalogue.draft_resources(
                Call(session, TERMINAL, clock.now(), "x"),
                catalogue.dataset_by_name(Call(session, TERMINAL, clock.now(), "x"), "lamps"),
            )[0]
            assert entry.version_id == versions[0].id
            if run is not None and run.kind == "cleanse":
                assert names.to_list() == [f"灯{n}" for n in range(ROWS)]
                changes = quality.changes_path(versions[0])
                assert pl.read_parquet(changes).height == run.listed == ROWS
            else:
                assert names.to_list() == [f" 灯{n} " for n in range(ROWS)]
    assert ends == {0, 1} or SHARE < MANY


# Disposal


def dispose(table_id: str, half: Callable[[], None] = NOW) -> None:
    """Propose, confirm, remove the files; half of it is over once it is confirmed."""
    retaining.propose_all()

    def confirm(call: Call) -> None:
        disposal = lake.open_disposals(call.session).get(table_id)
        if disposal is not None:
            held = catalogue.held_versions(call.session, table_id)
            numbers = [each["number"] for each in disposal.versions]
            lake.confirm_disposal(call, disposal.id, numbers, held)

    act(confirm)
    half()
    jobs.run_waiting()


def test_a_disposal_that_is_killed_drops_all_that_was_confirmed_or_nothing(
    office: str, home: Path, tmp_path: Path
) -> None:
    def batch(number: int) -> tuple[str]:
        text = "编号,值\n" + "".join(f"{n},{number}\n" for n in range(2_000))
        table = act(lambda call: deliver(call, tmp_path, text))
        rule = lake.Retention(last=2)
        act(lambda call: lake.set_retention(call, call.session.get_one(Table, table), rule))
        for step in range(3):
            merged = f"编号,值\n{step},{number * 10 + step}\n"
            act(lambda call, merged=merged: merge(call, table, merged))
        return (table,)

    def merge(call: Call, table: str, text: str) -> None:
        file = tmp_path / "merged.csv"
        file.write_text(text)
        lake.ingest(
            call,
            source.receive_path(call, file),
            table=call.session.get_one(Table, table),
            update=lake.Update(mode="merge", key=("编号",)),
        )

    ends = set()
    for number in killed(dispose, batch):
        with session_scope() as session:
            (table,) = session.query(Table)
            table_id = table.id
        versions = swept(table_id, home)
        there = [each for each in versions if each.dropped_at is None]
        drafted = versions[3]
        if number < 0 or len(there) == 3:
            assert [each.number for each in there] == [*[v.number for v in versions[:2]], drafted.number]
        ends.add(len(there) == 3)
        for version in there[:3]:
            values = content(version).sort("_id")["值"].to_list()
            merges = version.number - drafted.number
            assert values == [number * 10 + n if n < merges else number for n in range(2_000)]
        assert all(each.freed_bytes is not None for each in versions if each.dropped_at)
    assert ends == {False, True} or SHARE < MANY

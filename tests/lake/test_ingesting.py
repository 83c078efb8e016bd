"""A delivery becomes a version: every row, in order, and the versions before it stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from kaishu.access import TERMINAL, Actor, Call, add_office
from kaishu.access.errors import OtherOffice
from kaishu.base import clock
from kaishu.base.errors import NotFound
from kaishu.db import session_scope
from kaishu.lake import (
    ReadOptions,
    add_table,
    ingest,
    open_version,
    set_aside_path,
    stage,
    sweep,
    version_by_id,
    versions_of,
)
from kaishu.lake.errors import BadFile, NothingSetAside
from kaishu.lake.folders import table_folder
from kaishu.lake.models import Table, Version
from kaishu.lake.reading.aside import SHORT
from kaishu.ledger import last_entry
from kaishu.source import receive_path
from tests.lake.conftest import Take

SCHOOLS = "学校代码,名称,人数,开办日期\n0110,实验小学,812,1956-09-01\n0111,朝阳中学,,1978-09-01\n"


def rows_of(version: Version) -> list[dict]:
    return [row for batch in open_version(version).batches() for row in batch.to_pylist()]


def files_under(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in (home / "lake").rglob("*") if path.is_file()}


def test_rows_come_back_as_they_were_with_their_number(take: Take) -> None:
    version = take(SCHOOLS)
    rows = rows_of(version)
    assert [row["_id"] for row in rows] == [1, 2]
    assert [row["学校代码"] for row in rows] == ["0110", "0111"]
    assert [row["人数"] for row in rows] == [812, None]
    assert str(rows[0]["开办日期"]) == "1956-09-01"


def test_the_record_says_what_was_read(call: Call, take: Take) -> None:
    version = take(SCHOOLS.encode("gb18030"), "学校.csv")
    assert version.encoding == "gb18030"
    assert (version.number, version.rows, version.set_aside) == (1, 2, 0)
    assert version.file_name == "学校.csv"
    assert version.received_bytes == len(SCHOOLS.encode("gb18030"))
    assert version.stored_bytes == sum(file.stat().st_size for file in open_version(version).files)
    assert [(column["name"], column["type"]) for column in version.columns] == [
        ("学校代码", "text"),
        ("名称", "text"),
        ("人数", "integer"),
        ("开办日期", "date"),
    ]
    entry = last_entry(call.session)
    assert entry is not None
    assert (entry.action, entry.subject_id, entry.facts["rows"]) == ("lake.ingest", version.id, 2)


def test_every_version_stays_readable_whatever_its_columns(call: Call, table: Table, take: Take) -> None:
    first = take("甲\n1\n")
    second = take("甲,登记时间\n2,2024-01-01 08:00:00\n3,2024-01-01 08:00:01\n")
    third = take("乙 (个)\n啊\n")
    assert [version.number for version in versions_of(call.session, table.id)] == [3, 2, 1]
    assert [row["甲"] for row in rows_of(first)] == [1]
    assert [row["甲"] for row in rows_of(second)] == [2, 3]
    assert [row["乙 (个)"] for row in rows_of(third)] == ["啊"]
    assert version_by_id(call.session, first.id) is first
    assert first.delta_version < second.delta_version < third.delta_version


def test_delta_itself_reads_every_version(table: Table, take: Take) -> None:
    import polars as pl

    versions = [take("甲\n1\n"), take("甲,时\n2,2024-01-01 08:00:00\n"), take("甲\n3\n4\n")]
    for version, expected in zip(versions, ([1], [2], [3, 4]), strict=True):
        frame = pl.scan_delta(str(table_folder(table.id)), version=version.delta_version).collect()
        assert frame["甲"].to_list() == expected
    newest = pl.scan_delta(str(table_folder(table.id))).collect()
    assert newest["_id"].to_list() == [1, 2]


def test_no_version_expires(table: Table, take: Take) -> None:
    from deltalake import DeltaTable

    versions = [take(f"甲\n{number}\n") for number in range(12)]
    DeltaTable(str(table_folder(table.id))).create_checkpoint()
    versions.append(take("甲\n12\n"))
    assert [rows_of(version)[0]["甲"] for version in versions] == list(range(13))


def test_a_type_that_does_not_fit_starts_again_wider_and_loses_nothing(take: Take) -> None:
    lines = [str(number) for number in range(30_000)] + ["二十"]
    version = take("数\n" + "\n".join(lines) + "\n")
    assert version.columns[0]["type"] == "text"
    assert [row["数"] for row in rows_of(version)] == lines
    assert "type-widened" in [note["code"] for note in version.notes]


def test_rows_that_do_not_fit_a_persons_type_are_set_aside_with_a_reason(take: Take) -> None:
    version = take("编号,数\n1,5\n2,五\n3,7\n", options=ReadOptions(types={"数": "integer"}))
    assert (version.rows, version.set_aside) == (2, 1)
    found = [json.loads(line) for line in set_aside_path(version).read_text(encoding="utf-8").splitlines()]
    assert [one["line"] for one in found] == [3]
    assert found[0]["reason"]


def test_nothing_set_aside_says_so(take: Take) -> None:
    with pytest.raises(NothingSetAside):
        set_aside_path(take(SCHOOLS))


@pytest.mark.parametrize("content", [b"\xff\xfe\xfd\x00\x01", b"\n\n", "甲,乙\n".encode()])
def test_a_bad_file_leaves_nothing_behind(home: Path, take: Take, content: bytes) -> None:
    before = files_under(home)
    with pytest.raises(BadFile):
        take(content)
    assert files_under(home) == before


def test_progress_is_told_and_ends_whole(take: Take) -> None:
    told: list[tuple[int, int]] = []
    take("数\n" + "1\n" * 50_000, progress=lambda done, total: told.append((done, total)))
    assert told
    assert all(0 <= done <= total for done, total in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_steward_fills_tables_of_the_own_office_only(
    call: Call, table: Table, take: Take, make_call: Callable[[Actor], Call], steward
) -> None:
    delivery_call = make_call(steward(add_office(call, title="公安局").id))
    delivery = take(SCHOOLS)
    with pytest.raises(OtherOffice):
        ingest(delivery_call, delivery, table=table)  # type: ignore[arg-type]
    with pytest.raises(OtherOffice):
        add_table(delivery_call, table.office_id)


def test_unknown_versions_are_not_found(call: Call) -> None:
    with pytest.raises(NotFound):
        version_by_id(call.session, "0" * 26)


def commit_first(tmp_path: Path) -> tuple[str, Path]:
    """A table with one version, committed."""
    path = tmp_path / "a.csv"
    path.write_text("甲\n1\n")
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "1")
        table = add_table(call, add_office(call, title="统计局").id)
        ingest(call, receive_path(call, path), table=table)
    return table.id, path


def test_a_transaction_that_fails_leaves_the_old_version_and_the_next_ingest_works(
    home: Path, tmp_path: Path
) -> None:
    table_id, path = commit_first(tmp_path)
    before = {name for name in files_under(home) if "_delta_log" not in name}
    path.write_text("甲\n1\n2\n")
    with pytest.raises(RuntimeError), session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "2")
        ingest(call, receive_path(call, path), table=session.get_one(Table, table_id))
        raise RuntimeError
    with session_scope() as session:
        assert [version.number for version in versions_of(session, table_id)] == [1]
        counts = sweep(Call(session, TERMINAL, clock.now(), "3"))
    assert counts["commits"] == 1
    assert {name for name in files_under(home) if "_delta_log" not in name} == before
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "4")
        version = ingest(call, receive_path(call, path), table=session.get_one(Table, table_id))
        assert (version.number, len(rows_of(version))) == (2, 2)


def test_without_a_sweep_the_next_ingest_takes_back_the_unrecorded_commit(home: Path, tmp_path: Path) -> None:
    table_id, path = commit_first(tmp_path)
    with pytest.raises(RuntimeError), session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "2")
        lost = ingest(call, receive_path(call, path), table=session.get_one(Table, table_id)).delta_version
        raise RuntimeError
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "4")
        version = ingest(call, receive_path(call, path), table=session.get_one(Table, table_id))
        assert version.delta_version == lost
        assert len(rows_of(version)) == 1


def test_a_savepoint_that_is_rolled_back_takes_its_version_with_it(home: Path, tmp_path: Path) -> None:
    table_id, path = commit_first(tmp_path)
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "2")
        savepoint = session.begin_nested()
        ingest(call, receive_path(call, path), table=session.get_one(Table, table_id))
        savepoint.rollback()
    with session_scope() as session:
        assert len(versions_of(session, table_id)) == 1
        sweep(Call(session, TERMINAL, clock.now(), "3"))
    folders = [path for path in table_folder(table_id).iterdir() if path.name != "_delta_log"]
    assert len(folders) == 1


def test_what_is_staged_and_dropped_leaves_nothing(home: Path, tmp_path: Path) -> None:
    table_id, path = commit_first(tmp_path)
    before = files_under(home)
    staged = stage(path, "a.csv", table_id=table_id)
    assert staged.rows == 1
    assert files_under(home) > before
    staged.drop()
    staged.drop()
    assert files_under(home) == before


def test_a_sweep_leaves_an_ingest_that_is_running_alone(home: Path, tmp_path: Path) -> None:
    table_id, path = commit_first(tmp_path)
    staged = stage(path, "a.csv", table_id=table_id)
    with session_scope() as session:
        counts = sweep(Call(session, TERMINAL, clock.now(), "3"))
    assert counts == {"originals": 0, "spills": 0, "folders": 0, "commits": 0}
    assert staged.mark.folder.exists()
    staged.drop()


def test_old_notes_that_name_a_code_get_its_words_at_the_upgrade(call: Call, take: Take) -> None:
    version = take(SCHOOLS + "0112,多了一列,1,2000-01-01,又一列\n")
    said = version.notes
    assert "列数与表头不同" in said[-1]["zh"]
    code = "ragged-row"
    old = said[-1]["zh"].replace("列数与表头不同", code), said[-1]["en"].replace(SHORT[code][1], code)
    version.notes = [*said[:-1], {**said[-1], "zh": old[0], "en": old[1]}]
    call.session.flush()
    assert version.notes != said
    with Operations.context(MigrationContext.configure(call.session.connection())):
        import_module("kaishu.migrations.versions.0030_reasons_in_words").upgrade()
    call.session.expire_all()
    assert version.notes == said

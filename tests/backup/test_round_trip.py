"""What was backed up comes back: every row, every file, every ledger entry; or nothing does."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kaishu import backup
from kaishu.access import TERMINAL, Call
from kaishu.backup.errors import Damaged, NoBackup, NotEmpty, OtherVersion
from kaishu.base import clock, ids
from kaishu.db import forget_engines, session_scope
from kaishu.tables import METADATA
from tests.backup.conftest import FILES, act
from tests.conftest import postgres_url


def make(folder: Path) -> backup.Made:
    with session_scope() as session:
        backup.note_backup(Call(session, TERMINAL, clock.now(), ids.new_id()), folder)
    with session_scope(write=False) as session:
        return backup.make_backup(Call(session, TERMINAL, clock.now(), ids.new_id()), folder)


def restore_into(home: Path, folder: Path, **words: Any) -> backup.Restored:
    forget_engines()
    os.environ["KAISHU_HOME"] = str(home)
    return backup.restore_backup(folder, **words)


def rows() -> dict[str, list[Any]]:
    with session_scope(write=False) as session:
        return {
            table.name: sorted(
                json.dumps(dict(row), sort_keys=True, default=str)
                for row in session.execute(select(table)).mappings()
            )
            for table in METADATA.sorted_tables
            if table.name not in ("ledger_entry", "queue_task")
        }


def exported(number: int) -> list[dict[str, Any]]:
    out = act("export", "day", "--version", number, "--format", "ndjson", "--output", "-")
    return [json.loads(line) for line in out.splitlines()]


def test_everything_comes_back_and_the_ledger_verifies(
    filled: Path, empty_home: Path, tmp_path: Path
) -> None:
    made = make(tmp_path / "backup")
    before, data = rows(), [exported(1), exported(2)]
    done = restore_into(empty_home, tmp_path / "backup")
    assert rows() == before
    assert [exported(1), exported(2)] == data
    assert (len(data[0]), len(data[1])) == (754, 755)
    assert (done.records, done.files) == (made.records, made.files)
    verdict = json.loads(act("ledger", "verify", "--json"))
    assert verdict["ok"]
    assert verdict["entries"] == done.ledger_entries + 1
    aside = [path.relative_to(filled) for path in filled.glob("lake/tables/*/*/aside*")]
    assert aside
    assert all((empty_home / path).read_bytes() == (filled / path).read_bytes() for path in aside)


def test_a_restored_home_goes_on_as_if_nothing_had_happened(
    filled: Path, empty_home: Path, tmp_path: Path
) -> None:
    make(tmp_path / "backup")
    restore_into(empty_home, tmp_path / "backup")
    said = json.loads(act("ingest", FILES / "covid19_2020-12-06.json", "--dataset", "day", "--json"))
    assert (said["version"], said["rows"]) == (3, 755)
    assert len(exported(1)) == 754


def test_a_second_backup_writes_only_what_is_new(filled: Path, tmp_path: Path) -> None:
    first = make(tmp_path / "backup")
    assert first.new_files == first.files
    act("ingest", FILES / "country_scores_2020.csv", "--dataset", "scores", "--new")
    second = make(tmp_path / "backup")
    assert second.files > first.files
    assert second.new_files <= second.files - first.files
    assert len(list((tmp_path / "backup").glob("records-*"))) == 1


@pytest.mark.parametrize("kind", ["home/originals/*/*", "home/lake/tables/*/*/*.parquet", "records-*/*.gz"])
def test_one_flipped_bit_is_refused_with_the_name_of_the_file(
    filled: Path, empty_home: Path, tmp_path: Path, kind: str
) -> None:
    make(tmp_path / "backup")
    victim = sorted((tmp_path / "backup").glob(kind))[0]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    with pytest.raises(Damaged) as refused:
        restore_into(empty_home, tmp_path / "backup")
    assert refused.value.facts["file"] == victim.relative_to(tmp_path / "backup").as_posix()
    assert not empty_home.exists()


def test_a_damaged_copy_is_written_again_by_the_next_backup(filled: Path, tmp_path: Path) -> None:
    make(tmp_path / "backup")
    victim = sorted((tmp_path / "backup").glob("home/originals/*/*"))[0]
    whole = victim.read_bytes()
    victim.write_bytes(b"x" * len(whole))
    assert make(tmp_path / "backup").new_files >= 1
    assert victim.read_bytes() == whole


def test_a_missing_file_a_strange_manifest_and_no_backup_are_told_apart(
    filled: Path, empty_home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    with pytest.raises(NoBackup):
        restore_into(empty_home, tmp_path)
    forget_engines()
    os.environ["KAISHU_HOME"] = str(filled)
    make(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    whole = dict(manifest)
    manifest["revision"] = "9999"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(OtherVersion):
        restore_into(empty_home, folder)
    whole["files"] = [{**whole["files"][0], "path": "../outside"}]
    (folder / "manifest.json").write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(Damaged):
        restore_into(empty_home, folder)
    shutil.rmtree(folder / "home")
    assert not empty_home.exists()


def test_a_home_in_use_is_left_alone_or_moved_aside(filled: Path, tmp_path: Path) -> None:
    make(tmp_path / "backup")
    act("office", "add", "later")
    with pytest.raises(NotEmpty):
        restore_into(filled, tmp_path / "backup")
    assert "later" in act("office", "list")
    done = restore_into(filled, tmp_path / "backup", force=True)
    assert "later" not in act("office", "list")
    assert done.moved_aside and (done.moved_aside / "records" / "kaishu.db").exists()


def test_a_restore_that_was_interrupted_can_be_done_again(
    filled: Path, empty_home: Path, tmp_path: Path
) -> None:
    make(tmp_path / "backup")
    (empty_home / "originals").mkdir(parents=True)
    (empty_home / "restoring").touch()
    done = restore_into(empty_home, tmp_path / "backup")
    assert done.files and not (empty_home / "restoring").exists()


@pytest.mark.postgres
@pytest.mark.skipif(postgres_url() is None, reason="no PostgreSQL: set KAISHU_TEST_POSTGRES")
def test_a_backup_of_sqlite_goes_into_postgresql(
    filled: Path, empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import create_engine, make_url, text

    make(tmp_path / "backup")
    before, data = rows(), exported(2)
    address = make_url(str(postgres_url()))
    name = f"kaishu_{ids.new_id()}"
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        url = address.set(database=name).render_as_string(hide_password=False)
        monkeypatch.setenv("KAISHU_DATABASE", url)
        restore_into(empty_home, tmp_path / "backup")
        assert rows() == before
        assert exported(2) == data
        make(tmp_path / "from-postgres")
        forget_engines()
        monkeypatch.delenv("KAISHU_DATABASE")
        restore_into(tmp_path / "third", tmp_path / "from-postgres")
        assert exported(2) == data
    finally:
        forget_engines()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

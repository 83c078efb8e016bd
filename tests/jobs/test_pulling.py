"""A contract is pulled whole or not at all, when its hour has come; what was pushed is taken once."""

from __future__ import annotations

import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kaishu import catalogue, jobs, lake, source
from kaishu.access import TERMINAL, Actor, Call, Role, add_office
from kaishu.base import clock, ids, settings
from kaishu.base.errors import Invalid
from kaishu.catalogue.drafts import DatasetRecord
from kaishu.db import session_scope
from kaishu.jobs import pulling
from kaishu.jobs.worker import run_waiting
from kaishu.source.errors import AlreadyDelivered, NotCertified, NothingNew, SourceUnreachable
from kaishu.source.models import Arrival

CSV = "编号,名称\n1,东城小学\n2,西城小学\n"


@contextmanager
def acting(actor: Actor = TERMINAL) -> Iterator[Call]:
    with session_scope() as session:
        yield Call(session, actor, clock.now(), ids.new_id())


@pytest.fixture
def inbox(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is a certified source, and a dataset ``schools``."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "schools.csv").write_text(CSV)
    monkeypatch.setenv("KAISHU_SOURCE_FOLDERS", str(folder))
    with acting() as call:
        add_office(call, name="edu", title="教育局")
        catalogue.add_dataset(call, record=DatasetRecord(title="学校"), office="edu", name="schools")
        source.add_source(call, name="inbox", kind="folder", office="edu", options={"path": str(folder)})
        source.certify_source(call, "inbox")
    return folder


def agree(**agreed: object) -> str:
    said = {"name": "schools", "source": "inbox", "table": "*.csv", "dataset": "schools", "at": "00:00"}
    with acting() as call:
        owner = catalogue.dataset_by_name(call, "schools").office_id
        draft = source.ContractDraft(**{**said, "period": "daily", **agreed})  # type: ignore[arg-type]
        return source.make_contract(call, draft, owner).id


def newest() -> tuple[int, int]:
    with acting() as call:
        contract = source.contract_by_name(call, "schools")
        version = lake.newest_version(call.session, contract.table_id or "")
        assert version is not None
        return version.number, version.rows


def test_a_contract_is_pulled_by_the_clock_once_a_period(inbox: Path) -> None:
    agree()
    assert (pulling.enqueue_due(), pulling.enqueue_due()) == (1, 0)
    run_waiting()
    assert newest() == (1, 2)
    assert pulling.enqueue_due() == 0
    with acting() as call:
        contract = source.contract_by_name(call, "schools")
        assert [each.state for each in source.kept_periods(call, contract)] == ["late"]
        assert call.session.get_one(Arrival, source.arrivals_of(call, contract)[0].id).rows == 2
    assert list((inbox.parent / "home" / "pulls").iterdir()) == []


def test_the_same_file_is_not_taken_twice_and_a_newer_one_is(inbox: Path) -> None:
    agree()
    jobs.pull(TERMINAL, "schools")
    with pytest.raises(NothingNew):
        jobs.pull(TERMINAL, "schools")
    (inbox / "schools-2.csv").write_text(CSV + "3,南城小学\n")
    os.utime(inbox / "schools-2.csv", (2_000_000_000,) * 2)
    jobs.pull(TERMINAL, "schools")
    assert newest() == (2, 3)


def test_a_source_that_is_away_is_tried_again_with_growing_pauses(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree()

    def away(place: source.Place) -> None:
        raise SourceUnreachable(place="inbox", reason="gone")

    kind = source.KINDS["folder"]
    with monkeypatch.context() as patch:
        patch.setitem(source.KINDS, "folder", source.Kind(kind.name, kind.zh, kind.en, kind.options, away))  # type: ignore[arg-type]
        waits = []
        for _ in range(3):
            with pytest.raises(SourceUnreachable):
                jobs.pull(TERMINAL, "schools")
            with acting() as call:
                contract = source.contract_by_name(call, "schools")
                assert contract.next_try_at and contract.trouble and contract.table_id is None
                waits.append(round((contract.next_try_at - call.now).total_seconds() / 60))
        assert waits == [1, 2, 4]
        assert pulling.enqueue_due() == 0
    with acting() as call:
        source.contract_by_name(call, "schools").next_try_at = clock.now() - timedelta(minutes=1)
    assert pulling.enqueue_due() == 1
    run_waiting()
    with acting() as call:
        contract = source.contract_by_name(call, "schools")
        assert (contract.failures, contract.trouble) == (0, None)


def test_nothing_is_pulled_from_a_source_that_is_not_certified(inbox: Path) -> None:
    agree()
    with acting() as call:
        source.revise_source(call, "inbox", options={"path": str(inbox), "pattern": "*"})
    assert pulling.enqueue_due() == 0
    with pytest.raises(NotCertified):
        jobs.pull(TERMINAL, "schools")


def test_what_cannot_be_read_leaves_the_version_that_stands(inbox: Path) -> None:
    agree(update={"mode": "merge", "key": ["编号"]})
    jobs.pull(TERMINAL, "schools")
    (inbox / "bad.csv").write_text("别的列\n1\n")
    os.utime(inbox / "bad.csv", (2_000_000_000,) * 2)
    with pytest.raises(Exception, match=r"列|column"):
        jobs.pull(TERMINAL, "schools")
    assert newest() == (1, 2)
    with acting() as call:
        contract = source.contract_by_name(call, "schools")
        assert contract.trouble is not None
        assert len(source.arrivals_of(call, contract)) == 1


def push(content: str, key: str | None = None) -> tuple[str, bool]:
    original = source.keep_original("d.csv", io.BytesIO(content.encode()))
    with acting() as call:
        delivery = source.receive_original(call, original)
        arrival, new = source.receive_arrival(call, "schools", delivery, key)
        return arrival.id, new


def test_a_key_that_comes_again_gives_the_delivery_of_then(inbox: Path) -> None:
    agree(way="push", source="", table="")
    first, new = push(CSV, "k1")
    assert new
    assert push("编号,名称\n9,x\n", "k1") == (first, False)
    pulling.take(ids.new_id(), TERMINAL, {"arrival": first})
    assert newest() == (1, 2)
    assert pulling.take(ids.new_id(), TERMINAL, {"arrival": first})["state"] == "taken"
    assert newest() == (1, 2)


def test_a_second_delivery_is_refused_where_that_was_agreed(inbox: Path) -> None:
    agree(way="push", source="", table="", redelivery="refuse")
    push(CSV)
    with pytest.raises(AlreadyDelivered):
        push(CSV)


@pytest.mark.parametrize(
    "update", [{"mode": "replace"}, {"mode": "append"}, {"mode": "merge", "key": ["编号"]}]
)
def test_a_file_with_a_head_and_no_rows_is_an_empty_delivery_and_the_table_stays(
    inbox: Path, update: dict[str, object]
) -> None:
    agree(way="push", source="", table="", redelivery="keep", update=update)
    pulling.take(ids.new_id(), TERMINAL, {"arrival": push(CSV)[0]})
    second = pulling.take(ids.new_id(), TERMINAL, {"arrival": push("编号,名称\n")[0]})
    assert (second["state"], newest()) == ("empty", (1, 2))
    with acting() as call:
        states = [each.state for each in source.arrivals_of(call, source.contract_by_name(call, "schools"))]
        assert sorted(states) == ["empty", "taken"]


def test_a_folder_whose_newest_file_has_no_rows_makes_the_period_empty(inbox: Path) -> None:
    (inbox / "schools.csv").write_text("编号,名称\n")
    agree()
    assert jobs.pull(TERMINAL, "schools")["state"] == "empty"
    with acting() as call:
        contract = source.contract_by_name(call, "schools")
        assert [each.state for each in source.kept_periods(call, contract)] == ["empty"]
        assert contract.table_id is None


def test_an_agreement_that_would_lose_rows_is_refused(inbox: Path) -> None:
    with pytest.raises(Invalid):
        agree(update={"mode": "append"})
    with pytest.raises(Invalid):
        agree(at="25:00")


def test_another_office_sees_neither_source_nor_contract(inbox: Path) -> None:
    agree()
    with acting() as call:
        other = add_office(call, name="water", title="水务局").id
    stranger = Actor("person", ids.new_id(), "x", Role.steward, other)
    with acting(stranger) as call:
        assert (source.sources(call), source.contracts(call)) == ([], [])
        with pytest.raises(Exception, match="inbox"):
            source.source_by_name(call, "inbox")


def test_an_increment_is_appended_and_an_empty_one_is_counted(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    path = inbox / "r.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (id INTEGER, n TEXT)")
        made.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    with acting() as call:
        source.add_source(call, name="db", kind="sqlite", office="edu", options={"path": str(path)})
        source.certify_source(call, "db")
        source.keep_look(call, "db", source.look_at(source.place_of(source.source_by_name(call, "db"))))
    agree(source="db", table="t", marker="id", update={"mode": "append"}, redelivery="keep")
    assert jobs.pull(TERMINAL, "schools")["rows"] == 2
    with sqlite3.connect(path) as made:
        made.execute("ALTER TABLE t RENAME COLUMN n TO name")
        made.execute("ALTER TABLE t RENAME COLUMN name TO n")
        made.execute("INSERT INTO t VALUES (3, 'c')")
    jobs.pull(TERMINAL, "schools")
    assert newest() == (2, 3)
    assert jobs.pull(TERMINAL, "schools") == {"contract": "schools", "state": "empty", "rows": 0}
    assert newest() == (2, 3)
    with sqlite3.connect(path) as made:
        made.execute("ALTER TABLE t RENAME COLUMN n TO name")
    jobs.pull(TERMINAL, "schools")
    with acting() as call:
        (found,) = source.drift_of(call, "db")
        assert (found.kind, found.was, found.now) == ("renamed", "n", "name")


def test_what_a_pull_that_died_left_behind_is_removed_and_what_one_holds_is_not(inbox: Path) -> None:
    agree()
    pulls = settings.folder("pulls")
    for name in ("dead", "alive", "young"):
        (pulls / name).mkdir()
        (pulls / name / ".held").touch()
        (pulls / name / "rows.parquet").write_bytes(b"x")
        if name != "young":
            os.utime(pulls / name, (1_000_000_000,) * 2)
    with (pulls / "alive" / ".held").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        jobs.pull(TERMINAL, "schools")
    assert {each.name for each in pulls.iterdir()} == {"alive", "young"}

"""The index is what the ledger says, whoever wrote it and whatever happens to its files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import delete

from kaishu import discovery, ledger, usage
from kaishu.access import VISITOR, Call
from kaishu.access.errors import NotAllowed
from kaishu.base import clock, ids
from kaishu.catalogue.models import Dataset
from kaishu.db import session_scope
from kaishu.discovery import following, generations
from kaishu.discovery.errors import IndexBeingBuilt
from kaishu.ledger.models import Entry
from tests.discovery.conftest import City


def test_what_is_published_is_found_at_once(city: City) -> None:
    assert city.titles() == []
    one = city.publish("地铁站点")
    assert city.titles("地铁") == ["地铁站点"]
    city.change(one, "catalogue.publish", title="轻轨站点")
    assert city.titles("轻轨") == ["轻轨站点"]
    city.change(one, "catalogue.rename", name="qinggui")
    assert city.search("轻轨").hits[0].name == "qinggui"
    city.change(one, "catalogue.withdraw", state="withdrawn")
    assert city.titles() == []


def test_a_new_name_of_an_office_reaches_its_datasets(city: City) -> None:
    city.publish("站点")
    assert city.titles("委员会") == []
    with session_scope() as session:
        from kaishu.access import TERMINAL, revise_office

        revise_office(Call(session, TERMINAL, clock.now(), ids.new_id()), "jiaotong", title="交通运输委员会")
    assert city.titles("委员会") == ["站点"]


def test_what_is_rolled_back_is_never_found(city: City) -> None:
    city.publish("在册")
    with pytest.raises(RuntimeError), session_scope() as session:
        from tests.discovery.conftest import add, call_of

        add(session, "作废", office=city.offices["jiaotong"])
        assert discovery.search(call_of(session), discovery.Query()).total == 1
        raise RuntimeError
    assert city.titles() == ["在册"]
    city.publish("之后")
    assert sorted(city.titles()) == ["之后", "在册"]


def test_rebuilding_changes_nothing(metro: City) -> None:
    asked = ["", "地铁", "ditie", "铁站", "环境局"]
    before = [(found.total, [hit.dataset_id for hit in found.hits]) for found in map(metro.search, asked)]
    counts: list[tuple[int, int]] = []
    assert discovery.rebuild(progress=lambda done, total: counts.append((done, total))) == 4
    assert counts[-1] == (4, 4)
    after = [(found.total, [hit.dataset_id for hit in found.hits]) for found in map(metro.search, asked)]
    assert after == before
    assert len([path for path in generations.folder().iterdir() if path.is_dir()]) == 2
    discovery.rebuild()
    assert len([path for path in generations.folder().iterdir() if path.is_dir()]) == 2


def test_an_index_of_records_that_are_gone_is_built_again(metro: City) -> None:
    metro.search()
    with session_scope() as session:
        session.execute(delete(Dataset))
        session.execute(delete(Entry))
    discovery.forget()
    assert metro.titles() == []


def test_only_who_may_rebuilds(metro: City) -> None:
    with session_scope(write=False) as session, pytest.raises(NotAllowed):
        discovery.rebuild(Call(session, VISITOR, clock.now(), ids.new_id()))


@pytest.mark.parametrize("harm", ["meta", "pointer", "folder", "position", "shape", "segment"])
def test_a_damaged_index_is_built_again(metro: City, harm: str) -> None:
    metro.search()
    path = generations.current()
    assert path is not None
    if harm == "meta":
        (path / "meta.json").write_text("{")
    elif harm == "pointer":
        (generations.folder() / "current").write_text("nowhere")
    elif harm == "folder":
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    elif harm == "position":
        (path / "position.json").unlink()
    elif harm == "shape":
        generations.write_position(path, generations.Position(shape=0))
    else:
        next(path.glob("*.store")).unlink()
    discovery.forget()
    assert metro.titles("地铁站点")[0] == "北京市地铁站点"


def test_a_large_index_is_built_aside(metro: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BUILD_AT_ONCE", 1)
    with pytest.raises(IndexBeingBuilt):
        metro.search()
    for _ in range(1200):
        try:
            assert metro.search().total == 4
            return
        except IndexBeingBuilt:
            time.sleep(0.05)
    pytest.fail("never built")


def test_a_command_waits_for_a_large_index(metro: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BUILD_AT_ONCE", 1)
    discovery.refresh(at_once=True)
    assert metro.search().total == 4


def test_threads_that_search_and_publish_at_once(city: City) -> None:
    city.publish("第一")
    errors: list[BaseException] = []

    def publish(number: int) -> None:
        try:
            for each in range(4):
                city.publish(f"数据{number}{each}")
                city.search("数据")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert city.search("数据").total == 16


PUBLISH = """
from kaishu.db import session_scope
from kaishu import discovery, tables
from tests.discovery.conftest import add
import sys
for number in range(int(sys.argv[2])):
    with session_scope() as session:
        add(session, f"别处{number}", office=sys.argv[1])
    discovery.refresh()
    print(number, flush=True)
"""


def elsewhere(city: City, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PUBLISH, city.offices["jiaotong"], str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))


def test_another_process_publishes_while_we_search(city: City) -> None:
    city.publish("本处")
    assert city.search().total == 1
    other = elsewhere(city, 5)
    while other.poll() is None:
        city.search("别处")
    assert other.returncode == 0
    city.publish("本处又一")
    assert city.search("别处").total == 5
    assert city.search("本处").total == 2


def test_killed_in_the_middle_the_index_stays_usable(city: City) -> None:
    city.publish("本处")
    city.search()
    other = elsewhere(city, 10_000)
    assert other.stdout is not None
    for _ in range(3):
        other.stdout.readline()
    other.send_signal(signal.SIGKILL)
    other.wait()
    discovery.forget()
    with session_scope(write=False) as session:
        from kaishu.discovery.rows import published

        everything = published(session)
    assert city.search(limit=0).total == everything
    city.publish("后来")
    assert city.titles("后来") == ["后来"]


def test_counts_of_use_reach_the_order(metro: City) -> None:
    metro.search()
    with session_scope(write=False) as session:
        from sqlalchemy import select

        from kaishu.catalogue.models import Dataset

        bus = session.scalars(select(Dataset.id).where(Dataset.title == "公交线路")).one()
    assert discovery.follow_usage() == 0
    ledger.tally(VISITOR.row, "catalogue.view", ("dataset", bus), count=7)
    with session_scope() as session:
        ledger.flush_tallies(session)
    usage.roll_up()
    assert discovery.follow_usage() == 1
    assert discovery.follow_usage() == 0
    assert metro.titles(sort="popular")[0] == "公交线路"
    assert metro.search().total == 4

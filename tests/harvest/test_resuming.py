"""A reading that was killed or broke off goes on where it stopped; a source that changed is read anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kaishu import harvest
from kaishu.access import TERMINAL
from kaishu.db import session_scope
from kaishu.harvest.errors import AnsweredLater
from kaishu.harvest.kinds import Place, find
from kaishu.harvest.kinds.finding import SourceMoved
from kaishu.harvest.models import PlanItem, Run, Seen
from tests.harvest.conftest import Answer, Portal, add, add_file, ckan, dump, package, run, run_of

KILLED = "from kaishu import harvest; from kaishu.access import TERMINAL; harvest.plan(TERMINAL, 'there')"
PAGE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<{url}/c> a hydra:PagedCollection ; hydra:totalItems 6 {following} .
"""


def searched(portal: Portal) -> list[int]:
    return [int(each.split("start=")[1].split("&")[0]) for each in portal.asked if "start=" in each]


def failing_from(portal: Portal, packages: list[dict[str, Any]], start: int) -> None:
    """A CKAN that has trouble as soon as it is asked for what comes after so many."""
    portal.searches(packages)
    answers = portal.paths["/api/3/action/package_search"]

    def search(query: dict[str, list[str]]) -> Answer:
        return (503, {}, b"") if int(query["start"][0]) >= start else answers(query)

    portal.paths["/api/3/action/package_search"] = search


def break_off(portal: Portal, packages: list[dict[str, Any]], start: int) -> None:
    failing_from(portal, packages, start)
    add(url=portal.url)
    with pytest.raises(AnsweredLater):
        harvest.plan(TERMINAL, "there", pauses=())
    portal.asked.clear()


def items() -> list[str]:
    with session_scope(write=False) as session:
        wanted = select(PlanItem.remote_id).join(Run, Run.id == PlanItem.run_id).where(Run.state == "planned")
        return sorted(session.scalars(wanted))


def test_a_reading_killed_in_the_middle_goes_on_from_its_mark(home: Path, portal: Portal) -> None:
    packages = [package(number) for number in range(1, 901)]
    portal.searches(packages)
    answers, slow = portal.paths["/api/3/action/package_search"], [True]

    def search(query: dict[str, list[str]]) -> Answer:
        if slow[0] and int(query["start"][0]) >= 500:
            time.sleep(30)
        return answers(query)

    portal.paths["/api/3/action/package_search"] = search
    add(url=portal.url)
    process = subprocess.Popen([sys.executable, "-c", KILLED], env=dict(os.environ))
    try:
        while len(searched(portal)) < 6:
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    slow[0] = False
    with session_scope(write=False) as session:
        killed = session.scalars(select(Run)).one()
        assert (killed.state, killed.read) == ("planning", 300)
    portal.asked.clear()
    done = run_of(harvest.plan(TERMINAL, "there"))
    assert searched(portal)[0] == 299
    assert (done.id, done.state, done.counts, done.read) == (killed.id, "planned", {"new": 900}, 900)
    assert items() == [each["id"] for each in packages]
    with session_scope(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Seen)) == 0
    assert run().counts == {"new": 900}


def test_what_was_read_before_trouble_is_kept_and_what_is_missing_is_still_noticed(
    home: Path, portal: Portal
) -> None:
    packages = [package(number) for number in range(1, 251)]
    portal.searches(packages)
    add(url=portal.url)
    assert run().counts == {"new": 250}
    packages = packages[:240]
    failing_from(portal, packages, 200)
    with pytest.raises(AnsweredLater):
        harvest.plan(TERMINAL, "there", pauses=())
    portal.asked.clear()
    portal.searches(packages)
    assert run().counts == {"same": 240, "gone": 10}
    assert searched(portal) == [199]


@pytest.mark.parametrize("others", [range(251), range(250)], ids=["one more", "another instead"])
def test_a_portal_that_changed_meanwhile_is_read_from_the_beginning(
    home: Path, portal: Portal, others: range
) -> None:
    break_off(portal, [package(number) for number in range(1, 251)], 100)
    portal.searches([package(number) for number in others])
    assert run_of(harvest.plan(TERMINAL, "there")).counts == {"new": len(others)}
    assert searched(portal)[:2] == [99, 0]


def test_whoever_wants_it_reads_anew(home: Path, portal: Portal) -> None:
    packages = [package(number) for number in range(1, 151)]
    break_off(portal, packages, 100)
    portal.searches(packages)
    assert run_of(harvest.plan(TERMINAL, "there", anew=True)).counts == {"new": 150}
    assert searched(portal) == [0, 100]


def test_a_portal_whose_number_changes_while_it_is_read_loses_nothing(home: Path, portal: Portal) -> None:
    packages = [package(number) for number in range(1, 151)]
    portal.searches(packages)
    add(url=portal.url)
    run()
    answers = portal.paths["/api/3/action/package_search"]

    def search(query: dict[str, list[str]]) -> Answer:
        answer = answers(query)
        if query["start"] == ["0"]:
            packages.pop(0)  # what stood at 100 now stands at 99, between two pages
        return answer

    portal.paths["/api/3/action/package_search"] = search
    done = run()
    assert "gone" not in done.counts
    assert not done.whole


def stopped(kind: str, place: Place, after: int) -> Place:
    """The same place, to be gone on with after so many."""
    found = find(kind, place)
    for _ in range(after):
        next(found)
    mark = json.loads(json.dumps(place.mark))
    return Place(url=place.url, path=place.path, name=place.name, pauses=(), resume=mark)


def files(folder: Path) -> dict[str, Path]:
    """Five datasets in every kind that is one file."""
    numbers = range(1, 6)
    made = {"ckan-jsonl": dump(folder / "a.jsonl.gz", [package(number) for number in numbers])}
    made["datajson"] = folder / "data.json"
    said = [{"title": f"T{n}", "identifier": f"i{n}", "description": "x"} for n in numbers]
    made["datajson"].write_text(json.dumps({"dataset": said}), encoding="utf-8")
    made["sheet"] = folder / "a.csv"
    made["sheet"].write_text(
        "资源名称,提供部门\n" + "".join(f"T{n},某局\n" for n in numbers), encoding="utf-8"
    )
    made["dcat"] = folder / "a.ttl"
    said_of = '<http://x.example/{n}> a <http://www.w3.org/ns/dcat#Dataset> ; dct:title "T{n}" .\n'
    head = "@prefix dct: <http://purl.org/dc/terms/> .\n"
    made["dcat"].write_text(head + "".join(said_of.format(n=n) for n in numbers), encoding="utf-8")
    return made


@pytest.mark.parametrize("kind", ["ckan-jsonl", "datajson", "sheet", "dcat"])
def test_every_kind_of_file_is_gone_on_with_and_another_file_is_noticed(tmp_path: Path, kind: str) -> None:
    path = files(tmp_path)[kind]
    every = [each.remote_id for each in find(kind, Place(path=path, name=path.name))]
    for after in (1, 3, 5):
        again = stopped(kind, Place(path=path, name=path.name), after)
        assert [each.remote_id for each in find(kind, again)] == every[after:]
    again = stopped(kind, Place(path=path, name=path.name), 3)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(SourceMoved):
        list(find(kind, again))


def test_a_list_in_one_document_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([package(number) for number in range(4)]), encoding="utf-8")
    again = stopped("ckan-jsonl", Place(path=path, name="a.json"), 3)
    assert [each.title for each in find("ckan-jsonl", again)] == ["数据集3"]


def test_pages_of_dcat_are_gone_on_with(portal: Portal) -> None:
    def says(page: int, *numbers: int) -> None:
        following = f"; hydra:next <{portal.url}/{page + 1}.ttl>" if page < 3 else ""
        things = "".join(
            f'<{portal.url}/d{n}> a dcat:Dataset ; dct:title "T{n}" ; dct:identifier "d{n}" .\n'
            for n in numbers
        )
        body = PAGE.format(url=portal.url, following=following) + things
        portal.says(f"/{page}.ttl", body.encode(), content_type="text/turtle")

    for page in (1, 2, 3):
        says(page, page * 2 - 1, page * 2)
    place = Place(url=f"{portal.url}/1.ttl", pauses=())
    for after in (1, 3, 4, 6):
        again = stopped("dcat", Place(url=place.url, pauses=()), after)
        portal.asked.clear()
        assert [each.title for each in find("dcat", again)] == [f"T{n}" for n in range(after + 1, 7)]
        assert portal.asked[0] == f"/{(after + 1) // 2}.ttl"
        assert again.whole
    again = stopped("dcat", Place(url=place.url, pauses=()), 4)
    says(2, 3, 5)
    with pytest.raises(SourceMoved):
        list(find("dcat", again))


def test_an_old_ckan_is_gone_on_with(portal: Portal) -> None:
    portal.says("/api/3/action/package_list", {"success": True, "result": ["dataset-1", "dataset-2"]})

    def show(query: dict[str, list[str]]) -> Answer:
        return 200, {}, ckan(package(int(query["id"][0].removeprefix("dataset-"))))

    portal.paths["/api/3/action/package_show"] = show
    again = stopped("ckan", Place(url=portal.url, pauses=()), 1)
    assert [each.title for each in find("ckan", again)] == ["数据集2"]
    portal.says("/api/3/action/package_list", {"success": True, "result": ["dataset-1", "dataset-3"]})
    with pytest.raises(SourceMoved):
        list(find("ckan", again))


def test_another_file_in_between_starts_a_plan_of_its_own(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.harvest.conftest import renew

    monkeypatch.setattr("kaishu.harvest.staging.CHUNK", 2)
    add_file(dump(tmp_path / "a.jsonl", [package(number) for number in range(5)]), "ckan-jsonl")

    monkeypatch.setattr("kaishu.harvest.staging.Staging._weigh", _interrupting(3))
    with pytest.raises(KeyboardInterrupt):
        harvest.plan(TERMINAL, "there")
    monkeypatch.undo()
    monkeypatch.setenv("KAISHU_HOME", str(home))
    renew(dump(tmp_path / "b.jsonl", [package(number) for number in range(7, 9)]))
    assert run_of(harvest.plan(TERMINAL, "there")).counts == {"new": 2}


def _interrupting(after: int) -> Any:
    from kaishu.harvest.staging import Staging

    real, met = Staging._weigh, []

    def weigh(self: Staging, found: Any) -> None:
        met.append(found)
        if len(met) > after:
            raise KeyboardInterrupt
        real(self, found)

    return weigh

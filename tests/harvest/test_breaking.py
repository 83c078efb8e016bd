"""Sources that are slow, ill, lying or absurd: it is said, nothing is half-taken, nobody is overwritten."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from kaishu import harvest, ledger
from kaishu.access import TERMINAL
from kaishu.db import session_scope
from kaishu.harvest import Bounds, guarded_get
from kaishu.harvest.errors import AddressRefused, AnsweredLater, TooMuch, Unreachable
from tests.harvest.conftest import Answer, Portal, add, add_file, ckan, dump, package, run
from tests.harvest.test_applying import acting, datasets

MEGABYTES = "长" * 3_500_000  # ten megabytes of UTF-8
SCRIPT = '<script>alert("1")</script><img src=x onerror=alert(1)>'
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def refusals() -> list[str]:
    with acting() as call:
        source = harvest.source_by_name(call, "there")
        items = harvest.items_of(call, harvest.runs_of(call, source, 1)[0])
        return [note["en"] for each in items for note in each.notes]


def turtle(tmp_path: Path, text: str, name: str = "there") -> None:
    path = tmp_path / f"{name}.ttl"
    path.write_text(TURTLE + text, encoding="utf-8")
    add_file(path, "dcat", name)


def test_a_source_that_says_nothing_for_long_is_given_up(portal: Portal) -> None:
    over = threading.Event()

    def silent(query: dict[str, list[str]]) -> Answer:
        over.wait(60)
        return 200, {}, b"late"

    portal.paths["/late"] = silent
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        guarded_get(f"{portal.url}/late", bounds=Bounds(silence=0.2))
    assert time.monotonic() - begun < 30
    over.set()


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nx: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["head", "body"]
)
def test_a_source_that_drips_is_given_up_although_no_pause_is_long(
    monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setenv("KAISHU_HARVEST_ALLOW", "127.0.0.1")
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(head)
            while not over.wait(0.05):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        begun = time.monotonic()
        with pytest.raises((TooMuch, Unreachable)):
            guarded_get(
                f"http://127.0.0.1:{listener.getsockname()[1]}/", bounds=Bounds(seconds=0.4, silence=5)
            )
        assert time.monotonic() - begun < 30
        over.set()
        thread.join(5)


def test_trouble_in_the_middle_changes_nothing_here(home: Path, portal: Portal) -> None:
    packages = [package(number) for number in range(1, 251)]
    portal.searches(packages)
    answers = portal.paths["/api/3/action/package_search"]
    portal.paths["/api/3/action/package_search"] = lambda query: (
        (500, {}, b"") if query["start"] == ["200"] else answers(query)
    )
    add(url=portal.url)
    with pytest.raises(AnsweredLater):
        harvest.plan(TERMINAL, "there", pauses=())
    assert datasets() == {}


def test_a_later_page_that_leads_inside_takes_nothing(home: Path, portal: Portal) -> None:
    portal.searches([package(number) for number in range(1, 151)])
    answers = portal.paths["/api/3/action/package_search"]
    portal.paths["/api/3/action/package_search"] = lambda query: (
        (302, {"location": "http://169.254.169.254/"}, b"") if query["start"] != ["0"] else answers(query)
    )
    add(url=portal.url)
    with pytest.raises(AddressRefused):
        run()
    assert datasets() == {}


def test_another_portals_identifiers_take_nothing_from_it(home: Path, tmp_path: Path) -> None:
    add_file(dump(tmp_path / "a.jsonl", [package(1), package(2)]), "ckan-jsonl", "first")
    run("first")
    ours = datasets()["dataset-1"]
    claims = [package(1, title="冒名"), package(9, id=ours.id, name="dataset-1", title="冒用我们的标识")]
    add_file(dump(tmp_path / "b.jsonl", claims), "ckan-jsonl", "there")
    assert run().counts == {"new": 2}
    found = datasets()
    assert (found["dataset-1"].id, found["dataset-1"].title) == (ours.id, "数据集1")
    assert found["dataset-1"].office.name == "first-traffic"
    assert {each.office.name for name, each in found.items() if each.title.startswith("冒")} == {
        "there-traffic"
    }
    with acting() as call:
        assert {tuple(each.reasons) for each in harvest.duplicates(call)} >= {("identifier",)}


def test_rdf_that_speaks_of_anothers_dataset_makes_one_of_its_own(home: Path, tmp_path: Path) -> None:
    said = '<https://victim.example/d1> a dcat:Dataset ; dct:title "{}" ; dct:identifier "d1" .'
    turtle(tmp_path, said.format("真的"), "victim")
    run("victim")
    turtle(tmp_path, said.format("假的"))
    assert run().counts == {"new": 1}
    assert sorted(each.title for each in datasets().values()) == ["假的", "真的"]
    assert run("victim").counts == {"same": 1}


def test_things_that_point_at_each_other_end(home: Path, tmp_path: Path) -> None:
    turtle(
        tmp_path,
        """
        <http://x.example/a> a dcat:Dataset ; dct:title "甲" ; dct:isPartOf <http://x.example/b> ;
          dcat:distribution <http://x.example/a> ; dct:publisher <http://x.example/a> .
        <http://x.example/b> a dcat:Dataset, dcat:DatasetSeries ; dct:title "乙" ;
          dct:hasPart <http://x.example/a> ; dcat:inSeries <http://x.example/b> ; dct:spatial _:x .
        _:x dct:spatial _:y . _:y dct:spatial _:x .
        """,
    )
    counts = run().counts
    assert sum(counts.values()) == 2
    assert counts["new"] >= 1


@pytest.mark.parametrize("kind", ["ckan-jsonl", "datajson", "dcat"])
def test_ten_megabytes_of_description_are_said_and_stop_no_other(
    home: Path, tmp_path: Path, kind: str
) -> None:
    if kind == "ckan-jsonl":
        add_file(dump(tmp_path / "a.jsonl", [package(1, notes=MEGABYTES), package(2)]), kind)
    elif kind == "datajson":
        said = [
            {"title": "T1", "identifier": "1", "description": MEGABYTES},
            {"title": "T2", "identifier": "2"},
        ]
        (tmp_path / "data.json").write_text(json.dumps({"dataset": said}), encoding="utf-8")
        add_file(tmp_path / "data.json", kind)
    else:
        one = f'<http://x.example/1> a dcat:Dataset ; dct:title "T1" ; dct:description "{MEGABYTES}" .'
        turtle(tmp_path, one + '<http://x.example/2> a dcat:Dataset ; dct:title "T2" .')
    run()
    found = datasets().values()
    assert any(each.title in ("T2", "数据集2") for each in found)
    assert all(len(each.record["description"]) <= 20_000 for each in found)
    assert refusals()


@pytest.mark.parametrize("day", ["2020-02-30", "2020-13-01", "0000-00-00", "yesterday", "99999-01-01"])
def test_days_that_the_calendar_has_not_are_not_taken_as_days(home: Path, tmp_path: Path, day: str) -> None:
    extras = [{"key": "issued", "value": day}, {"key": "temporal_start", "value": day}]
    add_file(
        dump(tmp_path / "a.jsonl", [package(1, extras=extras, metadata_modified=day)]), "ckan-jsonl", "one"
    )
    said = {"title": "T", "identifier": "1", "issued": day, "modified": day, "temporal": f"{day}/{day}"}
    (tmp_path / "data.json").write_text(json.dumps({"dataset": [said]}), encoding="utf-8")
    add_file(tmp_path / "data.json", "datajson", "two")
    turtle(
        tmp_path,
        f'<http://x.example/1> a dcat:Dataset ; dct:title "R" ; dct:issued "{day}"^^xsd:date .',
        "three",
    )
    for name in ("one", "two", "three"):
        assert sum(run(name).counts.values()) == 1
    for each in datasets().values():
        assert each.record["issued"] is None
        assert each.record["temporal_start"] is None


def test_script_in_every_field_is_kept_as_text(home: Path, tmp_path: Path) -> None:
    said: dict[str, Any] = {
        key: SCRIPT for key in ("title", "notes", "author", "maintainer", "version", "url")
    }
    said["tags"] = [{"name": SCRIPT}]
    said["organization"] = {"id": "o", "name": SCRIPT, "title": SCRIPT}
    said["extras"] = [{"key": SCRIPT, "value": SCRIPT}]
    said["resources"] = [{"id": SCRIPT, "name": SCRIPT, "format": SCRIPT, "url": f"javascript:{SCRIPT}"}]
    add_file(dump(tmp_path / "a.jsonl", [package(1, **said)]), "ckan-jsonl")
    assert run().counts == {"new": 1}
    (one,) = datasets().values()
    assert all(not str(each.get("url", "")).startswith("javascript") for each in one.resources)
    with session_scope(write=False) as session:
        assert ledger.verify(session).ok


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, [[]], {"id": []}, {"id": "a", "resources": 7}])
def test_packages_of_wrong_types_stop_no_other(home: Path, portal: Portal, wrong: Any) -> None:
    body = ckan({"count": 2, "results": [wrong, package(2)]})
    portal.paths["/api/3/action/package_search"] = lambda query: (200, {}, body)
    add(url=portal.url)
    counts = run().counts
    assert sum(counts.values()) == 2
    assert "dataset-2" in datasets()

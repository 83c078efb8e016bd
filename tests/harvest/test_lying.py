"""Sources that say less than they have, or what cannot be: nothing is lost by it, and one stops no other."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from kaishu import harvest
from kaishu.crosswalk import Site, entry_of
from kaishu.crosswalk.registry import STANDARDS
from kaishu.harvest import guarded_get
from kaishu.harvest.errors import NotReadable, Unreachable
from kaishu.harvest.kinds import Place, find
from kaishu.harvest.kinds.dump import package_found
from kaishu.harvest.staging import Staging
from kaishu.harvest.themes import Themes
from tests.harvest.conftest import Answer, Portal, add, add_file, ckan, dump, package, renew, run
from tests.harvest.test_applying import acting, datasets
from tests.harvest.test_kinds import source_named

SEARCH = "/api/3/action/package_search"


def emptied(portal: Portal, start: int) -> None:
    """From this place on the portal finds nothing, although it counts as many as before."""
    answers = portal.paths[SEARCH]

    def lies(query: dict[str, list[str]]) -> Answer:
        said = answers(query)
        if int(query["start"][0]) < start:
            return said
        found = json.loads(said[2])["result"]
        return 200, {}, ckan({**found, "results": []})

    portal.paths[SEARCH] = lies


def test_a_portal_that_ends_before_its_own_count_has_nothing_taken_as_gone(
    home: Path, portal: Portal
) -> None:
    portal.searches([package(number) for number in range(1, 251)])
    add(url=portal.url)
    assert run().counts == {"new": 250}
    emptied(portal, 200)
    assert run(confirm=True).counts == {"same": 200}
    assert len(datasets()) == 250


def test_an_answer_that_ends_before_its_compression_does_is_not_taken_for_whole(portal: Portal) -> None:
    whole = gzip.compress(b"".join(b"%d\n" % number for number in range(10_000)))
    portal.says("/cut", whole[: len(whole) // 2], content_encoding="gzip")
    with pytest.raises(Unreachable):
        guarded_get(f"{portal.url}/cut")


def test_an_answer_compressed_in_several_parts_is_read_whole(portal: Portal) -> None:
    portal.says("/parts", gzip.compress(b"one\n") + gzip.compress(b"two\n"), content_encoding="gzip")
    assert guarded_get(f"{portal.url}/parts").content == b"one\ntwo\n"


@pytest.mark.parametrize("stamp", ["9999-12-31T23:59:59", "2999-01-01T00:00:00", "yesterday", "x] OR (*:*"])
def test_one_moment_that_cannot_be_does_not_hide_later_changes(
    home: Path, portal: Portal, stamp: str
) -> None:
    packages = [package(1), package(2, metadata_modified=stamp)]
    portal.searches(packages)
    add(url=portal.url)
    run()
    assert source_named().changed_until < "2026-02"
    packages[0] |= {"title": "改过", "metadata_modified": "2026-02-01T00:00:00"}
    run(changed_only=True)
    assert datasets()["dataset-1"].title == "改过"


NUMBER = "1" * 5000


@pytest.mark.parametrize("kind", ["ckan", "ckan-jsonl", "datajson"])
def test_a_number_too_long_to_be_one_is_said(home: Path, portal: Portal, kind: str) -> None:
    body = {
        "ckan": f'{{"success": true, "result": {{"count": 1, "results": [{{"id": {NUMBER}}}]}}}}',
        "ckan-jsonl": f'[{{"id": {NUMBER}}}]',
        "datajson": f'{{"dataset": [{{"identifier": {NUMBER}}}]}}',
    }[kind]
    portal.says(SEARCH if kind == "ckan" else "/x", body.encode())
    with pytest.raises(NotReadable):
        list(find(kind, Place(url=portal.url + ("" if kind == "ckan" else "/x"), pauses=())))


WRONG: list[dict[str, Any]] = [
    {"title": "\ud800"},
    {"id": "\ud800"},
    {"name": "\ud800"},
    {"id": "a\x00b"},
    {"name": "a\x00b"},
    {"title": "a\x00b", "resources": 7},
    {"title": "\ud800", "resources": 7},
    {"resources": [{"url": "\ud800"}]},
    {"organization": {"name": "\ud800", "title": "\ud800"}},
    {"organization": {"name": "a\x00b", "title": "\x00"}},
    {"organization": {"id": "o1", "name": "traffic", "title": "x" * 10_000}},
    {"extras": [{"key": "\ud800", "value": "\ud800"}]},
    {"tags": [{"name": "\ud800"}]},
    {"metadata_modified": "\ud800"},
    {"metadata_created": "\x00"},
    {"id": "x" * 100_000},
    {"name": "x" * 100_000},
    {"title": float("nan")},
    {"resources": [{"url": "https://x.example/a", "size": float("inf")}]},
    {"extras": [{"key": "spatial", "value": '{"type": "Point", "coordinates": [1e999, NaN]}'}]},
    {"extras": [{"key": "a", "value": [[[[[[[[["deep"]]]]]]]]]}]},
]


@pytest.mark.parametrize(
    "wrong", WRONG, ids=lambda wrong: str(wrong)[:40].encode("ascii", "replace").decode()
)
@pytest.mark.parametrize("kind", ["ckan", "ckan-jsonl"])
def test_letters_and_numbers_that_cannot_be_stored_stop_no_other(
    home: Path, tmp_path: Path, portal: Portal, wrong: dict[str, Any], kind: str
) -> None:
    packages = [package(1, **wrong), package(2)]
    if kind == "ckan":
        body = ckan({"count": 2, "results": packages})
        portal.paths[SEARCH] = lambda query: (200, {}, body)
        add(url=portal.url)
    else:
        path = tmp_path / "a.jsonl"
        path.write_bytes(b"\n".join(json.dumps(each).encode() for each in packages))
        add_file(path, kind)
    assert sum(run().counts.values()) == 2
    assert "dataset-2" in datasets()
    assert run().counts.get("new", 0) == 0
    with acting() as call:
        harvest.items_of(call, harvest.runs_of(call, source_named(), 1)[0])


def test_a_dataset_that_vanished_between_list_and_show_stops_no_other(home: Path, portal: Portal) -> None:
    portal.says(SEARCH, b"", 404)
    portal.says("/api/3/action/package_list", ckan(["dataset-1", "dataset-2"]))
    portal.paths["/api/3/action/package_show"] = lambda query: (
        (200, {}, ckan(package(1))) if query["id"] == ["dataset-1"] else (404, {}, b"")
    )
    add(url=portal.url)
    assert run().counts["new"] == 1
    assert list(datasets()) == ["dataset-1"]


def test_a_line_that_cannot_be_read_has_nothing_taken_as_gone(home: Path, tmp_path: Path) -> None:
    packages: list[Any] = [package(number) for number in range(1, 6)]
    add_file(dump(tmp_path / "a.jsonl", packages), "ckan-jsonl")
    run()
    packages[2] = json.dumps(packages[2])[:40]
    renew(dump(tmp_path / "b.jsonl", packages))
    assert run().counts == {"same": 4, "refused": 1}
    assert len(datasets()) == 5


PAGE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<http://there.example/?page> a hydra:PagedCollection ; hydra:totalItems 3 .
"""


def test_dcat_that_ends_before_its_own_count_has_nothing_taken_as_gone(home: Path, portal: Portal) -> None:
    one = '<http://there.example/{0}> a dcat:Dataset ; dct:title "{0}" .\n'
    portal.says("/x.ttl", (PAGE + one.format(1) + one.format(2) + one.format(3)).encode())
    add(url=f"{portal.url}/x.ttl", kind="dcat")
    assert run().counts == {"new": 3}
    portal.says("/x.ttl", (PAGE + one.format(1) + one.format(2)).encode())
    assert run().counts == {"same": 2}
    portal.says("/x.ttl", (PAGE.replace("Items 3", "Items 2") + one.format(1) + one.format(2)).encode())
    assert run().counts == {"same": 2, "gone": 1}


def test_a_number_beyond_all_numbers_breaks_no_list_of_packages(home: Path, tmp_path: Path) -> None:
    long = 2**70
    resources = [{"id": "r", "url": "https://there.example/a.csv", "size": long, "foreign": [long]}]
    add_file(dump(tmp_path / "a.jsonl", [package(1, foreign=long, resources=resources)]), "ckan-jsonl")
    assert run().counts == {"new": 1}
    (path := tmp_path / "data.json").write_text(
        json.dumps({"dataset": [{"title": "T", "identifier": "1", "foreign": long, "x": {"y": [long]}}]})
    )
    add_file(path, "datajson", "other")
    assert run("other").counts == {"new": 1}
    for each in datasets().values():
        for standard in STANDARDS.values():
            assert standard.write(entry_of(each), Site(url="https://here.example", title="这里"))


@pytest.mark.parametrize("wrong", ["\ud800", "a\x00b", "\uffff"])
def test_a_record_of_data_json_that_is_refused_stops_no_other(home: Path, tmp_path: Path, wrong: str) -> None:
    said: list[Any] = [
        {"title": wrong, "identifier": f"1{wrong}", "keyword": 7, "distribution": wrong, wrong: wrong},
        {"title": "", "identifier": wrong},
        [wrong],
        {"title": "T2", "identifier": "2"},
    ]
    (path := tmp_path / "data.json").write_text(json.dumps({"dataset": said}), encoding="utf-8")
    add_file(path, "datajson")
    assert sum(run().counts.values()) == 4
    assert "T2" in {each.title for each in datasets().values()}
    assert "\\u0000" not in json.dumps([each.record for each in datasets().values()])


def test_many_records_of_one_identifier_are_told_apart_in_no_time() -> None:
    packages: list[Any] = [package(1, notes=f"第{number}个") for number in range(20_000)]
    staging = Staging("run", "source", "reader", {}, Place(), Themes())
    begun = time.monotonic()
    met = []
    for number, each in enumerate([*packages, packages[7], package(2)]):
        found = package_found(each, f"#{number}")
        met.append(staging._identified(found))
        staging.seen.setdefault(met[-1][0], found.digest)
    assert time.monotonic() - begun < 5
    assert len({each for each, _ in met}) == 20_001
    assert met[-2] == met[7]
    assert met[-1] == (package(2)["id"], False)

"""Every kind of source, read from a real server or file, with all that goes wrong with them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from kaishu import harvest
from kaishu.access import TERMINAL, Call
from kaishu.base import clock
from kaishu.base.errors import KaishuError, Transient
from kaishu.db import session_scope
from kaishu.harvest.errors import AddressRefused, AnsweredBadly, AnsweredLater, NotReadable, TooMuch
from kaishu.harvest.kinds import Place, find
from kaishu.harvest.models import Source
from tests.harvest.conftest import Answer, Portal, add, add_file, ckan, dump, package, run

REAL = Path(__file__).parents[2] / "kaishu" / "demo" / "catalogues"
PAGE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<{url}?page={page}> a hydra:PagedCollection ; hydra:totalItems 4 {following} .
<{url}/d{one}> a dcat:Dataset ; dct:title "数据集{one}" ; dct:identifier "d{one}" .
<{url}/d{two}> a dcat:Dataset ; dct:title "数据集{two}" ; dct:identifier "d{two}" .
"""


def titles(kind: str, **place: Any) -> list[str]:
    found = find(kind, Place(pauses=(0, 0), **place))
    return [str(each.read().entry.record["title"]) for each in found]  # type: ignore[union-attr]


def source_named(name: str = "there") -> Source:
    with session_scope(write=False) as session:
        return harvest.source_by_name(Call(session, TERMINAL, clock.now(), ""), name)


def test_a_ckan_is_read_page_by_page(portal: Portal) -> None:
    portal.searches([package(number) for number in range(1, 251)])
    place = Place(url=f"{portal.url}/dataset?q=x", pauses=())
    found = list(find("ckan", place))
    assert len({each.remote_id for each in found}) == place.total == 250
    assert len(portal.asked) == 3
    assert all("sort=id+asc" in asked for asked in portal.asked)


def test_a_ckan_that_does_not_turn_its_pages_ends_and_nothing_is_taken_as_gone(portal: Portal) -> None:
    packages = [package(number) for number in range(1, 101)]
    body = ckan({"count": 500, "results": packages})
    portal.paths["/api/3/action/package_search"] = lambda query: (200, {}, body)
    place = Place(url=portal.url, pauses=())
    assert len(list(find("ckan", place))) == 100
    assert not place.whole


def test_an_old_ckan_is_listed_and_shown(portal: Portal) -> None:
    portal.paths["/api/3/action/package_list"] = lambda query: (200, {}, ckan(["dataset-1", "dataset-2"]))

    def show(query: dict[str, list[str]]) -> Answer:
        return 200, {}, ckan(package(int(query["id"][0].removeprefix("dataset-"))))

    portal.paths["/api/3/action/package_show"] = show
    assert titles("ckan", url=portal.url) == ["数据集1", "数据集2"]


def test_only_what_changed_is_asked_for_and_nothing_is_gone_then(home: Path, portal: Portal) -> None:
    packages = [package(number) for number in range(1, 6)]
    portal.searches(packages)
    add(url=portal.url)
    assert run().counts == {"new": 5}
    packages[:] = [{**packages[0], "title": "变了", "metadata_modified": "2026-05-01T00:00:00"}]
    done = run(changed_only=True)
    assert done.counts == {"changed": 1}
    assert not done.whole
    assert "metadata_modified" in portal.asked[-1]


def test_trouble_that_passes_is_waited_for(portal: Portal) -> None:
    answers = [500, 502, 200]

    def flaky(query: dict[str, list[str]]) -> Answer:
        return answers.pop(0), {}, ckan({"count": 1, "results": [package(1)]})

    portal.paths["/api/3/action/package_search"] = flaky
    assert titles("ckan", url=portal.url) == ["数据集1"]


def test_trouble_that_stays_is_said_and_tried_again_with_longer_pauses(home: Path, portal: Portal) -> None:
    portal.says("/api/3/action/package_search", b"", 503)
    add(url=portal.url)
    waits = []
    for failures in range(1, 7):
        with pytest.raises(AnsweredLater):
            harvest.plan(TERMINAL, "there", pauses=())
        source = source_named()
        assert source.failures == failures
        assert source.last_error is not None
        if source.next_try_at:
            waits.append((source.next_try_at - clock.now()).total_seconds())
    assert waits == sorted(waits)
    assert len(waits) == 5
    assert source_named().next_try_at is None
    portal.searches([package(1)])
    assert run().counts == {"new": 1}
    assert (source_named().failures, source_named().last_error) == (0, None)


def test_a_failure_leaves_what_was_harvested_alone(home: Path, portal: Portal) -> None:
    portal.searches([package(1)])
    add(url=portal.url)
    run()
    portal.says("/api/3/action/package_search", b"<html>", 200)
    with pytest.raises(NotReadable) as caught:
        run()
    assert "line 1, column 1" in str(caught.value)
    portal.searches([package(1)])
    assert run().counts == {"same": 1}


@pytest.mark.parametrize("body", [b"[]", b'{"success": true}', b'{"success": true, "result": []}', b"null"])
def test_what_is_no_ckan_is_said(portal: Portal, body: bytes) -> None:
    portal.says("/api/3/action/package_search", body)
    with pytest.raises(AnsweredBadly):
        list(find("ckan", Place(url=portal.url, pauses=())))


def test_a_source_that_redirects_inside_is_refused(home: Path, portal: Portal) -> None:
    portal.says("/api/3/action/package_search", b"", 302, location="http://169.254.169.254/latest")
    add(url=portal.url)
    with pytest.raises(AddressRefused):
        run()


def test_an_address_inside_cannot_be_registered(home: Path) -> None:
    with pytest.raises(AddressRefused):
        add(url="http://127.0.0.1:1/")


def test_a_dump_is_read_by_line_and_a_broken_line_is_said(tmp_path: Path) -> None:
    path = dump(tmp_path / "a.jsonl.gz", [package(1), '{"id": broken', package(2), "[]", ""])
    found = list(find("ckan-jsonl", Place(path=path, name="a.jsonl.gz")))
    readings = [each.read() for each in found]
    assert [each.entry is None for each in readings] == [False, True, False, True]
    assert "Line 2 is not JSON" in readings[1].notes[0].said.en


@pytest.mark.parametrize("form", ["list", "search"])
def test_a_list_or_a_searchs_answer_is_taken_as_a_dump_too(tmp_path: Path, form: str) -> None:
    packages = [package(1), package(2)]
    said = packages if form == "list" else {"success": True, "result": {"count": 2, "results": packages}}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(said, indent=1), encoding="utf-8")
    assert titles("ckan-jsonl", path=path, name="a.json") == ["数据集1", "数据集2"]


def test_a_dump_that_swells_or_breaks_off_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dump(tmp_path / "a.jsonl.gz", [package(number) for number in range(200)])
    monkeypatch.setenv("KAISHU_UNPACK_LIMIT", "20000")
    with pytest.raises(TooMuch):
        list(find("ckan-jsonl", Place(path=path, name="a")))
    monkeypatch.delenv("KAISHU_UNPACK_LIMIT")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(NotReadable):
        list(find("ckan-jsonl", Place(path=path, name="a")))


def test_data_json_is_read_by_address(portal: Portal) -> None:
    datasets = [
        {"title": "Roads", "identifier": "a", "description": "x", "publisher": {"name": "Streets"}},
        {"title": "Parks", "identifier": "b", "description": "y", "publisher": {"name": "Parks"}},
    ]
    portal.says(
        "/data.json", gzip.compress(json.dumps({"dataset": datasets}).encode()), content_encoding="gzip"
    )
    assert titles("datajson", url=f"{portal.url}/data.json") == ["Roads", "Parks"]


@pytest.mark.parametrize("wrong", [7, None, "text", [], {"title": 3, "identifier": []}])
def test_wrong_types_in_data_json_refuse_one_dataset_only(home: Path, tmp_path: Path, wrong: Any) -> None:
    right = {"title": "Roads", "identifier": "a", "description": "x", "publisher": {"name": "Streets"}}
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"dataset": [wrong, right]}), encoding="utf-8")
    add_file(path, "datajson")
    counts = run().counts
    assert counts.pop("new") >= 1
    assert sum(counts.values()) <= 1


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("datajson", b'{"dataset": 3}'),
        ("datajson", b"{"),
        ("datajson", b"\xff\xfe\x00"),
        ("datajson", b"[" * 100_000),
        ("dcat", b"@prefix dcat: <x . broken"),
        ("dcat", b"<rdf:RDF"),
        ("ckan-jsonl", b"[1, 2"),
        ("sheet", "甲,乙\n1,2\n".encode()),
    ],
)
def test_documents_that_cannot_be_read_are_said_and_nothing_is_taken(
    home: Path, tmp_path: Path, kind: str, data: bytes
) -> None:
    path = tmp_path / ("a.csv" if kind == "sheet" else "a.txt")
    path.write_bytes(data)
    add_file(path, kind)
    with pytest.raises(KaishuError) as caught:
        run()
    assert not isinstance(caught.value, Transient)
    assert caught.value.sentence("zh")
    assert source_named().last_error is not None


def test_dcat_pages_are_turned_as_hydra_says(portal: Portal) -> None:
    for page in (1, 2):
        following = f"; hydra:nextPage <{portal.url}/catalog2.ttl>" if page == 1 else ""
        numbers = {"one": page * 2 - 1, "two": page * 2}
        body = PAGE.format(url=portal.url, page=page, following=following, **numbers)
        name = "/catalog.ttl" if page == 1 else "/catalog2.ttl"
        portal.says(name, body.encode(), content_type="text/turtle; charset=utf-8")
    place = Place(url=f"{portal.url}/catalog.ttl", pauses=())
    found = [each.title for each in find("dcat", place)]
    assert sorted(found) == ["数据集1", "数据集2", "数据集3", "数据集4"]
    assert (place.total, place.whole) == (4, True)


def test_dcat_pages_that_go_in_a_circle_end(portal: Portal) -> None:
    following = f"; hydra:nextPage <{portal.url}/catalog.ttl>"
    body = PAGE.format(url=portal.url, page=1, following=following, one=1, two=2)
    portal.says("/catalog.ttl", body.encode(), content_type="text/turtle")
    place = Place(url=f"{portal.url}/catalog.ttl", pauses=())
    assert len(list(find("dcat", place))) == 2
    assert not place.whole


def test_a_dcat_page_that_leads_inside_is_refused(portal: Portal) -> None:
    following = "; hydra:nextPage <http://169.254.169.254/x>"
    body = PAGE.format(url=portal.url, page=1, following=following, one=1, two=2)
    portal.says("/catalog.ttl", body.encode(), content_type="text/turtle")
    with pytest.raises(AddressRefused):
        list(find("dcat", Place(url=f"{portal.url}/catalog.ttl", pauses=())))


def test_a_spreadsheet_in_gbk_is_read_and_each_wrong_cell_is_named(tmp_path: Path) -> None:
    rows = [
        "资源名称,提供部门,摘要,信息资源分类,格式,信息项,共享属性,是否向社会开放,更新周期,发布日期",
        "学校名录,市教育局,全市中小学名录,部门信息资源类,电子表格,校名、地址,无条件共享,是,一年,2024年3月5日",
        "公交线路,市交通局,线路,部门信息资源,电子表格,线路,共享,是,想到就更,2024-02-30",
    ]
    path = tmp_path / "目录.csv"
    path.write_bytes("\r\n".join(rows).encode("gbk"))
    good, bad = [each.read() for each in find("sheet", Place(path=path, name="目录.csv"))]
    assert good.entry is not None
    assert good.entry.record["issued"] == "2024-03-05"
    assert (good.entry.record["resource_class"], good.entry.record["update_frequency"]) == (
        "department",
        "yearly",
    )
    assert [item["name"] for item in good.entry.record["items"]] == ["校名", "地址"]
    assert good.entry.publisher.title == "市教育局"
    assert bad.entry is None
    said = [str(note.said) for note in bad.notes]
    assert ["第3行“共享属性”" in said[0], "第3行“更新周期”" in said[1], "第3行“发布日期”" in said[2]] == [
        True
    ] * 3
    assert "无条件共享" in said[0]


def test_rows_beneath_a_dataset_are_its_items(tmp_path: Path) -> None:
    rows = [
        "信息资源名称,信息资源提供方,信息项名称,数据类型",
        "学校名录,市教育局,校名,C",
        ",,地址,C",
        ",,人数,Q",
        "公交线路,市交通局,线路,N",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    first, second = [each.read() for each in find("sheet", Place(path=path, name="a.csv"))]
    assert first.entry is None
    assert "CNYDTLMGBIF" in str(first.notes[0].said)
    assert second.entry is not None
    assert second.entry.record["items"][0]["letter"] == "N"


@pytest.mark.parametrize(
    ("kind", "file", "datasets"),
    [("datajson", "philadelphia.json.gz", 402), ("datajson", "dhs.json.gz", 1093)],
)
def test_real_catalogues_are_read_whole(home: Path, kind: str, file: str, datasets: int) -> None:
    add_file(REAL / file, kind)
    assert run().counts == {"new": datasets}
    assert run().counts == {"same": datasets}

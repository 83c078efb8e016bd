"""What not every program can read comes out whole, and breaks no document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kaishu.crosswalk import Agent, Entry, Site, datajson, same
from kaishu.crosswalk.ckan import read_package
from kaishu.crosswalk.errors import Unreadable
from kaishu.crosswalk.registry import STANDARDS

SITE = Site(url="https://data.example.gov.cn", title="开枢市公共数据平台", title_en="Kaishu")
LONG = "1180591620717411303424"
VALUES = (
    LONG,
    f"[{LONG}]",
    f'{{"a": -{LONG}}}',
    "[NaN]",
    "-Infinity",
    "1e999",
    '"  "',
    '" a "',
    "javascript:alert(1)",
)
KEYS = ("ckan:x", "data-us:x", "schema-org:x", "data-us:y/z", "x", "", "http://there.example/x", "kaishu:x")


def entry(extras: dict[str, str]) -> Entry:
    return Entry(
        identifier="01D00000000000000001000000",
        name="whole",
        record={"title": "题目", "extras": {key: value for key, value in extras.items() if key}},
        resources=[{"name": "表", "url": "https://there.example/a.csv", "extras": extras}],
        publisher=Agent(title="交通局"),
    )


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("value", VALUES)
def test_what_is_kept_comes_out_whole(standard: str, value: str) -> None:
    given = entry(dict.fromkeys(KEYS, value))
    written = STANDARDS[standard].write(given, SITE)
    if written.lstrip()[:1] in (b"{", b"["):
        json.loads(written, parse_constant=pytest.fail)
    (reading,) = STANDARDS[standard].read(written)
    assert reading.entry is not None
    assert same(given, reading.entry)


NUMBERS: list[Any] = [2**70, [2**70, {"a": -(2**70)}], float("nan"), [float("inf")]]


@pytest.mark.parametrize("number", NUMBERS, ids=str)
@pytest.mark.parametrize("place", ["package", "resource"])
def test_a_number_that_no_reader_takes_is_kept_as_text(number: Any, place: str) -> None:
    package: dict[str, Any] = {"name": "whole", "title": "题目", "foreign": 1}
    package["resources"] = [{"url": "https://there.example/a.csv", "size": 7, "foreign": 1}]
    (package if place == "package" else package["resources"][0])["foreign"] = number
    first = read_package(package).entry
    assert first is not None
    (again,) = STANDARDS["ckan"].read(STANDARDS["ckan"].write(first, SITE))
    assert again.entry is not None and same(first, again.entry)


def test_a_size_with_too_many_digits_is_not_another_size() -> None:
    package = {"name": "whole", "title": "题目", "resources": [{"url": "https://e.org/a", "size": "1" * 30}]}
    read = read_package(package).entry
    assert read is not None
    assert not read.resources[0].get("bytes")
    assert "1" * 30 in str(read.resources[0]["extras"])


def test_letters_that_are_none_are_taken_out_of_every_field() -> None:
    package = {
        "name": "whole",
        "title": "题\ufffe目",
        "resources": [{"url": "https://e.org/a", "format": "CSV\uffff", "other": "\ufffe"}],
    }
    read = read_package(package).entry
    assert read is not None
    assert (read.record["title"], read.resources[0]["format"]) == ("题目", "CSV")
    assert "\ufffe" not in str(read)


@pytest.mark.parametrize("standard", [name for name in STANDARDS if name != "dcat"])
def test_extras_that_another_wrote_hold_no_letter_that_is_none(standard: str) -> None:
    written = STANDARDS[standard].write(entry({"data-us:x": "MARK", "x": "MARK"}), SITE)
    escaped = b"\\u0000" if written.lstrip()[:1] in (b"{", b"[") else "\uffff".encode()
    try:
        (reading,) = STANDARDS[standard].read(written.replace(b"MARK", b"a" + escaped))
    except Unreadable:
        return
    assert reading.entry is not None
    read = str([reading.entry.record, list(reading.entry.resources)])
    assert "a" in read
    assert "\\x00" not in read
    assert "\\uffff" not in read


@pytest.mark.parametrize("deep", [90, 150, 400])
def test_what_nests_without_end_is_cut_and_the_rest_is_read(deep: int) -> None:
    value: Any = "x"
    for level in range(deep):
        value = [value] if level % 2 else {"k": value}
    package = {"name": "whole", "title": "题目", "foreign": value, "resources": [{"url": "https://e.org/a"}]}
    dataset = {"title": "题目", "identifier": "1", "foreign": value, "distribution": [{"foreign": value}]}
    for reading in (read_package(package), datajson.read_dataset(dataset)):
        assert reading.entry is not None
        assert reading.entry.record["title"] == "题目"
        for standard in STANDARDS.values():
            (again,) = standard.read(standard.write(reading.entry, SITE))
            assert again.entry is not None and same(reading.entry, again.entry)

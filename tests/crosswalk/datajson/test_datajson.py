"""DCAT-US 1.1: what portals publish is read without loss, and what is wrong in it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kaishu.crosswalk import Entry, Site, datajson, same
from kaishu.crosswalk.errors import NotThatStandard, Unreadable
from kaishu.crosswalk.keeping import leaves
from tests.crosswalk.strategies import entries

SITE = Site(url="https://data.example.gov.cn", title="开数市")
#: Datasets of healthdata.gov, dhs.gov (public domain) and OpenDataPhilly, one of each shape that occurs.
REAL = json.loads((Path(__file__).parent / "real.json").read_bytes())["dataset"]


def read(**said: Any) -> Any:
    reading = datajson.read_dataset({"title": "x", **said})
    assert reading.entry is not None
    return reading


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(entry=entries())
def test_what_is_written_is_read_the_same(entry: Entry) -> None:
    assert same(datajson.read_dataset(datajson.write(entry, SITE)).entry or entry, entry)
    (reading,) = datajson.from_bytes(datajson.to_bytes(entry, SITE))
    assert reading.entry
    assert same(reading.entry, entry)


@pytest.mark.parametrize("number", range(len(REAL)))
def test_every_statement_of_a_real_dataset_is_written_back(number: int) -> None:
    original = REAL[number]
    reading = datajson.read_dataset(original)
    assert reading.entry is not None
    written = datajson.write(reading.entry, SITE)
    assert missing(original, written) == {}
    places = zip(original.get("distribution", []), written.get("distribution", []), strict=True)
    for theirs, ours in places:
        assert missing(theirs, ours) == {}


def missing(original: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """Statements that are not there; blanks around a text are no statement."""
    there = dict(leaves(written))
    return {
        path: value
        for path, value in leaves(original)
        if path != "distribution" and (path not in there or bare(there[path]) != bare(value))
    }


def bare(value: Any) -> Any:
    if isinstance(value, list):
        return [bare(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def test_a_changed_field_wins_over_what_was_kept() -> None:
    reading = read(modified="R/P1D", temporal="2015-01-01T05:00:00-05:00/2017-12-31T05:00:00-05:00")
    record = {**reading.entry.record, "temporal_end": "2018-06-30"}
    entry = Entry(identifier="x", name="x", record=record)
    assert datajson.write(entry, SITE)["temporal"] == "2015-01-01/2018-06-30"


def test_a_day_that_does_not_exist_is_said_and_kept() -> None:
    reading = read(issued="2020-02-30")
    assert "issued" not in reading.entry.record
    assert reading.entry.record["extras"]["data-us:issued"] == "2020-02-30"
    assert any(note.where == "issued" for note in reading.notes)
    assert datajson.write(reading.entry, SITE)["issued"] == "2020-02-30"


@pytest.mark.parametrize("wrong", [1, 1.5, True, None, [], {}, [1, None], {"a": {"b": 1}}, "\x00", "x" * 999])
@pytest.mark.parametrize("name", ["description", "keyword", "publisher", "contactPoint", "distribution",
                                  "temporal", "license", "language", "modified", "spatial", "@type", "theme",
                                  "accessLevel", "identifier", "accrualPeriodicity"])  # fmt: skip
def test_wrong_types_never_stop_a_reading(name: str, wrong: Any) -> None:
    reading = datajson.read_dataset({"title": "名称", name: wrong})
    assert reading.entry is not None
    again = datajson.read_dataset(datajson.write(reading.entry, SITE))
    assert again.entry is not None
    assert same(again.entry, reading.entry)


@pytest.mark.parametrize("nothing", [{}, {"title": None}, {"title": ["x"]}, [], "text", 5, None])
def test_what_has_no_title_is_refused(nothing: Any) -> None:
    reading = datajson.read_dataset(nothing)
    assert reading.entry is None
    assert any(note.fatal for note in reading.notes)


def test_an_address_that_runs_something_is_neither_taken_nor_kept() -> None:
    link = {"downloadURL": "javascript:alert(1)", "title": "x"}
    reading = read(landingPage=" JavaScript:alert(1)", distribution=[link])
    assert "javascript" not in json.dumps(reading.entry.record).lower()
    assert "javascript" not in json.dumps(reading.entry.resources).lower()
    assert any("executable" in note.said.en or "runs" in note.said.en for note in reading.notes)


def test_ten_megabytes_of_description_are_cut_and_said() -> None:
    reading = read(description="长" * 10_000_000)
    assert len(reading.entry.record["description"]) == 20_000
    assert {note.where for note in reading.notes} == {"description"}


def test_script_stays_text() -> None:
    text = "<script>alert('x')</script>"
    reading = read(title=text, description=text, keyword=[text], publisher={"name": text})
    assert reading.entry.record["title"] == text
    assert datajson.write(reading.entry, SITE)["publisher"]["name"] == text


def test_a_broken_file_is_refused_with_line_and_column() -> None:
    with pytest.raises(Unreadable) as caught:
        list(datajson.read_all(b'{"dataset": [\n  {"title": }]}'))
    assert caught.value.facts["line"] == 2
    with pytest.raises(NotThatStandard):
        list(datajson.read_all(b"[1, 2]"))
    with pytest.raises(Unreadable):
        list(datajson.read_all(b"[" * 100_000))


def test_one_bad_dataset_spoils_no_other() -> None:
    data = json.dumps({"dataset": [{"title": "a"}, 7, {"title": "b"}]}).encode()
    readings = list(datajson.read_all(data))
    assert [bool(reading.entry) for reading in readings] == [True, False, True]
    assert readings[1].notes[0].where == "dataset[1]"


def test_a_whole_catalogue_is_written_piece_by_piece() -> None:
    found = [datajson.read_dataset(each).entry for each in REAL[:5]]
    whole = b"".join(datajson.write_all([each for each in found if each], SITE))
    assert json.loads(whole)["conformsTo"].endswith("v1.1/schema")
    assert all(
        r.entry and same(r.entry, e) for r, e in zip(datajson.read_all(whole), found, strict=True) if e
    )

"""``kaishu ingest`` takes a file in and says what it read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

OPEN = ["--set", "open_class=unconditional", "--set", "share_class=unconditional"]
OPEN += ["--set", "licence=mit", "--set", "themes=trade-industry"]


def test_a_gbk_file_becomes_a_new_dataset_and_no_zero_is_lost(run: Callable, files: Path) -> None:
    path = files / "customs_hs8_2023_gbk.csv"
    said = run("ingest", path, "--json")
    assert said.code == 0
    assert list(said.json) == [
        "dataset",
        "version",
        "rows",
        "set_aside",
        "mode",
        "inserted",
        "updated",
        "deleted",
        "unchanged",
        "encoding",
        "columns",
        "notes",
        "sha256",
    ]
    assert (said.json["version"], said.json["rows"], said.json["set_aside"]) == (1, 8957, 0)
    assert said.json["encoding"] == "gb18030"
    assert said.json["columns"][0] == {"name": "商品编码", "type": "text"}
    assert said.json["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert {note["code"] for note in said.json["notes"]} >= {"not-utf8", "trailing-delimiter"}


def test_a_second_file_for_the_same_dataset_is_its_second_version(run: Callable, files: Path) -> None:
    first = run("ingest", files / "covid19_2020-12-07.json", "--json").json
    second = run("ingest", files / "covid19_2020-12-08.json", "--dataset", first["dataset"], "--json").json
    assert (second["dataset"], second["version"], second["rows"]) == (first["dataset"], 2, 755)
    assert len(run("datasets", "--json").json) == 1


def test_title_and_record_of_a_dataset_that_is_there_are_changed_with_the_file(
    run: Callable, files: Path
) -> None:
    path = files / "country_scores_2020.csv"
    run("ingest", path, "--dataset", "scores", "--new", "--set", "tags=甲，乙")
    run("ingest", path, "--dataset", "scores", "--title", "国家得分", "--set", "update_frequency=yearly")
    record = run("record", "scores", "--json").json
    assert (record["title"], record["tags"], record["update_frequency"]) == (
        "国家得分",
        ["甲", "乙"],
        "yearly",
    )


def test_a_dataset_is_profiled_before_it_is_published(run: Callable, files: Path) -> None:
    run("ingest", files / "country_scores_2020.csv", "--dataset", "scores", "--new")
    first = run("profile", "scores", "--json").json
    assert first["table"]["records"] == 20
    assert run("profile", "scores", "--json").json == first


def test_a_dataset_that_is_not_there_is_refused_unless_it_is_to_be_made(run: Callable, files: Path) -> None:
    refused = run("ingest", files / "admin_counties.json", "--dataset", "counties", "--json")
    assert refused.code == 1
    assert refused.json["error"]["code"] == "catalogue.no-such-dataset"
    assert run("datasets", "--json").json == []
    made = run("ingest", files / "admin_counties.json", "--dataset", "counties", "--new", "--json")
    assert made.json["dataset"] == "counties"


def test_what_a_person_says_about_the_file_counts(run: Callable, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("号;值\n1;2\n3;4\n", encoding="utf-8")
    said = run("ingest", path, "--delimiter", ";", "--type", "号=text", "--title", "甲", "--json")
    assert said.json["columns"] == [{"name": "号", "type": "text"}, {"name": "值", "type": "integer"}]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "source.empty"),
        ("header.csv", b"a,b\n", "lake.no-data-rows"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(
    run: Callable, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = run("ingest", path, "--json")
    assert said.code == 1
    assert said.json["error"]["code"].startswith(code)
    assert name in said.json["error"]["message"]
    assert run("datasets", "--json").json == []
    assert list((tmp_path / "home" / "lake").rglob("*.parquet")) == []


def test_publishing_asks_for_what_the_record_lacks_and_names_the_codes(run: Callable, files: Path) -> None:
    path = files / "customs_partners_gbk.csv"
    refused = run("ingest", path, "--publish")
    assert refused.code == 1
    assert "share_class: Required.  Write: --set share_class=unconditional|conditional|none" in refused.err
    assert run("datasets", "--json").json == []
    done = run("ingest", path, "--publish", *OPEN, "--title", "贸易伙伴", "--json")
    assert done.code == 0
    assert run("datasets", "--json").json[0]["state"] == "published"
    assert [hit["title"] for hit in run("search", "伙伴", "--json").json["hits"]] == ["贸易伙伴"]


def test_several_offices_want_one_named(run: Callable, files: Path) -> None:
    run("office", "add", "甲局", "--name", "jia")
    run("office", "add", "乙局", "--name", "yi")
    refused = run("ingest", files / "country_scores_2020.csv", "--json")
    assert refused.json["error"]["code"] == "cli.office-needed"
    done = run("ingest", files / "country_scores_2020.csv", "--office", "yi", "--json")
    assert done.code == 0
    assert run("datasets", "--office", "yi", "--json").json[0]["office"] == "yi"

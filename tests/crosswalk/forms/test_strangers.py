"""Documents as others write them: usual names, older editions, wrong values, attacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kaishu.crosswalk import Reading, croissant, csvw, datapackage, dublin_core, gbt, guide, same, schema_org
from kaishu.crosswalk.errors import NotThatStandard, Unreadable
from kaishu.crosswalk.model import Site

SITE = Site(url="https://data.example.gov.cn", title="开数市")


def one(found: Iterator[Reading]) -> Any:
    (reading,) = found
    assert reading.entry is not None, reading.notes
    return reading


def test_the_usual_names_and_values_of_platforms_are_understood() -> None:
    text = (
        "资源名称,资源代码,数源单位,资源摘要,共享类型,是否开放,更新频率,发布时间,信息项,关联资源\n"
        "学校名录,307001/000001,市教育局,全市学校,无条件共享,是,一年,2021/3/5,名称（字符型C，50）；人数（整型I）,a；b\n"
    )
    reading = one(guide.from_csv(text.encode("gb18030")))
    record = reading.entry.record
    assert record["title"] == "学校名录"
    assert reading.entry.publisher.title == "市教育局"
    assert (record["share_class"], record["open_class"]) == ("unconditional", "unconditional")
    assert (record["update_frequency"], record["issued"]) == ("yearly", "2021-03-05")
    assert [(each["name"], each["letter"]) for each in record["items"]] == [("名称", "C"), ("人数", "I")]
    assert record["items"][0]["length"] == 50
    assert record["related_codes"] == ["a", "b"]


@pytest.mark.parametrize("words", ["每年", "一年", "年度", "annual", "R/P1Y"])
def test_the_same_frequency_is_the_same_however_it_is_written(words: str) -> None:
    data = json.dumps({"名称": "x", "更新频率": words}).encode()
    assert one(guide.from_json(data)).entry.record["update_frequency"] == "yearly"


def test_a_value_that_no_list_has_is_said_and_written_back() -> None:
    data = json.dumps({"信息资源名称": "x", "更新周期": "看情况", "发布日期": "2020-02-30"}).encode()
    reading = one(guide.from_json(data))
    assert {note.where for note in reading.notes} == {"guide-2017[0].更新周期", "guide-2017[0].发布日期"}
    written = json.loads(guide.to_json(reading.entry, SITE))
    assert (written["更新周期"], written["发布日期"]) == ("看情况", "2020-02-30")


@pytest.mark.parametrize("version", [1, 2])
def test_data_packages_of_both_versions_are_read(version: int) -> None:
    role: dict[str, Any] = {"role": "publisher"} if version == 1 else {"roles": ["publisher"]}
    rules = {"required": True, "enum": ["a", "b"], "pattern": "^.$"}
    field = {"name": "kind", "type": "string", "constraints": rules, "missingValues": ["-"]}
    schema = {"fields": [field, {"name": "n", "type": "integer"}], "primaryKey": ["kind"]}
    resource = {"name": "r", "path": "https://example.org/r.csv", "format": "csv", "schema": schema}
    document: dict[str, Any] = {
        "name": "pack",
        "title": "Pack",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "Office", **role}],
        "resources": [{**resource, "profile": "tabular-data-resource"}],
        "profile": "tabular-data-package",
    }
    reading = one(datapackage.from_bytes(json.dumps(document).encode()))
    record = reading.entry.record
    assert (record["licence"], reading.entry.publisher.title) == ("cc-by-4.0", "Office")
    assert record["items"][0]["constraints"]["enum"] == ["a", "b"]
    assert record["items"][1]["type"] == "integer"
    written = datapackage.write(reading.entry, SITE)
    assert written["resources"][0]["schema"]["primaryKey"] == ["kind"]
    assert written["resources"][0]["schema"]["fields"][0]["missingValues"] == ["-"]
    assert written["profile"] == "tabular-data-package"
    assert same(one(datapackage.from_bytes(json.dumps(written).encode())).entry, reading.entry)


def test_metadata_of_a_single_table_is_read() -> None:
    document = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "https://example.org/trees.csv",
        "dc:title": "Trees",
        "tableSchema": {"columns": [{"titles": ["GID"], "datatype": {"base": "integer"}, "required": True}]},
    }
    entry = one(csvw.from_bytes(json.dumps(document).encode())).entry
    assert entry.record["title"] == "Trees"
    assert (entry.record["items"][0]["name"], entry.record["items"][0]["type"]) == ("GID", "integer")
    assert entry.resources[0]["url"] == "https://example.org/trees.csv"


def test_a_foreign_croissant_is_read_with_its_file_sets() -> None:
    files = [
        {"@type": "cr:FileObject", "@id": "a", "name": "a.zip", "contentUrl": "https://example.org/a.zip",
         "encodingFormat": "application/zip", "sha256": "ab"},
        {"@type": "cr:FileSet", "@id": "s", "name": "images", "includes": "*.jpg",
         "encodingFormat": "image/jpeg", "containedIn": {"@id": "a"}},
    ]  # fmt: skip
    field = {"@type": "cr:Field", "name": "label", "dataType": "sc:Integer"}
    document = {
        "@type": "sc:Dataset",
        "name": "Images",
        "distribution": files,
        "recordSet": [{"field": [field]}],
    }
    entry = one(croissant.from_bytes(json.dumps(document).encode())).entry
    assert entry.record["items"][0]["type"] == "integer"
    assert entry.resources[0]["checksum"] == "sha256:ab"
    written = croissant.write(entry, SITE)
    assert written["distribution"][1]["includes"] == "*.jpg"


def test_schema_org_is_read_from_a_graph() -> None:
    document = {"@graph": [{"@type": "WebPage"}, {"@type": "Dataset", "name": "X", "keywords": "a, b"}]}
    assert one(schema_org.from_bytes(json.dumps(document).encode())).entry.record["title"] == "X"


def test_dublin_core_is_read_whatever_its_prefixes_are() -> None:
    data = (
        b'<r><o:dc xmlns:o="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:d="http://purl.org/dc/elements/1.1/">'
        b'<d:title xml:lang="en">Title</d:title><d:subject>a</d:subject><d:subject>b</d:subject></o:dc></r>'
    )
    record = one(dublin_core.from_bytes(data)).entry.record
    assert (record["title"], record["tags"]) == ("Title", ["a", "b"])


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("read", [guide.from_bytes, gbt.from_bytes, dublin_core.from_bytes])
@pytest.mark.parametrize("data", [BOMB, OUTSIDE, b"", b"<a><b></a>", b"<a>" * 100, b"\xff\xfe\x00", b"text"])
def test_xml_that_is_broken_or_reaches_out_is_refused(
    read: Callable[[bytes], Iterator[Reading]], data: bytes
) -> None:
    with pytest.raises(Unreadable) as caught:
        list(read(data))
    assert caught.value.facts["line"] >= 1


@pytest.mark.parametrize("module", [croissant, csvw, datapackage, schema_org])
@pytest.mark.parametrize("data", [b"[]", b"{}", b"7", b'"x"', b"null"])
def test_json_of_something_else_is_refused(module: Any, data: bytes) -> None:
    with pytest.raises(NotThatStandard):
        list(module.from_bytes(data))


@pytest.mark.parametrize(
    "wrong", [1, True, None, [], {}, [[]], [None], {"a": 1}, "\x00", "javascript:alert(1)"]
)
@pytest.mark.parametrize(
    ("read", "base"),
    [
        (datapackage.from_bytes, {"title": "x", "resources": [{"name": "a"}]}),
        (croissant.from_bytes, {"@type": "sc:Dataset", "name": "x"}),
        (schema_org.from_bytes, {"@type": "Dataset", "name": "x"}),
        (csvw.from_bytes, {"dc:title": "x", "tables": [{"url": "a"}]}),
        (guide.from_json, {"信息资源名称": "x"}),
        (gbt.from_json, {"名称": "x"}),
    ],
)
def test_wrong_types_anywhere_never_stop_a_reading(
    read: Callable[[bytes], Iterator[Reading]], base: dict[str, Any], wrong: Any
) -> None:
    from kaishu.crosswalk import table

    names = {row.element.partition(".")[0] for n in ("guide-2017", "gbt-21063-3", "schema-org", "croissant",
             "csvw", "data-package") for row in table(n).rows} - {"@type", "tables", "resources"}  # fmt: skip
    for name in sorted(names):
        try:
            for reading in read(json.dumps({**base, name: wrong}).encode()):
                assert reading.entry is not None or reading.notes
                record = reading.entry.record if reading.entry else {}
                for field in ("documentation", "in_series", "derived_from", "source_url", "spatial_uri"):
                    assert "javascript" not in str(record.get(field))
                assert "javascript" not in str(record.get("extras", {}).values())
        except NotThatStandard:
            continue

"""JSON, NDJSON, GeoJSON and XML: records wherever they are, numbers as they are written."""

from __future__ import annotations

import json

import pytest

from kaishu.lake.errors import BrokenFile, NoDataRows, NoRecords, NoSuchPart
from tests.lake.reading.conftest import Read


def test_an_array_of_records(read: Read) -> None:
    text = json.dumps(
        [{"代码": "0101", "数": 1.50, "日": "2020-01-11"}, {"代码": "02", "更多": None, "数": 2}]
    )
    table = read(text, "a.json")
    assert table.types == {"代码": "text", "数": "number", "日": "date", "更多": "text"}
    assert [row["数"] for row in table.rows] == [1.5, 2.0]


def test_the_same_table_reads_the_same_from_csv_and_json(read: Read) -> None:
    rows = [{"code": "110101", "name": "东城区", "n": 1}, {"code": "010102", "name": "西城区", "n": 20}]
    csv = "code,name,n\n" + "".join(f"{r['code']},{r['name']},{r['n']}\n" for r in rows)
    assert read(csv).rows == read(json.dumps(rows, ensure_ascii=False), "a.json").rows == rows


def test_long_numbers_are_not_rounded(read: Read) -> None:
    table = read('[{"编":12345678901234567890,"x":1},{"编":0.1,"x":2}]', "a.json")
    assert table.column("编") == ["12345678901234567890", "0.1"]


def test_a_record_list_inside_an_object_is_found(read: Read) -> None:
    text = json.dumps({"code": 0, "msg": "ok", "data": {"total": 2, "items": [{"a": 1}, {"a": 2}]}})
    table = read(text, "a.json")
    assert table.plan.record_path == "data.items"
    assert table.rows == [{"a": 1}, {"a": 2}]
    assert read(text, "a.json", record_path="data.items").rows == table.rows
    with pytest.raises(NoSuchPart):
        read(text, "a.json", record_path="data.rows")


def test_headings_are_carried_into_nested_records(read: Read) -> None:
    data = {"provinceList": [
        {"code": 11, "province": "北京", "cityList": [
            {"city": "北京市", "hospitals": [{"name": "甲", "tel": ""}, {"name": "乙", "tel": "010"},
                                             {"name": "丙"}]},
            {"city": "某县"}]}]}  # fmt: skip
    table = read(json.dumps(data), "a.json")
    assert table.plan.record_path == "provinceList.cityList.hospitals"
    assert table.rows[1] == {
        "provinceList.code": "11", "provinceList.province": "北京", "cityList.city": "北京市",
        "name": "乙", "tel": "010",
    }  # fmt: skip
    assert table.note("parents-without-records")["count"] == 1
    assert len(read(json.dumps(data), "a.json", record_path="provinceList").rows) == 1


def test_objects_inside_become_columns_and_lists_become_text(read: Read) -> None:
    text = '[{"名":"甲","址":{"区":"东城","坐标":{"x":1.50}},"标签":["a",1.0,null,true,{"k":"值"}]}]'
    table = read(text, "a.json")
    assert table.rows == [
        {"名": "甲", "址.区": "东城", "址.坐标.x": 1.5, "标签": '["a", 1.0, null, true, {"k": "值"}]'}
    ]


def test_entries_that_are_no_records_are_set_aside(read: Read) -> None:
    table = read('[{"a":1},\n5,\n"字",\n{"a":2}]', "a.json")
    assert table.column("a") == [1, 2]
    assert [(row["line"], row["reason"], row["text"]) for row in table.aside] == [
        (2, "not-record", "5"), (3, "not-record", '"字"'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[{"a":1},\n {"a":}]', 2, 7),
        ('[{"a":1},\n{"a":2}', 2, 8),
        ('[{"a":1}\n{"a":2}]', 2, 1),
        ("[{'a':1}]", 1, 3),
    ],
)
def test_broken_json_names_its_place(read: Read, text: str, line: int, column: int) -> None:
    with pytest.raises(BrokenFile) as caught:
        read(text, "a.json")
    assert caught.value.facts["line"] == line
    assert abs(caught.value.facts["column"] - column) <= 1


def test_a_large_array_streams_through_any_piece(read: Read) -> None:
    rows = [{"i": i, "文": "汉字" * (i % 50), "n": {"x": i / 7}} for i in range(60_000)]
    table = read(json.dumps(rows, ensure_ascii=False), "a.json")
    assert len(table.rows) == 60_000
    assert table.rows[59_999] == {"i": 59_999, "文": ("汉字" * 49), "n.x": 59_999 / 7}


def test_a_name_that_comes_late_becomes_a_column(read: Read) -> None:
    lines = [json.dumps({"a": i}) for i in range(10)] + [json.dumps({"a": 10, "后": "x"})]
    table = read("\n".join(lines), "a.ndjson")
    assert table.rows[0] == {"a": 0, "后": None}
    assert table.rows[10] == {"a": 10, "后": "x"}


def test_lines_of_ndjson_that_are_broken_are_set_aside(read: Read) -> None:
    table = read('{"a":1}\n{"a":\n\n[1]\n{"a":2}\n', "a.jsonl")
    assert table.plan.format == "ndjson"
    assert table.column("a") == [1, 2]
    assert [(row["line"], row["reason"]) for row in table.aside] == [(2, "broken-json"), (4, "not-record")]
    assert table.note("blank-lines") == {"count": 1}


def test_points_become_longitude_and_latitude(read: Read) -> None:
    text = json.dumps({"type": "FeatureCollection", "name": "x", "features": [
        {"type": "Feature", "id": "node/1", "geometry": {"type": "Point", "coordinates": [116.4, 39.9]},
         "properties": {"名": "站", "id": 7}},
        {"type": "Feature", "id": "way/2",
         "geometry": {"type": "LineString", "coordinates": [[1.0, 2], [3, 4]]},
         "properties": {"名": "线", "宽": 2.5}},
        {"type": "Feature", "geometry": None, "properties": None}]})  # fmt: skip
    table = read(text, "a.geojson")
    assert table.plan.format == "geojson"
    assert table.rows[0] == {
        "id": "node/1", "名": "站", "id_2": "7", "宽": None, "longitude": 116.4, "latitude": 39.9,
        "geometry": None,
    }  # fmt: skip
    assert json.loads(table.rows[1]["geometry"]) == {"type": "LineString", "coordinates": [[1.0, 2], [3, 4]]}
    assert set(table.rows[2].values()) == {None}


def test_xml_rows_with_child_elements(read: Read) -> None:
    text = '<?xml version="1.0"?>\n<rows><total>2</total>\n'
    text += "<row><编码>01</编码><名>甲&amp;乙</名><tag>x</tag><tag>y</tag></row>"
    text += "<row><编码>02</编码><名 lang='en'>B</名><址><区>东城</区></址></row></rows>"
    table = read(text, "a.xml")
    assert table.plan.record_path == "row"
    assert table.rows == [
        {"编码": "01", "名": "甲&乙", "tag": '["x", "y"]', "名.lang": None, "址.区": None},
        {"编码": "02", "名": "B", "tag": None, "名.lang": "en", "址.区": "东城"},
    ]


def test_attributes_of_the_levels_above_are_carried_down(read: Read) -> None:
    text = '<sw c="北京"><l lid="1号线"><p lb="苹果园" x="1"/><p lb="古城" x="2"/></l>'
    text += '<l lid="2号线"><p lb="西直门" x="3"/><p lb="积水潭" x="4"/></l><l lid="3号线"/></sw>'
    table = read(text, "a.xml")
    assert table.plan.record_path == "l/p"
    assert table.rows[2] == {"l.lid": "2号线", "lb": "西直门", "x": 3}
    assert table.note("parents-without-records")["count"] == 1
    assert len(read(text, "a.xml", record_path="l").rows) == 3


def test_gbk_xml_is_read_whatever_it_declares(read: Read) -> None:
    text = '<?xml version="1.0" encoding="gb2312"?><r><a><名>甲</名></a><a><名>乙</名></a></r>'
    assert read(text.encode("gbk"), "a.xml").column("名") == ["甲", "乙"]


def test_broken_xml_names_its_place(read: Read) -> None:
    with pytest.raises(BrokenFile) as caught:
        read("<r>\n<a><b>1</b></a>\n<a><b>2</a>\n</r>", "a.xml")
    assert caught.value.facts["line"] == 3


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_in_xml_are_refused(read: Read, head: str) -> None:
    with pytest.raises(BrokenFile):
        read(f"<?xml version='1.0'?>{head}<r><a><b>&b;</b></a><a><b>&f;</b></a></r>", "a.xml")


def test_lists_without_objects_are_no_tables(read: Read) -> None:
    for text in ("[[1,2],[3,4]]", '["a","b"]'):
        with pytest.raises(NoRecords):
            read(text, "a.json")


def test_empty_lists_are_no_tables(read: Read) -> None:
    for text, name in (
        ("[]", "a.json"),
        ('{"data": []}', "b.json"),
        ('{"type":"FeatureCollection","features":[]}', "c.geojson"),
    ):
        with pytest.raises(NoDataRows):
            read(text, name)


@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "a.geojson"])
def test_bottomless_nesting_is_refused(read: Read, name: str) -> None:
    for deep in (400, 100_000):
        inside = "[" * deep + "]" * deep
        with pytest.raises(BrokenFile) as caught:
            record = f'{{"a":{inside}}}'
            table = read(f'[{{"a":1}},\n{record}]' if name == "a.json" else record, name)
            assert deep == 400 and len(table.rows[-1]["a"]) >= 800
            raise BrokenFile(file=name, format="", line=1, column=1, detail="read whole")
        assert caught.value.facts["detail"] in ("nested too deeply", "read whole")

"""Files: what goes out comes back in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kaishu.access import Call
from kaishu.delivery import (
    Columns,
    Filter,
    RowQuery,
    available_formats,
    etag_of,
    export_path,
    export_stream,
    point_columns,
)
from kaishu.delivery.errors import UnknownFormat
from kaishu.delivery.formats import xlsx
from kaishu.delivery.formats.xml import element_names
from tests.delivery.conftest import Make

TYPES = {
    "编号": "text",
    "3月 数": "integer",
    "金额": "number",
    "有效": "boolean",
    "日期": "date",
    "a<b&c": "datetime",
}
nasty = st.one_of(
    st.sampled_from(
        [
            "",
            "007",
            '引"号',
            "a,b",
            "x\ty",
            "一\n二",
            "一\r二",
            "\r\n",
            " 空格 ",
            "=1+1",
            "@SUM(A1)",
            "𠮷😀",
            "<b>&amp;</b>",
            "]]>",
            "_x0041_",
            "\\n",
            "null",
            "NULL",
            "\u3000",
            "\ufeff",
            "\u2028",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
rows_of_everything = st.lists(
    st.tuples(
        st.none() | nasty,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.booleans(),
        st.none() | st.dates(date(1, 1, 1)),
        st.none() | st.datetimes(datetime(1, 1, 1)),
    ),
    max_size=12,
)
LAWS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
Rows = list[tuple[Any, ...]]
Get = Callable[..., bytes]


@pytest.fixture
def get(make_version: Make, call: Call) -> Get:
    def whole(rows: Rows, format: str, types: dict[str, str] = TYPES, **options: Any) -> bytes:
        return b"".join(export_stream(call, make_version(types, rows), format, **options).chunks)

    return whole


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with milliseconds or microseconds only where there are any."""
    if value is None:
        return None
    text = value.isoformat(timespec="seconds")
    micros = value.microsecond
    return f"{text}.{micros // 1000:03d}" if micros and micros % 1000 == 0 else value.isoformat()


def plain(row: tuple[Any, ...]) -> list[Any]:
    day = row[4].isoformat() if row[4] is not None else None
    return [*row[:4], day, moment(row[5])]


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_csv_and_tsv(get: Get, format: str, delimiter: str) -> None:
    @LAWS
    @given(rows_of_everything)
    @example(
        [("", None, None, None, None, None), (None, 1, -0.0, True, date(2024, 2, 29), datetime(2024, 1, 1))]
    )
    def check(rows: Rows) -> None:
        body = get(rows, format).decode()
        assert body.count("\r\n") >= len(rows) + 1
        lines = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
        assert lines[0] == list(TYPES)
        assert len(lines) == len(rows) + 1
        for line, row in zip(lines[1:], rows, strict=True):
            want = plain(row)
            assert line[0] == (want[0] or "")
            assert line[1] == ("" if want[1] is None else str(want[1]))
            assert (float(line[2]) if line[2] else None) == want[2]
            assert line[3] == ("" if want[3] is None else str(want[3]).lower())
            assert line[4:] == [want[4] or "", want[5] or ""]

    check()


def test_csv_tells_an_empty_text_from_a_missing_one(get: Get) -> None:
    body = get([("", 1), (None, 2)], "csv", {"甲": "text", "乙": "integer"})
    assert body == '甲,乙\r\n"",1\r\n,2\r\n'.encode()


def test_csv_of_one_column_keeps_every_line(get: Get) -> None:
    assert get([("a",), (None,), ("b",)], "csv", {"甲": "text"}) == '甲\r\na\r\n""\r\nb\r\n'.encode()


def test_csv_with_a_mark_for_excel(get: Get) -> None:
    assert get([], "csv", {"甲": "text"}, bom=True) == b"\xef\xbb\xbf\xe7\x94\xb2\r\n"


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_json_and_ndjson(get: Get, format: str) -> None:
    @LAWS
    @given(rows_of_everything)
    def check(rows: Rows) -> None:
        body = get(rows, format)
        found = json.loads(body) if format == "json" else [json.loads(line) for line in body.splitlines()]
        assert found == [dict(zip(TYPES, plain(row), strict=True)) for row in rows]

    check()


def test_parquet(get: Get) -> None:
    @LAWS
    @given(rows_of_everything)
    def check(rows: Rows) -> None:
        frame = pl.read_parquet(io.BytesIO(get(rows, "parquet")))
        assert frame.columns == list(TYPES)
        assert frame.rows() == rows

    check()


def test_xml(get: Get) -> None:
    nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"

    @LAWS
    @given(rows_of_everything)
    def check(rows: Rows) -> None:
        root = ElementTree.fromstring(get(rows, "xml"))
        assert len(root) == len(rows)
        for element, row in zip(root, rows, strict=True):
            assert [cell.get("name", cell.tag) for cell in element] == list(TYPES)
            values = [None if cell.get(nil) else cell.text or "" for cell in element]
            want = plain(row)
            text = (
                re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", want[0]) if want[0] else want[0]
            )
            assert values[0] == text
            assert values[1] == (None if want[1] is None else str(want[1]))
            assert (None if values[2] is None else float(values[2])) == want[2]
            assert values[3] == (None if want[3] is None else str(want[3]).lower())
            assert values[4:] == want[4:]

    check()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=6), max_size=8, unique=True))
@example(["名称", "3月", "a b", "a_b", "xmlns", "a:b", "<", "-x", "😀", "𠮷", "a_b_2"])
def test_element_names_are_valid_and_unique(names: list[str]) -> None:
    made = element_names(names)
    assert len(set(made)) == len(names)
    for name in made:
        ElementTree.fromstring(f"<{name}/>")


def test_chinese_element_names_stay() -> None:
    assert element_names(["名称", "行政区划代码", "3月"]) == ["名称", "行政区划代码", "_3月"]


def unescaped(text: str | None) -> str | None:
    """What Excel shows for ``_x0001_``."""
    return text and re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def test_xlsx(get: Get) -> None:
    @LAWS
    @given(rows_of_everything)
    @example([("_x0041_\x01\r", 10**15, 1e300, False, date(1900, 2, 28), datetime(1899, 1, 1))])
    @example([("=1+1", 10**15 - 1, -1.5, None, date(1900, 3, 1), datetime(9999, 12, 31, 23, 59, 59))])
    def check(rows: Rows) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(get(rows, "xlsx"))).active
        lines = list(sheet.iter_rows())
        assert [cell.value for cell in lines[0]] == list(TYPES)
        assert len(lines) == len(rows) + 1
        for line, row in zip(lines[1:], rows, strict=True):
            want = plain(row)
            cells = [line[n].value if n < len(line) else None for n in range(len(TYPES))]
            assert (unescaped(cells[0]) or "") == (want[0] or "")
            exact = want[1] is None or abs(want[1]) < 10**15
            assert cells[1] == (want[1] if exact else str(want[1]))
            assert cells[2] == want[2]
            assert cells[3] == want[3]
            _same_day(cells[4], row[4])
            _same_moment(cells[5], row[5])

    check()


def _same_day(found: Any, want: date | None) -> None:
    if isinstance(found, datetime):
        found = found.date()
    known = want is None or want >= date(1900, 3, 1)
    assert found == (want if known else want.isoformat())  # type: ignore[union-attr]


def _same_moment(found: Any, want: datetime | None) -> None:
    if want is None or want < datetime(1900, 3, 1):
        assert found == moment(want)
    else:
        assert abs(found - want) <= timedelta(milliseconds=1)


def test_xlsx_goes_on_in_another_sheet(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 7)
    book = openpyxl.load_workbook(io.BytesIO(get([(n,) for n in range(20)], "xlsx", {"数": "integer"})))
    assert book.sheetnames == ["数据", "数据 2", "数据 3"]
    found = [row[0] for sheet in book for row in list(sheet.values)[1:]]
    assert found == list(range(20))


def test_xlsx_says_what_it_had_to_cut(get: Get) -> None:
    body = get([("长" * 40_000,), ("𠮷" * 16_000,), ("短",)], "xlsx", {"文": "text"})
    book = openpyxl.load_workbook(io.BytesIO(body))
    values = [row[0] for row in book["数据"].values]
    assert len(values[1]) < 32_767
    assert values[1].endswith("…")
    assert values[2:] == ["𠮷" * 16_000, "短"]
    assert next(book["说明 Notes"].values)[0].startswith("有 1 个单元格")


def test_xlsx_opens_in_calamine_and_is_the_same_twice(make_version: Make, call: Call) -> None:
    from python_calamine import CalamineWorkbook

    version = make_version({"代码": "text", "日": "date"}, [("007", date(2024, 5, 1)), ("=1+1", None)])
    once, twice = (b"".join(export_stream(call, version, "xlsx").chunks) for _ in range(2))
    assert once == twice
    rows = CalamineWorkbook.from_filelike(io.BytesIO(once)).get_sheet_by_index(0).to_python()
    assert rows == [["代码", "日"], ["007", date(2024, 5, 1)], ["=1+1", ""]]


def test_geojson(make_version: Make, call: Call) -> None:
    types = {"名称": "text", "经度": "number", "纬度": "number"}
    rows = [("甲\n", 116.5, 39.9), ("乙", None, 39.0), ("丙", 200.0, 10.0)]
    version = make_version(types, rows)
    assert "geojson" in available_formats(version)
    found = json.loads(b"".join(export_stream(call, version, "geojson").chunks))
    assert [f["geometry"] for f in found["features"]] == [
        {"type": "Point", "coordinates": [116.5, 39.9]},
        None,
        None,
    ]
    assert found["features"][0]["properties"] == {"名称": "甲\n", "经度": 116.5, "纬度": 39.9}
    none = make_version(types, [])
    assert json.loads(b"".join(export_stream(call, none, "geojson").chunks))["features"] == []


def test_points_by_their_usual_names() -> None:
    def found(*names: str, kind: str = "number") -> list[str] | None:
        pair = point_columns(Columns.of([{"name": n, "type": kind} for n in names]).own)
        return pair and [column.name for column in pair]  # type: ignore[return-value]

    assert found("名", "LNG", "Lat") == ["LNG", "Lat"]
    assert found("纬度（°）", "经度（°）") == ["经度（°）", "纬度（°）"]
    assert found("Longitude", "Latitude") == ["Longitude", "Latitude"]
    assert found("经度", "高度") is None
    assert found("经度", "纬度", kind="text") is None


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("format", ["csv", "parquet", "json", "xlsx", "xml", "ndjson", "tsv"])
def test_rows_of_a_query(
    make_version: Make, call: Call, big: bool, format: str, request: pytest.FixtureRequest
) -> None:
    """The same file as if the table had only these rows."""
    if big:
        request.getfixturevalue("large")
    rows = [
        (
            f"{n:03d}",
            n % 5,
            n / 3,
            n % 2 == 0,
            date(2024, 1, 1) + timedelta(n),
            datetime(2024, 1, 1, 1, n % 60, 1, n * 50),
        )
        for n in range(40)
    ]
    query = RowQuery(filters=(Filter("3月 数", "in", (1, 3)),), sort=(("金额", True),), limit=2)
    some = [row for row in reversed(rows) if row[1] in (1, 3)]
    asked = b"".join(export_stream(call, make_version(TYPES, rows), format, query=query).chunks)
    whole = b"".join(export_stream(call, make_version(TYPES, some), format).chunks)
    if format == "parquet":
        assert pl.read_parquet(io.BytesIO(asked)).equals(pl.read_parquet(io.BytesIO(whole)))
    else:
        assert asked == whole


def test_chosen_columns_and_the_row_number(make_version: Make, call: Call) -> None:
    version = make_version(TYPES, [("a", 1, None, None, None, None)])
    query = RowQuery(columns=("_id", "编号"))
    assert b"".join(export_stream(call, version, "csv", query=query).chunks) == "_id,编号\r\n1,a\r\n".encode()


def test_kept_files(make_version: Make, call: Call) -> None:
    from concurrent.futures import ThreadPoolExecutor

    version = make_version(TYPES, [("a", 1, None, None, None, None)] * 3000)
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: export_path(call, version, "csv"), range(8)))
    (path,) = paths
    assert path.read_bytes() == b"".join(export_stream(call, version, "csv").chunks)
    assert list(path.parent.iterdir()) == [path]


def test_fingerprints_tell_files_apart(make_version: Make) -> None:
    version = make_version(TYPES, [])
    query = RowQuery(search="x")
    tags = {
        etag_of(version, "csv"),
        etag_of(version, "tsv"),
        etag_of(version, "csv", bom=True),
        etag_of(version, "csv", query=query),
        etag_of(make_version(TYPES, []), "csv"),
    }
    assert len(tags) == 5
    assert etag_of(version, "csv") == etag_of(version, "csv")


def test_unknown_formats_list_those_that_exist(make_version: Make, call: Call) -> None:
    version = make_version(TYPES, [])
    for format in ("docx", "geojson"):
        with pytest.raises(UnknownFormat) as caught:
            export_stream(call, version, format)
        assert "parquet" in caught.value.advice("zh")
    assert "geojson" not in available_formats(version)


def test_empty_tables(get: Get) -> None:
    assert get([], "json") == b"[]\n"
    assert get([], "ndjson") == b""
    assert pl.read_parquet(io.BytesIO(get([], "parquet"))).shape == (0, 6)
    assert ElementTree.fromstring(get([], "xml")).tag == "rows"
    assert list(openpyxl.load_workbook(io.BytesIO(get([], "xlsx"))).active.values) == [tuple(TYPES)]

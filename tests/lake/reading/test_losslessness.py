"""The law of reading: what goes in comes out, and every row is read or set aside."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.lake.reading.conftest import read_path

COMMON = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHARACTERS = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff\u2028\u2029\x85")
CELL = st.one_of(
    st.text(st.one_of(st.sampled_from("北京市海淀区，。；①○𠮷,;|\t\"'\r\n #=-0"), CHARACTERS), max_size=12),
    st.sampled_from(["", "0", "007", "1.50", "NA", "2020-01-11", "true", "是", "-", "12345678901234567890"]),
)


def tables(width: int = 4) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12)


def written(rows: list[list[str]], delimiter: str, end: str, quoting: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["甲", "乙", "丙", "丁"])
    writer.writerows(rows)
    return out.getvalue()


@COMMON
@given(
    rows=tables(),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-8-sig", "utf-16"]),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example(rows=[[""] * 4], encoding="utf-8", delimiter="\t", end="\n", quoting=csv.QUOTE_MINIMAL)
def test_text_comes_back_as_written(
    tmp_path: Path, rows: list[list[str]], encoding: str, delimiter: str, end: str, quoting: int
) -> None:
    path = tmp_path / "t.csv"
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the writer leaves a lone carriage return bare, which ends a line
    path.write_bytes(written(rows, delimiter, end, quoting).encode(encoding))
    types = dict.fromkeys("甲乙丙丁", "text")
    told = {"encoding": encoding} if encoding == "gb18030" else {}
    table = read_path(path, types=types, delimiter=delimiter, header_row=1, **told)
    assert [list(row.values()) for row in table.rows] == [[cell or None for cell in row] for row in rows]
    assert not table.aside


@COMMON
@given(rows=tables())
def test_inferred_types_lose_no_value(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(written(rows, ",", "\n", csv.QUOTE_ALL).encode())
    table = read_path(path, delimiter=",", header_row=1)
    assert len(table.rows) + len(table.aside) == len(rows)
    for name, type in table.types.items():
        if type == "text" and not table.aside:
            place = "甲乙丙丁".index(name)
            assert table.column(name) == [row[place] or None for row in rows]


@COMMON
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["", "1", "甲", '"', 'x"y', "a\nb", ","]), min_size=1, max_size=6),
        min_size=1,
        max_size=30,
    ),
    blank=st.integers(0, 3),
)
def test_every_row_is_read_or_set_aside(tmp_path: Path, rows: list[list[str]], blank: int) -> None:
    rows = [row for row in rows if row != [""]] or [["1", "2", "3", "4"]]
    path = tmp_path / "t.csv"
    text = written(rows, ",", "\n", csv.QUOTE_MINIMAL) + "\n" * blank
    path.write_text(text, newline="")
    types = dict.fromkeys("甲乙丙丁", "text")
    wide = [row for row in rows if len(row) != 4]
    if all(len(row) == len(rows[0]) != 4 for row in rows) or len(wide) == len(rows):
        return  # then the header is what does not fit
    if max(map(len, rows)) > 4 and sum(len(row) > 4 for row in rows) >= 0.9 * len(rows):
        return
    table = read_path(path, types=types, delimiter=",", header_row=1)
    assert len(table.rows) + len(table.aside) == len(rows)
    assert len(table.aside) == len(wide)
    line, expected = 2, []
    for row in rows:
        if len(row) != 4:
            expected.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    assert [row["line"] for row in table.aside] == expected


@COMMON
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["甲", "乙", "c"]),
            st.one_of(
                st.text(CHARACTERS, max_size=8), st.integers(-(10**20), 10**20), st.booleans(), st.none()
            ),
            min_size=1,
        ),
        min_size=1,
        max_size=20,
    ),
    st.booleans(),
)
def test_json_records_come_back_as_text(
    tmp_path: Path, records: list[dict[str, object]], lines: bool
) -> None:
    path = tmp_path / ("t.ndjson" if lines else "t.json")
    if lines:
        text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    else:
        text = json.dumps(records)
    path.write_text(text, encoding="utf-8")
    keys = dict.fromkeys(key for record in records for key in record)
    table = read_path(path, types=dict.fromkeys(keys, "text"), format="ndjson" if lines else "json")

    def shown(value: object) -> str | None:
        return (
            str(value).lower() if isinstance(value, bool) else str(value) if value not in (None, "") else None
        )

    assert table.rows == [{key: shown(record.get(key)) for key in keys} for record in records]


@pytest.mark.parametrize("size", [(1 << 20) - 3, (1 << 20), (1 << 20) + 5, (4 << 20) + 1])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_no_piece_boundary_is_felt(tmp_path: Path, size: int, encoding: str) -> None:
    path = tmp_path / "t.csv"
    rows = []
    count = 0
    while count < size:
        rows.append(
            [str(len(rows)), "海淀区" * (len(rows) % 9), '引"号,', "甲\n乙" if len(rows) % 7 == 0 else "丙"]
        )
        count += 40
    path.write_bytes(written(rows, ",", "\n", csv.QUOTE_MINIMAL).encode(encoding))
    table = read_path(path)
    assert [row["乙"] for row in table.rows] == [row[1] or None for row in rows]
    assert [row["丁"] for row in table.rows] == [row[3] for row in rows]
    assert not table.aside

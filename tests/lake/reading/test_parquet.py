"""Parquet: the types that the file states, nothing rounded."""

from __future__ import annotations

import datetime as dt
import decimal
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaishu.lake.errors import DamagedFile, NoDataRows
from tests.lake.reading.conftest import Read


def stored(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def test_stored_types_become_ours(read: Read) -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    table = read(
        stored(
            pa.table(
                {
                    "整": pa.array([1, None], pa.int32()),
                    "大": pa.array([2**64 - 1, 0], pa.uint64()),
                    "数": pa.array([1.5, None], pa.float32()),
                    "类": pa.array(["甲", "乙"]).dictionary_encode(),
                    "日": pa.array([dt.date(2020, 1, 11), None]),
                    "时": pa.array(
                        [dt.datetime(2020, 1, 11, 8, tzinfo=zone), None], pa.timestamp("ns", "Asia/Shanghai")
                    ),
                    "真": pa.array([True, None]),
                    "钱": pa.array([decimal.Decimal("1.10"), None], pa.decimal128(10, 2)),
                    "长": pa.array([decimal.Decimal("12345678901234567890.1"), None], pa.decimal128(30, 1)),
                    "串": pa.array([[1, 2], None]),
                    "字": pa.array(["001", ""]),
                }
            )
        ),
        "a.parquet",
    )
    assert table.types == {
        "整": "integer", "大": "text", "数": "number", "类": "text", "日": "date", "时": "datetime",
        "真": "boolean",
        "钱": "number", "长": "text", "串": "text", "字": "text",
    }  # fmt: skip
    assert table.rows[0] == {
        "整": 1, "大": "18446744073709551615", "数": 1.5, "类": "甲", "日": dt.date(2020, 1, 11),
        "时": dt.datetime(2020, 1, 11, 0), "真": True, "钱": 1.1, "长": "12345678901234567890.1",
        "串": "[1,2]",
        "字": "001",
    }  # fmt: skip
    assert set(table.rows[1].values()) == {None, "0", "乙"}
    assert {"zoned-times", "nested-values", "decimal-column"} <= set(table.codes)


def test_a_person_can_set_another_type(read: Read) -> None:
    table = read(
        stored(pa.table({"编": [1, 2], "日": ["2020-01-11", "甲"]})),
        "a.parquet",
        types={"编": "text", "日": "date"},
    )
    assert table.rows == [{"编": "1", "日": dt.date(2020, 1, 11)}]
    assert [(row["line"], row["reason"]) for row in table.aside] == [(2, "not-date")]


def test_many_row_groups_stream(read: Read) -> None:
    table = read(stored(pa.table({"i": list(range(120_000))})), "a.parquet")
    assert table.column("i") == list(range(120_000))


def test_damaged_and_empty_files_are_refused(read: Read) -> None:
    content = stored(pa.table({"a": [1, 2]}))
    with pytest.raises(DamagedFile):
        read(content[:-30], "a.parquet")
    with pytest.raises(NoDataRows):
        read(stored(pa.table({"a": pa.array([], pa.int64())})), "a.parquet")

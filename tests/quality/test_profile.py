"""A profile says what a slow and obvious computation says, on any table."""

from __future__ import annotations

import io
import json
import math
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.access import VISITOR, Call, add_office
from kaishu.access.errors import NotAllowed
from kaishu.lake import ReadOptions, TableData, add_table, ingest
from kaishu.lake.parts import PartWriter
from kaishu.lake.passage import PassingData
from kaishu.lake.reading import Plan
from kaishu.quality import (
    compute_profile,
    keep_profile,
    profile_data,
    profile_of,
    profile_path,
    profile_tables,
    profile_version,
)
from kaishu.quality.shapes import LENGTH
from kaishu.source import receive
from tests.quality.naive import naive_field

ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}


def table_of(folder: Path, columns: dict[str, tuple[str, list[Any]]]) -> TableData:
    """Columns as name: (type, values) in the lake's own files."""
    arrays = [pa.array(values, ARROW[type]) for type, values in columns.values()]
    batch = pa.record_batch(arrays, names=list(columns))
    writer = PartWriter(folder, pa.schema([pa.field("_id", pa.int64()), *batch.schema]))
    writer.add(batch)
    return PassingData(
        columns=[{"name": name, "type": type} for name, (type, _) in columns.items()],
        rows=batch.num_rows,
        parts=[folder / part.name for part in writer.finish()],
        plan=Plan(format="csv"),
        notes=[],
        set_aside=0,
    )


def profile_one(folder: Path, type: str, values: list[Any]) -> dict[str, Any]:
    found = profile_data(table_of(folder, {"列": (type, values)}))
    json.dumps(found, allow_nan=False)
    return found["fields"][0]


VALUES = {
    "text": st.one_of(
        st.sampled_from(["", " ", "\u3000", "a", "朝阳路12号", "110101199003071234", "甲" * 70, "A-1", "é"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=80),
    ),
    "integer": st.one_of(st.integers(-3, 3), st.integers(-(2**53), 2**53)),
    "number": st.one_of(
        st.sampled_from([0.0, 1.5, 12.0, -2.25, math.nan, math.inf, -math.inf]),
        st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False).map(lambda value: round(value, 4) + 0.0),
    ),
    "boolean": st.booleans(),
    "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    "datetime": st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
}


@pytest.mark.parametrize(
    ("type", "held_at_once"), [*((type, 1_000) for type in VALUES), ("integer", 0), ("number", 0)]
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_statistic_is_that_of_the_obvious_computation(
    home: Path, monkeypatch: pytest.MonkeyPatch, type: str, held_at_once: int, data: st.DataObject
) -> None:
    monkeypatch.setattr("kaishu.quality.fields._HELD_AT_ONCE", held_at_once)
    values = data.draw(st.lists(st.one_of(st.none(), VALUES[type]), max_size=40))
    with tempfile.TemporaryDirectory() as folder:
        found = profile_one(Path(folder), type, values)
    wanted = naive_field(values, type)
    for key in ("records", "missing", "distinct", "duplicates", "longest", "shortest", "zeros"):
        assert found[key] == wanted[key], key
    for key in ("mean_length", "minimum", "maximum", "mean", "deviation", "q1", "median", "q3"):
        if key in wanted and not (type == "boolean" and key != "mean_length"):
            expected = wanted[key]
            if isinstance(expected, float):
                expected = pytest.approx(expected, rel=1e-9, abs=1e-6)
            assert found[key] == expected, key
    counts = wanted["value_counts"]
    assert [one["count"] for one in found["top"]] == sorted(counts.values(), reverse=True)[:10]
    if wanted["shape_counts"] is not None:
        assert [one["count"] for one in found["shapes"]] == sorted(
            wanted["shape_counts"].values(), reverse=True
        )[:10]
    if type in ("integer", "number", "date", "datetime") and found["histogram"]:
        finite = sum(
            count for value, count in counts.items() if not isinstance(value, float) or math.isfinite(value)
        )
        assert sum(bar["count"] for bar in found["histogram"]) == finite


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 2) | st.none()), max_size=30)
)
def test_the_laws_hold(home: Path, rows: list[tuple[str | None, int | None]]) -> None:
    columns = {"甲": ("text", [row[0] for row in rows]), "乙": ("integer", [row[1] for row in rows])}
    with tempfile.TemporaryDirectory() as folder:
        found = profile_data(table_of(Path(folder), columns))
    for field in found["fields"]:
        assert field["distinct"] + field["duplicates"] + field["missing"] == field["records"] == len(rows)
        assert (field["distinct_rate"] is None) == (not rows)
    table = found["table"]
    assert table["records"] == len(rows)
    assert table["duplicates"] == len(rows) - len(set(rows))
    assert table["missing_values"] == sum(value is None for row in rows for value in row)
    assert table["fields_with_missing"] == sum(field["missing"] > 0 for field in found["fields"])


def test_an_empty_table_has_counts_of_nothing_and_no_rates(home: Path, tmp_path: Path) -> None:
    found = profile_data(table_of(tmp_path, {type: (type, []) for type in ARROW}))
    assert found["table"] | {"stored_bytes": 0} == {
        "fields": 6,
        "records": 0,
        "stored_bytes": 0,
        "missing_values": 0,
        "fields_with_missing": 0,
        "fields_all_missing": 0,
        "duplicates": 0,
        "duplicate_rate": None,
    }
    for field in found["fields"]:
        assert (field["distinct"], field["distinct_rate"], field["mean"], field["top"]) == (0, None, None, [])


def test_a_column_of_nothing(home: Path, tmp_path: Path) -> None:
    found = profile_data(table_of(tmp_path, {type: (type, [None] * 3) for type in ARROW}))
    assert found["table"]["fields_all_missing"] == 6
    assert found["table"]["missing_values"] == 18
    assert found["table"]["duplicates"] == 2
    assert all(field["missing_rate"] == 1 and field["histogram"] == [] for field in found["fields"])


def test_one_row_has_no_deviation(home: Path, tmp_path: Path) -> None:
    found = profile_one(tmp_path, "number", [2.5])
    assert (found["mean"], found["median"], found["deviation"]) == (2.5, 2.5, None)
    assert found["histogram"] == [{"low": 2.5, "high": 2.5, "count": 1}]


def test_blank_text_is_missing_whatever_the_space(home: Path, tmp_path: Path) -> None:
    spaces = ["", " ", "\t\n", "\u3000\u3000", "\u00a0", "\u200b", "\ufeff", "\u2003", "\x85"]
    found = profile_one(tmp_path, "text", [*spaces, None, "甲", " 甲", "\u3001", "\u2018a"])
    assert found["missing"] == len(spaces) + 1
    assert found["distinct"] == 4


def test_numbers_that_are_none(home: Path, tmp_path: Path) -> None:
    found = profile_one(tmp_path, "number", [math.nan, math.inf, -math.inf, math.inf, 1.0, 3.0])
    assert (found["missing"], found["distinct"]) == (1, 4)
    assert (found["minimum"], found["maximum"], found["mean"]) == (1.0, 3.0, 2.0)
    assert found["top"][0] == {"value": "Infinity", "count": 2}


def test_only_infinite_numbers(home: Path, tmp_path: Path) -> None:
    found = profile_one(tmp_path, "number", [math.inf, math.inf])
    assert (found["minimum"], found["mean"], found["histogram"]) == (None, None, [])


def test_numbers_at_the_edge_of_what_fits(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    found = profile_one(tmp_path / "a", "number", [1.7e308, 1.7e308, -1.7e308])
    assert found["mean"] == pytest.approx(1.7e308 / 3)
    whole = profile_one(tmp_path / "b", "integer", [2**63 - 1, 2**63 - 1, -(2**63)])
    assert whole["mean"] == pytest.approx((2**63 - 2) / 3)
    assert (whole["minimum"], whole["maximum"]) == (-(2**63), 2**63 - 1)


def test_zeros_are_counted_for_numbers_only(home: Path, tmp_path: Path) -> None:
    columns = {
        "文": ("text", ["0", "0", "1"]),
        "整": ("integer", [0, 0, 5]),
        "数": ("number", [0.0, -0.0, 5.0]),
        "否": ("boolean", [False, False, True]),
    }
    fields = {field["name"]: field for field in profile_data(table_of(tmp_path, columns))["fields"]}
    assert {name: field["zeros"] for name, field in fields.items()} == {
        "文": None,
        "整": 2,
        "数": 2,
        "否": None,
    }
    assert fields["整"]["zero_rate"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("110101199003071234", "d{18}"),
        ("朝阳路12号", "h{3}d{2}h"),
        ("2024-01-05", "d{4}-d{2}-d{2}"),
        ("京A·88888", "hAwd{5}"),
        ("Ab c", "Aa a"),
        ("a\tb\x01", "a·a·"),
        ("甲" * (LENGTH + 1), f"h{{{LENGTH}}}…"),
        ("甲" * LENGTH, f"h{{{LENGTH}}}"),
        ("{x}", "{a}"),
        ("\x00", "·"),
    ],
)
def test_shapes(home: Path, tmp_path: Path, value: str, shape: str) -> None:
    found = profile_one(tmp_path, "text", [value, value, "x9"])
    assert found["shapes"] == [{"shape": shape, "count": 2}, {"shape": "ad", "count": 1}]


def test_numbers_have_the_shape_and_length_people_write(home: Path, tmp_path: Path) -> None:
    found = profile_one(tmp_path, "number", [12.0, 12.5, 0.0])
    assert [one["shape"] for one in found["shapes"]] == ["d", "d{2}", "d{2}.d"]
    assert (found["longest"], found["shortest"]) == (4, 1)


def test_column_names_of_any_kind(home: Path, tmp_path: Path) -> None:
    names = ['a"b', "'; DROP TABLE tally; --", "v", "c", "tally", "数量 (个)", "n"]
    found = profile_data(table_of(tmp_path, {name: ("integer", [1, 2]) for name in names}))
    assert [(field["name"], field["distinct"]) for field in found["fields"]] == [(name, 2) for name in names]


def test_long_texts_in_little_memory(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [f"{n % 4_500:06d}" + "长" * 9_000 for n in range(9_900)] + ["短", None]
    monkeypatch.setattr("kaishu.lake.table_data.spilling", lambda files, limit: small(files))
    from kaishu.lake.engine import spilling as small_spilling

    def small(files: list[Path]) -> Any:
        return small_spilling(files, "150MB")

    found = profile_one(tmp_path, "text", values)
    assert (found["distinct"], found["missing"], found["longest"], found["shortest"]) == (4_501, 1, 9_006, 1)
    assert found["top"][0]["value"].endswith("…")
    assert found["top"][0]["count"] == 3


def version_of(call: Call, content: str) -> str:
    table = add_table(call, add_office(call, title="统计局").id)
    return ingest(call, receive(call, "a.csv", io.BytesIO(content.encode())), table=table).id


def test_a_versions_profile_is_made_once_and_kept(call: Call) -> None:
    id = version_of(call, "甲,乙\n1,a\n2,\n")
    assert profile_of(call.session, id) is None
    told: list[tuple[int, int]] = []
    made = profile_version(call, id, lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (3, 3)]
    assert made["table"]["missing_values"] == 1
    assert made["table"]["stored_bytes"] > 0
    assert profile_of(call.session, id) == made
    assert profile_version(call, id) == made
    assert keep_profile(call, id, {"table": {}, "fields": []}) == made


def test_a_visitor_may_not_profile(call: Call, make_call) -> None:
    id = version_of(call, "甲\n1\n")
    with pytest.raises(NotAllowed):
        compute_profile(make_call(VISITOR), id)
    with pytest.raises(NotAllowed):
        keep_profile(make_call(VISITOR), id, {})


def test_a_file_is_profiled_without_keeping_anything(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "学校.csv"
    path.write_bytes("代码,人数\n001,5\n002,\n".encode("gb18030"))
    found = profile_path(path, path.name, ReadOptions())
    assert [field["type"] for field in found["fields"]] == ["text", "integer"]
    assert found["reading"]["encoding"] == "gb18030"
    assert not [path for path in (home / "lake").rglob("*") if path.is_file()]


def test_a_dataset_adds_its_tables_up(home: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    profiles = [
        profile_data(table_of(tmp_path / "a", {"甲": ("integer", [1, None]), "乙": ("text", [None, None])})),
        profile_data(table_of(tmp_path / "b", {"丙": ("integer", [1])})),
    ]
    assert profile_tables(profiles, [100, 50]) == {
        "tables": 2,
        "fields": 3,
        "records": 3,
        "stored_bytes": 150,
        "mean_stored_bytes": 75,
        "missing_values": 3,
        "fields_with_missing": 2,
        "fields_all_missing": 1,
    }
    assert profile_tables([])["mean_stored_bytes"] is None

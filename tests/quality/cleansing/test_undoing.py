"""Whatever the steps did, the record takes it back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as within
from hypothesis import strategies as st

from kaishu.lake import arrow_type
from kaishu.quality.cleansing import Cleansing, parse_steps, undo
from kaishu.quality.errors import NotChanges, NotTheseChanges
from tests.quality.rows_in_memory import RowsInMemory

TYPES = {
    "t": "text",
    "u": "text",
    "n": "integer",
    "x": "number",
    "b": "boolean",
    "d": "date",
    "m": "datetime",
}
STEPS = [
    "step: trim",
    "step: spaces, columns: [t, u], to: none",
    "step: case, column: u, to: upper",
    "step: width, column: t",
    "step: dates, columns: [t, u], excel: true, two-digit-years: 50",
    "step: numbers, columns: [t, u], when: n > 0",
    "step: map, column: t, values: {a: b, b: '1'}",
    "step: map, columns: [n, b], values: {1: 2, 2: x, 'true': 'false'}",
    "step: fill, column: x, constant: 1.5",
    "step: fill, column: u, from: t",
    "step: fill, column: d, constant: 2020-01-01",
    "step: fill, column: m, from: d",
    "step: split, column: t, into: [u, new], separator: ' '",
    "step: join, columns: [t, d], into: joined",
    "step: join, columns: [u, t], into: u, when: b",
    "step: derive, column: n, expression: n * 2 + x",
    "step: derive, column: x, expression: x / n",
    "step: derive, column: other, expression: 'coalesce(t, u)'",
    "step: derive, column: d, expression: d + 1",
    "step: deduplicate, columns: [t, n], keep: last",
    "step: deduplicate, column: u, keep: most-complete",
    "step: deduplicate, column: t, keep: newest, by: m",
    "step: filter, condition: n > 1 or t = 'a'",
    "step: filter, failing: {check: not-null, column: u}",
    "step: tolerate, condition: b",
]
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        ["a", " a ", "b", "", "１", "1,234", "2020年1月2日", "a b", "民国", "3万", '"\\', "a\nb", "\x00"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
ROW = st.tuples(
    TEXTS,
    TEXTS,
    st.none() | st.integers(-3, 3) | st.integers(-(2**62), 2**62),
    st.none() | st.floats(width=64) | st.sampled_from([0.0, 1.5, -0.0]),
    st.none() | st.booleans(),
    st.none() | st.dates(),
    st.none() | st.datetimes(),
)


def table_of(rows: list[Any]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(TYPES)}


@given(
    st.lists(ROW, max_size=12), st.lists(st.sampled_from(STEPS), min_size=1, max_size=6), st.integers(1, 5)
)
@within(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undo_of_clean_is_what_was_there(tmp_path: Path, rows: list[Any], steps: list[str], cut: int) -> None:
    values = table_of(rows)
    data = RowsInMemory(TYPES, values, cut=cut)
    written = "steps:\n" + "".join(f" - {{{step}}}\n" for step in steps)
    run = Cleansing(data, parse_steps(written), changes=tmp_path / "c.parquet", today=date(2024, 6, 1))
    cleaned = list(run.frames())
    back = list(undo(cleaned, tmp_path / "c.parquet"))
    before = [
        pl.DataFrame(pl.from_arrow(each)) for each in data.batches(list(TYPES), size=1, dictionaries=False)
    ]
    before = [frame for frame in before if frame.height]
    assert sum(frame.height for frame in back) == len(rows)
    if rows:
        assert pl.concat(back).equals(pl.concat(before), null_equal=True)
    assert run.result is not None and run.result.left == sum(frame.height for frame in cleaned)


def test_no_value_is_lost_on_the_way_to_text_and_back(tmp_path: Path) -> None:
    # A Parquet file may hold days that no calendar prints.
    odd = {
        "d": pl.Series([2**31 - 1, -(2**31), 0, -719_163], dtype=pl.Int32).cast(pl.Date),
        "m": pl.Series([2**63 - 1, -(2**63), 1, None], dtype=pl.Int64).cast(pl.Datetime("us")),
        "x": pl.Series([float("nan"), float("-inf"), 5e-324, 0.1 + 0.2]),
    }
    from kaishu.quality.cleansing.treatments import restored, written

    for name, series in odd.items():
        assert restored(written(series), TYPES[name]).equals(series, null_equal=True), name
        assert str(series.to_arrow().type) in (str(arrow_type(TYPES[name])), "date32[day]")


def test_batches_and_row_groups_make_no_difference(tmp_path: Path) -> None:
    rows = [(f" {i % 7}", None, i % 50, None, None, None, datetime(2020, 1, 1)) for i in range(70_000)]
    data = RowsInMemory(TYPES, table_of(rows), cut=9_999)
    steps = "steps:\n - step: trim\n - {step: filter, condition: n = 3}\n - {step: fill, column: u, from: t}"
    run = Cleansing(data, parse_steps(steps), changes=tmp_path / "c.parquet")
    back = pl.concat(undo(list(run.frames()), tmp_path / "c.parquet"))
    assert back["t"].to_list() == [row[0] for row in rows] and back["u"].null_count() == 70_000
    assert run.result is not None and run.result.steps[1].removed == 1_400


def test_changes_of_another_table_are_refused(tmp_path: Path) -> None:
    data = RowsInMemory({"a": "text"}, {"a": [" x", "y", None]})
    run = Cleansing(data, parse_steps("steps:\n - step: trim"), changes=tmp_path / "c.parquet")
    (frame,) = run.frames()
    for other in ([frame.head(2)], [frame, frame], [frame.rename({"a": "b"})], []):
        with pytest.raises(NotTheseChanges):
            list(undo(other, tmp_path / "c.parquet"))
    frame.write_parquet(tmp_path / "no.parquet")
    for path in ("no.parquet", "none.parquet"):
        with pytest.raises(NotChanges):
            list(undo([frame], tmp_path / path))


def test_work_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    data = RowsInMemory({"a": "text"}, {"a": [" x", "y", None]}, cut=1)
    frames = Cleansing(data, parse_steps("steps:\n - step: trim"), changes=tmp_path / "c.parquet").frames()
    next(frames)
    frames.close()
    assert list(tmp_path.iterdir()) == []

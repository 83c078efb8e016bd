"""The language of conditions, against the same conditions in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.quality.checks import Memory, Rows, Setting
from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions import parse_expression, truth

TYPES = {"a": "integer", "b": "number", "s": "text", "d": "date", "e": "text", "是": "boolean"}
ARROW = [pa.int64(), pa.float64(), pa.string(), pa.date32(), pa.string(), pa.bool_()]
DAY = date(2024, 2, 29)
Row = dict[str, Any]


def evaluate(text: str, rows: list[Row]) -> list[bool | None]:
    arrays = [pa.array([row[name] for row in rows], type) for name, type in zip(TYPES, ARROW, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, names=list(TYPES))
    true, known, _ = truth(parse_expression(text), Rows(batch, Memory(Setting(TYPES, DAY))))
    return [bool(yes) if sure else None for yes, sure in zip(true, known, strict=True)]


def kleene_and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def when_all(*needed: str) -> Callable[[Callable[[Row], Any]], Callable[[Row], Any]]:
    return lambda do: lambda row: None if any(row[name] is None for name in needed) else do(row)


def as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def later(row: Row) -> bool | None:
    other = as_date(row["e"])
    return None if other is None else row["d"] >= other


CASES: dict[str, Callable[[Row], Any]] = {
    "a + 1 > 3 * 2 - 1": when_all("a")(lambda r: r["a"] + 1 > 5),
    "a between -2 and 2": when_all("a")(lambda r: -2 <= r["a"] <= 2),
    "not a in (1, 2, 3)": when_all("a")(lambda r: r["a"] not in (1, 2, 3)),
    "a not in (1, 2, 3)": when_all("a")(lambda r: r["a"] not in (1, 2, 3)),
    "a <= b": when_all("a", "b")(lambda r: r["a"] <= r["b"]),
    "b / a > 1": lambda r: None if r["a"] in (None, 0) or r["b"] is None else r["b"] / r["a"] > 1,
    "a is null or a = 0": lambda r: r["a"] is None or r["a"] == 0,
    "a is not null": lambda r: r["a"] is not None,
    "d >= e": when_all("d", "e")(later),
    "days(d, '2024-01-01') > 30": when_all("d")(lambda r: (r["d"] - date(2024, 1, 1)).days > 30),
    "d + 1 > today()": when_all("d")(lambda r: r["d"].toordinal() + 1 > DAY.toordinal()),
    "year(d) = 2024 and month(d) = 2": when_all("d")(lambda r: (r["d"].year, r["d"].month) == (2024, 2)),
    "length(s) = 2": when_all("s")(lambda r: len(r["s"]) == 2),
    "s matches '[一-龥]+'": when_all("s")(
        lambda r: bool(r["s"]) and all("一" <= letter <= "龥" for letter in r["s"])
    ),
    "substr(s, 1, 1) = '张'": when_all("s")(lambda r: r["s"][:1] == "张"),
    "starts_with(s, '张') = (`是`)": when_all("s", "是")(lambda r: r["s"].startswith("张") == r["是"]),
    "是 and a > 0": lambda r: kleene_and(r["是"], None if r["a"] is None else r["a"] > 0),
    "coalesce(a, 7) = 7": lambda r: (7 if r["a"] is None else r["a"]) == 7,
    "if(a > 0, s, 'x') = 'x'": lambda r: (
        None if r["a"] is None else "x" == "x" if r["a"] <= 0 else None if r["s"] is None else r["s"] == "x"
    ),
    "a * 9223372036854775 * 100000 > 0": when_all("a")(lambda r: r["a"] > 0),
    "- a = abs(a)": when_all("a")(lambda r: -r["a"] == abs(r["a"])),
}
ROWS = st.fixed_dictionaries(
    {
        "a": st.none() | st.integers(-5, 12),
        "b": st.none() | st.floats(-50, 50, width=32),
        "s": st.none() | st.text("张三x一", max_size=3),
        "d": st.none() | st.dates(date(2023, 12, 1), date(2024, 4, 1)),
        "e": st.none() | st.sampled_from(["2024-02-28", "2024-02-30", "无", "2024-03-01"]),
        "是": st.none() | st.booleans(),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, max_size=8))
def test_conditions_mean_what_they_mean_in_python(rows: list[Row]) -> None:
    for text, oracle in CASES.items():
        assert evaluate(text, rows) == [oracle(row) for row in rows], text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a >", 4),
        ("a = 'x", 5),
        ("(a = 1", 7),
        ("a = 1 b", 7),
        ("nothing(a)", 1),
        ("a not 5", 7),
        ("days(d)", 1),
        ("a ; b", 3),
        ("(" * 100 + "a", 61),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, place: int) -> None:
    with pytest.raises(BadExpression) as caught:
        parse_expression(text)
    assert caught.value.facts["place"] == place


@settings(max_examples=150, deadline=None)
@given(st.text("ab '\"`()+-*/<>=,and or not in is null 1.5%一", max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parse_expression(text)
    except BadExpression as error:
        assert error.sentence("zh") and error.sentence("en")

"""Every kind of check, against the same check in plain Python, row by row."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.quality import CHECKS, TableResult, check_data, parse_rules
from tests.quality.rows_in_memory import RowsInMemory

TODAY = date(2024, 6, 1)
TYPES = {"t": "text", "n": "integer", "x": "number", "d": "date", "w": "text", "v": "text"}
Row = dict[str, Any]
Oracle = Callable[[Row], bool | None]


def of(column: str, good: Callable[[Any], bool]) -> Oracle:
    """Null is not looked at."""
    return lambda row: None if row[column] is None else good(row[column])


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*[+-]?\d+(\.\d*)?\s*", text) else None


def blank(text: str | None) -> bool:
    return text is None or not text.strip()


def bounded(value: Any, low: Any, high: Any) -> bool:
    return value is not None and low <= value <= high


#: A rule as it is written, and what it means for a row: good, bad, or not looked at.
ROW_RULES: list[tuple[str, Oracle]] = [
    ("check: not-null, column: t", lambda r: not blank(r["t"])),
    ("check: not-null, column: t, blank: passes", lambda r: r["t"] is not None),
    ("check: not-null, columns: [n, x]", lambda r: r["n"] is not None and r["x"] is not None),
    ("check: pattern, column: t, pattern: '[a一]+'", of("t", lambda v: bool(re.fullmatch("[a一]+", v)))),
    (
        "check: pattern, column: t, pattern: 'a', anywhere: true, negated: true",
        of("t", lambda v: "a" not in v),
    ),
    ("check: pattern, column: n, pattern: '-?1.?'", of("n", lambda v: bool(re.fullmatch("-?1.?", str(v))))),
    ("check: length, column: t, min: 1, max: 2", of("t", lambda v: 1 <= len(v) <= 2)),
    ("check: length, column: t, exactly: 3, unit: bytes", of("t", lambda v: len(v.encode()) == 3)),
    ("check: characters, column: t, allowed: [chinese, a]", of("t", lambda v: set(v) <= set("一a"))),
    (
        "check: characters, column: t, forbidden: [full-width, space]",
        of("t", lambda v: not set(v) & set("　Ａ ")),
    ),
    ("check: range, column: n, min: -2, max: 5", of("n", lambda v: -2 <= v <= 5)),
    ("check: range, column: x, min: 0, max: 1.5, exclusive: true", of("x", lambda v: 0 < v < 1.5)),
    ("check: range, column: d, max: today", of("d", lambda v: v <= TODAY)),
    (
        "check: range, column: w, min: 2024-02-01, max: 2024-12-31",
        of("w", lambda v: bounded(as_day(v), date(2024, 2, 1), date(2024, 12, 31))),
    ),
    ("check: range, column: v, min: 0, max: 10", of("v", lambda v: bounded(as_number(v), 0, 10))),
    ("check: range, column: t, min: 'a', max: 'b'", of("t", lambda v: "a" <= v <= "b")),
    ("check: in, column: t, values: [a, 一]", of("t", lambda v: v in ("a", "一"))),
    ("check: in, column: n, values: [1, 2], negated: true", of("n", lambda v: v not in (1, 2))),
    (
        "check: exists, column: t, reference: ref.csv, reference-column: code",
        of("t", lambda v: v in ("a", "b")),
    ),
    (
        "check: exists, columns: [t, n], reference: ref.csv, reference-columns: [code, nr]",
        lambda r: None if r["t"] is None or r["n"] is None else (r["t"], r["n"]) in (("a", 1), ("b", 2)),
    ),
    ("check: expression, expression: n > 1", of("n", lambda v: v > 1)),
    (
        "check: expression, expression: n > 1, when: t = 'a'",
        lambda r: None if r["t"] != "a" or r["n"] is None else r["n"] > 1,
    ),
    (
        "check: all-of, of: [{check: not-null, column: t}, {check: range, column: n, min: 0}]",
        lambda r: not blank(r["t"]) and (r["n"] is None or r["n"] >= 0),
    ),
    (
        "check: any-of, of: [{check: in, column: t, values: [a]}, {check: range, column: n, min: 0}]",
        lambda r: (
            None
            if r["t"] is None and r["n"] is None
            else r["t"] == "a" or (r["n"] is not None and r["n"] >= 0)
        ),
    ),
]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "t": st.none() | st.text("ab一Ａ　 ", max_size=3),
            "n": st.none() | st.integers(-3, 12),
            "x": st.none() | st.sampled_from([0.0, -0.0, 0.5, 1.5, -7.25]),
            "d": st.none() | st.dates(date(2024, 5, 30), date(2024, 6, 3)),
            "w": st.none() | st.sampled_from(["2024-02-29", "2024-02-30", "x", "2024-01-01", "20240301x"]),
            "v": st.none() | st.sampled_from(["1", " 2.5", "+3", "x", "11", ""]),
        }
    ),
    max_size=12,
)
HOW = st.tuples(st.integers(1, 5), st.sets(st.sampled_from(["t", "w", "v"])))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reference")
    (path / "ref.csv").write_text("code,nr\na,1\nb,2\na,1\n", encoding="utf-8")
    return path


def run(rules: list[str], rows: list[Row], how: tuple[int, set[str]], folder: Path) -> TableResult:
    written = "rules:\n" + "".join(f" - {{{rule}}}\n" for rule in rules)
    values = {name: [row[name] for row in rows] for name in TYPES}
    data = RowsInMemory(TYPES, values, cut=how[0], coded=frozenset(how[1]))
    return check_data(data, parse_rules(written), folder=folder, today=TODAY, sample=100)


@settings(max_examples=20, deadline=None)
@given(rows=ROWS, how=HOW)
def test_rules_about_rows_find_what_plain_python_finds(
    folder: Path, rows: list[Row], how: tuple[int, set[str]]
) -> None:
    result = run([rule for rule, _ in ROW_RULES], rows, how, folder)
    assert result.rows == len(rows)
    for (rule, oracle), found in zip(ROW_RULES, result.rules, strict=True):
        meant = [oracle(row) for row in rows]
        failing = [number for number, good in enumerate(meant, 1) if good is False]
        assert found.checked == sum(good is not None for good in meant), rule
        assert [one["row"] for one in found.sample] == failing, rule


def repeats(rows: list[Row], columns: list[str], *, nulls: bool, spare: bool) -> list[int]:
    keys = [tuple(row[column] for column in columns) for row in rows]
    counts = Counter(keys)
    looked = [
        nulls or not any(each is None or (isinstance(each, str) and blank(each)) for each in key)
        for key in keys
    ]
    first: set[Any] = set()
    found = []
    for number, (key, here) in enumerate(zip(keys, looked, strict=True), 1):
        if here and counts[key] > 1 and (not spare or key in first):
            found.append(number)
        first.add(key)
    return found


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, how=HOW)
def test_repeated_rows_are_found_across_batches(
    folder: Path, rows: list[Row], how: tuple[int, set[str]]
) -> None:
    result = run(
        [
            "check: unique, column: t",
            "check: unique, columns: [t, n]",
            "check: unique, column: x, first: passes",
            "check: unique-row, except: [d, w, v]",
            "check: all-of, of: [{check: unique, column: n}, {check: not-null, column: n}]",
        ],
        rows,
        how,
        folder,
    )
    numbers = [[one["row"] for one in each.sample] for each in result.rules]
    lone = {number for number, row in enumerate(rows, 1) if row["n"] is None}
    assert numbers == [
        repeats(rows, ["t"], nulls=False, spare=False),
        repeats(rows, ["t", "n"], nulls=False, spare=False),
        repeats(rows, ["x"], nulls=False, spare=True),
        repeats(rows, ["t", "n", "x"], nulls=True, spare=False),
        sorted({*repeats(rows, ["n"], nulls=False, spare=False), *lone}),
    ]


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, how=HOW)
def test_sums_counts_and_ages_are_those_of_plain_python(
    folder: Path, rows: list[Row], how: tuple[int, set[str]]
) -> None:
    result = run(
        [
            "check: sums, column: n, by: t, total-when: d > '2024-06-01'",
            "check: row-count, min: 2, max: 6",
            "check: freshness, column: d, days: 1",
            "check: volatility, measure: sum, column: n, by: 50%, earlier: [10, 20]",
            "check: volatility, measure: nulls, column: n, by: 10%, earlier: [0.5]",
        ],
        rows,
        how,
        folder,
    )
    groups: dict[Any, tuple[list[int], list[int]]] = {}
    for row in rows:
        if row["n"] is not None:
            total = row["d"] is not None and row["d"] > TODAY
            groups.setdefault(row["t"], ([], []))[total].append(row["n"])
    bad = sum(not (details and totals) or sum(details) != sum(totals) for details, totals in groups.values())
    known = [row["d"] for row in rows if row["d"] is not None and row["d"] <= TODAY]
    fresh = bool(known) and (TODAY - max(known)).days <= 1
    total = sum(row["n"] or 0 for row in rows)
    nulls = sum(row["n"] is None for row in rows) / len(rows) if rows else None
    assert [(each.checked, each.failed) for each in result.rules] == [
        (len(groups), bad),
        (1, not 2 <= len(rows) <= 6),
        (1, not fresh),
        (1, abs(total - 15) / 15 > 0.5),
        (0, 0) if nulls is None else (1, abs(nulls - 0.5) > 0.1),
    ]


def test_distributions_are_compared_with_the_last_one_handed_in(folder: Path) -> None:
    data = RowsInMemory({"t": "text"}, {"t": ["a"] * 6 + ["b"] * 4})
    rules = parse_rules("rules:\n - {id: mix, check: volatility, measure: distribution, column: t, by: 20%}")
    first = check_data(data, rules).rules[0]
    assert (first.checked, first.measures) == (0, {"distribution": {"a": 6, "b": 4}})
    for before, failed in (({"a": 79, "b": 21}, 0), ({"a": 81, "b": 19}, 1), ({"c": 1}, 1)):
        earlier = {"mix": [{"distribution": {"z": 1}}, {"distribution": before}]}
        assert check_data(data, rules, earlier=earlier).rules[0].failed == failed


def test_totals_may_stand_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "totals.csv").write_text("区,合计\n甲,3\n乙,5\n丙,1\n", encoding="utf-8")
    data = RowsInMemory({"区": "text", "数": "integer"}, {"区": ["甲", "甲", "乙"], "数": [1, 2, 4]})
    rules = parse_rules(
        "rules:\n - {check: sums, column: 数, by: 区, totals: totals.csv, totals-column: 合计}"
    )
    result = check_data(data, rules, folder=tmp_path).rules[0]
    assert (result.checked, result.failed) == (3, 2)
    assert sorted((one["key"], one["value"]) for one in result.sample) == [("丙", "— ≠ 1"), ("乙", "4 ≠ 5")]


def test_division_by_zero_is_a_finding_and_not_a_crash() -> None:
    data = RowsInMemory({"a": "integer", "b": "integer"}, {"a": [1, 4, 4, None], "b": [0, 2, 0, 0]})
    rules = parse_rules(
        "rules:\n"
        " - {check: expression, expression: a / b > 1}\n"
        " - {check: expression, expression: b = 0 or a / b > 1}\n"
    )
    plain, guarded = check_data(data, rules).rules
    assert ([one["row"] for one in plain.sample], plain.checked) == ([1, 3], 3)
    assert plain.notes[0].en == "2 of them divide by zero"
    assert (guarded.failed, guarded.notes) == (0, ())


def test_nan_is_missing() -> None:
    data = RowsInMemory({"x": "number"}, {"x": [1.0, math.nan, None]})
    rules = parse_rules(
        "rules:\n"
        " - {check: not-null, column: x}\n"
        " - {check: range, column: x, min: 0}\n"
        " - {check: expression, expression: x > 0}\n"
    )
    assert [(each.checked, each.failed) for each in check_data(data, rules).rules] == [(3, 2), (1, 0), (1, 0)]


def test_citizen_ids_are_judged_part_by_part() -> None:
    rows = {
        "id": ["110101199003074178", "11010119900307417X", "110101199013074175", "1101", None],
        "born": ["1990-03-07", "1990-03-08", "1990-03-07", "1990-03-07", "1990-03-07"],
        "sex": ["1", "女", "1", "1", "1"],
    }
    data = RowsInMemory(dict.fromkeys(rows, "text"), rows)
    parts = ("parts: [form]", "parts: [date]", "parts: [check]", "birth: born", "sex: sex")
    rules = "rules:\n" + "".join(f" - {{check: citizen-id, column: id, {part}}}\n" for part in parts)
    found = check_data(data, parse_rules(rules)).rules
    assert [(each.checked, [one["row"] for one in each.sample]) for each in found] == [
        (4, [4]),
        (3, [3]),
        (3, [2, 3]),
        (3, [2, 3]),
        (3, [2]),
    ]


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ("check: credit-code, column: c", "91350100M000100Y43", "91350100M000100Y44"),
        ("check: organisation-code, column: c", "D2143569X", "D21435690"),
        ("check: division, column: c", "110101", "990101"),
        ("check: mobile, column: c", "13800138000", "12800138000"),
        ("check: phone, column: c", "010-88888888", "010-888"),
        ("check: bank-card, column: c", "4111111111111111", "4111111111111112"),
        ("check: plate, column: c", "京A12345", "京I12345"),
        ("check: postal-code, column: c", "100000", "10000"),
        ("check: email, column: c", "a@b.cn", "a@b@c.cn"),
        ("check: person-name, column: c", "张三", "张3"),
        ("check: in, column: c, codes: gb-t-3304", "01", "88"),
    ],
)
def test_chinese_codes_are_told_from_what_only_looks_like_them(rule: str, good: str, bad: str) -> None:
    data = RowsInMemory({"c": "text"}, {"c": [good, None, bad]})
    found = check_data(data, parse_rules(f"rules:\n - {{{rule}}}")).rules[0]
    assert (found.checked, [one["value"] for one in found.sample]) == (2, [bad])
    assert rule.startswith("check: in") or found.sample[0]["reason"].en


def test_places_are_looked_for_in_their_division() -> None:
    rows = {
        "x": [116.4, 121.47, 39.9, None],
        "y": ["39.9", "31.23", "116.4", "39.9"],
        "c": ["110101", "110101", "110101", "110101"],
    }
    data = RowsInMemory({"x": "number", "y": "text", "c": "text"}, rows)
    rule = "{check: within-division, longitude: x, latitude: y"
    found = check_data(data, parse_rules(f"rules:\n - {rule}, division: c}}\n - {rule}}}")).rules
    assert [(each.checked, [one["row"] for one in each.sample]) for each in found] == [(3, [2, 3]), (3, [3])]


def test_every_kind_of_check_is_tried_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in CHECKS if f"check: {kind}," not in text and f"check: {kind}\n" not in text] == []

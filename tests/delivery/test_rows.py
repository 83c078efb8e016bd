"""Rows: the same answer by every way, exact counts, pages without gaps or repeats."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.access import Call
from kaishu.base.errors import Terminal
from kaishu.base.page import BadCursor
from kaishu.delivery import (
    Filter,
    RowQuery,
    build_serving_copy,
    copies,
    drop_serving_copy,
    fast_plan,
    query_rows,
    rows_json,
)
from tests.delivery.conftest import Make

TYPES = {
    "编号": "text",
    "类别": "text",
    "人数": "integer",
    "金额": "number",
    "有效": "boolean",
    "日期": "date",
    "时间": "datetime",
}
TEXTS = [
    "",
    "甲",
    "乙方",
    "甲乙",
    "abc",
    "ABC",
    "007",
    "𠮷野",
    "a\nb",
    "'; DROP TABLE data; --",
    "%_",
    "\x00x",
]


def sample(count: int) -> list[tuple[Any, ...]]:
    """Rows with repeats, gaps and every type."""
    return [
        (
            f"{n:05d}",
            None if n % 11 == 0 else TEXTS[n % len(TEXTS)],
            None if n % 7 == 0 else (n * 37) % 23 - 5,
            None if n % 13 == 0 else ((n * 17) % 19) / 4,
            None if n % 5 == 0 else n % 2 == 0,
            None if n % 9 == 0 else date(2020, 1, 1) + timedelta(days=(n * 31) % 40),
            None if n % 8 == 0 else datetime(2024, 1, 1, 8) + timedelta(microseconds=(n * 7919) % 5_000_000),
        )
        for n in range(1, count + 1)
    ]


ROWS = sample(120)
VALUES: dict[str, Any] = {
    "编号": st.sampled_from(["00007", "00050", "x", "000"]),
    "类别": st.sampled_from([*TEXTS, "没有"]),
    "人数": st.integers(-6, 20),
    "金额": st.sampled_from([0.0, 0.25, 3.5, 99.0]),
    "有效": st.sampled_from([0, 1]),
    "日期": st.sampled_from(["2020-01-01", "2020-01-15", "1999-12-31"]),
    "时间": st.sampled_from(["2024-01-01T08:00:00", "2024-01-01T08:00:01.500", "2030-01-01T00:00:00"]),
}


def kept(value: Any) -> Any:
    """A value as a query means it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        text = value.strftime("%Y-%m-%dT%H:%M:%S")
        micros = value.microsecond
        if not micros:
            return text
        return f"{text}.{micros // 1000:03d}" if micros % 1000 == 0 else f"{text}.{micros:06d}"
    return value.isoformat() if isinstance(value, date) else value


def holds(filter_: Filter, row: dict[str, Any]) -> bool:
    value, given_ = row[filter_.column], filter_.value
    if filter_.op in ("isnull", "notnull"):
        return (value is None) == (filter_.op == "isnull")
    if filter_.op == "ne":
        return bool(value != given_)
    if value is None:
        return False
    return bool(
        {
            "eq": lambda: value == given_,
            "lt": lambda: value < given_,
            "le": lambda: value <= given_,
            "gt": lambda: value > given_,
            "ge": lambda: value >= given_,
            "in": lambda: value in given_,
            "contains": lambda: given_ in value,
            "startswith": lambda: value.startswith(given_),
        }[filter_.op]()
    )


def expected(rows: list[tuple[Any, ...]], query: RowQuery) -> list[int]:
    """The ``_id`` of the rows that match, in order, by plain Python."""
    dicts = [
        {"_id": n, **{k: kept(v) for k, v in zip(TYPES, row, strict=True)}} for n, row in enumerate(rows, 1)
    ]
    found = [row for row in dicts if all(holds(f, row) for f in query.filters)]
    for word in (query.search or "").lower().split():
        found = [
            row
            for row in found
            if any(
                word in str(v).lower() for k, v in row.items() if v is not None and k not in ("_id", "有效")
            )
        ]
    down = query.sort[-1][1] if query.sort else False
    found.sort(key=lambda row: row["_id"], reverse=down)
    for name, desc in reversed(query.sort):
        found.sort(
            key=lambda row: (row[name] is not None, row[name] if row[name] is not None else 0), reverse=desc
        )
    return [row["_id"] for row in found]


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    column = draw(st.sampled_from(list(TYPES)))
    ops = ["eq", "ne", "in", "isnull", "notnull", "lt", "le", "gt", "ge"]
    if TYPES[column] in ("text", "date", "datetime"):
        ops += ["contains", "startswith"]
    op = draw(st.sampled_from(ops))
    if op in ("isnull", "notnull"):
        return Filter(column, op)
    if op == "in":
        return Filter(column, op, tuple(draw(st.lists(VALUES[column], max_size=4))))
    return Filter(column, op, draw(VALUES[column]))


queries = st.builds(
    RowQuery,
    filters=st.lists(filters(), max_size=3).map(tuple),
    sort=st.lists(
        st.tuples(st.sampled_from(list(TYPES)), st.booleans()), max_size=2, unique_by=lambda k: k[0]
    ).map(tuple),
    search=st.sampled_from([None, None, "甲", "abc", "2020-01", "甲 00"]),
    limit=st.integers(1, 40),
)


def all_pages(call: Call, version: Any, query: RowQuery) -> tuple[list[int], int | None]:
    """Every page by its key, and the count that each of them gave."""
    from dataclasses import replace

    found, cursor, total = [], None, None
    while True:
        page = query_rows(call, version, replace(query, cursor=cursor))
        assert total is None or page.total == total
        total, cursor = page.total, page.next
        found += [row[0] for row in page.rows]
        if cursor is None:
            return found, total
        assert page.rows, "a page with a following one is never empty"


SHARED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def test_small_tables_answer_as_plain_python_would(make_version: Make, call: Call) -> None:
    version = make_version(TYPES, ROWS)

    @SHARED
    @given(queries)
    def check(query: RowQuery) -> None:
        ids, total = all_pages(call, version, query)
        assert ids == expected(ROWS, query)
        assert total == len(ids)

    check()
    assert fast_plan(version, RowQuery(search="甲", sort=(("金额", True),)))


def test_large_tables_answer_as_plain_python_would(make_version: Make, call: Call, large: None) -> None:
    version = make_version(TYPES, ROWS)
    ways = set()

    @settings(parent=SHARED, max_examples=80)
    @given(queries)
    def check(query: RowQuery) -> None:
        ids, total = all_pages(call, version, query)
        assert ids == expected(ROWS, query)
        assert total == len(ids)
        ways.add(fast_plan(version, query))

    check()
    assert ways == {True, False}, "both the index and the scan were tried"


def test_offset_and_limit_cut_the_same_list(make_version: Make, call: Call, large: None) -> None:
    version = make_version(TYPES, ROWS)
    for sort in ((), (("_id", True),), (("人数", False),), (("类别", True), ("金额", False))):
        whole = expected(ROWS, RowQuery(sort=sort)) if ("_id", True) not in sort else list(range(120, 0, -1))
        for offset in (0, 5, 50, 119, 120, 500):
            page = query_rows(call, version, RowQuery(sort=sort, offset=offset, limit=7))
            assert [row[0] for row in page.rows] == whole[offset : offset + 7]
            assert page.total == 120


def test_a_limit_of_nothing_still_counts(make_version: Make, call: Call) -> None:
    page = query_rows(call, make_version(TYPES, ROWS), RowQuery(limit=0))
    assert (page.rows, page.total, page.next) == ([], 120, None)


@pytest.mark.parametrize("big", [False, True])
def test_distinct_rows(make_version: Make, call: Call, big: bool, request: pytest.FixtureRequest) -> None:
    if big:
        request.getfixturevalue("large")
    version = make_version(TYPES, ROWS)
    query = RowQuery(columns=("有效",), distinct=True, sort=(("有效", True),))
    page = query_rows(call, version, query)
    assert (page.rows, page.total) == ([(True,), (False,), (None,)], 3)


def test_values_come_back_as_they_are(make_version: Make, call: Call) -> None:
    types = {"a": "integer", "b": "number", "c": "boolean", "d": "date", "e": "datetime", "f": "text"}
    rows = [
        (2**63 - 1, 0.1 + 0.2, False, date(1900, 1, 1), datetime(2024, 2, 29, 23, 59, 59, 123456), "\x00'\"")
    ]
    version = make_version(types, rows)
    body = json.loads(rows_json(call, version, RowQuery()))
    assert body["rows"] == [
        {
            "_id": 1,
            "a": 2**63 - 1,
            "b": 0.1 + 0.2,
            "c": False,
            "d": "1900-01-01",
            "e": "2024-02-29T23:59:59.123456",
            "f": "\x00'\"",
        }
    ]
    assert body["columns"][1] == {"name": "a", "type": "integer"}
    assert body["total"] == 1
    assert body["next"] is None


def test_names_that_only_differ_in_case_or_hold_quotes(make_version: Make, call: Call, large: None) -> None:
    version = make_version({"A": "text", "a": "text", 'x"; --': "integer"}, [("1", "2", 3)] * 3)
    query = RowQuery(filters=(Filter('x"; --', "eq", 3), Filter("a", "eq", "2")), columns=("a", "A"))
    assert query_rows(call, version, query).rows == [("2", "1")] * 3


def test_a_key_of_another_query_is_refused(make_version: Make, call: Call) -> None:
    version = make_version(TYPES, ROWS)
    key = query_rows(call, version, RowQuery(sort=(("人数", False),), limit=5)).next
    with pytest.raises(BadCursor):
        query_rows(call, version, RowQuery(sort=(("金额", False),), limit=5, cursor=key))
    for nonsense in ("x", "W10", "", "e30", "WyJhIiwxLDIsM10"):
        with pytest.raises(BadCursor):
            query_rows(call, version, RowQuery(limit=5, cursor=nonsense))


def test_a_missing_copy_is_made_again(make_version: Make, call: Call) -> None:
    version = make_version(TYPES, ROWS)
    assert not fast_plan(version, RowQuery())
    before = rows_json(call, version, RowQuery())
    assert fast_plan(version, RowQuery())
    shutil.rmtree(copies.serving_place(version.id))
    assert not fast_plan(version, RowQuery())
    assert rows_json(call, version, RowQuery()) == before
    assert copies.drop_copy(version.id)
    assert not drop_serving_copy(call, version.id)
    assert rows_json(call, version, RowQuery()) == before


def test_an_interrupted_build_leaves_nothing(make_version: Make, call: Call, monkeypatch: Any) -> None:
    version = make_version(TYPES, ROWS)
    monkeypatch.setattr("kaishu.delivery.building.kept", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        query_rows(call, version, RowQuery())
    assert list((copies.serving_place(version.id)).parent.iterdir()) == []


def test_many_at_once_build_one_copy(make_version: Make, call: Call, monkeypatch: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    import kaishu.delivery.workshop as module

    version, built = make_version(TYPES, ROWS), []
    real = module.build
    monkeypatch.setattr(module, "build", lambda *given: (built.append(1), real(*given)))
    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: rows_json(call, version, RowQuery()), range(16)))
    assert len(bodies) == 1
    assert built == [1]


def test_a_table_without_rows(make_version: Make, call: Call) -> None:
    version = make_version({"甲": "text"}, [])
    page = query_rows(call, version, RowQuery(search="x", sort=(("甲", True),)))
    assert (page.rows, page.total, page.next) == ([], 0, None)


def test_a_slow_query_is_stopped(make_version: Make, call: Call, large: None, monkeypatch: Any) -> None:
    from kaishu.delivery.errors import QueryTooSlow

    version = make_version(TYPES, ROWS)
    copy = copies.open_copy(version.id, version.columns) or copy_after_a_query(call, version)
    monkeypatch.setenv("KAISHU_QUERY_SECONDS", "1")
    with pytest.raises(QueryTooSlow):
        copy.scan("SELECT sum(a.range * b.range) FROM range(9000000) a, range(9000000) b")


def copy_after_a_query(call: Call, version: Any) -> Any:
    query_rows(call, version, RowQuery())
    return copies.open_copy(version.id, version.columns)


def test_every_copy_opened_in_turn(make_version: Make, call: Call, large: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(copies, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(copies, "MOST_SCANS", 2)
    versions = [make_version({"甲": "integer"}, [(n,)] * 20) for n in range(5)]
    for _ in range(2):
        for n, version in enumerate(versions):
            query = RowQuery(filters=(Filter("甲", "eq", n),), columns=("甲",))
            assert query_rows(call, version, query).rows == [(n,)] * 20


def test_pages_are_counted_for_the_dataset(make_version: Make, call: Call) -> None:
    from kaishu.ledger import flush_tallies

    flush_tallies(call.session)
    rows_json(call, make_version(TYPES, ROWS), RowQuery(), subject="dataset-1")
    assert flush_tallies(call.session) == 1


def test_terminal_errors_list_what_exists() -> None:
    columns = [{"name": "人数", "type": "integer"}, {"name": "名称", "type": "text"}]
    cases = {
        "没有": "delivery.unknown-column",
        "人数__近似": "delivery.unknown-operator",
        "人数__contains": "delivery.operator-not-for-type",
        "人数": "delivery.bad-value",
        "_nonsense": "delivery.unknown-parameter",
        "_limit": "delivery.bad-parameter",
        "_sort": "delivery.unknown-column",
    }
    for name, code in cases.items():
        with pytest.raises(Terminal) as caught:
            RowQuery.from_params(columns, {name: "多"})
        assert caught.value.code == code
        assert caught.value.status == 400
        assert caught.value.advice("zh") or code == "delivery.bad-parameter"


@pytest.mark.parametrize("big", [False, True])
def test_the_widest_table_that_is_let_in(
    make_version: Make, call: Call, big: bool, request: pytest.FixtureRequest
) -> None:
    from kaishu.base import settings as table

    if big:
        request.getfixturevalue("large")
    width = table.number("column_limit")
    version = make_version({f"列{n}": "integer" for n in range(width)}, [tuple(range(width))] * 3)
    query = RowQuery(filters=(Filter(f"列{width - 1}", "eq", width - 1),), search="77")
    page = query_rows(call, version, query)
    assert (page.total, len(page.rows[0])) == (3, width + 1)


def test_a_copy_made_in_a_process_of_its_own(
    make_version: Make, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaishu.delivery import workshop
    from kaishu.delivery.errors import CopyNotMade

    monkeypatch.setattr(workshop, "APART_CELLS", 0)
    version = make_version(TYPES, sample(6000))
    told: list[tuple[int, int]] = []
    build_serving_copy_of(call, version, lambda done, rows: told.append((done, rows)))
    assert told[-1] == (6000, 6000)
    query = RowQuery(filters=(Filter("编号", "eq", "05999"),))
    assert [row[0] for row in query_rows(call, version, query).rows] == [5999]
    lost = make_version(TYPES, ROWS)
    import kaishu.lake

    kaishu.lake.open_version(lost).files[0].unlink()
    with pytest.raises(CopyNotMade):
        query_rows(call, lost, RowQuery())


def build_serving_copy_of(call: Call, version: Any, progress: Any) -> None:
    """The act looks the version up by id; these have no row in the database."""
    import kaishu.lake

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kaishu.lake, "version_by_id", lambda session, id: version)
        build_serving_copy(call, version.id, progress)

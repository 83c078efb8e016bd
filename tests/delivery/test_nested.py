"""CKAN's filters, nested, find what they say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.base.errors import KaishuError
from kaishu.delivery import Columns, RowQuery
from kaishu.delivery.statements import SQLITE, where

COLUMNS = Columns.of([{"name": "name", "type": "text"}, {"name": "n", "type": "integer"}])
ROWS = [(name, n) for name in ("a", "b", "c", None) for n in (1, 2, 3, None)]
VALUES = {"name": st.sampled_from(["a", "b", "c", "x"]), "n": st.integers(0, 4)}


def found(filters: Any) -> set[tuple[Any, Any]]:
    query = RowQuery.from_ckan(COLUMNS, {"filters": filters})
    searched, values = where(COLUMNS, query, SQLITE)
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE data (c1 TEXT, c2 INTEGER)")
        base.executemany("INSERT INTO data VALUES (?, ?)", ROWS)
        return set(base.execute(f"SELECT c1, c2 FROM data{searched}", values))


def holds(filters: Any, row: dict[str, Any]) -> bool:
    """What the words say, read slowly."""
    if isinstance(filters, list):
        return any(holds(each, row) for each in filters)
    return all(_part(key, value, row) for key, value in filters.items())


def _part(key: str, value: Any, row: dict[str, Any]) -> bool:
    if key in ("$and", "$or"):
        return (all if key == "$and" else any)([holds(each, row) for each in value])
    return _about(row[key], value)


def _about(there: Any, value: Any) -> bool:
    if isinstance(value, list):
        return any(_about(there, each) for each in value)
    if not isinstance(value, dict):
        return bool(there == value)
    if there is None:
        return False
    tests = {
        "eq": lambda v: there == v,
        "in": lambda v: there in v,
        "gt": lambda v: there > v,
        "gte": lambda v: there >= v,
        "lt": lambda v: there < v,
        "lte": lambda v: there <= v,
    }
    return all(tests[op](each) for op, each in value.items())


def _column(name: str) -> st.SearchStrategy[dict[str, Any]]:
    plain = VALUES[name]
    compared = st.dictionaries(st.sampled_from(["eq", "gt", "gte", "lt", "lte"]), plain, min_size=1)
    among = st.lists(plain, max_size=3).map(lambda each: {"in": each})
    several = st.lists(plain | st.none() | compared, max_size=3)
    return st.fixed_dictionaries({name: plain | st.none() | compared | among | several})


OBJECTS = st.recursive(
    st.one_of(
        _column("name"), _column("n"), st.tuples(_column("name"), _column("n")).map(lambda p: p[0] | p[1])
    ),
    lambda inner: st.builds(
        lambda op, parts, more: {op: parts, **more},
        st.sampled_from(["$and", "$or"]),
        st.lists(inner, min_size=1, max_size=3),
        _column("n") | st.just({}),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(OBJECTS | st.lists(OBJECTS, min_size=1, max_size=3))
def test_filters_find_the_rows_that_they_say(filters: Any) -> None:
    assert found(filters) == {
        row for row in ROWS if holds(filters, dict(zip(("name", "n"), row, strict=True)))
    }


@pytest.mark.parametrize(
    "filters",
    [
        {"$xor": [{"n": 1}]},
        {"$or": []},
        {"$or": {"n": 1}},
        {"$or": [{}]},
        {"n": {}},
        {"n": {"ne": 1}},
        {"n": {"in": 1}},
        {"n": {"gt": None}},
        {"n": [["a"]]},
        [[{"n": 1}]],
        [1],
        "[1]",
        1,
        {"n": list(range(1001))},
        [{"n": 1}] * 101,
        "{" + '"$and": [{' * 5000,
        {
            "$and": [
                {
                    "$or": [
                        {
                            "$and": [
                                {
                                    "$or": [
                                        {
                                            "$and": [
                                                {
                                                    "$or": [
                                                        {
                                                            "$and": [
                                                                {
                                                                    "$or": [
                                                                        {
                                                                            "$and": [
                                                                                {
                                                                                    "$or": [
                                                                                        {"$and": [{"n": 1}]}
                                                                                    ]
                                                                                }
                                                                            ]
                                                                        }
                                                                    ]
                                                                }
                                                            ]
                                                        }
                                                    ]
                                                }
                                            ]
                                        }
                                    ]
                                }
                            ]
                        }
                    ]
                }
            ]
        },
    ],
)
def test_filters_that_cannot_be_are_refused(filters: Any) -> None:
    with pytest.raises(KaishuError) as caught:
        RowQuery.from_ckan(COLUMNS, {"filters": filters})
    assert caught.value.status == 400


def test_a_column_may_begin_with_the_sign_of_an_operator() -> None:
    columns = Columns.of([{"name": "$or", "type": "integer"}])
    assert RowQuery.from_ckan(columns, {"filters": {"$$or": 3}}).filters

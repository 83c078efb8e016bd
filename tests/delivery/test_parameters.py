"""Two spellings of a query."""

from __future__ import annotations

import pytest

from kaishu.base.errors import KaishuError
from kaishu.delivery import Filter, RowQuery

COLUMNS = [
    {"name": "人数", "type": "integer"},
    {"name": "名称", "type": "text"},
    {"name": "日期", "type": "date"},
    {"name": "时间", "type": "datetime"},
    {"name": "有效", "type": "boolean"},
    {"name": "a__gt", "type": "text"},
    {"name": "-价", "type": "number"},
]


def test_the_row_api() -> None:
    query = RowQuery.from_params(
        COLUMNS,
        [
            ("名称", "甲"),
            ("人数__ge", "1"),
            ("人数__lt", "9"),
            ("名称__in", "甲,乙"),
            ("日期__isnull", "false"),
            ("时间__gt", "2024-01-01"),
            ("有效", "是"),
            ("a__gt", "x"),
            ("a__gt__startswith", "y"),
            ("_id__le", "7"),
            ("_columns", "名称,人数"),
            ("_sort", "-人数,名称,--价"),
            ("_search", "词"),
            ("_limit", "5"),
            ("_count", "false"),
        ],
    )
    assert query == RowQuery(
        filters=(
            Filter("名称", "eq", "甲"),
            Filter("人数", "ge", 1),
            Filter("人数", "lt", 9),
            Filter("名称", "in", ("甲", "乙")),
            Filter("日期", "notnull"),
            Filter("时间", "gt", "2024-01-01T00:00:00"),
            Filter("有效", "eq", 1),
            Filter("a__gt", "eq", "x"),
            Filter("a__gt", "startswith", "y"),
            Filter("_id", "le", 7),
        ),
        columns=("名称", "人数"),
        sort=(("人数", True), ("名称", False), ("-价", True)),
        search="词",
        limit=5,
        count=False,
    )


def test_ckan() -> None:
    query = RowQuery.from_ckan(
        COLUMNS,
        {
            "filters": '{"名称": ["甲", "乙"], "人数": "3"}',
            "q": "词 二",
            "sort": "人数 desc, 名称",
            "fields": "名称,人数",
            "limit": "100000",
            "offset": 20,
            "distinct": "true",
            "include_total": False,
        },
    )
    assert query == RowQuery(
        filters=(Filter("名称", "in", ("甲", "乙")), Filter("人数", "eq", 3)),
        search="词 二",
        sort=(("人数", True), ("名称", False)),
        columns=("名称", "人数"),
        limit=32_000,
        offset=20,
        distinct=True,
        count=False,
    )
    assert RowQuery.from_ckan(COLUMNS, {"q": {"名称": "甲"}}).filters == (Filter("名称", "contains", "甲"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("人数", "1.5"),
        ("人数", "99999999999999999999"),
        ("人数", "²"),
        ("日期", "2024-02-30"),
        ("日期", "昨天"),
        ("有效", "也许"),
        ("-价", "NaN"),
        ("-价", "inf"),
        ("_limit", "10001"),
        ("_limit", "-1"),
        ("_limit", "٣"),
        ("_count", "x"),
        ("名称", "\ud800"),
        ("人数__in", "1,,2"),
    ],
)
def test_values_that_cannot_be(name: str, value: str) -> None:
    with pytest.raises(KaishuError) as caught:
        RowQuery.from_params(COLUMNS, {name: value})
    assert caught.value.status == 400
    assert caught.value.sentence("zh")
    assert caught.value.sentence("en")


@pytest.mark.parametrize(
    "arguments", [{"filters": "[1]"}, {"filters": '{"没有": 1}'}, {"sort": "没有 desc"}, {"limit": "x"}]
)
def test_ckan_arguments_that_cannot_be(arguments: dict[str, str]) -> None:
    with pytest.raises(KaishuError):
        RowQuery.from_ckan(COLUMNS, arguments)

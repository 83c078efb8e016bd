"""A safe SELECT is answered as PostgreSQL would."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu.access import Call
from kaishu.base.errors import NotFound
from kaishu.delivery.errors import SqlFailed
from kaishu.delivery.sql import Answer, Asked, query_sql
from tests.delivery.conftest import Make

Ask = Callable[..., Answer]

SCHOOLS = {
    "名称": "text",
    "区": "text",
    "学生": "integer",
    "面积": "number",
    "建校": "date",
    "公办": "boolean",
}
ROWS = [
    ("第一小学", "东区", 900, 12.5, None, True),
    ("第二小学", "东区", 450, 8.0, None, True),
    ("实验中学", "西区", 1200, None, None, False),
]


@pytest.fixture
def ask(call: Call, make_version: Make) -> Ask:
    known = {
        "schools": Asked(make_version(SCHOOLS, ROWS), "d1"),
        "areas": Asked(make_version({"区": "text", "人口": "integer"}, [("东区", 10), ("西区", 20)]), "d2"),
    }

    def find(name: str) -> Asked:
        return known[name]

    return lambda sql, **more: query_sql(call, sql, find, **more)


ANSWERS = {
    'SELECT "名称" FROM schools ORDER BY "学生" DESC LIMIT 1': [("实验中学",)],
    "select 区, count(*) n, sum(学生) from schools group by 1 order by n desc": [
        ("东区", 2, 1350),
        ("西区", 1, 1200),
    ],
    "select s.名称, a.人口 from schools s join areas a on a.区 = s.区 where s.公办 order by s.名称": [
        ("第一小学", 10),
        ("第二小学", 10),
    ],
    "with big as (select * from schools where 学生 > 800) select count(*) from big": [(2,)],
    "select 名称 from schools where 名称 like '%小学' and 学生 between 400 and 500": [("第二小学",)],
    "select 名称 from schools where 面积 is null": [("实验中学",)],
    "select 名称, rank() over (partition by 区 order by 学生 desc) r from schools order by 区, r": [
        ("第一小学", 1),
        ("第二小学", 2),
        ("实验中学", 1),
    ],
    "select 区 from schools union select 区 from areas order by 1": [("东区",), ("西区",)],
    "select case when 学生 >= 900 then '大' else '小' end, 学生::text from schools order by _id": [
        ("大", "900"),
        ("小", "450"),
        ("大", "1200"),
    ],
    "select avg(面积) from (select * from schools) as inner_one": [(10.25,)],
    "select max(学生) from schools where 区 in (select 区 from areas where 人口 > 15)": [(1200,)],
    'select "schools"."名称" from "schools" where "schools"._id = 3;': [("实验中学",)],
}


@pytest.mark.parametrize("sql", ANSWERS)
def test_a_select_is_answered(ask: Ask, sql: str) -> None:
    assert ask(sql).rows == ANSWERS[sql]


def test_columns_say_their_types(ask: Ask) -> None:
    types = [column["type"] for column in ask("select * from schools limit 0").columns]
    assert types == ["integer", "text", "text", "integer", "number", "date", "boolean"]


def test_more_rows_than_allowed_are_cut_and_said(ask: Ask) -> None:
    answer = ask("select 1 from schools, areas", most_rows=5)
    assert (len(answer.rows), answer.truncated) == (5, True)
    assert ask("select 1 from schools, areas limit 5", most_rows=5).truncated
    assert not ask("select 1 from schools limit 2", most_rows=5).truncated
    assert not ask("select 1 from schools limit 900", most_rows=5).truncated


def test_a_wrong_column_is_said(ask: Ask) -> None:
    with pytest.raises(SqlFailed) as wrong:
        ask("select 校长 from schools")
    assert "校长" in wrong.value.sentence("zh")


def test_a_table_that_may_not_be_read_is_refused_by_whoever_knows(call: Call) -> None:
    def find(name: str) -> Asked:
        raise NotFound(kind="表 table", name=name)

    with pytest.raises(NotFound):
        query_sql(call, "select * from secret", find)

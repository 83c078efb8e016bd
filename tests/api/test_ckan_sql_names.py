"""Columns and numbers of an SQL answer are what clients of PostgreSQL, and so of CKAN, look for."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.seeding import Site
from tests.api.test_ckan import result

NAMED = {
    "count(*)": "count",
    "COUNT(DISTINCT 区县)": "count",
    "max(客流)": "max",
    "sum(客流) over ()": "sum",
    "count(*) filter (where 客流 > 1)": "count",
    "upper(站名)": "upper",
    "coalesce(站名, 'x')": "coalesce",
    "站名::varchar": "站名",
    "'1'::int": "int",
    "case when 换乘 then 1 end": "case",
    "case when 换乘 then '' else 站名 end": "站名",
    "_id + 1": "?column?",
    "'x'": "?column?",
    "(select max(编号) from stations)": "max",
    "(站名)": "站名",
    "string_agg(站名, ',')": "string_agg",
    "date_trunc('month', 开通日期)": "date_trunc",
    "round(客流)": "round",
}


@pytest.mark.parametrize("said", NAMED)
def test_a_column_without_a_name_gets_postgresqls(client: TestClient, said: str) -> None:
    fields = result(client, "datastore_search_sql", sql=f"select {said} from stations")["fields"]
    assert [field["id"] for field in fields] == [NAMED[said]]


@pytest.mark.parametrize(
    "sql",
    [
        "select count from (select count(*) from stations) as x",
        "with x as (select 区县, count(*) from stations group by 区县) select sum(count) as count from x",
        "select count(*) from stations union all select 1 from stations where false",
    ],
)
def test_further_out_a_column_is_found_by_that_name(client: TestClient, sql: str) -> None:
    assert result(client, "datastore_search_sql", sql=sql)["records"] == [{"count": 5}]


def test_names_that_are_given_change_no_grouping_and_no_order(client: TestClient) -> None:
    asked = "select upper(区县), max(客流), max(编号) from stations"
    sql = f"{asked} group by upper(区县) having max(客流) > 70 order by max(客流)"
    assert result(client, "datastore_search_sql", sql=sql)["records"] == [
        {"upper": "东城区", "max": 80.0, "max_2": "004"},
        {"upper": "西城区", "max": 120.0, "max_2": "001"},
    ]


@pytest.mark.parametrize("sql", ["select sum(9223372036854775807)", "select 99999999999999999999"])
def test_a_whole_number_beyond_64_bits_is_written_out(client: TestClient, site: Site, sql: str) -> None:
    (record,) = result(client, "datastore_search_sql", sql=f"{sql} as n from stations limit 1")["records"]
    assert record["n"] in ("46116860184273879035", "99999999999999999999")


def test_whole_numbers_divide_to_a_whole_number(client: TestClient) -> None:
    sql = "select 7/2 as whole, -7/2 as below, 7/2.0 as part, avg(_id) as mean from stations"
    (row,) = result(client, "datastore_search_sql", sql=sql)["records"]
    assert (row["whole"], row["below"], float(row["part"]), float(row["mean"])) == (3, -3, 3.5, 3.0)

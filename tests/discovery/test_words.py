"""People find what they mean, however they write it."""

from __future__ import annotations

import pytest

from tests.discovery.conftest import City

METRO, BUS, AIR, SHOPS = "北京市地铁站点", "公交线路", "空气质量监测小时数据", "西安路商户名录"


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("地铁", METRO),
        ("空气", AIR),
        ("地铁站点", METRO),
        ("北京地铁", METRO),
        ("铁站", METRO),
        ("量监", AIR),
        ("站", METRO),
        ("ditie", METRO),
        ("ditiezhan", METRO),
        ("di tie zhan", METRO),
        ("kongqizhiliang", AIR),
        ("xianlushanghu", SHOPS),
        ("kqzl", AIR),
        ("bjsdtzd", METRO),
        ("station_name", METRO),
        ("经度", METRO),
        ("站名", METRO),
        ("metro", METRO),
        ("stations", METRO),
        ("Station", METRO),
        ("ＭＥＴＲＯ", METRO),
        ("air quality", AIR),
        ("环境局", AIR),
        ("生态环境局", AIR),
        ("environment bureau", AIR),
        ("轨道交通", METRO),
        ("PM2.5", AIR),
        ("换乘", BUS),
        ("地铁 csv", None),
        ("环境局 空气", AIR),
        ("空气kongqi", AIR),
        ("transport 公交", BUS),
    ],
)
def test_the_right_dataset_comes_first(metro: City, q: str, first: str | None) -> None:
    assert metro.titles(q)[:1] == ([first] if first else [])


def test_a_title_counts_more_than_a_description(metro: City) -> None:
    assert metro.titles("地铁站") == [METRO, BUS]


def test_what_is_not_published_is_not_found(metro: City) -> None:
    assert metro.titles("票价") == []
    assert len(metro.titles("")) == 4


@pytest.mark.parametrize(
    "q", ["没有这个词语啊", "zzzzqq", "!!!", "“”", "　", "\x00", "a" * 5000, "🚇", "x " * 500]
)
def test_strange_words_find_nothing_and_break_nothing(metro: City, q: str) -> None:
    expected = 4 if not q.strip() else 0
    assert metro.search(q).total == expected


def test_all_words_must_be_found_but_of_many_most(metro: City) -> None:
    assert metro.titles("地铁 空气") == []
    assert metro.titles("北京市 地铁 站点 轨道交通 不存在词") == [METRO]

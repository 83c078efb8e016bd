"""People find what they mean, however they write it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kaishu import catalogue
from kaishu.db import session_scope
from tests.discovery.conftest import City, call_of

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
    "q", ["没有这个词语啊", "zzzzqq", "!!!", "“”", "　", "\x00", "a" * 5000, "🚇", "x " * 500, "龘" * 100_000]
)
def test_strange_words_find_nothing_and_break_nothing(metro: City, q: str) -> None:
    expected = 4 if not q.strip() else 0
    assert metro.search(q).total == expected


def test_all_words_must_be_found_but_of_many_most(metro: City) -> None:
    assert metro.titles("地铁 空气") == []
    assert metro.titles("北京市 地铁 站点 轨道交通 不存在词") == [METRO]


characters = st.text(
    alphabet="北京市地铁站点空气质量的数据公交线路在上海政务服务一卡通A1", min_size=2, max_size=12
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=characters, cut=st.tuples(st.integers(0, 11), st.integers(2, 5)))
def test_any_stretch_of_chinese_in_a_title_finds_it(city: City, title: str, cut: tuple[int, int]) -> None:
    start = min(cut[0], len(title) - 2)
    stretch = title[start : start + cut[1]]
    assume(not any(letter.isascii() for letter in stretch))
    city.publish(title)
    assert title in city.titles(stretch, limit=100)


def test_a_dataset_published_by_its_own_acts_is_found(city: City) -> None:
    record = catalogue.record_from(
        {
            "title": "水质监测断面",
            "title_en": "Water quality sections",
            "description": "各断面的名称、所属河流与水质类别。",
            "resource_class": "department",
            "format_category": "spreadsheet",
            "share_class": "unconditional",
            "open_class": "unconditional",
            "update_frequency": "monthly",
            "themes": ["resources-environment"],
            "tags": ["水质", "河流"],
            "licence": "cc-by-4.0",
            "contact_name": "数据科",
            "items": [{"name": "duanmian", "title": "断面名称"}],
        }
    )
    city.office("shuiwu", "水务局")
    with session_scope() as session:
        call = call_of(session)
        dataset = catalogue.add_dataset(call, record=record, office="shuiwu")
        name = dataset.name
    assert city.titles("水质") == []
    with session_scope() as session:
        catalogue.publish(call_of(session), name)
    for q in ("水质", "shuizhi", "断面名称", "水务局", "河流", "sections", "资源环境"):
        assert city.titles(q) == ["水质监测断面"], q
    found = city.search(facets=["theme", "licence", "update_frequency"])
    assert found.facets == {
        "theme": [("resources-environment", 1)],
        "licence": [("cc-by-4.0", 1)],
        "update_frequency": [("monthly", 1)],
    }
    with session_scope() as session:
        catalogue.rename(call_of(session), name, "water-sections")
    assert city.search("水质").hits[0].name == "water-sections"
    with session_scope() as session:
        catalogue.withdraw(call_of(session), "water-sections", "数据有误")
    assert city.titles() == []

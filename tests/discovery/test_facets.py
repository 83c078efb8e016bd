"""Counts are right, and filters mean what they say: any of one field, all of several."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu import discovery
from kaishu.discovery import All, Between, Has, Is, Not, Prefix, Words
from kaishu.discovery import Any as AnyOf
from kaishu.discovery.errors import BadValue, NoRange, UnknownField
from tests.discovery.conftest import START, City

THEMES = ["transport", "health", "agriculture"]
TAGS = ["公交", "医院", "a b", "a,b", "é"]
FACETS = ["theme", "tag", "office", "open_class"]

rows = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(["地铁站点", "公交线路", "医院名录"]),
            "office": st.sampled_from(["jiaotong", "weijian"]),
            "themes": st.lists(st.sampled_from(THEMES), unique=True),
            "tags": st.lists(st.sampled_from(TAGS), unique=True),
            "open_class": st.sampled_from(["unconditional", "conditional", ""]),
        }
    ),
    max_size=12,
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.lists(st.sampled_from(THEMES), min_size=1, max_size=2),
        "tag": st.lists(st.sampled_from(TAGS), min_size=1, max_size=2),
        "office": st.lists(st.sampled_from(["jiaotong", "weijian", "nobody"]), min_size=1),
    },
)
KEYS = {"theme": "themes", "tag": "tags"}


def values(row: dict[str, Any], facet: str) -> list[str]:
    found = row[KEYS.get(facet, facet)]
    return [value for value in (found if isinstance(found, list) else [found]) if value]


def passes(row: dict[str, Any], chosen: dict[str, list[str]], but: str = "") -> bool:
    return all(set(values(row, name)) & set(wanted) for name, wanted in chosen.items() if name != but)


def counted(found: list[dict[str, Any]], facet: str) -> list[tuple[str, int]]:
    counts = Counter(value for row in found for value in values(row, facet))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, chosen=filters, q=st.sampled_from(["", "地铁", "线路"]), strict=st.booleans())
def test_counts_equal_counting_by_hand(
    city: City, rows: list[dict[str, Any]], chosen: dict[str, list[str]], q: str, strict: bool
) -> None:
    for hit in city.search(limit=100).hits:
        city.change(hit.dataset_id, "catalogue.withdraw", state="withdrawn")
    for row in rows:
        city.publish(**row)
    matching = [row for row in rows if q in row["title"]]
    found = city.search(q, filters=chosen, facets=FACETS, strict=strict)
    assert found.total == len([row for row in matching if passes(row, chosen)])
    for facet in FACETS:
        but = "" if strict else facet
        assert found.facets[facet] == counted([row for row in matching if passes(row, chosen, but)], facet)


def test_ckan_names_of_fields_are_known(metro: City) -> None:
    found = metro.search(facets=["organization", "groups", "tags", "res_format", "license_id"], strict=True)
    assert found.facets["organization"] == [("jiaotong", 3), ("huanbao", 1)]
    assert found.facets["res_format"] == [("csv", 2), ("json", 1), ("xlsx", 1)]
    assert metro.search(filters={"res_format": ["CSV"]}).total == 2


def test_a_field_that_does_not_exist_is_refused(metro: City) -> None:
    for asked in ({"filters": {"colour": ["red"]}}, {"facets": ["colour"]}, {"sort": "colour"}):
        with pytest.raises(UnknownField):
            metro.search(**asked)
    with pytest.raises(UnknownField):
        metro.search(facets=["updated"])


def test_conditions_put_together(metro: City) -> None:
    def total(where: discovery.Condition) -> int:
        return metro.search(where=where).total

    transport = Is("groups", ["transport"])
    assert total(transport) == 2
    assert total(Not(transport)) == 2
    assert total(All([transport, Is("res_format", ["XLSX"])])) == 1
    assert total(AnyOf([Is("organization", ["huanbao"]), transport])) == 3
    assert total(All([])) == 4
    assert total(AnyOf([])) == 0
    assert total(Prefix("name", "d")) == 4
    assert total(Prefix("name", "d.*")) == 0
    assert total(Has("license_id")) == 0
    assert total(Has("groups")) == 4
    assert total(Words("地铁")) == 2
    assert total(Between("metadata_modified", "2026-01-01T02:00:00Z", None)) == 3
    assert total(Between("metadata_modified", None, "2026-01-01T02:00:00Z", with_high=False)) == 1
    assert total(Between("metadata_modified", START, START)) == 0
    with pytest.raises(NoRange):
        total(Between("tag", "a", "d"))
    with pytest.raises(BadValue):
        total(Between("metadata_modified", "2020-02-30", None))


def test_orders(metro: City) -> None:
    assert metro.titles(sort="title") == [
        "北京市地铁站点",
        "公交线路",
        "空气质量监测小时数据",
        "西安路商户名录",
    ]
    assert metro.titles(sort="updated")[0] == "西安路商户名录"
    assert metro.titles(sort="id asc")[0] == "北京市地铁站点"
    assert metro.titles(sort="metadata_modified asc")[0] == "北京市地铁站点"
    assert metro.titles(sort="relevance") == metro.titles(sort="updated")


def test_pages_hold_everything_once(city: City) -> None:
    for number in range(23):
        city.publish(f"数据集{number}")
    for sort in ("id asc", "updated", "title"):
        pages = [city.titles(sort=sort, offset=offset, limit=5) for offset in range(0, 30, 5)]
        assert sorted(title for page in pages for title in page) == sorted(
            f"数据集{number}" for number in range(23)
        )
    assert city.search(limit=0).total == 23


def test_words_of_one_field_and_ranges_of_names(metro: City) -> None:
    def total(where: discovery.Condition) -> int:
        return metro.search(where=where).total

    assert total(Words("地铁", fields=["title"])) == 1
    assert total(Words("地铁", fields=["notes"])) == 2  # 轨道交通 means the same
    assert total(Words("metro", fields=("title",))) == 1
    assert total(Words("轨道交通", fields=["who"])) == 1
    assert total(Has("notes")) == 4
    assert total(Between("name", "d2", "d3")) == 2
    assert total(Between("name", "d2", "d3", with_high=False)) == 1
    assert total(Between("name", "d2", "d3", with_low=False, with_high=False)) == 0
    assert total(Between("name", None, "d2")) == 2
    assert total(Between("name", "d2", None)) == 3
    assert total(Between("name")) == 4
    with pytest.raises(UnknownField):
        total(Words("地铁", fields=["colour"]))


@given(
    names=st.lists(st.text("abcé中-0", min_size=1, max_size=4), max_size=6, unique=True),
    low=st.text("abcé中-0", max_size=3),
    high=st.text("abcé中-0", max_size=3),
    with_low=st.booleans(),
    with_high=st.booleans(),
)
def test_a_range_of_names_is_what_comparing_says(
    names: list[str], low: str, high: str, with_low: bool, with_high: bool
) -> None:
    import re

    from kaishu.discovery.conditions import _not_after, _not_before

    for name in names:
        if low:
            meant = name >= low if with_low else name > low
            assert bool(re.fullmatch("|".join(_not_before(low, with_low)), name)) == meant
        if high:
            meant = name <= high if with_high else name < high
            assert bool(re.fullmatch("|".join(_not_after(high, with_high)), name)) == meant


def test_space_and_time(city: City) -> None:
    city.publish("北京", spatial_code="110105", bbox=[116.0, 39.5, 117.0, 40.5], temporal_start="2020-01-01")
    city.publish("上海", spatial_code="310000", bbox=[121.0, 31.0, 122.0, 31.5], temporal_end="2019-12-31")
    city.publish("处处")

    def titles(where: discovery.Condition) -> list[str]:
        return city.titles(where=where, sort="title")

    assert titles(discovery.in_box(116.5, 40.0, 116.6, 40.1)) == ["北京"]
    assert titles(discovery.in_box(100, 20, 130, 50)) == ["北京", "上海"]
    assert titles(discovery.in_box(0, 0, 1, 1)) == []
    assert titles(discovery.during("2021-01-01", None)) == ["北京"]
    assert titles(discovery.during("2019-12-31", "2020-01-01")) == ["北京", "上海"]
    assert titles(discovery.during(None, "2018-01-01")) == ["上海"]
    assert city.titles(filters={"division": ["110000"]}) == ["北京"]
    assert city.titles(filters={"spatial_code": ["110105"]}) == ["北京"]
    assert city.titles("朝阳区") == ["北京"]
    assert dict(city.search(facets=["division"]).facets["division"])["110100"] == 1
    with pytest.raises(BadValue):
        discovery.in_box(10, 0, 1, 1)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("CSV", "csv"),
        (".csv", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", "csv"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        ("application/x-hdf", "hdf"),
        ("GTFS-RT", "gtfs-rt"),
        ("query tool", "query tool"),
        ("csv/json", "csv/json"),
        ("https://data.example.org/dataset/t000003", "other"),
        ("/DATASET/B_BUS_GTFS_RT-TOEI", "other"),
        ("application/unknown", "other"),
        ("未知", "other"),
        ("other", "other"),
        (".", "other"),
        ("x" * 31, "other"),
        (" ", ""),
    ],
)
def test_formats_have_one_readable_name(said: str, code: str) -> None:
    assert discovery.format_code(said) == code
    assert discovery.format_code(code) == code


def test_unreadable_formats_are_one_choice_that_finds_them_all(city: City) -> None:
    address = "https://data.example.org/dataset/bus"
    city.publish("公交线路", formats=[address, ".csv"])
    city.publish("地铁线路", formats=["application/unknown"])
    city.publish("医院名录", formats=["CSV"])
    assert city.search(facets=["format"]).facets["format"] == [("csv", 2), ("other", 2)]
    for way in ("other", "OTHER", address):
        assert sorted(city.titles(filters={"format": [way]})) == ["公交线路", "地铁线路"]

"""Nicknames, other scripts, values, mistakes: what a person means is found, or it is said why not."""

from __future__ import annotations

import pytest

from kaishu import discovery
from kaishu.access import TERMINAL, VISITOR, Call
from kaishu.access.errors import NotAllowed
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid
from kaishu.db import session_scope
from kaishu.discovery.errors import NoSuchSynonym
from tests.discovery.conftest import City


def test_traditional_and_japanese_forms_are_the_same_characters(city: City) -> None:
    city.publish("统计资料")
    city.publish("図書館の施設一覧")
    assert city.titles("統計資料") == ["统计资料"]
    assert city.titles("统计") == ["统计资料"]
    assert city.titles("图书馆") == ["図書館の施設一覧"]
    assert city.titles("圖書館") == ["図書館の施設一覧"]
    assert discovery.spans("図書館の施設", city.search("图书馆").words) == [(0, 3)]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("轨道交通站点", "地铁站点"),
        ("subway", "地铁站点"),
        ("公积金", "住房公积金缴存"),
        ("医疗机构", "医院名录"),
        ("诊所", "医院名录"),
        ("工商局", "市场主体名录"),
        ("教委", "学前教育机构"),
        ("幼儿园", "学前教育机构"),
    ],
)
def test_nicknames_find_what_they_mean(city: City, typed: str, title: str) -> None:
    city.office("jy", "教育局")
    city.office("sj", "市场监督管理局")
    for each in ("地铁站点", "住房公积金缴存", "医院名录"):
        city.publish(each)
    city.publish("市场主体名录", office="sj")
    city.publish("学前教育机构", office="jy")
    assert city.titles(typed)[0] == title


def test_the_word_itself_comes_before_what_means_the_same(city: City) -> None:
    city.publish("轨道交通线路")
    city.publish("地铁线路")
    assert city.titles("地铁") == ["地铁线路", "轨道交通线路"]


def test_a_site_changes_its_synonyms(city: City) -> None:
    city.publish("鹏城通卡余额")
    assert city.titles("公交一卡通") == []
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        own = discovery.put_synonyms(call, discovery.terms_from("公交一卡通、鹏城通卡"))
    assert city.titles("公交一卡通") == ["鹏城通卡余额"]
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        discovery.remove_synonyms(call, own.key)
        discovery.remove_synonyms(call, "幼儿园")
        discovery.put_synonyms(call, ["地铁", "捷运"], key="地铁")
        assert {g.origin for g in discovery.groups(session)} == {"shipped", "changed", "removed"}
        with pytest.raises(Invalid):
            discovery.put_synonyms(call, ["一个"])
        with pytest.raises(NoSuchSynonym):
            discovery.remove_synonyms(call, "没有的词")
    assert city.titles("公交一卡通") == []
    city.publish("学前教育机构")
    city.publish("捷运站")
    assert city.titles("幼儿园") == []
    assert city.titles("地铁") == ["捷运站"]
    with session_scope() as session:
        discovery.restore_synonyms(Call(session, TERMINAL, clock.now(), ids.new_id()), "幼儿园")
    assert city.titles("幼儿园") == ["学前教育机构"]


def test_only_who_may_changes_synonyms(city: City) -> None:
    with session_scope() as session, pytest.raises(NotAllowed):
        discovery.put_synonyms(Call(session, VISITOR, clock.now(), ids.new_id()), ["甲", "乙"])


def test_a_hundred_and_fifty_groups_are_shipped(city: City) -> None:
    with session_scope(write=False) as session:
        shipped = discovery.groups(session)
    assert len(shipped) >= 150
    assert all(len(group.terms) > 1 for group in shipped)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("地贴", "地铁"),
        ("地贴站点", "地铁站点"),
        ("空汽质量", "空气质量"),
        ("商护名录", "商户名录"),
        ("staton", "station"),
        ("ditei", "地铁"),
        ("ditiezhandain", "地铁站点"),
        ("gonjiaoxianlu", "公交线路"),
        ("kongqiziliangjiance", "空气质量监测"),
    ],
)
def test_what_was_meant_is_offered(metro: City, typed: str, meant: str) -> None:
    with session_scope(write=False) as session:
        call = Call(session, VISITOR, clock.now(), ids.new_id())
        better, total = discovery.meant(call, typed)
    assert better == meant
    assert total


def test_why_nothing_was_found(metro: City) -> None:
    with session_scope(write=False) as session:
        call = Call(session, VISITOR, clock.now(), ids.new_id())
        query = discovery.Query(q="地铁", filters={"theme": ["health"], "format": ["csv"]})
        why = discovery.explain(call, query)
        assert dict(why.without) == {"theme": 1, "format": 0}
        assert why.unfiltered == 2
        assert why.missing == []
        why = discovery.explain(call, discovery.Query(q="地铁 龘龘龘"))
        assert why.missing == ["龘龘龘"]
        assert why.near[0].name == "d1"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("地", "北京市地铁站点"),
        ("dit", "北京市地铁站点"),
        ("轨道", "轨道交通"),
        ("生态", "生态环境局"),
        ("sthj", "生态环境局"),
    ],
)
def test_suggestions_while_typing(metro: City, typed: str, first: str) -> None:
    with session_scope(write=False) as session:
        found = discovery.suggest(Call(session, VISITOR, clock.now(), ids.new_id()), typed)
    assert first in [each.text for each in found][:3]

"""Proposed, found sound, asked of the offices concerned, released; changed by a new version; withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kaishu import casework, elements, ledger
from kaishu.access.errors import NotAllowed, OtherOffice, SignInNeeded
from kaishu.base import clock
from kaishu.base.errors import Invalid, NotFound
from kaishu.casework.errors import ReasonNeeded, WrongState
from kaishu.elements.errors import InUse, NotAgreed, Shipped, UnderReview
from kaishu.elements.models import Version
from tests.elements.conftest import CODES, NUMBER, Cast


def released(cast: Cast, **changes: object) -> Version:
    made = elements.propose_element(cast.steward, {**NUMBER, **changes}, office="chengguan")
    elements.pass_technical(cast.reviewer, made.id)
    return elements.release(cast.reviewer, made.id)


def test_a_proposal_goes_over_technical_and_cross_department_review_into_force(cast: Cast) -> None:
    made = elements.propose_element(
        cast.steward, NUMBER, office="chengguan", reason="各局编号不一", asked=["gongan"]
    )
    assert made.definition["representation"] == "an12"
    assert made.definition["letter"] == "C"
    assert [known.element.code for known in elements.library(cast.boss.session)].count("lamp-number") == 0
    elements.pass_technical(cast.reviewer, made.id, also=["jiaotong"])
    with pytest.raises(NotAgreed):
        elements.release(cast.reviewer, made.id)
    with pytest.raises(OtherOffice):
        elements.answer(cast.officer, made.id, "jiaotong", agrees=True)
    with pytest.raises(ReasonNeeded):
        elements.answer(cast.officer, made.id, "gongan", agrees=False)
    elements.answer(cast.officer, made.id, "gongan", agrees=False, reason="与监控杆编号冲突")
    elements.answer(cast.builder, made.id, "jiaotong", agrees=True)
    with pytest.raises(NotAgreed) as refused:
        elements.release(cast.reviewer, made.id)
    assert "公安局有异议" in refused.value.sentence("zh")
    elements.answer(cast.officer, made.id, "gongan", agrees=True, reason="已协商")
    elements.release(cast.reviewer, made.id)
    known = elements.element_by_code(cast.boss.session, "lamp-number")
    assert (known.origin, known.number, known.element.synonyms) == ("regional", 1, ("灯杆编号", "杆号"))
    _entry, version = elements.version_by_id(cast.boss.session, made.id)
    said = ledger.entries(cast.boss.session, "element", version.entry_id)
    acts = [entry.action for entry in said]
    for act in ("propose", "pass", "answer", "release"):
        assert f"elements.element.{act}" in acts


def test_silence_past_the_clock_counts_as_the_kind_says(cast: Cast) -> None:
    made = elements.propose_element(cast.steward, NUMBER, office="chengguan", asked=["gongan"])
    elements.pass_technical(cast.reviewer, made.id)
    rule = casework.kind(elements.KIND).voices
    assert rule is not None
    assert rule.silence == "agrees"
    assert elements.standing(cast.reviewer, made).wait == (cast.police.id,)
    later = replace(cast.reviewer, now=cast.reviewer.now + timedelta(days=20))
    stands = elements.standing(later, made)
    assert (stands.agree, stands.silent, stands.settled) == ((cast.police.id,), (cast.police.id,), True)
    voices = casework.voices_of(later.session, made.case_id or "")
    stubborn = casework.standing(
        voices, rule.model_copy(update={"silence": "objects"}), clock.day_of(later.now)
    )
    assert stubborn.object == (cast.police.id,)
    elements.release(later, made.id)
    with pytest.raises(WrongState):
        elements.answer(cast.officer, made.id, "gongan", agrees=False, reason="晚了")


def test_offices_that_use_an_element_are_asked_about_its_change(cast: Cast) -> None:
    released(cast)
    elements.assign(
        cast.builder, "t1", "灯杆", "lamp-number", dataset_id="d1", office=cast.roads.id, score=80
    )
    changed = elements.propose_element(
        cast.steward, {**NUMBER, "representation": "an..20"}, office="chengguan"
    )
    assert changed.number == 2
    assert elements.concerned(cast.reviewer, *elements.version_by_id(cast.boss.session, changed.id)) == [
        cast.roads.id
    ]
    with pytest.raises(UnderReview):
        elements.propose_element(cast.steward, NUMBER, office="chengguan")
    elements.pass_technical(cast.reviewer, changed.id)
    elements.answer(cast.builder, changed.id, "jiaotong", agrees=True)
    elements.release(cast.reviewer, changed.id)
    history = elements.versions_of(cast.boss.session, "element", "lamp-number")
    assert [(version.number, version.state) for version in history] == [(2, "released"), (1, "superseded")]
    assert history[1].ended_at is not None
    assert [use.column for use in elements.uses_of(cast.boss.session, "lamp-number")] == ["灯杆"]
    elements.withdraw(cast.steward, "element", "lamp-number", "并入全市标准")
    assert "lamp-number" not in [each.element.code for each in elements.library(cast.boss.session)]
    with pytest.raises(NotFound):
        elements.assign(cast.builder, "t1", "杆", "lamp-number", dataset_id="d1", office=cast.roads.id)
    elements.unassign(cast.builder, "t1", "灯杆", office=cast.roads.id)
    assert elements.assignments_of(cast.boss.session, "t1") == {}


def test_duplicates_are_flagged_at_proposal(cast: Cast) -> None:
    made = elements.propose_element(
        cast.steward, {**NUMBER, "name": "姓 名", "synonyms": "手机号"}, office="chengguan"
    )
    assert [(flag["code"], flag["why"]) for flag in made.flags] == [
        ("person-name", "name"),
        ("mobile", "synonym"),
    ]
    same = {**NUMBER, "code": "x1", "name": "甲", "synonyms": "", "representation": "an18"}
    form = {"object_class": "自然人", "feature": "身份号码"}
    twin = elements.propose_element(cast.steward, {**same, **form}, office="chengguan")
    assert ("citizen-id", "representation") in [(flag["code"], flag["why"]) for flag in twin.flags]


def test_what_ships_cannot_be_changed_and_who_may_not_is_refused(cast: Cast) -> None:
    with pytest.raises(Shipped):
        elements.propose_element(cast.steward, {**NUMBER, "code": "citizen-id"}, office="chengguan")
    with pytest.raises(Shipped):
        elements.withdraw(cast.boss, "code-set", "gb-t-3304", "不要")
    with pytest.raises(OtherOffice):
        elements.propose_element(cast.officer, NUMBER, office="chengguan")
    with pytest.raises(SignInNeeded):
        elements.propose_element(cast.visitor, NUMBER, office="chengguan")
    made = elements.propose_element(cast.steward, NUMBER, office="chengguan")
    with pytest.raises(NotAllowed):
        elements.pass_technical(cast.steward, made.id)
    with pytest.raises(Invalid):
        elements.propose_element(cast.officer, NUMBER, office="gongan")
    with pytest.raises(ReasonNeeded):
        elements.send_back(cast.reviewer, made.id, " ")
    elements.send_back(cast.reviewer, made.id, "定义不清")
    again = elements.propose_element(cast.steward, NUMBER, office="chengguan")
    elements.take_back(cast.steward, again.id)
    assert [each.state for each in elements.versions_of(cast.boss.session, "element", "lamp-number")] == [
        "draft",
        "returned",
    ]


def test_a_code_set_is_released_and_kept_while_elements_name_it(cast: Cast) -> None:
    made = elements.propose_code_set(cast.steward, CODES, office="chengguan")
    elements.pass_technical(cast.reviewer, made.id)
    with pytest.raises(Invalid):
        elements.propose_element(cast.steward, {**NUMBER, "code_set": "lamp-kind"}, office="chengguan")
    elements.release(cast.reviewer, made.id)
    known, text = elements.code_set_by_code(cast.boss.session, "lamp-kind")
    assert (known.origin, [item.code for item in text.items]) == ("regional", ["1", "11", "12"])
    assert elements.labels_in(cast.boss.session)("lamp-kind")["12"] == "单臂LED灯"
    released(cast, code="lamp-kind-code", name="路灯类型", synonyms="", code_set="lamp-kind")
    with pytest.raises(InUse):
        elements.withdraw(cast.steward, "code-set", "lamp-kind", "不用了")


@pytest.mark.parametrize(
    ("items", "word"),
    [
        ([], "至少"),
        ([{"code": "1", "name": "甲"}, {"code": "1", "name": "乙"}], "重复"),
        ([{"code": "1", "name": "甲", "parent": "9"}], "上级"),
        ([{"code": "1", "name": "甲", "parent": "2"}, {"code": "2", "name": "乙", "parent": "1"}], "环"),
        ([{"code": "1", "name": "甲", "valid_from": "去年"}], "有效期"),
        ([{"code": "1", "name": "甲", "valid_from": "2021", "valid_to": "2020"}], "起晚于止"),
    ],
)
def test_codes_that_do_not_hold_together_are_refused(cast: Cast, items: list[object], word: str) -> None:
    with pytest.raises(Invalid) as refused:
        elements.propose_code_set(cast.steward, {**CODES, "items": items}, office="chengguan")
    assert word in refused.value.sentence("zh")


def test_every_wrong_field_of_an_element_is_told(cast: Cast) -> None:
    wrong = {"code": "1x", "name": "", "representation": "x9", "letter": "Q", "minimum": "many"}
    with pytest.raises(Invalid) as refused:
        elements.propose_element(cast.steward, wrong, office="chengguan")
    assert set(refused.value.problems) >= {"code", "name", "representation"}
    bounds = {**NUMBER, "minimum": "9", "maximum": "1"}
    with pytest.raises(Invalid) as refused:
        elements.propose_element(cast.steward, bounds, office="chengguan")
    assert set(refused.value.problems) == {"maximum"}
    with pytest.raises(Invalid):
        elements.propose_element(cast.steward, {**NUMBER, "name": "路灯\x00"}, office="chengguan")


def test_rows_of_a_sheet_are_good_or_told_with_line_and_field() -> None:
    headings = ["标识", "中文名称", "表示格式", "同义词", "不认识的列"]
    rows = [
        (2, ["lamp-a", "灯甲", "an..20", "甲灯，灯A", "x"]),
        (3, ["lamp-a", "灯乙", "an..20", "", ""]),
        (4, ["lamp-c", "灯丙", "n..", "", ""]),
        (5, ["", "", "", "", ""]),
    ]
    good, wrong = elements.read_elements(headings, rows, "灯.xlsx", ())
    assert [each["code"] for each in good] == ["lamp-a"]
    assert [(each.row, each.field) for each in wrong] == [(3, "code"), (4, "representation")]
    codes, problems = elements.read_codes(
        ["代码", "名称"], [(2, ["1", "甲"]), (3, ["1", ""]), (4, ["1", "丙"])], "f"
    )
    assert len(codes) == 2
    assert [(each.row, each.field) for each in problems] == [(3, "name"), (4, "code")]

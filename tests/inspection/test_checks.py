"""Each check finds what it is for, says it in two languages, and lets good records be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from kaishu import access, inspection
from kaishu.access import Actor, Call
from kaishu.catalogue.models import Dataset
from kaishu.inspection.checks import CHECKS
from tests.inspection.conftest import GOOD, LINK, Publish

HAN = re.compile(r"[㐀-鿿]")

#: Check, what is wrong with the record, and the field that is named.
PLANTED: list[tuple[str, dict[str, Any], str]] = [
    ("blanks", {"share_class": ""}, "share_class"),
    ("codes", {"update_frequency": "每年更新一回"}, "update_frequency"),
    ("codes", {"themes": ["transport", "nonsense"]}, "themes"),
    ("dates", {"modified": "2020-02-30"}, "modified"),
    ("dates", {"extras": {"release_date": "2021-13-01"}}, "extras.release_date"),
    ("dates", {"temporal_start": "2026-05-01", "temporal_end": "2026-04-01"}, "temporal_end"),
    ("dates", {"issued": "2999-01-01"}, "issued"),
    ("frequency", {"extras": {"更新频率": "一年"}}, "update_frequency"),
    ("sizes", {"extras": {"dataSize": "1200"}}, "extras.dataSize"),
    ("basis", {"share_class": "none", "share_condition": ""}, "share_condition"),
    ("basis", {"share_class": "none", "share_condition": "不便"}, "share_condition"),
    ("basis", {"share_class": "none", "share_condition": "领导认为不应该共享"}, "share_condition"),
    ("basis", {"open_class": "conditional", "open_condition": "无"}, "open_condition"),
    ("resource-codes", {"resource_code": "12345"}, "resource_code"),
    ("resource-codes", {"resource_code": "311000009/000001"}, "resource_code"),
    ("code-items", {"resource_code": "311000001/000001"}, "resource_code"),
    ("stale", {"update_frequency": "daily", "modified": "2020-01-01"}, "update_frequency"),
    ("contact", {"contact_name": "", "contact_email": ""}, "contact_name"),
    ("contact", {"contact_email": "没有邮箱"}, "contact_email"),
    ("licence", {"licence": ""}, "licence"),
    ("description", {"description": "公交线路与站点"}, "description"),
    ("description", {"description": "数据"}, "description"),
    ("description", {"description": ""}, "description"),
    ("classification", {"themes": []}, "themes"),
]


@pytest.mark.parametrize(("name", "changes", "field"), PLANTED)
def test_planted_defects_are_found_with_their_field(
    call: Call,
    publish: Publish,
    harvested: Callable[[Dataset], None],
    name: str,
    changes: dict[str, Any],
    field: str,
) -> None:
    planted = publish("planted", **changes)
    scope = "own"
    if name == "stale":  # of our own datasets the day of publication counts too
        harvested(planted)
        scope = "tokyo"
    checked = inspection.run_checks(call, scope, names=[name])
    assert [found.field for _check, found in checked.findings] == [field]
    check, found = checked.findings[0]
    facts = {"field": found.field, "value": found.value, **found.facts}
    zh, en = check.sentence(facts, "zh"), check.sentence(facts, "en")
    assert HAN.search(zh) and "{" not in zh + en
    assert not HAN.search(en.replace(found.value, "")), en
    assert check.advice(facts, "zh") and check.advice(facts, "en")


def test_a_good_record_is_left_alone(call: Call, publish: Publish) -> None:
    publish("good")
    publish("other", office="school", title="学校名录", items=[])
    found = inspection.run_checks(call, "own", names=[n for n in CHECKS if n not in ("blanks", "fields")])
    assert [(check.name, each.field) for check, each in found.findings] == []


def test_an_item_of_two_departments_is_one_group_with_its_evidence(call: Call, publish: Publish) -> None:
    access.revise_office(call, "school", title_en="Bureau of schools")
    publish("bus", items=[{"name": "sfz", "title": "身份证号", "type": "text"}])
    publish(
        "pupils",
        office="school",
        title="学生",
        items=[
            {"name": "id_no", "title": "身份证号（18位）", "type": "integer"},
            {"name": "备注", "title": "备注"},
        ],
    )
    checked = inspection.run_checks(call, "own", names=["one-source"])
    assert len(checked.findings) == 1
    check, found = checked.findings[0]
    facts = found.facts
    assert "交通运输局、教育局" in check.sentence(facts, "zh")
    assert "交通运输局, Bureau of schools" in check.sentence(facts, "en"), "a name that it has"
    assert (facts["departments"], facts["datasets"], facts["types"]) == (2, 2, 2)
    assert {(row[0], row[1], row[2]) for row in facts["evidence"]} == {
        ("交通运输局", "bus", "身份证号"),
        ("教育局", "pupils", "身份证号（18位）"),
    }


def test_names_that_every_table_has_are_no_sign_of_two_sources(call: Call, publish: Publish) -> None:
    items = [{"name": name, "title": name} for name in ("序号", "name", "OBJECTID", "地址", "col1")]
    publish("one", items=items)
    publish("two", office="school", title="另一个", items=items)
    assert inspection.run_checks(call, "own", names=["one-source"]).findings == []


def test_the_same_title_and_the_same_code_are_said_of_each_other(call: Call, publish: Publish) -> None:
    publish("one", resource_code="311000001/000001")
    publish("two", title="公交线路 与站点", resource_code="311000001/000001")
    titles = inspection.run_checks(call, "own", names=["titles"]).findings
    assert {(found.subject.name, found.facts["others"]) for _c, found in titles if found.subject} == {
        ("one", "two"),
        ("two", "one"),
    }
    taken = inspection.run_checks(call, "own", names=["resource-codes"]).findings
    assert [found.facts["flaw"] for _c, found in taken] == ["duplicate"]


def test_coverage_below_four_fifths_is_said_of_items_and_departments(
    call: Call, publish: Publish, harvested: Callable[[Dataset], None]
) -> None:
    for title in ("局一", "局二"):
        access.add_office(call, title=title)
    access.add_office(call, title="东京都", name="tokyo-to")
    harvested(publish("kouen", office="tokyo-to"))  # another portal's publisher owes us nothing
    publish("one")
    publish("two", share_class="", title="二")
    checked = inspection.run_checks(call, "own", names=["fields", "departments"])
    found = {(check.name, each.field or each.facts["office"]) for check, each in checked.findings}
    assert ("fields", "share_class") in found
    assert ("fields", "title") not in found
    assert {office for name, office in found if name == "departments"} == {"教育局", "局一", "局二"}


def test_only_addresses_that_were_asked_and_did_not_answer_are_dead(call: Call, publish: Publish) -> None:
    publish("one")
    before = inspection.run_checks(call, "own", names=["links"])
    assert before.findings == [] and before.unasked == 1
    answers = inspection.ask_all([LINK["url"]], lambda url: 404, pause=0)
    inspection.keep_answers(call, answers)
    (_check, found), *rest = inspection.run_checks(call, "own", names=["links"]).findings
    assert not rest
    assert "404" in found.facts["reason_zh"]
    assert inspection.run_checks(call, "own", names=["links"]).unasked == 0


def test_findings_stand_until_the_next_run_and_stewards_see_their_own(
    call: Call,
    publish: Publish,
    make_call: Callable[[Actor], Call],
    steward: Callable[[str], Actor],
    offices: tuple[str, str],
) -> None:
    publish("one", licence="")
    mended = publish("two", office="school", title="二", licence="")
    inspection.keep_checks(call, inspection.run_checks(call, "own"))
    assert inspection.counts(call, "own")["licence"] == 2
    mine = make_call(steward(offices[1]))
    page = inspection.findings(mine, "own", check="licence")
    assert [row.dataset for row in page.rows] == ["two"]
    assert inspection.counts(mine, "own")["licence"] == 1
    mended.record = {**mended.record, "licence": GOOD["licence"]}
    call.session.flush()
    inspection.keep_checks(call, inspection.run_checks(call, "own"))
    assert inspection.counts(call, "own")["licence"] == 1
    first = inspection.findings(call, "own", limit=1)
    assert first.next and first.total and first.total > 1
    assert (
        inspection.findings(call, "own", limit=1, cursor=first.next).rows[0].finding.id
        != first.rows[0].finding.id
    )


def test_every_check_has_its_words() -> None:
    for name, check in CHECKS.items():
        assert check.name == name
        for said in (check.title, check.why, check.said, check.mend):
            assert (
                str(said)
                and said.en
                and not HAN.search(
                    said.en.replace("编制指南", "")
                    .replace("目录覆盖", "")
                    .replace("国发", "")
                    .replace("号", "")
                )
            ), name

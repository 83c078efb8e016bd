"""Reports over the interface: three forms, kept templates, an earlier result; and sent to units."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu import jobs
from tests.api.seeding import Site
from tests.api.test_evaluations import evaluated, put_system

BASE = "/api/v1/evaluations"
OFFICES: list[object] = ["transport", "教育委员会", "丙", "丁"]
SHORT = """\
template: short
title: {zh: "{title}：简报", en: "{title}: in short"}
unit-title: "{unit}!"
sections:
  - section: findings
    text: [{zh: "{units}个对象。", en: "{units} units."}]
  - section: change
    title: {zh: 变化, en: Change}
unit-sections:
  - section: findings
    text: ["{unit}: {score}"]
"""


@pytest.fixture
def made(client: TestClient, site: Site) -> dict[str, Any]:
    head = site.header("reviewer")
    return evaluated(client, head, put_system(client, head), city=OFFICES)


def keep(client: TestClient, site: Site, name: str, text: str = SHORT, who: str = "steward") -> Any:
    return client.post(f"{BASE}/templates", json={"name": name, "text": text}, headers=site.header(who))


def test_a_report_is_had_in_three_forms_of_all_or_of_one(
    client: TestClient, site: Site, made: dict[str, Any]
) -> None:
    head, place = site.header("reviewer"), f"{BASE}/{made['id']}/report"
    page = client.get(f"{place}.html", params={"language": "en"}, headers=head)
    assert page.headers["content-type"].startswith("text/html") and "Cities: report" in page.text
    english = client.get(f"{place}.html", headers={**head, "accept-language": "en"})
    assert (
        "Cities: report" in english.text
        and "城市：评估报告" in client.get(f"{place}.html", headers=head).text
    )
    assert client.get(f"{place}.docx", headers=head).content.startswith(b"PK")
    pdf = client.get(f"{place}.pdf", params={"unit": "丙"}, headers=head)
    assert pdf.content.startswith(b"%PDF") and "attachment" in pdf.headers["content-disposition"]
    assert "丙：城市评估报告" in client.get(f"{place}.html", params={"unit": "丙"}, headers=head).text
    for query, status in (
        ({"unit": "nobody"}, 404), ({"template": "none"}, 404), ({"earlier": "none"}, 404),
        ({"language": "fr"}, 422),
    ):  # fmt: skip
        refused = client.get(f"{place}.html", params=query, headers=head)
        assert refused.status_code == status and refused.json()["code"], query
    assert client.get(f"{place}.odt", headers=head).status_code == 422
    assert client.get(f"{place}.html").status_code == 404  # not published


def test_a_template_is_kept_with_its_name_and_its_mistakes_are_told_by_line(
    client: TestClient, site: Site, made: dict[str, Any]
) -> None:
    assert client.post(f"{BASE}/templates", json={"name": "短", "text": SHORT}).status_code == 401
    kept = keep(client, site, "简报")
    assert kept.status_code == 201, kept.text
    again = keep(client, site, "简报")
    assert again.status_code == 422 and "name" in again.text
    bad = keep(client, site, "坏", SHORT.replace("{units} units", "{unitz} units"))
    assert (bad.status_code, bad.json()["code"]) == (422, "evaluation.bad-template")
    assert "第6行" in bad.json()["detail"] and "unitz" in bad.json()["detail"]
    head = site.header("reviewer")
    page = client.get(f"{BASE}/{made['id']}/report.html", params={"template": "简报"}, headers=head)
    assert "城市：简报" in page.text and "4个对象。" in page.text and "方法" not in page.text
    place = f"{BASE}/templates/{kept.json()['id']}"
    changed = {"name": "新简报", "text": SHORT.replace("个对象。", "个单位。")}
    assert client.put(place, json=changed, headers=site.header("other")).status_code == 403
    assert client.put(place, json=changed, headers=head).json()["name"] == "新简报"
    page = client.get(f"{BASE}/{made['id']}/report.html", params={"template": "新简报"}, headers=head)
    assert "4个单位。" in page.text
    assert "新简报" in [each["name"] for each in client.get(f"{BASE}/templates").json()]
    assert client.delete(place, headers=site.header("other")).status_code == 403
    assert client.delete(place, headers=site.header("steward")).status_code == 204
    assert client.get(place).status_code == 404


def test_an_earlier_result_adds_the_change(client: TestClient, site: Site, made: dict[str, Any]) -> None:
    head = site.header("reviewer")
    later = evaluated(client, head, made["edition_id"], city=OFFICES, a=[5, 4, 2, 1])
    place = f"{BASE}/{later['id']}/report.html"
    assert "<h2>变化</h2>" not in client.get(place, headers=head).text
    page = client.get(place, params={"earlier": made["id"]}, headers=head).text
    assert "<h2>变化</h2>" in page and "名次上升最多" in page
    strangers = evaluated(client, head, made["edition_id"], city=["w", "x", "y", "z"])
    refused = client.get(place, params={"earlier": strangers["id"]}, headers=head)
    assert (refused.status_code, refused.json()["code"]) == (422, "evaluation.not-comparable")


def test_units_are_sent_their_reports_and_what_became_of_each_is_told(
    client: TestClient, site: Site, made: dict[str, Any]
) -> None:
    head, place = site.header("reviewer"), f"{BASE}/{made['id']}"
    ways = {each["unit"]: each["way"] for each in client.get(f"{place}/addressees", headers=head).json()}
    assert ways == {"transport": "inbox", "教育委员会": "inbox", "丙": "", "丁": ""}
    kept = keep(client, site, "通知")
    answer = client.post(
        f"{place}/letters", json={"template": kept.json()["id"], "form": "docx"}, headers=head
    )
    assert answer.status_code == 202 and answer.json()["task"]["state"] == "waiting", answer.text
    assert client.delete(f"{BASE}/templates/{kept.json()['id']}", headers=head).status_code == 204
    jobs.run_waiting()
    told = client.get(answer.headers["location"], headers=head).json()
    assert told["task"]["state"] == "done" and told["failed"] == []
    assert {each["unit"]: each["way"] for each in told["sent"]} == {
        "transport": "inbox",
        "教育委员会": "inbox",
    }
    lost = client.post(f"{place}/letters", json={"units": ["丙", "transport"]}, headers=head)
    jobs.run_waiting()
    told = client.get(lost.headers["location"], headers={**head, "accept-language": "en"}).json()
    assert [each["unit"] for each in told["failed"]] == ["丙"] and "Nobody is known" in told["failed"][0][
        "reason"
    ]
    assert len(client.get(f"{place}/letters", headers=head).json()) == 2
    for what, status in (
        ({"units": []}, 422), ({"units": ["nobody"]}, 404), ({"template": "none"}, 404),
        ({"units": ["丙"], "mail": {"丙": "nobody"}}, 422), ({"form": "odt"}, 422),
    ):  # fmt: skip
        assert client.post(f"{place}/letters", json=what, headers=head).status_code == status, what
    assert client.post(f"{place}/letters", json={}, headers=site.header("steward")).status_code in (403, 404)
    assert client.get(f"{place}/letters", headers=site.header("steward")).status_code in (403, 404)

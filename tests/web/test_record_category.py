"""In the form of a record one chooses 项, 目 and 细目; what is missing or wrong stands beside the field."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from kaishu import catalogue
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.catalogue import DatasetRecord
from kaishu.db import session_scope
from kaishu.web.forms.record import values_of
from tests.web.conftest import SignIn

PLACE = "/desk/datasets/metro/record"


def draft(**changes: Any) -> dict[str, Any]:
    """A complete draft of theme resources, and what its form sends."""
    record = catalogue.record_from(
        {
            "title": "地铁站点",
            "description": "全市地铁站点的名称、所属线路与坐标。",
            "resource_class": "theme",
            "format_category": "spreadsheet",
            "share_class": "unconditional",
            "open_class": "unconditional",
            "update_frequency": "yearly",
            "themes": ["transport"],
            "licence": "cc-by-4.0",
            "contact_name": "数据科",
            **changes,
        }
    )
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        catalogue.add_dataset(call, record=record, office="office", name="metro")
    return values_of(record)


def kept() -> DatasetRecord:
    with session_scope(write=False) as session:
        call = Call(session, TERMINAL, clock.now(), "")
        found = catalogue.draft_of(call, catalogue.dataset_by_name(call, "metro"))
        assert found is not None
        return DatasetRecord.model_validate(found.record)


def test_submission_asks_for_the_item_and_the_form_offers_it(client: TestClient, signed_in: SignIn) -> None:
    values = draft()
    csrf = signed_in("steward")
    assert '<option value="209">主题信息资源 · 209 城乡建设</option>' in client.get(PLACE).text
    asked = client.post(PLACE, data={**values, "csrf": csrf, "do": "submit"})
    assert asked.status_code == 422
    assert "请选一项" in asked.text and 'aria-describedby="resource_category-error"' in asked.text
    wrong = client.post(PLACE, data={**values, "csrf": csrf, "do": "keep", "resource_category": "101"})
    assert wrong.status_code == 422 and "属于基础信息资源" in wrong.text
    assert '<option value="101" selected>' in wrong.text
    done = client.post(PLACE, data={**values, "csrf": csrf, "do": "submit", "resource_category": "209"})
    assert done.status_code == 303
    assert (kept().resource_category, kept().resource_code[:11]) == ("209", "20911000001")
    assert "209 城乡建设" in client.get("/datasets/metro", params={"draft": "1"}).text


def test_a_category_that_the_list_lost_is_shown_and_not_dropped(
    client: TestClient, signed_in: SignIn
) -> None:
    values = draft(resource_category="299")
    csrf = signed_in("steward")
    assert '<option value="299" selected>299（分类表里没有）' in client.get(PLACE).text
    assert client.post(PLACE, data={**values, "csrf": csrf, "do": "keep"}).status_code == 303
    assert kept().resource_category == "299"


def test_what_the_guide_says_against_a_code_stands_under_it(client: TestClient, signed_in: SignIn) -> None:
    draft(resource_code="20911000009/000000", resource_category="209")
    csrf = signed_in("steward")
    assert "顺序码应从1起" in client.get(PLACE).text
    tampered = {"csrf": csrf, "title": "x", "resource_class": "nonsense", "resource_code": "1/1"}
    assert client.post(PLACE, data={**tampered, "resource_category": "209"}).status_code == 422
    english = client.get(f"{PLACE}?lang=en").text
    assert "begins at 1" in english and "Theme resource · 209 Urban and rural construction" in english

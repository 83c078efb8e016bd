"""A department, its steward, a reviewer, and a record that lacks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kaishu import access
from kaishu.access import VISITOR, Actor, Call, Role
from kaishu.catalogue import DatasetRecord, record_from
from tests.conftest import BOTH_DATABASES

COMPLETE: dict[str, Any] = {
    "title": "地铁站点",
    "title_en": "Metro stations",
    "description": "全市地铁站点的名称、所属线路与坐标。",
    "resource_class": "department",
    "format_category": "spreadsheet",
    "share_class": "unconditional",
    "open_class": "unconditional",
    "update_frequency": "yearly",
    "themes": [],
    "licence": "",
    "contact_name": "数据科",
}


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Cast:
    """Everybody who acts in these tests."""

    office: access.models.Office  # type: ignore[name-defined]
    steward: Call
    stranger: Call
    reviewer: Call
    visitor: Call


@pytest.fixture
def cast(call: Call) -> Cast:
    office = access.add_office(call, title="交通运输局", name="jiaotong", code="11000001")
    other = access.add_office(call, title="教育局", name="jiaoyu")

    def of(actor: Actor) -> Call:
        return replace(call, actor=actor)

    return Cast(
        office=office,
        steward=of(Actor("person", "s1", "李", Role.steward, office.id)),
        stranger=of(Actor("person", "s2", "王", Role.steward, other.id)),
        reviewer=of(Actor("person", "r1", "审核员", Role.reviewer)),
        visitor=of(VISITOR),
    )


@pytest.fixture
def make_record() -> Callable[..., DatasetRecord]:
    def make(**changes: Any) -> DatasetRecord:
        from kaishu import standards

        filled = {
            **COMPLETE,
            "themes": [standards.vocabulary("theme").terms[0].code],
            "licence": standards.vocabulary("licence").terms[0].code,
        }
        return record_from({**filled, **changes})

    return make

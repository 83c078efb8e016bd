"""Three offices with their stewards, a reviewer, and a visitor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from kaishu import access
from kaishu.access import VISITOR, Actor, Call, Role
from kaishu.access.models import Office
from tests.conftest import BOTH_DATABASES

NUMBER: dict[str, Any] = {
    "code": "lamp-number",
    "name": "路灯编号",
    "name_en": "Number of a street lamp",
    "letter": "c",
    "representation": "AN12",
    "object_class": "路灯",
    "feature": "编号",
    "definition": "路灯杆上的编号",
    "synonyms": "灯杆编号、杆号",
}
CODES: dict[str, Any] = {
    "code": "lamp-kind",
    "name": "路灯类型代码",
    "items": [
        {"code": "1", "name": "单臂灯"},
        {"code": "11", "name": "单臂钠灯", "parent": "1", "valid_to": "2020", "successor": "12"},
        {"code": "12", "name": "单臂LED灯", "parent": "1", "valid_from": "2021"},
    ],
}


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Cast:
    """Everybody who acts in these tests."""

    office: Office
    police: Office
    roads: Office
    boss: Call
    steward: Call
    officer: Call
    builder: Call
    reviewer: Call
    visitor: Call


@pytest.fixture
def cast(call: Call) -> Cast:
    office = access.add_office(call, title="城管局", name="chengguan")
    police = access.add_office(call, title="公安局", name="gongan")
    roads = access.add_office(call, title="交通局", name="jiaotong")

    def of(actor: Actor) -> Call:
        return replace(call, actor=actor)

    return Cast(
        office=office,
        police=police,
        roads=roads,
        boss=call,
        steward=of(Actor("person", "s1", "李", Role.steward, office.id)),
        officer=of(Actor("person", "s2", "王", Role.steward, police.id)),
        builder=of(Actor("person", "s3", "赵", Role.steward, roads.id)),
        reviewer=of(Actor("person", "r1", "审核员", Role.reviewer)),
        visitor=of(VISITOR),
    )

"""Two offices with their stewards, a reviewer, and a visitor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from kaishu import access
from kaishu.access import VISITOR, Actor, Call, Role
from kaishu.access.models import Office
from tests.conftest import BOTH_DATABASES


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Cast:
    """Everybody who acts in these tests."""

    office: Office
    other: Office
    boss: Call
    steward: Call
    stranger: Call
    reviewer: Call
    visitor: Call


@pytest.fixture
def cast(call: Call) -> Cast:
    office = access.add_office(call, title="民政局", name="minzheng", code="11000002")
    other = access.add_office(call, title="教育局", name="jiaoyu", code="11000005")

    def of(actor: Actor) -> Call:
        return replace(call, actor=actor)

    return Cast(
        office=office,
        other=other,
        boss=call,
        steward=of(Actor("person", "s1", "李", Role.steward, office.id)),
        stranger=of(Actor("person", "s2", "王", Role.steward, other.id)),
        reviewer=of(Actor("person", "r1", "审核员", Role.reviewer)),
        visitor=of(VISITOR),
    )

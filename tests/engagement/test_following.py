"""Following a dataset: for people, of what they may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu import access, catalogue, engagement
from kaishu.access import VISITOR, Actor, Call
from kaishu.access.errors import NotAllowed
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.ledger import entries


@pytest.fixture
def reader(call: Call, make_call: Callable[..., Call]) -> Call:
    person = access.add_person(call, account="shimin", password="long-enough-1", role=access.Role.member)
    return make_call(Actor("person", person.id, person.name, access.Role.member))


@pytest.fixture
def dataset(call: Call) -> str:
    access.add_office(call, title="教育局", name="jiaoyuju")
    record = catalogue.record_from(
        {
            "title": "学校名录",
            "description": "全市各级各类学校的名单。",
            "resource_class": "department",
            "format_category": "spreadsheet",
            "share_class": "unconditional",
            "open_class": "unconditional",
            "update_frequency": "yearly",
            "contact_name": "办公室",
            "themes": ["education-science"],
            "licence": "cc-by-4.0",
        }
    )
    catalogue.add_dataset(call, record=record, office="jiaoyuju", name="schools")
    return "schools"


def test_following_twice_is_following_once(call: Call, reader: Call, dataset: str) -> None:
    catalogue.publish(call, dataset)
    engagement.follow(reader, dataset)
    engagement.follow(reader, dataset)
    assert [each.name for each in engagement.followed(reader)] == [dataset]
    assert engagement.followers(reader, dataset) == 1
    rows = entries(call.session, "dataset", engagement.followed(reader)[0].id, 50)
    assert sum(row.action == "engagement.follow" for row in rows) == 1


def test_following_ends(call: Call, reader: Call, dataset: str) -> None:
    catalogue.publish(call, dataset)
    engagement.follow(reader, dataset)
    engagement.unfollow(reader, dataset)
    engagement.unfollow(reader, dataset)
    assert not engagement.is_following(reader, dataset)
    assert engagement.followers(reader, dataset) == 0


def test_a_draft_cannot_be_followed_by_a_stranger(reader: Call, dataset: str) -> None:
    with pytest.raises(NoSuchDataset):
        engagement.follow(reader, dataset)


def test_a_visitor_cannot_follow(call: Call, make_call: Callable[..., Call], dataset: str) -> None:
    catalogue.publish(call, dataset)
    with pytest.raises(NotAllowed):
        engagement.follow(make_call(VISITOR), dataset)

"""Rating a dataset: one rating of a person, four aspects, taken back at any time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu import access, catalogue, engagement, evaluation
from kaishu.access import TERMINAL, VISITOR, Actor, Call, Role
from kaishu.access.errors import NotAllowed, SignInNeeded
from kaishu.base.errors import Invalid
from kaishu.catalogue.errors import NoSuchDataset
from kaishu.engagement.errors import NotToBeRated, OwnDatasetRated
from kaishu.ledger import entries
from tests.conftest import BOTH_DATABASES
from tests.inspection.conftest import Publish, harvested, offices, publish

__all__ = ["harvested", "offices", "publish"]
GOOD = {"usable": 5, "timely": 4, "accurate": 3, "satisfied": 4}
BAD = {"usable": 1, "timely": 2, "accurate": 3, "satisfied": 2}


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(call: Call, make_call: Callable[..., Call]) -> Callable[[str], Call]:
    def made(account: str) -> Call:
        person = access.add_person(call, account=account, password="long-enough-1", role=Role.member)
        return make_call(Actor("person", person.id, person.name, Role.member))

    return made


def test_ratings_are_summed_by_aspect(call: Call, reader: Callable[[str], Call], publish: Publish) -> None:
    bus = publish("bus")
    assert engagement.ratings_of(call.session, bus.id).mean is None
    engagement.rate(reader("jia"), "bus", GOOD)
    engagement.rate(reader("yi"), "bus", BAD)
    found = engagement.ratings_of(call.session, bus.id)
    assert (found.count, found.mean) == (2, 3.0)
    assert {each.aspect: each.mean for each in found.aspects} == {
        "usable": 3, "timely": 3, "accurate": 3, "satisfied": 3,
    }  # fmt: skip
    assert [each.counts for each in found.aspects] == [
        (1, 0, 0, 0, 1), (0, 1, 0, 1, 0), (0, 0, 2, 0, 0), (0, 1, 0, 1, 0),
    ]  # fmt: skip


def test_a_second_rating_replaces_the_first_and_the_ledger_tells_not_how(
    call: Call, reader: Callable[[str], Call], publish: Publish
) -> None:
    bus, person = publish("bus"), reader("jia")
    for scores in (GOOD, GOOD, BAD):
        engagement.rate(person, "bus", scores)
    found = engagement.ratings_of(call.session, bus.id)
    assert (found.count, found.mean) == (1, 2.0)
    rows = [row for row in entries(call.session, "dataset", bus.id, 50) if row.actor_id == person.actor.id]
    # the second, which was the same, changed nothing
    assert sorted(row.action for row in rows) == ["engagement.rate", "engagement.rate-again"]
    assert not any(row.facts for row in rows)


def test_a_rating_taken_back_is_gone(call: Call, reader: Callable[[str], Call], publish: Publish) -> None:
    bus, person = publish("bus"), reader("jia")
    engagement.withdraw_rating(person, "bus")
    engagement.rate(person, "bus", GOOD)
    engagement.withdraw_rating(person, "bus")
    assert engagement.ratings_of(call.session, bus.id).count == 0
    assert engagement.own_rating(call.session, person.actor.id, bus.id) is None
    rows = [row.action for row in entries(call.session, "dataset", bus.id, 50)]
    assert rows.count("engagement.unrate") == 1


@pytest.mark.parametrize(
    "wrong",
    [{"usable": None}, {"usable": 0}, {"timely": 6}, {"accurate": True}, {"satisfied": 4.5}, {"usable": "5"}],
)
def test_every_aspect_needs_one_of_five(
    call: Call, reader: Callable[[str], Call], publish: Publish, wrong: dict[str, object]
) -> None:
    bus = publish("bus")
    with pytest.raises(Invalid) as caught:
        engagement.rate(reader("jia"), "bus", GOOD | wrong)
    assert set(caught.value.problems) == set(wrong)
    assert engagement.ratings_of(call.session, bus.id).count == 0


def test_strangers_drafts_and_what_is_withdrawn_are_refused(
    call: Call, make_call: Callable[..., Call], reader: Callable[[str], Call], publish: Publish
) -> None:
    publish("bus")
    with pytest.raises(SignInNeeded):
        engagement.rate(make_call(VISITOR), "bus", GOOD)
    with pytest.raises(NotAllowed):
        engagement.rate(make_call(TERMINAL), "bus", GOOD)
    catalogue.withdraw(call, "bus", "有误")
    with pytest.raises(NoSuchDataset):
        engagement.rate(reader("jia"), "bus", GOOD)
    person = access.add_person(call, account="shenhe", password="long-enough-1", role=Role.reviewer)
    with pytest.raises(NotToBeRated):
        engagement.rate(make_call(Actor("person", person.id, "审核员", Role.reviewer)), "bus", GOOD)


def test_people_of_the_providing_office_do_not_rate_its_datasets(
    call: Call, make_call: Callable[..., Call], publish: Publish
) -> None:
    bus = publish("bus")
    person = access.add_person(
        call, account="jia", password="long-enough-1", role=Role.steward, office="traffic"
    )
    before = make_call(Actor("person", person.id, person.name, Role.member))
    engagement.rate(before, "bus", GOOD)
    for kind in ("person", "application"):
        own = make_call(Actor(kind, person.id, person.name, Role.steward, bus.office_id))
        with pytest.raises(OwnDatasetRated) as caught:
            engagement.rate(own, "bus", BAD)
        assert (caught.value.status, caught.value.facts) == (403, {"name": "bus"})
    assert engagement.ratings_of(call.session, bus.id).mean == 4, "what was given before stays as it was"
    engagement.withdraw_rating(own, "bus")
    assert engagement.ratings_of(call.session, bus.id).count == 0
    publish("lessons", office="school")
    engagement.rate(own, "lessons", GOOD)


def test_facts_count_ratings_given_here_beside_those_that_records_state(
    call: Call, reader: Callable[[str], Call], publish: Publish, harvested: Callable[..., None]
) -> None:
    publish("bus")
    far = publish("far", extras={"ckan:rating": "4.5", "ckan:ratings_count": "12"})
    harvested(far)
    publish("stops")

    def counted(fact: str) -> dict[str, float | None]:
        sheet = evaluation.measure_facts(call, [fact], by="catalogue")
        return {unit.id: sheet.of(unit.id, fact).value for unit in sheet.units}

    assert (counted("ratings"), counted("ratings.count")) == (
        {"own": None, "tokyo": 4.5}, {"own": 0, "tokyo": 12},
    )  # fmt: skip
    person = reader("jia")
    engagement.rate(person, "bus", GOOD)
    engagement.rate(reader("yi"), "bus", BAD)
    engagement.rate(person, "far", BAD)
    assert (counted("ratings"), counted("ratings.count")) == (
        {"own": 3, "tokyo": 2}, {"own": 2, "tokyo": 1},
    )  # fmt: skip

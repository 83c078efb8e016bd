"""Nobody judges the unit of an own office: passed by, refused, relieved by a stand-in, and told so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kaishu import access, catalogue, evaluation, ledger
from kaishu.access import Actor, Call, Role
from kaishu.access.errors import NotAllowed
from kaishu.base.errors import Invalid
from kaishu.evaluation.judging.errors import NotSeated, NotVacant, OwnUnit, Recused
from kaishu.evaluation.models import JudgingRound
from tests.conftest import BOTH_DATABASES
from tests.evaluation.judging.test_rounds import SYSTEM

UNITS = [
    {"id": "bus", "name": "交通运输局", "office": "traffic"},
    {"id": "school", "name": "教育局", "office": "school"},
    {"id": "village", "name": "村", "class": "small"},
]
STOPS = catalogue.drafts.DatasetRecord(title="公交站点", resource_class="department")
PEOPLE = (
    ("one", Role.member, None),
    ("bus-one", Role.member, "traffic"),
    ("two", Role.member, None),
    ("three", Role.member, None),
    ("school-one", Role.member, "school"),
    ("judge", Role.reviewer, None),
    ("bus-judge", Role.reviewer, "traffic"),
)


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Town:
    """A system that judges, two offices and their people; everybody's call by account."""

    def __init__(self, call: Call, make_call: Callable[[Actor], Call]) -> None:
        self.call = call
        self._make_call = make_call
        for title, name in (("交通运输局", "traffic"), ("教育局", "school")):
            access.add_office(call, title=title, name=name, code=name)
        for account, role, office in PEOPLE:
            access.add_person(
                call, account=account, name=account, role=role, password="kaishu-test-1", office=office
            )
        self.system = evaluation.add_system(call, SYSTEM).id

    def __getitem__(self, account: str) -> Call:
        found = next(each for each in access.people(self.call.session) if each.account == account)
        office = found.office.id if found.office else None
        return self._make_call(Actor("person", found.id, account, Role(found.role), office))

    def open(self, first: str = "one", second: str = "two", reviewer: str = "judge", **more: object):  # type: ignore[no-untyped-def]
        given = {"units": UNITS, "title": "一轮", **more}
        return evaluation.open_round(
            self["judge"], self.system, first=first, second=second, reviewer=reviewer,
            **given,  # type: ignore[arg-type]
        )  # fmt: skip

    def moves(self, account: str, office: str | None) -> None:
        access.revise_person(self.call, account, office=office)


@pytest.fixture
def town(call: Call, make_call: Callable[[Actor], Call]) -> Town:
    return Town(call, make_call)


def told(call: Call, round: JudgingRound) -> list[tuple[str, str, str]]:
    """Who was put on which unit, by the ledger."""
    return [
        (entry.facts["unit"], entry.facts["seat"], entry.facts["person"])
        for entry in ledger.entries(call.session, "judging", round.id)
        if entry.action == "evaluation.judging.stand-in"
    ]


def test_reserves_take_turns_where_somebody_would_judge_the_own_office(town: Town) -> None:
    round = town.open(first="bus-one", second="school-one", reserves=["bus-judge", "school-one", "three"])
    # Of the reserves one is of the bus office, one has the other seat and may take this one for no unit.
    assert sorted(told(town.call, round)) == [("bus", "first", "three"), ("school", "second", "bus-judge")]
    assert evaluation.judge(town["three"], round.id, "bus", "P", 5) is None
    assert evaluation.judge(town["school-one"], round.id, "bus", "P", 5) is not None, "settled: both agree"
    assert evaluation.judge(town["bus-one"], round.id, "school", "P", 5) is None
    with pytest.raises(Recused) as caught:
        evaluation.judge(town["bus-one"], round.id, "bus", "R", 5)
    assert caught.value.status == 403
    assert caught.value.sentence("zh") == "“交通运输局”是您所在部门的，您须回避，不能评判它。"
    assert caught.value.sentence("en") == '"交通运输局" is of your own department, so you may not judge it.'
    with pytest.raises(NotSeated):
        evaluation.judge(town["three"], round.id, "school", "P", 5)
    waiting = {who: evaluation.waiting_for(town[who]) for who in ("bus-one", "school-one", "three")}
    # Of five places each of the two has those of the other office and of the village left.
    assert {who: sum(each.to_judge for each in found) for who, found in waiting.items()} == {
        "bus-one": 2, "school-one": 2, "three": 1,
    }  # fmt: skip


def test_turns_are_shared_out_evenly(town: Town) -> None:
    units = [{"id": f"line-{each}", "name": f"{each}号线", "office": "traffic"} for each in range(4)]
    round = town.open(first="bus-one", second="two", reserves=["one", "three"], units=units)
    assert [person for _, _, person in sorted(told(town.call, round))] == ["one", "three", "one", "three"]


def test_a_round_for_which_nobody_is_left_is_not_opened(town: Town) -> None:
    with pytest.raises(Invalid) as caught:
        town.open(reviewer="bus-judge", reserves=["three", "school-one"])
    assert caught.value.problems_in("zh") == {
        "reserves": [
            "复核人“bus-judge”须回避同部门的“交通运输局”，替补中没有能接替的人。请加一位其他部门的替补，或换人。"
        ]
    }
    assert caught.value.problems_in("en")["reserves"] == [
        'The reviewer "bus-judge" is of the same department as "交通运输局", and no reserve can take the '
        "place. Add one of another department, or choose somebody else."
    ]
    with pytest.raises(Invalid) as caught:
        town.open(reviewer="three")
    assert caught.value.problems_in("en") == {
        "reviewer": ['"three" has no permission to decide; choose a reviewer or an administrator.']
    }


def test_the_unit_may_be_known_by_the_name_of_its_office_or_dataset(town: Town) -> None:
    made = catalogue.add_dataset(town.call, record=STOPS, office="traffic", name="bus-stops")
    units = [{"id": made.name}, {"id": "traffic"}, {"id": "elsewhere"}]
    round = town.open(first="bus-one", reserves=["three"], units=units)
    assert sorted(told(town.call, round)) == [("bus-stops", "first", "three"), ("traffic", "first", "three")]
    for unit in ("bus-stops", "traffic"):
        with pytest.raises(Recused):
            evaluation.judge(town["bus-one"], round.id, unit, "P", 5)
    evaluation.judge(town["bus-one"], round.id, "elsewhere", "P", 5)


def test_who_comes_to_the_office_later_is_relieved_and_the_score_does_not_count(town: Town) -> None:
    round = town.open()
    evaluation.judge(town["one"], round.id, "bus", "P", 5, "给自己人的满分")
    town.moves("one", "traffic")
    board = evaluation.board(town["one"], round.id)
    assert "recused" in board.seats_at("bus") and "first" in board.seats_at("school")
    (found,) = evaluation.recusals(town["judge"], round.id)
    assert (found.unit["id"], found.seat, found.person.account, found.stand_in) == (
        "bus",
        "first",
        "one",
        None,
    )
    assert [each.to_seat for each in evaluation.waiting_for(town["judge"])] == [1]
    # The score that was given does not settle with the other's, nor is it shown.
    assert evaluation.judge(town["two"], round.id, "bus", "P", 5) is None
    assert evaluation.board(town["judge"], round.id).scores["bus", "P"].first is None
    offered = [each.account for each in evaluation.stand_ins_for(town["judge"], round.id, "bus", "first")]
    assert offered == ["school-one", "three"], "not of the office, not seated"
    evaluation.name_stand_in(town["judge"], round.id, "bus", "first", "three")
    assert told(town.call, round) == [("bus", "first", "three")]
    assert evaluation.waiting_for(town["judge"]) == []
    town.moves("one", None)  # gone again, but the seat is another's now
    assert evaluation.board(town["judge"], round.id).scores["bus", "P"].first is None
    with pytest.raises(NotSeated):
        evaluation.judge(town["one"], round.id, "bus", "P", 5)
    town.moves("one", "traffic")
    assert [each.to_judge for each in evaluation.waiting_for(town["three"])] == [2]
    assert evaluation.judge(town["three"], round.id, "bus", "P", 3) is None
    seen = evaluation.board(town["judge"], round.id).scores["bus", "P"]
    assert seen.first and seen.second and (seen.first.score, seen.second.score) == (3, 5)
    # Who steps aside sees of the own office what its people see, before disclosure nothing.
    assert ("bus", "P") not in evaluation.board(town["one"], round.id).scores
    whole, _ = evaluation.agreements(town["judge"], round.id)
    assert (whole.pairs, whole.same) == (1, 0)


def test_what_was_settled_before_stays(town: Town) -> None:
    round = town.open()
    for who in ("one", "two"):
        evaluation.judge(town[who], round.id, "bus", "P", 5)
    town.moves("one", "traffic")
    board = evaluation.board(town["judge"], round.id)
    assert board.settled["bus", "P"].score == 5 and board.scores["bus", "P"].both
    # R of the same unit is still open, so somebody is needed for it.
    assert [each.to_seat for each in evaluation.waiting_for(town["judge"])] == [1]
    evaluation.name_stand_in(town["judge"], round.id, "bus", "first", "three")
    assert evaluation.board(town["judge"], round.id).scores["bus", "P"].both
    for who in ("three", "two"):
        evaluation.judge(town[who], round.id, "bus", "R", 5)
    assert evaluation.board(town["judge"], round.id).settled["bus", "R"].how == "agreed"


def test_a_reviewer_neither_decides_nor_answers_for_the_own_office(town: Town) -> None:
    access.add_person(
        town.call, account="bus-head", name="bus-head", role=Role.steward, password="kaishu-test-1",
        office="traffic",
    )  # fmt: skip
    round = town.open()
    for unit, code in (("bus", "P"), ("bus", "R"), ("school", "P"), ("school", "R"), ("village", "P")):
        for who, score in (("one", 5), ("two", 0 if (unit, code) == ("bus", "P") else 5)):
            evaluation.judge(town[who], round.id, unit, code, score)
    town.moves("judge", "traffic")
    with pytest.raises(Recused):
        evaluation.decide(town["judge"], round.id, "bus", "P", 5, "我们局做得好")
    assert [(each.to_decide, each.to_seat) for each in evaluation.waiting_for(town["judge"])] == [(0, 1)]
    manager = town["judge"]
    assert [each.account for each in evaluation.stand_ins_for(manager, round.id, "bus", "reviewer")] == []
    town.moves("bus-judge", "school")
    evaluation.name_stand_in(manager, round.id, "bus", "reviewer", "bus-judge")
    evaluation.decide(town["bus-judge"], round.id, "bus", "P", 5, "查实")
    evaluation.disclose(manager, round.id)
    made = evaluation.appeal(town["bus-head"], round.id, "bus", "P", "不服")
    with pytest.raises(Recused):
        evaluation.answer_appeal(manager, made.id, uphold=False, reason="不改")
    assert [each.to_answer for each in evaluation.waiting_for(town["bus-judge"])] == [1]
    evaluation.answer_appeal(town["bus-judge"], made.id, uphold=False, reason="不改")


def test_stand_ins_are_named_by_the_manager_from_elsewhere_and_only_where_needed(town: Town) -> None:
    round = town.open()
    town.moves("one", "traffic")
    manager = town["judge"]
    with pytest.raises(NotAllowed):
        evaluation.name_stand_in(town["two"], round.id, "bus", "first", "three")
    with pytest.raises(OwnUnit) as caught:
        evaluation.name_stand_in(manager, round.id, "bus", "first", "bus-one")
    assert (
        caught.value.sentence("en") == '"bus-one" is of the department of "交通运输局" and may not judge it.'
    )
    with pytest.raises(NotVacant):
        evaluation.name_stand_in(manager, round.id, "school", "first", "three")
    for account, field in (("two", "person"), ("nobody", "person")):
        with pytest.raises(Invalid) as refused:
            evaluation.name_stand_in(manager, round.id, "bus", "first", account)
        assert set(refused.value.problems) == {field}
    evaluation.name_stand_in(manager, round.id, "bus", "first", "three")
    with pytest.raises(NotVacant):
        evaluation.name_stand_in(manager, round.id, "bus", "first", "school-one")
    town.moves("three", "traffic")  # the stand-in comes to the office, too
    evaluation.name_stand_in(manager, round.id, "bus", "first", "school-one")
    assert evaluation.judge(town["school-one"], round.id, "bus", "P", 5) is None

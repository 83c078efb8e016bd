"""One run from a table, facts and a round of judging: every leaf filled, every score with its origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kaishu import access, evaluation
from kaishu.access import Actor, Call, Role
from kaishu.base.errors import Invalid, NotFound
from kaishu.evaluation import DataChoice
from kaishu.evaluation.errors import BadData, NoSource, TwoSources
from kaishu.evaluation.judging.errors import OtherCriteria, RoundInState
from kaishu.evaluation.models import Evaluation, JudgingRound
from tests.conftest import BOTH_DATABASES

SYSTEM = """\
system: offices
edition: "1"
title: 部门评价
scale: [0, 5]
units: {id: office}
missing: zero
tree:
  - {code: C, weight: 0.4, indicator: {from: {column: staff}, normalise: {steps: [[0, 0], [10, 5]]}}}
  - {code: F, weight: 0.3, indicator: {from: {fact: datasets}, normalise: {steps: [[0, 1], [1, 5]]}}}
  - code: J
    weight: 0.3
    indicator: {from: {judged: {criteria: [{score: 5, text: 是}, {score: 0, text: 否}]}}}
"""
STAFF: dict[str, list[object]] = {"office": ["traffic", "school", "park"], "staff": [12, 3, 20]}


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Town:
    """Two offices, a system that mixes three sources, and a round that was judged."""

    call: Call
    system: str
    round: JudgingRound
    calls: dict[str, Call]


@pytest.fixture
def town(call: Call, make_call: Callable[[Actor], Call]) -> Town:
    for name, title in (("traffic", "交通局"), ("school", "教育局")):
        access.add_office(call, title=title, name=name, code=name)
    calls = {}
    for account, role in (("one", Role.member), ("two", Role.member), ("judge", Role.reviewer)):
        person = access.add_person(
            call, account=account, name=account, role=role, password="kaishu-test-1", office=None
        )
        calls[account] = make_call(Actor("person", person.id, account, role, None))
    system = evaluation.add_system(call, SYSTEM)
    evaluation.publish_edition(call, system.id)
    round = evaluation.open_round(
        calls["judge"], system.id, title="第一轮", first="one", second="two", reviewer="judge",
        units=[{"id": "traffic"}, {"id": "school"}],
    )  # fmt: skip
    return Town(calls["judge"], system.id, round, calls)


def judged(town: Town) -> Town:
    for unit, score in (("traffic", 5), ("school", 0)):
        for who in ("one", "two"):
            evaluation.judge(town.calls[who], town.round.id, unit, "J", score, f"{who}看到的")
        evaluation.add_evidence(town.calls["one"], town.round.id, unit, "J", url=f"https://x.example/{unit}")
    evaluation.disclose(town.call, town.round.id)
    return town


def ran(town: Town, data: DataChoice) -> Evaluation:
    loaded = evaluation.load_evaluation(town.call, town.system, data)
    return evaluation.keep_evaluation(town.call, loaded, evaluation.compute(loaded))


def test_one_run_fills_every_leaf_and_opens_down_to_column_query_and_evidence(town: Town) -> None:
    judged(town)
    run = ran(town, DataChoice(columns=STAFF, facts="office", round=town.round.id))
    result = evaluation.result_of(town.call.session, run)
    assert result.table.ids == ("traffic", "school", "park") and run.origin == "given"
    traffic, school, park = (result.unit(id) for id in result.table.ids)
    assert traffic.score == pytest.approx(0.4 * 5 + 0.3 * 1 + 0.3 * 5)
    assert school.score == pytest.approx(0.3 * 1)
    assert traffic.name == "交通局"  # the columns have no name; the facts do
    assert "staff" in traffic.nodes["C"].remark.said("en")
    assert "SELECT" in traffic.nodes["F"].remark.query and "UTC" in traffic.nodes["F"].remark.zh
    assert "one看到的" in traffic.nodes["J"].remark.zh
    assert traffic.nodes["J"].remark.links == ("https://x.example/traffic",)
    # The park is in the columns only: its fact and its judgement are missing, and this is told by name.
    assert park.score == pytest.approx(0.4 * 5)
    told = [notice for notice in result.notices if notice.kind == "unmatched"]
    assert [notice.units for notice in told] == [("park",), ("park",)]
    assert all("park" in str(notice.said) for notice in told)
    found = evaluation.evaluation_again(town.call, run.id)
    assert found.same and found.difference == 0.0
    assert found.result.table.as_dict() == result.table.as_dict()
    assert (run.asked["facts"], run.asked["round"], run.asked["round_title"]) == (
        "office", town.round.id, "第一轮",
    )  # fmt: skip


def test_without_a_table_the_units_are_those_that_were_judged(town: Town) -> None:
    judged(town)
    both = DataChoice(facts="office", round=town.round.id)
    with pytest.raises(NoSource) as caught:
        evaluation.load_evaluation(town.call, town.system, both)
    assert caught.value.facts["listed_zh"] == "C（列“staff”）"
    run = ran(town, DataChoice(facts="office", round=town.round.id, absent=True))
    result = evaluation.result_of(town.call.session, run)
    assert (run.origin, result.table.ids) == ("round", ("traffic", "school"))
    assert result.unit("school").nodes["F"].score == 1
    by_round = evaluation.evaluate_round(town.call, town.round.id)
    kept = evaluation.result_of(town.call.session, by_round)
    assert (by_round.origin, by_round.edition_id, kept.table.ids) == (
        "round", town.system, ("traffic", "school"),
    )  # fmt: skip
    assert kept.unit("traffic").score == pytest.approx(0.3 * 5)


def test_a_run_that_waits_has_all_its_sources(town: Town) -> None:
    judged(town)
    file = b"office,staff\ntraffic,12\nschool,3\n"
    data = DataChoice(file_name="人员.csv", content=file, facts="office", round=town.round.id)
    waiting = evaluation.leave_evaluation(town.call, town.system, data)
    loaded = evaluation.load_waiting(town.call, waiting.id)
    kept = evaluation.keep_evaluation(town.call, loaded, evaluation.compute(loaded), waiting.id)
    result = evaluation.result_of(town.call.session, kept)
    assert (kept.source, result.table.names) == ("人员.csv", ("交通局", "教育局"))
    assert result.unit("traffic").nodes["J"].score == 5 and not [
        notice for notice in result.notices if notice.kind == "unmatched"
    ]


def test_what_cannot_be_joined_is_refused_with_its_reason(town: Town) -> None:
    with pytest.raises(RoundInState):  # not disclosed yet
        ran(town, DataChoice(columns=STAFF, facts="office", round=town.round.id))
    judged(town)
    with pytest.raises(TwoSources) as caught:
        ran(town, DataChoice(columns={**STAFF, "J": [1, 2, 3]}, facts="office", round=town.round.id))
    assert caught.value.facts["column"] == "J"
    with pytest.raises(BadData):  # nothing says what F is
        ran(town, DataChoice(columns=STAFF, round=town.round.id))
    with pytest.raises(NotFound):
        ran(town, DataChoice(columns=STAFF, facts="office", round="nothing"))
    other = evaluation.add_system(
        town.call, SYSTEM.replace("system: offices", "system: others").replace("text: 否", "text: 没有")
    )
    with pytest.raises(OtherCriteria) as differs:
        evaluation.load_evaluation(
            town.call, other.id, DataChoice(columns=STAFF, facts="office", round=town.round.id)
        )
    assert differs.value.facts["codes"] == "J"
    assert evaluation.rounds_for(town.call, evaluation.read_system(other.text + "\n")) == []
    assert evaluation.rounds_for(town.call, evaluation.read_system(SYSTEM)) == [town.round]
    assert evaluation.rounds_for(town.calls["one"], evaluation.read_system(SYSTEM)) == [town.round]
    plain = evaluation.add_system(
        town.call, "system: plain\nunits: {id: office}\ntree: [{code: staff, weight: 1, indicator: {}}]\n"
    )
    with pytest.raises(Invalid) as nothing:
        evaluation.load_evaluation(
            town.call, plain.id, DataChoice(columns=STAFF, facts="office", round=town.round.id)
        )
    assert set(nothing.value.problems_in("en")) == {"facts", "round"}


def test_a_judged_score_is_told_as_given_not_as_normalised() -> None:
    passport = evaluation.read_system(SYSTEM)
    given, direct = (
        evaluation.normalisation_said(evaluation.read_system(text).node("J"), passport)
        for text in (SYSTEM, SYSTEM.replace("{from: {judged", "{normalise: direct, from: {judged"))
    )
    assert given == direct

"""A round of judging from the first score to the end: blind, decided, disclosed, appealed, evaluated."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from kaishu import access, casework, evaluation, ledger, source
from kaishu.access import Actor, Call, Role
from kaishu.access.errors import NotAllowed, OtherOffice
from kaishu.base import clock
from kaishu.base.errors import Invalid, NotFound
from kaishu.casework.errors import ReasonNeeded
from kaishu.evaluation.errors import NoSystem
from kaishu.evaluation.judging.errors import (
    AlreadyJudged,
    AppealOver,
    AppealsOpen,
    NoPlace,
    NothingJudged,
    NotSeated,
    NotSettled,
    NotToDecide,
    RoundInState,
)
from kaishu.evaluation.models import JudgingRound
from tests.conftest import BOTH_DATABASES

SYSTEM = """\
system: openness
edition: "1"
title: 开放评判
scale: [0, 5]
units: {id: id, class: kind}
classes:
  small: {not-applicable: [R]}
tree:
  - code: P
    weight: 0.6
    title: 政策
    indicator:
      normalise: direct
      from:
        judged:
          criteria: [{score: 5, text: 有制度并公开}, {score: 3, text: 有制度}, {score: 0, text: 没有}]
          evidence: 制度文件
  - code: R
    weight: 0.4
    indicator: {normalise: direct, from: {judged: {criteria: [{score: 5, text: 是}, {score: 0, text: 否}]}}}
"""


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Cast:
    """A round and the calls of everybody in it."""

    round: JudgingRound
    first: Call
    second: Call
    reviewer: Call
    office: Call
    other: Call


@pytest.fixture
def cast(call: Call, make_call: Callable[[Actor], Call]) -> Cast:
    office = access.add_office(call, title="交通运输局", name="traffic", code="1")
    other = access.add_office(call, title="教育局", name="school", code="2")
    calls = {}
    for account, role, place in (
        ("one", Role.member, None),
        ("two", Role.member, None),
        ("judge", Role.reviewer, None),
        ("bus", Role.steward, office),
        ("school", Role.steward, other),
    ):
        person = access.add_person(
            call, account=account, name=account, role=role, password="kaishu-test-1",
            office=place.name if place else None,
        )  # fmt: skip
        actor = Actor("person", person.id, account, role, place.id if place else None)
        calls[account] = make_call(actor)
    system = evaluation.add_system(call, SYSTEM)
    round = evaluation.open_round(
        calls["judge"], system.id, title="2026年评判", first="one", second="two", reviewer="judge",
        units=[
            {"id": "bus", "name": "交通运输局", "office": "traffic"},
            {"id": "village", "name": "村", "class": "small"},
        ],
    )  # fmt: skip
    return Cast(round, calls["one"], calls["two"], calls["judge"], calls["bus"], calls["school"])


def score_all(cast: Cast) -> None:
    """All places; the assessors differ about P of the bus office only."""
    for who, policy in ((cast.first, 5), (cast.second, 3)):
        evaluation.judge(who, cast.round.id, "bus", "P", policy, f"我看到{policy}分的依据")
        evaluation.judge(who, cast.round.id, "bus", "R", 5)
        evaluation.judge(who, cast.round.id, "village", "P", 0)


def test_an_assessor_does_not_see_the_others_score_until_both_are_in(cast: Cast) -> None:
    id = cast.round.id
    evaluation.judge(cast.first, id, "bus", "P", 5)
    evaluation.add_evidence(cast.first, id, "bus", "P", url="https://x.example/rule")
    assert evaluation.board(cast.second, id).scores["bus", "P"].first is None
    assert evaluation.board(cast.reviewer, id).scores["bus", "P"].first is None
    assert evaluation.evidence_at(cast.second, cast.round, "bus", "P") == []
    assert len(evaluation.evidence_at(cast.first, cast.round, "bus", "P")) == 1
    evaluation.judge(cast.first, id, "bus", "P", 3)  # changed while the other is not in
    assert evaluation.judge(cast.second, id, "bus", "P", 5) is None
    seen = evaluation.board(cast.second, id).scores["bus", "P"]
    assert seen.first and seen.second and (seen.first.score, seen.second.score) == (3, 5)
    assert len(evaluation.evidence_at(cast.second, cast.round, "bus", "P")) == 1
    with pytest.raises(AlreadyJudged):
        evaluation.judge(cast.first, id, "bus", "P", 5)
    told = [
        entry.facts for entry in ledger.entries(cast.first.session, "judging", id)
        if entry.action == "evaluation.judging.score"
    ]  # fmt: skip
    assert told and all("score" not in facts for facts in told)


def test_equal_scores_are_settled_and_differences_wait_for_the_reviewer(cast: Cast) -> None:
    id = cast.round.id
    score_all(cast)
    assert [each.to_decide for each in evaluation.waiting_for(cast.reviewer)] == [1]
    assert evaluation.waiting_for(cast.first) == []
    held = evaluation.board(cast.reviewer, id).settled
    assert {key: (row.score, row.how) for key, row in held.items()} == {
        ("bus", "R"): (5, "agreed"), ("village", "P"): (0, "agreed"),
    }  # fmt: skip
    with pytest.raises(NotSettled):
        evaluation.disclose(cast.reviewer, id)
    with pytest.raises(NotToDecide):
        evaluation.decide(cast.reviewer, id, "bus", "R", 0, "不同意")
    with pytest.raises(Invalid):
        evaluation.decide(cast.reviewer, id, "bus", "P", 4, "中间")
    with pytest.raises(NotAllowed):
        evaluation.decide(cast.first, id, "bus", "P", 3, "我定")
    assert evaluation.decide(cast.reviewer, id, "bus", "P", 3, "未公开").how == "decided"
    every, each = evaluation.agreements(cast.reviewer, id)
    assert (every.pairs, each["P"].pairs, each["R"].same) == (3, 2, 1)
    # P: (5, 3), (0, 0): half are equal, of which chance gives a quarter.
    assert each["P"].same == 0.5 and each["P"].kappa == pytest.approx((0.5 - 0.25) / 0.75)


def test_units_appeal_within_their_days_and_the_history_stays(cast: Cast) -> None:
    id = cast.round.id
    score_all(cast)
    evaluation.decide(cast.reviewer, id, "bus", "P", 3, "未公开")
    with pytest.raises(NotFound):
        evaluation.board(cast.office, id)
    evaluation.disclose(cast.reviewer, id)
    seen = evaluation.board(cast.office, id)
    assert set(seen.settled) == {("bus", "P"), ("bus", "R")} and seen.scores == {}
    with pytest.raises(OtherOffice):
        evaluation.appeal(replace_round(cast.other, cast), id, "bus", "P", "不服")
    made = evaluation.appeal(cast.office, id, "bus", "P", "制度已公开，见附件")
    with pytest.raises(AppealOver):
        evaluation.appeal(cast.office, id, "bus", "P", "再来")
    case = casework.case_by_id(cast.office.session, made.case_id)
    assert case.due_on is not None and case.due_on > clock.day_of(cast.office.now)
    assert [each.to_answer for each in evaluation.waiting_for(cast.reviewer)] == [1]
    with pytest.raises(Invalid):
        evaluation.answer_appeal(cast.reviewer, made.id, uphold=True, reason="属实", score=3)
    with pytest.raises(ReasonNeeded):
        evaluation.answer_appeal(cast.reviewer, made.id, uphold=False, reason=" ")
    evaluation.answer_appeal(cast.reviewer, made.id, uphold=True, reason="属实", score=5)
    assert case.state == "upheld"
    rows = evaluation.history_of(cast.reviewer, cast.round, "bus", "P")
    assert [(row.number, row.score, row.how) for row in rows] == [(1, 3, "decided"), (2, 5, "appealed")]
    with pytest.raises(AppealsOpen) as caught:
        evaluation.close_round(cast.reviewer, id)
    assert caught.value.sentence("en").startswith("The round cannot be closed: appeals may come until 20")
    later = replace(cast.reviewer, now=cast.reviewer.now + timedelta(days=40))
    assert evaluation.close_round(later, id).state == "closed"
    with pytest.raises(AppealOver):
        evaluation.appeal(cast.office, id, "bus", "R", "不服")


def replace_round(other: Call, cast: Cast) -> Call:
    """The other office gets a unit in the round, so that it may see it."""
    units = [dict(each) for each in cast.round.units]
    units[1]["office"] = other.actor.office
    cast.round.units = units
    other.session.flush()
    return other


def test_settled_scores_are_the_units_of_an_evaluation(cast: Cast) -> None:
    id = cast.round.id
    with pytest.raises(RoundInState) as caught:
        evaluation.judgements_table(cast.reviewer, id)
    assert caught.value.sentence("en") == "The round is still being judged; this cannot be done."
    assert caught.value.facts["state"] == "judging"
    original = source.keep_original("截图.png", io.BytesIO(b"picture"))
    kept = evaluation.add_evidence(cast.first, id, "bus", "P", original=original, about="网页")
    assert (kept.kind, kept.size, kept.sha256) == ("screenshot", 7, original.sha256)
    score_all(cast)
    evaluation.decide(cast.reviewer, id, "bus", "P", 3, "未公开")
    evaluation.disclose(cast.reviewer, id)
    result = evaluation.evaluate(SYSTEM, evaluation.judgements_table(cast.reviewer, id))
    bus, village = result.unit("bus"), result.unit("village")
    assert bus.score == pytest.approx(0.6 * 3 + 0.4 * 5) and village.score == 0
    remark = bus.nodes["P"].remark
    assert "复核裁定" in remark.zh and "未公开" in remark.zh and "5分的依据" in remark.zh
    assert remark.links == (f"/desk/judging/{id}/evidence/{kept.id}",)
    assert json.dumps(result.as_dict("en"))


def test_what_does_not_fit_is_refused(cast: Cast, call: Call) -> None:
    id = cast.round.id
    with pytest.raises(NotSeated):
        evaluation.judge(cast.office, id, "bus", "P", 5)
    with pytest.raises(NoPlace):
        evaluation.judge(cast.first, id, "village", "R", 5)
    with pytest.raises(NoPlace):
        evaluation.judge(cast.first, id, "nobody", "P", 5)
    with pytest.raises(Invalid):
        evaluation.judge(cast.first, id, "bus", "P", 4)
    with pytest.raises(Invalid):
        evaluation.add_evidence(cast.first, id, "bus", "P", url="javascript:alert(1)")
    with pytest.raises(NotFound):
        evaluation.round_by_id(cast.other, id)
    seats = {"first": "one", "second": "two", "reviewer": "judge"}
    units = [{"id": "a"}]
    with pytest.raises(NothingJudged):
        evaluation.open_round(cast.reviewer, "hdi", title="x", units=units, **seats)
    with pytest.raises(NoSystem):
        evaluation.open_round(cast.reviewer, "none", title="x", units=units, **seats)
    with pytest.raises(Invalid) as caught:
        evaluation.open_round(
            cast.reviewer, cast_system(cast), title=" ",
            units=[{"id": "a"}, {"id": "a"}], first="one", second="one", reviewer="judge",
        )  # fmt: skip
    assert set(caught.value.problems_in("zh")) == {"title", "second", "units"}
    with pytest.raises(Invalid) as caught:
        evaluation.open_round(
            cast.reviewer, cast_system(cast), title="x",
            units=[{"id": "a"}, {"id": "b", "office": "nowhere"}], first="one", second="", reviewer="judge",
        )  # fmt: skip
    assert caught.value.problems_in("en") == {
        "second": ["Choose somebody."], "units": ['Line 2: there is no department "nowhere".'],
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        evaluation.open_round(cast.office, "hdi", title="x", units=units, **seats)


def cast_system(cast: Cast) -> str:
    """The id of the system of the round."""
    return evaluation.editions_of(cast.reviewer, cast.round.system)[0].id

"""Systems in editions and evaluations kept: made again, compared, tried with other weights, seen by whom."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from kaishu import evaluation, jobs, ledger
from kaishu.access import TERMINAL, VISITOR, Actor, Call, Role
from kaishu.access.errors import NotAllowed
from kaishu.base import clock, ids
from kaishu.base.errors import Invalid, NotFound
from kaishu.db import session_scope
from kaishu.evaluation import DataChoice
from kaishu.evaluation.errors import BadSystem, EditionInState, NoData, OtherSystem, TooManyScores
from kaishu.evaluation.models import Evaluation
from tests.conftest import BOTH_DATABASES

SYSTEM = """\
# kept as it is written
system: cities
edition: "2026"
title: {zh: 城市, en: Cities}
scale: [0, 5]
units: {id: city}
rank: {ties: best}
tree:
  - code: A
    weight: 0.6   # ours
    children:
      - {code: a, weight: 1/3, indicator: {normalise: min-max}}
      - {code: b, weight: 2/3, indicator: {}}
  - {code: C, weight: 0.4, indicator: {from: {column: c}, direction: less}}
"""
COLUMNS: dict[str, list[object]] = {
    "city": ["甲", "乙", "丙", "丁"],
    "a": [1, 2, 4, 5],
    "b": [8, 6, 2, None],
    "c": [3, 3.5, 1, 2],
}


@pytest.fixture(params=BOTH_DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def made(call: Call, text: str = SYSTEM, **columns: list[object]) -> Evaluation:
    row = evaluation.add_system(call, text)
    data = DataChoice(columns={**COLUMNS, **columns})
    loaded = evaluation.load_evaluation(call, row.id, data)
    return evaluation.keep_evaluation(call, loaded, evaluation.compute(loaded))


def test_a_kept_result_comes_back_and_can_be_made_again_to_the_last_bit(call: Call) -> None:
    run = made(call)
    kept = evaluation.result_of(call.session, run)
    fresh = evaluation.evaluate(SYSTEM, COLUMNS)
    assert kept.as_dict()["units"] == fresh.as_dict()["units"]
    found = evaluation.evaluation_again(call, run.id)
    assert found.same and found.difference == 0.0
    assert (run.units, run.indicators, run.fingerprint) == (4, 3, fresh.fingerprint)
    assert run.summary["first"][0][0] == fresh.table.names[int(fresh.index.argmax())]
    assert [each.action for each in ledger.entries(call.session, "evaluation", run.id)] == ["evaluation.run"]


def test_results_are_seen_by_their_maker_until_they_are_published(
    call: Call, make_call: Callable[[Actor], Call], steward: Callable[[str], Actor]
) -> None:
    maker, other = make_call(steward("o1")), make_call(steward("o2"))
    visitor = make_call(VISITOR)
    run = made(maker)
    for stranger in (other, visitor):
        with pytest.raises(NotFound):
            evaluation.evaluation_by_id(stranger, run.id)
    assert evaluation.evaluation_by_id(maker, run.id).id == run.id
    with pytest.raises(NotAllowed):
        evaluation.publish_evaluation(maker, run.id)
    reviewer = make_call(Actor("person", ids.new_id(), "审核", Role.reviewer, None))
    evaluation.publish_evaluation(reviewer, run.id)
    assert [each.id for each in evaluation.evaluations(visitor)] == [run.id]
    with pytest.raises(Invalid):
        evaluation.withdraw_evaluation(reviewer, run.id, " ")
    evaluation.withdraw_evaluation(reviewer, run.id, "数据有误")
    assert evaluation.evaluations(visitor) == []
    with pytest.raises(NotAllowed):
        made(visitor)


def test_an_edition_goes_from_draft_to_force_and_is_followed_by_the_next(call: Call) -> None:
    first = evaluation.add_system(call, SYSTEM)
    with pytest.raises(BadSystem) as caught:
        evaluation.revise_edition(call, first.id, SYSTEM.replace("0.6", "0.7"))
    assert caught.value.problems[0].line == 10 and first.text == SYSTEM
    with pytest.raises(OtherSystem):
        evaluation.revise_edition(call, first.id, SYSTEM.replace("cities", "towns"))
    evaluation.publish_edition(call, first.id)
    with pytest.raises(EditionInState) as told:
        evaluation.revise_edition(call, first.id, SYSTEM)
    assert "is published;" in str(told.value)
    second = evaluation.draft_edition(call, first.id, edition="2027")
    changes: dict[tuple[str | int, ...], str] = {
        ("tree", 0, "weight"): "0.5",
        ("tree", 1, "weight"): "0.5",
        ("digits",): "3",
        ("tree", 0, "children", 1, "aggregate"): "x",
    }
    del changes["tree", 0, "children", 1, "aggregate"]
    evaluation.revise_edition(call, second.id, evaluation.with_values(second.text, changes))
    assert "weight: 0.5   # ours" in second.text and second.text.count("digits: 3") == 1
    assert (second.number, second.based_on, second.edition) == (2, first.id, "2027")
    evaluation.publish_edition(call, second.id)
    assert (first.state, second.state) == ("replaced", "published")
    assert evaluation.system_chosen(call, "cities").row is second
    told = evaluation.compare_systems(evaluation.read_system(first.text), evaluation.read_system(second.text))
    assert {(each.code, each.key) for each in told} == {
        ("", "edition"), ("", "digits"), ("A", "weight"), ("C", "weight")
    }  # fmt: skip
    evaluation.withdraw_edition(call, second.id, "改错了")
    assert second.state == "withdrawn"


@pytest.mark.parametrize("name", evaluation.built_in())
def test_every_built_in_system_is_kept_on_its_own_data(call: Call, name: str) -> None:
    loaded = evaluation.load_evaluation(call, name, DataChoice(own=True))
    run = evaluation.keep_evaluation(call, loaded, evaluation.compute(loaded))
    again = evaluation.evaluate(name)
    assert evaluation.result_of(call.session, run).as_dict()["units"] == again.as_dict()["units"]


def test_what_a_check_printed_is_a_file_to_evaluate(call: Call) -> None:
    check = {
        "name": "甲表",
        "rules": [{"dimension": "accuracy", "checked": 10, "failed": 1}],
    }
    name = "data-quality-gbt36344"
    data = DataChoice(file_name="check.json", content=json.dumps(check).encode())
    computed = evaluation.compute(evaluation.load_evaluation(call, name, data))
    assert computed.result.unit("甲表").nodes["accuracy"].raw == 0.9


def test_no_file_but_a_built_in_systems_own_is_opened(call: Call) -> None:
    row = evaluation.add_system(call, "data: ../../../../etc/hostname\n" + SYSTEM)
    with pytest.raises(NoData):
        evaluation.load_evaluation(call, row.id, DataChoice())


def test_other_weights_are_relative_within_their_group_and_change_nothing_kept(call: Call) -> None:
    run = made(call)
    kept = evaluation.result_of(call.session, run)
    before = kept.as_json()
    tried = evaluation.what_if(kept, {"A": "1", "C": "3"})
    by_hand = evaluation.evaluate(SYSTEM.replace("0.6", "1/4").replace("0.4", "3/4"), COLUMNS)
    assert tried.as_dict()["units"] == by_hand.as_dict()["units"]
    assert kept.as_json() == before
    one = evaluation.relative_weights(kept, {"C": "60%"})
    assert [str(one[code]) for code in ("A", "C")] == ["1/2", "1/2"]
    for wrong in ({"X": "1"}, {"A": "-1"}, {"A": "viel"}, {"A": "0", "C": "0"}, {"A": "nan"}):
        with pytest.raises(Invalid):
            evaluation.what_if(kept, wrong)


def test_a_change_is_split_into_scores_and_weights(call: Call) -> None:
    text = SYSTEM.replace("weight: 2/3, indicator", "weight: 2/3, missing: zero, indicator")
    first = evaluation.result_of(call.session, made(call, text))
    swapped = text.replace("0.6", "0.3").replace("0.4", "0.7")
    second = evaluation.result_of(call.session, made(call, swapped, a=[1, 5, 4, 2]))
    found = evaluation.compare_results(first, second)
    assert [each.rank_after for each in found.units] == sorted(each.rank_after or 0 for each in found.units)
    for each in found.units:
        parts = [each.by_score, each.by_weight, each.rest]
        assert None not in parts and each.change is not None
        assert sum(part or 0.0 for part in parts) == pytest.approx(each.change)
        assert each.rest == 0.0
    assert not found.same_data
    only = evaluation.result_of(call.session, made(call, text, city=["甲", "戊", "己", "庚"]))
    told = evaluation.compare_results(first, only)
    assert (len(told.units), len(told.gone), len(told.new)) == (1, 3, 3)


def test_a_large_file_is_left_to_the_worker(home: object) -> None:
    content = "city,a,b,c\n" + "".join(f"u{n},{n % 7},{n % 5},{n % 3}\n" for n in range(500))
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        row = evaluation.add_system(call, SYSTEM)
        data = DataChoice(file_name="城市.csv", content=content.encode("gb18030"))
        assert evaluation.at_once(call, data)
        run_id = evaluation.leave_evaluation(call, row.id, data).id
    assert jobs.run_waiting() == 1
    with session_scope(write=False) as session:
        run = session.scalars(select(Evaluation).where(Evaluation.id == run_id)).one()
        assert (run.state, run.units, run.source) == ("kept", 500, "城市.csv")
        assert evaluation.result_of(session, run).index[0] >= 0


def test_strange_file_names_are_only_names_and_too_much_is_refused(call: Call) -> None:
    row = evaluation.add_system(call, SYSTEM)
    content = "city,a,b,c\nx,1,2,3\ny,2,1,1\n"
    for name in ("..", "../../etc/passwd.csv", "名" * 300 + ".csv", "a\0b.csv", "C:\\x\\y.csv"):
        loaded = evaluation.load_evaluation(
            call, row.id, DataChoice(file_name=name, content=content.encode())
        )
        assert len(loaded.units) == 2
    many = list(range(130_000))
    columns: dict[str, list[object]] = {"city": many, "a": many, "b": many, "c": many}  # type: ignore[dict-item]
    with pytest.raises(TooManyScores):
        evaluation.load_evaluation(call, row.id, DataChoice(columns=columns))


def test_facts_are_counted_when_a_system_reads_them(call: Call) -> None:
    text = """\
system: sharing
scale: [0, 10]
tree:
  - {code: open, weight: 0.5, indicator: {from: {fact: datasets.open}, normalise: {steps: [[0, 0], [1, 10]]}}}
  - {code: tables, weight: 0.5, indicator: {from: {fact: tables}, normalise: {steps: [[0, 0], [1, 10]]}}}
"""
    row = evaluation.add_system(call, text)
    loaded = evaluation.load_evaluation(call, row.id, DataChoice(facts="platform"))
    run = evaluation.keep_evaluation(call, loaded, evaluation.compute(loaded))
    result = evaluation.result_of(call.session, run)
    assert (run.origin, result.table.ids, result.index.tolist()) == ("facts", ("all",), [0.0])
    remark = result.unit("all").nodes["open"].remark
    assert remark is not None and "SELECT" in remark.query
    with pytest.raises(Invalid):
        evaluation.load_evaluation(call, evaluation.add_system(call, SYSTEM).id, DataChoice(facts="office"))

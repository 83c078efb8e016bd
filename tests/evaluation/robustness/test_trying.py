"""Other weights at once, what a node's absence does, and what lifts a unit."""

from __future__ import annotations

import numpy as np
import pytest

from kaishu import evaluation
from kaishu.evaluation import robustness
from kaishu.evaluation.robustness.errors import BadNumber, NoSuchNode
from tests.evaluation.robustness.systems import SYSTEM, toy, values


def test_live_weights_give_what_building_again_gives() -> None:
    classes = {"甲": {"not-applicable": ["D"], "fold": {"D": "P"}}}
    columns = {**values(), "类": ["甲", "乙"] * 10}
    for result in (
        toy(),
        toy(columns=columns, units={"id": "id", "class": "类"}, classes=classes),
        toy(aggregate="geometric", scale=[1, 100]),
    ):
        for weights in ({}, {"P": 0.2}, {"P1": "1/3", "D2": 3}, {"P3": 0}):
            tried = robustness.live(result, weights)
            again = evaluation.what_if(result, weights)
            assert np.allclose(tried.scores, again.scores, rtol=1e-12, equal_nan=True)
            assert (tried.rank == again.rank).all() and tried.grade == again.grade
            assert (tried.rise == result.rank - again.rank).all()


def test_live_weights_of_a_group_that_the_data_weigh() -> None:
    tree = [
        {
            "code": node["code"],
            "children": [{"code": leaf["code"], "indicator": leaf["indicator"]} for leaf in node["children"]],
        }
        for node in SYSTEM["tree"]
    ]
    result = evaluation.evaluate({**SYSTEM, "tree": tree, "weights": "entropy"}, values())
    tried = robustness.live(result, {"P": 1, "D": 1})
    halves = (result.scores_of("P") + result.scores_of("D")) / 2
    assert np.allclose(tried.scores[:, 0], halves)
    assert tried.weights == {"P": 0.5, "D": 0.5}


@pytest.mark.parametrize("weights", [{"P": -1}, {"P": "many"}, {"P": 0, "D": 0}, {"P": 1e9}])
def test_weights_that_are_none_are_refused(weights: dict[str, object]) -> None:
    with pytest.raises(BadNumber):
        robustness.live(toy(), weights)  # type: ignore[arg-type]


def test_a_node_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NoSuchNode) as error:
        robustness.live(toy(), {"X": 1})
    assert "P1" in str(error.value.facts["known"])
    with pytest.raises(NoSuchNode):
        robustness.lifts(toy(), "u1", effort={"P": 1})


def test_taking_a_node_away_is_building_without_it() -> None:
    columns = values()
    result = toy(columns=columns)
    found = {each.code: each for each in robustness.removals(result)}
    assert set(found) == {"P", "D", "P1", "P2", "P3", "D1", "D2"}
    tree = [{**SYSTEM["tree"][0], "weight": "1"}]
    alone = evaluation.evaluate({**SYSTEM, "tree": tree}, columns)
    assert found["D"].mean_shift == pytest.approx(np.abs(alone.rank - result.rank).mean())
    assert found["D"].moved == pytest.approx((alone.rank != result.rank).mean())
    shifts = result.rank - alone.rank
    assert abs(found["D"].largest) == np.abs(shifts).max()


def test_lifts_are_weight_times_gap_and_the_index_built_again() -> None:
    columns = values()
    result = toy(columns=columns)
    found = robustness.lifts(result, "u7")
    assert [each.gain for each in found] == sorted((each.gain for each in found), reverse=True)
    for each in found:
        assert each.weight is not None and each.gap is not None
        assert each.gain == pytest.approx(each.weight * each.gap)
        assert each.target == 5.0 and each.rank_after <= each.rank  # type: ignore[operator]
    first = found[0]
    better = {**columns, first.code: list(columns[first.code])}
    extreme = min if first.code == "P2" else max
    better[first.code][7] = extreme(columns[first.code])
    built = evaluation.evaluate(SYSTEM, better)
    assert built.index[7] - result.index[7] == pytest.approx(first.gain)
    assert built.rank[7] == first.rank_after


def test_effort_orders_by_gain_for_cost_and_full_marks_are_further() -> None:
    result = toy(scale=[0, 5])
    plain = robustness.lifts(result, "u7")
    cheap = plain[-1].code
    found = robustness.lifts(result, "u7", effort={cheap: 0.001, plain[0].code: 100})
    assert found[0].code == cheap and found[1].code == plain[0].code and found[2].worth is None
    assert found[0].cost == pytest.approx(0.001 * (found[0].gap or 0))
    direct = [{"code": "A", "weight": 1, "indicator": {"normalise": "direct"}}]
    marks = evaluation.evaluate({**SYSTEM, "tree": direct}, {"id": ["a", "b"], "A": [1, 3]})
    best, full = robustness.lifts(marks, "a"), robustness.lifts(marks, "a", towards="full")
    assert (best[0].target, full[0].target) == (3.0, 5.0)
    assert robustness.lifts(marks, "b") == ()
    for language in ("zh", "en"):
        assert robustness.blocks_of_lifts("a", best, language) and robustness.blocks_of_lifts(
            "b", (), language
        )


def test_lifts_of_missing_values_and_of_other_means() -> None:
    columns = values()
    columns["P1"][7] = None
    found = {each.code: each for each in robustness.lifts(toy(columns=columns), "u7")}
    assert (found["P1"].score, found["P1"].gap, found["P1"].weight) == (None, None, None)
    result = toy(aggregate="geometric", scale=[1, 100])
    for each in robustness.lifts(result, "u7"):
        assert each.gain > 0 and each.rank_after is not None


def test_weights_tried_again_need_no_new_normalisation(monkeypatch: pytest.MonkeyPatch) -> None:
    result = toy(count=31)
    robustness.live(result, {"P": 0.5, "D": 0.5})
    monkeypatch.setattr(
        "kaishu.evaluation.robustness.reweighting.normalise", lambda *_, **__: pytest.fail("again")
    )
    assert robustness.live(result, {"P": 0.9, "D": 0.1}).weights["P"] == 0.9

"""What a thousand other ways of building the index say about ranks and grades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kaishu import evaluation
from kaishu.base.errors import Invalid
from kaishu.evaluation import robustness
from kaishu.evaluation.robustness import Uncertainty
from kaishu.evaluation.robustness.errors import BadNumber, NothingUncertain, NotRuns, OtherRuns, TooManyRuns
from kaishu.evaluation.robustness.running import SEPARATE, Trials
from kaishu.evaluation.robustness.uncertain import beating
from kaishu.reporting import Table
from tests.evaluation.robustness.systems import SYSTEM, toy, values


def test_probabilities_sum_to_one_and_the_rest_follows_from_them() -> None:
    result = toy()
    found = robustness.analyse_uncertainty(result, runs=400)
    probabilities = found.rank_probabilities()
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert np.allclose(found.grade_shares.sum(axis=1), 1)
    assert np.allclose(found.top(20), 1) and found.grades == ("A", "B", "C")
    for row, line in enumerate(found.spreads()):
        ranks = found.runs.ranks[:, row]
        assert line.mean == pytest.approx(ranks.mean()) and line.median == np.median(ranks)
        assert (line.low, line.high) == tuple(np.quantile(ranks, (0.05, 0.95)))
        assert line.same == pytest.approx(probabilities[row, int(line.rank or 0) - 1])


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    result = toy()
    one, two = (robustness.analyse_uncertainty(result, runs=100, seed=5) for _ in range(2))
    assert (one.runs.scores == two.runs.scores).all() and (one.points == two.points).all()
    assert (robustness.drawn_again(one, result).runs.ranks == one.runs.ranks).all()
    other = robustness.analyse_uncertainty(result, runs=100, seed=6)
    assert (other.runs.scores != one.runs.scores).any()
    with pytest.raises(OtherRuns):
        robustness.drawn_again(one, toy(scale=[0, 10]))


def test_without_noise_every_run_is_the_nominal_one() -> None:
    result = toy()
    for still in ({"weight_noise": 1e-12}, {"normalise": ("min-max",)}, {"aggregate": ("arithmetic",)}):
        found = robustness.analyse_uncertainty(result, Uncertainty(**still), runs=50)
        assert (found.runs.ranks == result.rank).all()
        assert np.allclose(found.runs.scores, result.index, rtol=1e-10)
        assert [line.same for line in found.spreads()] == [1.0] * 20


def test_a_unit_that_is_worse_in_everything_is_never_ahead() -> None:
    columns = values()
    for code in ("P1", "P3", "D1", "D2"):
        columns[code][1] = columns[code][0] * 0.9
    columns["P2"][1] = columns["P2"][0] * 1.1
    result = toy(columns=columns)
    for uncertainty in (
        robustness.usual_of(result),
        Uncertainty(weight_noise=1.0, weights=("equal", "critic")),
    ):
        found = robustness.analyse_uncertainty(result, uncertainty, runs=500)
        assert (found.runs.scores[:, 0] >= found.runs.scores[:, 1]).all()
        assert (found.runs.ranks[:, 0] <= found.runs.ranks[:, 1]).all()


def test_alternatives_are_cut_over_the_whole_interval_and_equally_likely() -> None:
    result = toy()
    found = robustness.analyse_uncertainty(
        result, Uncertainty(normalise=("z-score", "percentile"), leave_out=True), runs=768
    )
    shares = np.bincount(found.choices[:, 0], minlength=3) / found.count
    assert np.allclose(shares, 1 / 3, atol=0.01)
    assert np.allclose(np.bincount(found.choices[:, 1], minlength=6) / found.count, 1 / 6, atol=0.01)
    assert found.removable == ("P1", "P2", "P3", "D1", "D2")


def test_each_run_is_what_building_it_by_itself_gives() -> None:
    columns = values()
    columns["P1"][3] = columns["D2"][5] = None
    result = toy(columns=columns)
    opened = Uncertainty(
        normalise=("z-score",), weights=("equal",), aggregate=("minimum",), impute=("median",), leave_out=True
    )
    found = robustness.analyse_uncertainty(result, opened, runs=200)
    checked = 0
    for run in range(0, 200, 7):
        choice = dict(zip(opened.factors, found.choices[run].tolist(), strict=True))
        if choice["leave-out"]:
            continue
        form: dict[str, Any] = evaluation.canonical(result.passport)
        form |= {"normalise": "z-score"} if choice["normalise"] else {}
        form |= {"aggregate": "minimum"} if choice["aggregate"] else {}
        form |= {"missing": {"impute": "median"}} if choice["impute"] else {}
        if choice["weights"]:
            form["weights"] = "equal"
            for node in form["tree"]:
                node.pop("weight")
                for leaf in node["children"]:
                    leaf.pop("weight")
        alone = evaluation.evaluate(form, columns)
        assert np.allclose(alone.index, found.runs.scores[run], rtol=1e-12)
        assert (alone.rank == found.runs.ranks[run]).all()
        checked += 1
    assert checked > 3


def test_leaving_an_indicator_out_is_building_without_it() -> None:
    columns = values()
    result = toy(columns=columns)
    found = robustness.analyse_uncertainty(result, Uncertainty(leave_out=True), runs=64)
    run = int(np.nonzero(found.choices[:, 0] == 1 + found.removable.index("D1"))[0][0])
    tree = [SYSTEM["tree"][0], {"code": "D", "weight": "0.4", "children": [{"code": "D2", "indicator": {}}]}]
    alone = evaluation.evaluate({**SYSTEM, "tree": tree}, columns)
    assert np.allclose(alone.index, found.runs.scores[run], rtol=1e-12)


def test_geometric_means_of_scores_with_zeros_stay_on_the_scale_and_count_for_grades() -> None:
    result = toy()
    found = robustness.analyse_uncertainty(
        result, Uncertainty(aggregate=("geometric",), normalise=("z-score",)), runs=64
    )
    own_scale = found.choices[:, 0] == 0
    assert (found.runs.comparable == own_scale).all()
    geometric = found.runs.scores[own_scale & (found.choices[:, 1] == 1)]
    assert ((geometric >= 0) & (geometric <= 5)).all()
    assert (geometric <= result.index + 1e-9).all()
    assert not np.isnan(found.runs.scores).any()


def test_noise_of_data_moves_values_and_leaves_equal_columns_equal() -> None:
    columns = values()
    columns["P3"] = [7.0] * 20
    result = toy(columns=columns)
    found = robustness.analyse_uncertainty(result, Uncertainty(data_noise=0.1), runs=60)
    assert not np.isnan(found.runs.ranks).any()
    assert 0 < np.std(found.runs.scores, axis=0).max() < 0.5
    assert robustness.removals(result)[-1].code != "P3"


def test_weights_from_the_data_classes_points_and_stages_are_varied_too() -> None:
    classes = {"甲": {"not-applicable": ["D"], "fold": {"D": "P"}}}
    columns = {**values(), "类": ["甲", "乙"] * 10}
    by_class = toy(columns=columns, units={"id": "id", "class": "类"}, classes=classes)
    found = robustness.analyse_uncertainty(by_class, runs=200)
    assert not np.isnan(found.runs.ranks).any()

    points = toy(aggregate="sum", weights="given")
    varied = robustness.analyse_uncertainty(points, Uncertainty(weight_noise=0.5, leave_out=True), runs=100)
    assert (varied.runs.scores <= 5 + 1e-9).all()

    staged = {key: value for key, value in SYSTEM.items() if key != "grades"} | {
        "stages": [{"stage": "一"}, {"stage": "二", "all": [{"node": "index", "at-least": 2}]}]
    }
    with_stages = robustness.analyse_uncertainty(evaluation.evaluate(staged, values()), runs=100)
    assert with_stages.grades == ("二", "一") and np.allclose(with_stages.grade_shares.sum(axis=1), 1)


def test_groups_and_years_are_ranked_and_compared_apart() -> None:
    columns = {**values(), "组": ["省", "市"] * 10}
    result = toy(columns=columns, units={"id": "id", "group": "组"}, rank={"within": "group"})
    found = robustness.analyse_uncertainty(result, runs=50)
    assert found.runs.ranks.max() == 10
    group = dict(zip(found.names, columns["组"], strict=True))
    assert all(group[line.name] == group[line.next] for line in found.spreads() if line.next)
    heads = robustness.blocks_of_uncertainty(found, "en")[-1].heads  # type: ignore[union-attr]
    assert list(heads[:3]) == ["Unit", "Group", "Rank"]


def test_units_without_a_score_have_no_rank_in_any_run() -> None:
    columns = values()
    for code in ("P1", "P2", "P3", "D1", "D2"):
        columns[code][4] = None
    found = robustness.analyse_uncertainty(toy(columns=columns), Uncertainty(weight_noise=0.2), runs=50)
    line = found.spreads()[4]
    assert (line.rank, line.median, line.same, line.unranked) == (None, None, None, 1.0)
    assert found.rank_probabilities()[4].sum() == 0


def test_ties_count_half_when_one_unit_beats_another() -> None:
    one, other = np.array([1.0, 2.0, 3.0, np.nan]), np.array([2.0, 2.0, 1.0, 1.0])
    assert beating(one, other) == 0.5


def test_what_is_kept_comes_back_to_the_last_bit() -> None:
    result = toy()
    found = robustness.analyse_uncertainty(result, runs=64)
    back = robustness.from_bytes(robustness.as_bytes(found))
    assert back.as_dict() == found.as_dict()
    assert isinstance(back, robustness.UncertaintyAnalysis)
    assert (back.runs.scores == found.runs.scores).all() and (back.choices == found.choices).all()
    assert replace(back, uncertainty=found.uncertainty).points.tobytes() == found.points.tobytes()
    for broken in (b"", b"PK\x03\x04", robustness.as_bytes(found)[:-40]):
        with pytest.raises(NotRuns):
            robustness.from_bytes(broken)


def test_what_cannot_be_drawn_is_refused_with_a_way_out() -> None:
    result = toy()
    with pytest.raises(NothingUncertain):
        robustness.analyse_uncertainty(result, Uncertainty())
    with pytest.raises(BadNumber):
        robustness.analyse_uncertainty(result, runs=0)
    with pytest.raises(TooManyRuns) as error:
        robustness.analyse_uncertainty(toy(count=100), runs=1_000_000)
    assert "300000" in str(error.value.facts["fit"])
    for wrong in ({"normalise": ["maximum"]}, {"weight-noise": 2}, {"no-such": 1}):
        with pytest.raises(Invalid):
            robustness.uncertainty_from(wrong)


def test_usual_doubts_are_those_that_can_change_something() -> None:
    usual = robustness.usual_of(toy())
    assert usual.factors == ("normalise", "weights", "aggregate", "treat", "weight-noise", "leave-out")
    direct = [
        {**node, "children": [{**leaf, "indicator": {"normalise": "direct"}} for leaf in node["children"]]}
        for node in SYSTEM["tree"]
    ]
    columns = {
        name: [min(5, value) if name != "id" else value for value in each] for name, each in values().items()
    }
    assert "normalise" not in robustness.usual_of(toy(columns=columns, tree=direct)).factors
    assert robustness.uncertainty_from(usual.as_dict()) == usual


def test_batches_do_not_change_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    result = toy()
    whole = robustness.analyse_uncertainty(result, runs=64)
    monkeypatch.setattr("kaishu.evaluation.robustness.running.CELLS", 1)
    single = robustness.analyse_uncertainty(result, runs=64)
    assert (whole.runs.scores == single.runs.scores).all()
    trials = Trials(evaluation.compile_plan(result.passport, result.table), whole.uncertainty, 1)
    assert set(SEPARATE) >= {factor for factor in whole.uncertainty.factors if "-" not in factor}
    assert len(trials.removable) == 5


def test_of_stages_is_told_how_often_they_are_kept_and_no_rank() -> None:
    result = evaluation.evaluate("integration-2018")
    found = robustness.analyse_uncertainty(result, runs=20)
    blocks = robustness.blocks_of_uncertainty(found, "en")
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert list(table.heads) == ["Unit", "Stage", "Keeps stage"] and len(table.rows) == 32
    assert [row[1] for row in table.rows[:3]] == ["Ⅱ级", "Ⅱ级", "Ⅲ级"]
    assert not any("rank" in str(block).lower() for block in blocks)

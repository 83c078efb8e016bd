"""Normalised scores lie where they should, say what they were computed with, and survive constant columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.evaluation import methods

NUMBERS = st.floats(-1e9, 1e9).map(lambda value: round(value, 4))
COLUMNS = st.lists(st.one_of(NUMBERS, st.just(float("nan"))), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(COLUMNS, st.sampled_from([1, -1]), st.sampled_from([(0, 5), (1, 100), (0.1, 0.7)]))
def test_min_max_lies_on_its_scale_and_meets_both_ends(column: list[float], direction: int, scale) -> None:
    done = methods.min_max(column, direction, scale=scale)
    known = ~np.isnan(column)
    if done.constant or not known.any():
        assert np.isnan(done.scores).all()
        return
    assert (np.isnan(done.scores) == ~known).all()
    assert (np.nanmin(done.scores), np.nanmax(done.scores)) == scale
    best = np.nanargmax(np.asarray(column) * direction)
    assert done.scores[best] == scale[1]
    assert (done.used["lower"], done.used["upper"]) == (np.nanmin(column), np.nanmax(column))


@settings(max_examples=80, deadline=None)
@given(COLUMNS, st.randoms(use_true_random=False))
def test_no_score_depends_on_the_order_of_units(column: list[float], order) -> None:
    shuffled = list(range(len(column)))
    order.shuffle(shuffled)
    x = np.array(column)
    for method in (
        methods.min_max,
        methods.rank_score,
        methods.percentile,
        methods.to_maximum,
        methods.z_score,
    ):
        assert method(x[shuffled]).scores == pytest.approx(
            method(x).scores[shuffled], rel=1e-9, abs=1e-9, nan_ok=True
        )


def test_a_matrix_and_a_batch_are_each_of_their_columns() -> None:
    draw = np.random.default_rng(0)
    x = draw.random((3, 20, 4))
    x[draw.random(x.shape) < 0.2] = np.nan
    signs = np.array([1, -1, 1, -1])
    for method in (methods.min_max, methods.z_score, methods.rank_score, methods.percentile):
        batch = method(x, signs)
        for run in range(3):
            for column in range(4):
                alone = method(x[run, :, column], signs[column])
                assert batch.scores[run, :, column] == pytest.approx(alone.scores, nan_ok=True)
                assert batch.figures.mean[run, column] == pytest.approx(alone.figures.mean)


def test_z_scores_have_the_mean_and_deviation_asked_for() -> None:
    done = methods.z_score(np.random.default_rng(3).gamma(2, size=(50, 3)), mean=100, sd=10)
    assert done.scores.mean(axis=0) == pytest.approx([100] * 3)
    assert done.scores.std(axis=0, ddof=1) == pytest.approx([10] * 3)


@pytest.mark.parametrize(
    ("constant", "score"), [("full", 5), ("zero", 0), ("middle", 2.5), ("leave-out", np.nan)]
)
def test_a_constant_column_follows_its_policy_and_is_told(constant, score: float) -> None:
    """Elsewhere it becomes missing and goes up the tree as such."""
    done = methods.min_max([[3, 1], [3, 2], [np.nan, 3]], scale=(0, 5), constant=constant)
    assert done.constant.tolist() == [True, False]
    assert done.scores[:2, 0] == pytest.approx([score] * 2, nan_ok=True) and np.isnan(done.scores[2, 0])
    assert done.scores[:, 1].tolist() == [0, 2.5, 5]
    noise = methods.min_max([0.3, 0.1 + 0.2], scale=(0, 5), constant=constant)
    assert noise.constant and noise.scores == pytest.approx([score] * 2, nan_ok=True)


def test_one_unit_alone_is_a_constant_column() -> None:
    assert methods.min_max([[4.0, 5.0]], constant="full").scores.tolist() == [[1, 1]]
    assert methods.z_score([[4.0]], constant="middle").scores.tolist() == [[0]]
    assert np.isnan(methods.percentile([4.0]).scores).all()


def test_a_frozen_range_lets_years_be_compared() -> None:
    first = methods.min_max([[10], [20]], scale=(0, 5))
    frozen = (first.used["lower"], first.used["upper"])
    later = methods.min_max([[15], [30]], scale=(0, 5), frozen=frozen)
    assert later.scores[:, 0].tolist() == [2.5, 10]
    assert methods.min_max([[15], [30]], scale=(0, 5), frozen=frozen, cut=True).scores[1, 0] == 5
    with pytest.raises(methods.BadChoice):
        methods.min_max([1, 2], frozen=(5, 1))


@pytest.mark.parametrize(
    ("life", "expected", "mean", "income", "index"),
    [
        (84.3, 16.6, 13.9, 69433, 0.967),
        (83.4, 18.6, 13.1, 69190, 0.966),
        (82.8, 19.1, 13.8, 54688, 0.959),
    ],
    ids=["Switzerland", "Norway", "Iceland"],
)
def test_the_human_development_index_of_2022(life, expected, mean, income, index) -> None:
    """Figures as printed in UNDP's HDR 2023/24, table 1; formula of its technical note 1."""
    health = methods.goalposts([life], (20, 85)).scores
    education = methods.goalposts([[expected, mean]], ([0, 0], [18, 15])).scores.mean(axis=1)
    living = methods.goalposts([income], (100, 75000), log=True).scores
    found = methods.geometric(np.column_stack([health, education, living]), [1, 1, 1])
    assert methods.round_half_away(found, 3).tolist() == [index]


def test_goalposts_keep_to_one_statement_of_direction() -> None:
    assert methods.goalposts([20, 85], (20, 85), -1).scores.tolist() == [1, 0]
    with pytest.raises(methods.BadChoice):
        methods.goalposts([20, 85], (85, 20), -1)
    with pytest.raises(methods.BadChoice):
        methods.efficacy([20, 85], 85, 20, -1)
    with pytest.raises(methods.BadChoice):
        methods.min_max([1, 2], 0)


def test_logarithms_of_nothing_are_refused_unless_the_lower_post_cuts_them() -> None:
    assert methods.goalposts([-5, 0, 100], (1, 100), log=True).scores.tolist() == [0, 0, 1]
    with pytest.raises(methods.UnsuitableValues) as refused:
        methods.goalposts([[5], [0]], (1, 100), log=True, cut=False)
    assert refused.value.facts["rows"] == [1]


def test_a_target_that_all_have_met() -> None:
    assert methods.to_target([50, 60], 40).scores.tolist() == [1, 1]
    with pytest.raises(methods.BadChoice):
        methods.to_target([50, 60], 40, cut=False)
    assert methods.to_target([0, 20, 60], 40, cut=False).scores.tolist() == [0, 0.5, 1.5]
    assert methods.to_target([10, 10], 40).scores.tolist() == [0, 0]


def test_the_unit_of_reference_has_one() -> None:
    x = np.array([[3.0, 9], [5, 2], [1, 4]])
    assert methods.to_reference(x, 0, [1, -1], constant="zero").scores[0].tolist() == [1, 0]
    assert methods.to_reference(x, 0, [1, -1]).constant.tolist() == [False, True]
    with pytest.raises(methods.BadChoice):
        methods.to_reference([[np.nan], [1]], 0)


def test_shares_of_the_maximum_refuse_negative_values_and_empty_columns_are_constant() -> None:
    with pytest.raises(methods.UnsuitableValues):
        methods.share_of_maximum([1, -1])
    assert methods.share_of_maximum([0, 0], constant="zero").scores.tolist() == [0, 0]
    assert methods.share_of_maximum([0, 4], -1).scores.tolist() == [1, 0]


def test_a_limit_belongs_to_the_better_step_in_decimal_arithmetic() -> None:
    assert methods.steps([0.1 + 0.2, 0.29], [(0.3, 5), (0.1, 1)]).scores.tolist() == [5, 1]
    assert methods.steps([0.7 + 0.1], [(0.8, 5)]).scores.tolist() == [5]
    assert methods.steps([0.1 + 0.2], [(0.3, 5)], -1).scores.tolist() == [5]
    for wrong in ([], [(1, 2), (1, 3)], [(1, 5), (2, 3)]):
        with pytest.raises(methods.BadChoice):
            methods.steps([1], wrong)


def test_marks_and_answers_are_checked() -> None:
    with pytest.raises(methods.UnsuitableValues) as refused:
        methods.direct([[1, 2], [3, 6]], scale=(0, 5))
    assert (refused.value.facts["rows"], refused.value.facts["columns"]) == ([1], [1])
    with pytest.raises(methods.UnsuitableValues):
        methods.binary([0.5])
    with pytest.raises(methods.UnsuitableValues):
        methods.min_max([1, np.inf])


def test_nothing_known_stays_nothing_known_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    empty = np.full((3, 2), np.nan)
    for method in (
        methods.min_max,
        methods.z_score,
        methods.rank_score,
        methods.percentile,
        methods.to_maximum,
        methods.share_of_maximum,
        methods.direct,
        methods.binary,
        methods.efficacy,
    ):
        assert np.isnan(method(empty).scores).all()
        assert method(np.empty((0, 2))).scores.shape == (0, 2)
    assert len(recwarn) == 0

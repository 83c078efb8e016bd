"""Weights add up exactly, are those of their definitions, and refuse what they cannot weigh."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.evaluation import methods


def scores(seed: int = 0, units: int = 30, members: int = 4) -> np.ndarray:
    draw = np.random.default_rng(seed)
    common = draw.random((units, 1))
    return 0.6 * common + 0.4 * draw.random((units, members)) * np.arange(1, members + 1)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals(0, 100, places=3), min_size=1, max_size=30).filter(any))
def test_given_weights_sum_to_one_exactly(weights) -> None:
    assert sum(methods.given(weights)) == 1


def test_weights_are_read_as_they_are_written() -> None:
    assert methods.given(["1/3", "1/3", "1/3"]) == methods.equal(3)
    assert methods.sum_of(["28%", 0.12, "0.3", 0.08, "3/25", "10％"]) == 1
    assert methods.sum_of([0.1] * 9) == Fraction(9, 10)
    for wrong in (["x"], [-1, 2], [0, 0], ["1/0"]):
        with pytest.raises(methods.BadChoice):
            methods.given(wrong)


def test_weight_that_does_not_apply_goes_where_it_is_sent() -> None:
    weights = methods.given([0.28, 0.12, 0.30, 0.08, 0.12, 0.10])
    moved = methods.fold(weights, 4, 2)
    assert (moved[2], moved[4], sum(moved)) == (Fraction(42, 100), 0, 1)


def test_experts_who_hand_out_different_sums_count_alike() -> None:
    assert methods.budget([[50, 50], ["0.1", "0.3"], [1, 0]]) == [Fraction(7, 12), Fraction(5, 12)]
    with pytest.raises(methods.BadChoice):
        methods.budget([[1, 2], [1]])


@pytest.mark.parametrize("seed", range(5))
def test_weights_by_the_data_follow_their_definitions(seed: int) -> None:
    x = scores(seed)
    p = x / x.sum(axis=0)
    information = -(p * np.log(p)).sum(axis=0) / np.log(len(x))
    assert methods.entropy(x) == pytest.approx((1 - information) / (1 - information).sum())
    cv = x.std(axis=0, ddof=1) / x.mean(axis=0)
    assert methods.coefficient_of_variation(x) == pytest.approx(cv / cv.sum())
    share = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    r = np.corrcoef(x.T)
    assert methods.correlations(x) == pytest.approx(r)
    c = share.std(axis=0, ddof=1) * (1 - r).sum(axis=0)
    assert methods.critic(x) == pytest.approx(c / c.sum())
    found = methods.principal(x, allow_negative=True)
    assert r @ found.weights == pytest.approx(found.explained * 4 * found.weights)
    for weights in (methods.entropy(x), methods.critic(x), found.weights):
        assert weights.sum() == pytest.approx(1)


def test_weights_by_the_data_with_gaps() -> None:
    x = scores(1)
    holed = np.vstack([x, np.full((1, 4), np.nan)])
    for method in (methods.entropy, methods.coefficient_of_variation, methods.critic):
        assert method(holed) == pytest.approx(method(x))
    x[3, 1] = np.nan
    both = ~np.isnan(x[:, 1])
    assert methods.correlations(x)[0, 1] == pytest.approx(np.corrcoef(x[both, 0], x[both, 1])[0, 1])


def test_what_tells_no_units_apart_has_no_weight() -> None:
    x = np.column_stack([scores(2), np.full(30, 3.0)])
    for method in (methods.entropy, methods.coefficient_of_variation, methods.critic):
        weights = method(x)
        assert weights[4] == 0
        assert weights[:4] == pytest.approx(method(x[:, :4]))
        with pytest.raises(methods.UnsuitableValues):
            method(np.ones((5, 2)))
    with pytest.raises(methods.UnsuitableValues):
        methods.principal(x)


def test_a_negative_loading_is_refused_unless_it_is_allowed() -> None:
    x = scores(3)
    x[:, 2] *= -1
    with pytest.raises(methods.UnsuitableValues):
        methods.principal(x)
    assert methods.principal(x, allow_negative=True).negative.tolist() == [False, False, True, False]
    with pytest.raises(methods.UnsuitableValues):
        methods.entropy([[1, -1], [2, 3]])


def test_a_shift_changes_entropy_weights() -> None:
    x = methods.min_max(scores(4)).scores
    assert methods.entropy(x) != pytest.approx(methods.entropy(x, shift=0.01), abs=1e-4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=9))
def test_consistent_judgements_give_back_the_weights_behind_them(weights: list[float]) -> None:
    w = np.array(weights) / sum(weights)
    judged = methods.ahp(w[:, None] / w)
    for found in (judged.weights, judged.geometric_weights, judged.column_weights):
        assert found == pytest.approx(w)
    assert judged.acceptable and judged.ratio == pytest.approx(0, abs=1e-6)


def test_a_judgement_computed_by_hand() -> None:
    """The root solves l^3 - 3 l^2 - (a + 1/a - 2) = 0 with a = a12 a23 a31, here 4 · 2 / 6 = 4/3."""
    a = [[1, 4, 6], [1 / 4, 1, 2], [1 / 6, 1 / 2, 1]]
    judged = methods.ahp(a)
    ratio = 4 * 2 / 6
    assert judged.root**3 - 3 * judged.root**2 == pytest.approx(ratio + 1 / ratio - 2)
    assert judged.ratio == pytest.approx((judged.root - 3) / 2 / 0.58)
    assert np.array(a) @ judged.weights == pytest.approx(judged.root * judged.weights)


def test_judgements_that_contradict_themselves_are_found_out() -> None:
    assert methods.ahp([[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]]).acceptable is False
    assert methods.ahp(np.ones((11, 11))).ratio is None
    assert methods.ahp([[1, 3], [0.33, 1]]).weights == pytest.approx([0.75, 0.25])
    with pytest.raises(methods.BadChoice) as refused:
        methods.ahp([[1, 3], [2, 1]])
    assert "row 1, column 2" in str(refused.value)
    for wrong in ([[1, 2]], [[1, 0], [0, 1]], [[1, np.nan], [1, 1]], [[2, 1], [1, 2]]):
        with pytest.raises(methods.BadChoice):
            methods.ahp(wrong)


def test_judges_together_are_reciprocal_and_in_no_order() -> None:
    a, b = np.array([[1, 2, 4], [0.5, 1, 3], [0.25, 1 / 3, 1]]), np.ones((3, 3))
    both = methods.together([a, b])
    assert both * both.T == pytest.approx(np.ones((3, 3)))
    assert (both == methods.together([b, a])).all()


def test_combined_weights() -> None:
    assert methods.combined([3, 1], [1, 1], 1).tolist() == [0.75, 0.25]
    assert methods.combined([3, 1], [1, 1], 0).tolist() == [0.5, 0.5]
    with pytest.raises(methods.BadChoice):
        methods.combined([1, 1], [1, 1], 2)


def test_optimised_weights_make_members_matter_as_wished() -> None:
    x = scores(5, 80)
    found = methods.optimised(x, [1.3, 1, 1, 1])
    index = methods.arithmetic(x, found.weights)
    related = [np.corrcoef(index, column)[0, 1] for column in x.T]
    assert np.array(related) / sum(related) == pytest.approx(np.array([1.3, 1, 1, 1]) / 4.3, abs=1e-5)
    assert found.correlations == pytest.approx(related)
    assert methods.optimised(x).shares == pytest.approx([0.25] * 4, abs=1e-4)
    assert methods.optimised(x, [9, 1, 1, 1]).miss > 0.01, "out of reach, and said so"
    assert (methods.optimised(x).weights == methods.optimised(x).weights).all()

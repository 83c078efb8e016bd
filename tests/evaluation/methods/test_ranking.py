"""Ranks, grades and stages decide as a reader with a pencil would."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kaishu.evaluation import methods

SCORES = st.lists(
    st.one_of(st.integers(-40, 40).map(lambda k: k / 8), st.just(float("nan"))), min_size=1, max_size=25
)


@settings(max_examples=150, deadline=None)
@given(SCORES)
def test_ranks_are_those_of_another_implementation(scores: list[float]) -> None:
    x = np.array(scores)
    for ours, theirs in (("best", "min"), ("average", "average"), ("dense", "dense")):
        wanted = stats.rankdata(-x, method=theirs, nan_policy="omit")
        assert np.array_equal(methods.rank(x, ties=ours), wanted, equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(SCORES, st.randoms(use_true_random=False))
def test_ranks_change_neither_with_the_scale_nor_with_the_order(scores: list[float], order) -> None:
    x = np.array(scores)
    assert np.array_equal(methods.rank(x), methods.rank(x * 3.7 + 11), equal_nan=True)
    shuffled = list(range(len(x)))
    order.shuffle(shuffled)
    assert np.array_equal(methods.rank(x)[shuffled], methods.rank(x[shuffled]), equal_nan=True)


def test_noise_of_arithmetic_makes_no_rank() -> None:
    assert methods.rank([0.1 + 0.2, 0.3, 0.1 * 3]).tolist() == [1, 1, 1]
    assert methods.rank([1e13, 1.0, 2.0]).tolist() == [1, 3, 2]
    assert methods.rank([0.3, 0.3 + 1e-9]).tolist() == [2, 1]


def test_ranks_of_a_batch_and_within_groups() -> None:
    x = np.random.default_rng(0).random((6, 9))
    groups = list("aabbabbab")
    together = methods.rank(x, within=groups)
    for run in range(6):
        for name in "ab":
            members = [place for place, group in enumerate(groups) if group == name]
            assert together[run, members].tolist() == methods.rank(x[run, members]).tolist()


def test_a_rank_after_rounding_shares_what_is_printed_alike() -> None:
    assert methods.rank([0.9496, 0.9504, 0.9511]).tolist() == [3, 2, 1]
    assert methods.rank([0.9496, 0.9504, 0.9511], decimals=3).tolist() == [2, 2, 1]


def test_halves_go_away_from_zero_as_on_paper() -> None:
    assert methods.round_half_away([0.125, 2.675, 1.005, -0.5], 2).tolist() == [0.13, 2.68, 1.01, -0.5]
    assert methods.round_half_away([0.5, 1.5, 2.5, -2.5], 0).tolist() == [1, 2, 3, -3]
    assert np.isnan(methods.round_half_away([np.nan], 2)).all()
    assert float(methods.round_half_away(2.345, 2)) == 2.35


@settings(max_examples=200, deadline=None)
@given(st.decimals(-1000, 1000, places=5), st.integers(0, 4))
def test_rounding_is_that_of_decimal_numbers(value: Decimal, digits: int) -> None:
    exact = value.quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP")
    assert float(methods.round_half_away(float(value), digits)) == float(exact)


def test_the_limit_of_a_grade_is_reached_in_decimal_arithmetic() -> None:
    total = 0.28 + 0.12 + 0.30 + 0.08 + 0.12 + 0.10
    assert total < 1 and methods.grades([total], [1, 0.5]).tolist() == [0]
    assert methods.grades([0.9999999], [1, 0.5]).tolist() == [1]
    with pytest.raises(methods.BadChoice):
        methods.grades([1], [1, 2])


def test_limits_by_distribution() -> None:
    x = np.array([1.0, 2, 3, 4, 5, np.nan])
    assert methods.grades(x, methods.quantile_limits(x, [0.2, 0.6])).tolist() == [2, 2, 1, 1, 0, -1]
    assert methods.grades(x, methods.equal_width_limits(x, 2)).tolist() == [1, 1, 0, 0, 0, -1]
    assert methods.grades(x, methods.sd_limits(x, [1, 0])).tolist() == [2, 2, 1, 1, 0, -1]
    same = np.full(4, 2.5)
    for limits in (
        methods.quantile_limits(same, [0.5]),
        methods.equal_width_limits(same, 3),
        methods.natural_breaks(same, 3),
    ):
        assert methods.grades(same, limits).tolist() == [0] * 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30).map(float), min_size=1, max_size=9), st.integers(1, 4))
def test_natural_breaks_are_the_best_of_all_breaks(values: list[float], classes: int) -> None:
    def within(limits: list[float]) -> float:
        grades = methods.grades(values, limits)
        parts = [np.array(values)[grades == each] for each in set(grades.tolist())]
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

    different = sorted(set(values))
    breaks = min(classes, len(different)) - 1
    least = min(within(list(cut)) for cut in itertools.combinations(different[:0:-1], breaks))
    assert within(methods.natural_breaks(values, classes)) == pytest.approx(least, abs=1e-9)


def test_stages_and_vetoes() -> None:
    met = [[[True], [True], [False], [False]], [[True], [False], [True], [False]]]
    assert methods.stages(met)[0].tolist() == [1, 0, 1, -1]
    assert methods.stages(met, "climbing")[0].tolist() == [1, 0, -1, -1]
    assert methods.stages(met)[1][1].tolist() == [True, False, True, False]
    hit = np.array([True, False, True, True])
    assert methods.veto(np.array([0, 1, 3, -1]), hit, 2).tolist() == [2, 1, 3, -1]


def test_attainment_leaves_out_units_to_which_a_dimension_does_not_apply() -> None:
    scores = np.array([[4.0, 0.0], [2.0, 3.0]])
    assert methods.attainment(scores, 5) == pytest.approx([0.6, 0.3])
    assert methods.attainment(scores, 5, np.array([[True, False], [True, True]])) == pytest.approx([0.6, 0.6])

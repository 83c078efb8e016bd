"""Contributions sum to the index under every mean, at one level and down a tree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.evaluation import methods

MEANS = [("arithmetic", 1), ("geometric", 0), ("harmonic", -1), ("power", 2.5), ("power", -3), ("power", 0.5)]


def table(seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    x = draw.uniform(0, 5, (10, 6)) * 10.0 ** draw.integers(-6, 6, (10, 1))
    x[draw.random(x.shape) < 0.1] = 0
    x[draw.random(x.shape) < 0.15] = np.nan
    x[0] = 2.5
    x[1, :3] = x[1, 3] * (1 + 1e-9)
    return x


@pytest.mark.parametrize(("how", "exponent"), MEANS)
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_contributions_sum_to_the_mean(how: str, exponent: float, seed: int) -> None:
    x, w = table(seed), np.random.default_rng(seed).random(6) * [1, 1, 1, 1, 1, 0]
    mean = methods.power(x, w, exponent)
    shares = methods.effective_weights(x, w, how, exponent=exponent)
    parts = methods.contributions(x, w, how, exponent=exponent)
    assert shares is not None and parts is not None
    known = ~np.isnan(mean)
    assert np.allclose(parts[known].sum(axis=1), mean[known], rtol=1e-12, atol=0)
    assert shares[known].sum(axis=1) == pytest.approx(np.ones(known.sum()))
    assert (shares[known] >= 0).all() and (shares[known][np.isnan(x[known])] == 0).all()
    assert np.isnan(shares[~known]).all()


def test_the_shares_of_the_arithmetic_mean_are_its_weights_and_harmonic_parts_are_in_proportion() -> None:
    x, w = np.array([[1.0, 2, 4]]), np.array([0.2, 0.3, 0.5])
    assert methods.effective_weights(x, w, "arithmetic")[0] == pytest.approx(w)
    harmonic = methods.contributions(x, w, "harmonic")[0]
    assert harmonic / harmonic.sum() == pytest.approx(w)


def test_contributions_do_not_depend_on_the_unit_of_the_scale() -> None:
    x, w = table(7)[2:], np.ones(6)
    for how, exponent in MEANS:
        one = methods.effective_weights(x, w, how, exponent=exponent)
        other = methods.effective_weights(100 * x, w, how, exponent=exponent)
        assert other == pytest.approx(one, nan_ok=True)


def test_effective_weights_multiply_down_a_tree() -> None:
    leaves = np.random.default_rng(1).uniform(1, 5, (8, 4))
    inner = np.column_stack(
        [methods.geometric(leaves[:, :2], [0.3, 0.7]), methods.harmonic(leaves[:, 2:], [0.5, 0.5])]
    )
    index = methods.geometric(inner, [0.6, 0.4])
    top = methods.effective_weights(inner, [0.6, 0.4], "geometric")
    left = methods.effective_weights(leaves[:, :2], [0.3, 0.7], "geometric")
    right = methods.effective_weights(leaves[:, 2:], [0.5, 0.5], "harmonic")
    effective = np.hstack([top[:, :1] * left, top[:, 1:] * right])
    assert (effective * leaves).sum(axis=1) == pytest.approx(index)


def test_policies_reach_the_contributions() -> None:
    x, w = np.array([[4.0, np.nan], [2.0, 2.0]]), [0.5, 0.5]
    assert methods.contributions(x, w, "arithmetic", missing="zero")[0].tolist() == [2, 0]
    assert methods.contributions(x, w, "arithmetic", missing="skip")[0].tolist() == [4, 0]
    assert np.isnan(methods.contributions(x, w, "arithmetic", missing="propagate")[0]).all()


def test_a_zero_decides_a_geometric_mean_alone() -> None:
    assert methods.effective_weights([[0.0, 5.0, 0.0]], [1, 2, 3], "geometric")[0].tolist() == [0.25, 0, 0.75]


def test_methods_that_do_not_sum_have_no_contributions() -> None:
    for how in ("median", "minimum", "copeland", "topsis", "mazziotta-pareto"):
        assert methods.contributions([[1.0, 2.0]], [1, 1], how) is None
    with pytest.raises(methods.BadChoice):
        methods.contributions([[1.0]], [1], "sum")

"""Comparisons in pairs are fair whatever the order of the units, and small in memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.evaluation import methods


def table(seed: int, units: int = 9, members: int = 5) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    x = draw.integers(0, 4, (units, members)).astype(float)
    x[draw.random(x.shape) < 0.3] = np.nan
    return x, draw.random(members)


def naive(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    m = np.full((len(x), len(x)), 0.5)
    for i, a in enumerate(x):
        for j, b in enumerate(x):
            shared = ~np.isnan(a) & ~np.isnan(b)
            if i != j and shared.any():
                gain = w[shared] * ((a > b) + 0.5 * (a == b))[shared]
                m[i, j] = gain.sum() / w[shared].sum()
    return m


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_the_matrix_is_that_of_the_definition_and_antisymmetric(seed: int) -> None:
    x, w = table(seed)
    m, expected = methods.outranking_matrix(x, w), naive(x, w)
    there = ~np.isnan(x).all(axis=1)
    both = np.ix_(there, there)
    assert m[both] == pytest.approx(expected[both], abs=1e-12)
    assert (m + m.T)[both] == pytest.approx(np.ones(m.shape)[both], abs=1e-15)
    assert np.isnan(m[~there]).all()
    score = methods.copeland(x, w)
    wins = (expected > 0.5 + 1e-12).sum(axis=1) - (expected < 0.5 - 1e-12).sum(axis=1)
    assert score[there].tolist() == wins[there].tolist()
    assert np.nansum(score) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_swapping_rows_swaps_scores_and_changes_none(seed: int) -> None:
    """Elsewhere, of two units without common data the one in the later row wins."""
    x, w = table(seed)
    order = np.random.default_rng(seed).permutation(len(x))
    assert np.array_equal(methods.copeland(x, w)[order], methods.copeland(x[order], w), equal_nan=True)


def test_units_without_common_data_tie() -> None:
    x = [[1.0, np.nan], [np.nan, 9.0]]
    assert methods.copeland(x, [0.5, 0.5]).tolist() == [0, 0]
    assert methods.copeland(x[::-1], [0.5, 0.5]).tolist() == [0, 0]
    assert np.isnan(methods.copeland([[1.0], [np.nan]], [1])[1])


def test_halves_are_ties_in_spite_of_binary_arithmetic() -> None:
    w = [0.1, 0.2, 0.3]
    assert methods.copeland([[1, 1, 0], [0, 0, 1]], w).tolist() == [0, 0]


@pytest.mark.parametrize("policy", ["skip", "zero", "propagate", 0.7])
def test_runs_are_each_of_their_weightings(policy) -> None:
    x, _ = table(5, 20, 6)
    weights = np.random.default_rng(1).random((30, 1, 6))
    weights[:10, 0, :3] = 0
    runs = methods.copeland(x, weights, missing=policy)
    alone = np.array([methods.copeland(x, w[0], missing=policy) for w in weights])
    assert np.array_equal(runs, alone, equal_nan=True)
    batch = methods.copeland(np.repeat(x[None], 30, axis=0), weights, missing=policy)
    assert np.array_equal(batch, alone, equal_nan=True)


def test_robust_pairs_hold_under_any_weights() -> None:
    x = np.array([[3.0, 4, np.nan], [1, 2, 5], [2, 1, 4]])
    assert np.argwhere(methods.robust_pairs(x, [1, 1, 1])).tolist() == [[0, 1], [0, 2]]


def test_as_many_units_as_a_country_has_counties_fit_into_memory() -> None:
    x = np.random.default_rng(0).random((2850, 6))
    tracemalloc.start()
    methods.copeland(x, np.ones(6))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_topsis_and_mazziotta_pareto_against_their_definitions() -> None:
    x, w = np.random.default_rng(2).uniform(1, 9, (12, 4)), np.array([0.1, 0.2, 0.3, 0.4])
    signs = np.array([1, -1, 1, 1])
    v = w * x / np.sqrt((x**2).sum(axis=0))
    best, worst = np.where(signs > 0, v.max(0), v.min(0)), np.where(signs > 0, v.min(0), v.max(0))
    far = np.linalg.norm(v - worst, axis=1)
    assert methods.topsis(x, w, signs) == pytest.approx(far / (far + np.linalg.norm(v - best, axis=1)))
    z = 100 + 10 * signs * (x - x.mean(axis=0)) / x.std(axis=0)
    mpi = z.mean(axis=1) - z.var(axis=1) / z.mean(axis=1)
    assert methods.mazziotta_pareto(x, direction=signs) == pytest.approx(mpi)
    runs = methods.topsis(x, np.array([w, w[::-1]])[:, None, :], signs)
    assert runs[1] == pytest.approx(methods.topsis(x, w[::-1], signs))


def test_topsis_and_mazziotta_pareto_without_spread_or_data() -> None:
    assert np.isnan(methods.topsis([[1.0, 2], [1, 2]], [1, 1])).all()
    assert methods.topsis([[1.0, np.nan], [2, 1], [np.nan, np.nan]], [1, 1]) == pytest.approx(
        [0, 1, np.nan], nan_ok=True
    )
    assert methods.mazziotta_pareto([[1.0, 2], [1, 2], [np.nan, np.nan]]) == pytest.approx(
        [100, 100, np.nan], nan_ok=True
    )

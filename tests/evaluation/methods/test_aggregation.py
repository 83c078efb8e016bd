"""Means keep to their laws, alone and in batches, with missing members and weights of any shape."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.evaluation import methods

MEANS = {
    "arithmetic": methods.arithmetic,
    "geometric": methods.geometric,
    "harmonic": methods.harmonic,
    "square": lambda x, w, **more: methods.power(x, w, 2, **more),
    "median": methods.median,
    "minimum": methods.minimum,
}


def table(seed: int, units: int = 12, members: int = 7, gaps: float = 0.2) -> np.ndarray:
    draw = np.random.default_rng(seed)
    x = draw.uniform(0.1, 5.0, (units, members))
    x[draw.random(x.shape) < gaps] = np.nan
    return x


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_means_stand_in_their_order(seed: int) -> None:
    x, w = table(seed), np.random.default_rng(seed).uniform(0.1, 1, 7)
    rows = [
        methods.minimum(x, w),
        methods.power(x, w, -2.5),
        methods.harmonic(x, w),
        methods.geometric(x, w),
        methods.arithmetic(x, w),
        methods.power(x, w, 3),
        np.fmax.reduce(x, axis=-1),
    ]
    for lower, upper in pairwise(rows):
        assert (np.isnan(lower) == np.isnan(upper)).all()
        assert not (lower > upper + 1e-12).any()


@pytest.mark.parametrize("name", MEANS)
def test_a_batch_is_each_of_its_runs(name: str) -> None:
    mean, draw = MEANS[name], np.random.default_rng(4)
    x = table(1)
    weights = draw.uniform(0, 1, (5, 7)) * (draw.random((5, 7)) > 0.2)
    one_by_one = np.array([mean(x, w) for w in weights])
    assert np.allclose(mean(x, weights[:, None, :]), one_by_one, rtol=1e-14, equal_nan=True)
    runs = np.array([table(seed) for seed in range(5)])
    one_by_one = np.array([mean(x, w) for x, w in zip(runs, weights, strict=True)])
    assert np.allclose(mean(runs, weights[:, None, :]), one_by_one, rtol=1e-14, equal_nan=True)
    by_unit = draw.uniform(0, 1, (12, 7))
    one_by_one = np.array([mean(x[[i]], by_unit[i])[0] for i in range(12)])
    assert np.allclose(mean(x, by_unit), one_by_one, rtol=1e-14, equal_nan=True)


@pytest.mark.parametrize("name", MEANS)
def test_only_ratios_of_weights_count_and_equal_members_keep_their_value(name: str) -> None:
    x, w = table(2), np.arange(1.0, 8.0)
    assert np.allclose(MEANS[name](x, w), MEANS[name](x, w * 13), rtol=1e-14, equal_nan=True)
    flat = np.repeat([[0.1], [0.3], [2.7]], 7, axis=1)
    assert MEANS[name](flat, w).tolist() == [0.1, 0.3, 2.7]


@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize("units", [13, 64, 251])
def test_equal_rows_have_equal_results_to_the_last_bit_wherever_they_stand(name: str, units: int) -> None:
    x = np.repeat(table(3, 1, 49, 0.1), units, axis=0)
    w = np.random.default_rng(0).uniform(0, 1, 49)
    assert len(set(MEANS[name](x, w).tolist())) == 1
    runs = MEANS[name](x, np.random.default_rng(1).uniform(0, 1, (20, 49))[:, None, :])
    assert (runs == runs[:, :1]).all()


@pytest.mark.parametrize("name", MEANS)
def test_every_mean_treats_missing_members_alike(name: str) -> None:
    """A geometric mean that turns missing where the others skip is a known fault elsewhere."""
    mean, x, w = MEANS[name], np.array([[1.0, np.nan, 4.0], [np.nan] * 3]), np.array([0.2, 0.3, 0.5])
    skipped = mean(x, w)
    assert skipped[0] == pytest.approx(mean(x[:1, [0, 2]], w[[0, 2]])[0])
    assert np.isnan(skipped[1])
    assert mean(x, w, missing=2 / 3)[0] == skipped[0]
    assert np.isnan(mean(x, w, missing=0.7)[0])
    assert np.isnan(mean(x, w, missing="propagate")).all()
    zero = mean(x, w, missing="zero")
    assert zero[1] == 0 and zero[0] == pytest.approx(mean(np.nan_to_num(x), w)[0])


@pytest.mark.parametrize("name", MEANS)
def test_members_that_do_not_apply_are_not_missing(name: str) -> None:
    mean, x = MEANS[name], np.array([[1.0, np.nan, 4.0], [3.0, np.nan, 2.0]])
    applies = np.array([[True, False, True], [True, False, False]])
    w = np.array([0.2, 0.3, 0.5])
    for policy in ("skip", "zero", "propagate", 1.0):
        result = mean(x, w, missing=policy, applicable=applies)
        assert result == pytest.approx([mean(x[:1, [0, 2]], w[[0, 2]])[0], 3.0])


def test_a_missing_member_without_weight_does_not_propagate() -> None:
    x = np.array([[1.0, np.nan]])
    assert methods.arithmetic(x, [1, 0], missing="propagate").tolist() == [1.0]
    runs = methods.arithmetic(x, np.array([[[1.0, 0]], [[0.5, 0.5]]]), missing="propagate")
    assert runs[0, 0] == 1 and np.isnan(runs[1, 0])


def test_negative_members_are_refused_with_their_places() -> None:
    for mean in (methods.geometric, methods.harmonic):
        with pytest.raises(methods.UnsuitableValues) as refused:
            mean([[1.0, 2.0], [3.0, -1.0]], [0.5, 0.5])
        assert (refused.value.facts["rows"], refused.value.facts["columns"]) == ([1], [1])


def test_wrong_choices_are_refused() -> None:
    x = [[1.0, 2.0]]
    for wrong in ([0.5], [0.5, -0.5], [0.5, np.nan]):
        with pytest.raises(methods.BadChoice):
            methods.arithmetic(x, wrong)
    with pytest.raises(methods.BadChoice):
        methods.arithmetic(x, [1, 1], missing=2.0)
    with pytest.raises(methods.BadChoice):
        methods.power(x, [1, 1], np.inf)
    with pytest.raises(methods.UnsuitableValues):
        methods.arithmetic([[1.0, np.inf]], [1, 1])


def test_great_exponents_neither_overflow_nor_vanish() -> None:
    assert methods.power([[1e100, 1e99]], [1, 1], 60)[0] == pytest.approx(1e100 * 0.5 ** (1 / 60))
    assert methods.power([[1e-100, 1e-99]], [1, 1], -60)[0] == pytest.approx(1e-100 * 2 ** (1 / 60))

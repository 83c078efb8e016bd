"""What is put in, cut or transformed before scoring: against other implementations, and marked as such."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kaishu.evaluation import methods

SKEWED = st.integers(0, 10**6).map(lambda seed: np.random.default_rng(seed).lognormal(1, 1.2, 30).round(3))


@settings(max_examples=60, deadline=None)
@given(SKEWED)
def test_skewness_and_kurtosis_are_those_of_spreadsheets(x: np.ndarray) -> None:
    assert methods.skewness(x) == pytest.approx(stats.skew(x, bias=False))
    assert methods.kurtosis(x) == pytest.approx(stats.kurtosis(x, bias=False))
    holed = np.array([*x, np.nan])
    assert methods.kurtosis(np.column_stack([holed, holed]))[1] == pytest.approx(float(methods.kurtosis(x)))


def test_figures_of_too_few_or_equal_values_are_not_defined() -> None:
    assert np.isnan(methods.skewness([1, 2])) and np.isnan(methods.kurtosis([1, 2, 3]))
    assert np.isnan(methods.skewness([0.3, 0.1 + 0.2, 0.3, 0.3]))
    assert not methods.has_outliers([5, 5, 5, 5])


def naive_winsorise(x: np.ndarray, most: int) -> np.ndarray:
    x, high, low = x.copy(), 0, 0
    while high + low < most:
        g, k = stats.skew(x, bias=False), stats.kurtosis(x, bias=False)
        if abs(g) < 2 or k < 3.5:
            break
        if g >= 0:
            at = x == x.max()
            x[at], high = x[~at].max(), at.sum()
        else:
            at = x == x.min()
            x[at], low = x[~at].min(), at.sum()
    return x


@settings(max_examples=60, deadline=None)
@given(SKEWED, st.sampled_from([1, -1]))
def test_winsorisation_follows_its_definition_and_keeps_the_order(x: np.ndarray, sign: int) -> None:
    done, changed = methods.winsorise(sign * x)
    assert done.tolist() == naive_winsorise(sign * x, 5).tolist()
    assert changed.tolist() == (done != sign * x).tolist() and changed.sum() <= 5
    order = np.argsort(sign * x, kind="stable")
    assert (np.diff(done[order]) >= 0).all()


def test_examples_documented_with_another_program_come_out_alike() -> None:
    """COINr treats 1 to 10, 100 by one step, and 1 to 20, 100, 200 with one step allowed by logarithms."""
    one = np.array([*range(1, 11), 100.0])
    assert methods.winsorise(one)[0].tolist() == [*range(1, 11), 10]
    assert methods.winsorise(-one)[0].tolist() == [*range(-1, -11, -1), -10]
    two = np.array([*range(1, 21), 100.0, 200.0])
    stepped, _ = methods.winsorise(two, 1)
    assert stepped.tolist() == [*range(1, 21), 100, 100] and methods.has_outliers(stepped)
    assert methods.treat(two[:, None], most=1).outcome == ("log",)
    assert methods.treat(two[:, None], most=2).outcome == ("winsorised",)


def test_a_column_that_stays_skewed_is_transformed_from_its_original() -> None:
    column = np.array([*range(1, 101), *[10.0**k for k in range(4, 11)]])
    x = np.column_stack([column, np.arange(107.0), np.where(np.arange(107) == 3, np.nan, column)])
    done = methods.treat(x)
    assert done.outcome == ("log", "none", "log")
    assert not done.winsorised.any() and np.isnan(done.values[3, 2])
    assert (done.values[:, 0] == methods.log_treated(column)).all()
    assert (done.values[:, 1] == x[:, 1]).all()
    assert methods.treat(x, then="box-cox").outcome[0] == "box-cox"
    kept = methods.treat(x, then="none")
    assert kept.outcome[0] == "winsorised" and kept.failing[0] and kept.winsorised[:, 0].sum() == 5


def test_a_logarithm_changes_the_column_and_mirrors_the_other_skew() -> None:
    """Elsewhere one of the logarithms gives the column back unchanged."""
    x = np.array([1.0, 2, 3, 100])
    treated = methods.log_treated(x)
    assert treated == pytest.approx(np.log(x - 1 + 0.99))
    assert methods.log_treated(-x) == pytest.approx(-treated)
    assert (np.diff(treated) > 0).all()
    assert methods.log_treated([4.0, 4.0]).tolist() == [4, 4]


@settings(max_examples=30, deadline=None)
@given(SKEWED)
def test_box_cox_finds_the_power_of_greatest_likelihood(x: np.ndarray) -> None:
    found, power = methods.box_cox(x)
    theirs, wanted = stats.boxcox(x)
    assert power == pytest.approx(wanted, abs=1e-4)
    assert found == pytest.approx(theirs, rel=1e-3)


def test_box_cox_needs_positive_values() -> None:
    with pytest.raises(methods.UnsuitableValues):
        methods.box_cox([1, 0, 3])


def test_denominators() -> None:
    x = np.array([[10.0, 20], [30, np.nan], [5, 5]])
    done = methods.denominate(x, [10, np.nan, 0], 100)
    assert done[0].tolist() == [100, 200] and np.isnan(done[1:]).all()
    with pytest.raises(methods.UnsuitableValues):
        methods.denominate([1], [-1])


def test_availability_counts_what_applies() -> None:
    x = np.array([[1, np.nan, np.nan], [np.nan] * 3])
    applies = np.array([[True, True, False], [False] * 3])
    assert methods.availability(x, applies) == pytest.approx([0.5, np.nan], nan_ok=True)
    assert methods.enough(x, 0.5, applies).tolist() == [True, False]
    assert methods.enough([[1, 1, np.nan]], 2 / 3).tolist() == [True]


def test_imputed_cells_are_marked_and_no_other_is_touched() -> None:
    draw = np.random.default_rng(0)
    x = draw.random((20, 5))
    x[draw.random(x.shape) < 0.3] = np.nan
    groups = draw.integers(0, 3, 20)
    for done in (
        methods.impute(x, "mean"),
        methods.impute(x, "median", groups),
        methods.impute_from_row(x, [0, 0, 1, 1, 1]),
    ):
        known = ~np.isnan(x)
        assert (done.values[known] == x[known]).all()
        assert (done.imputed == (~known & ~np.isnan(done.values))).all()
    means = methods.impute(x, "mean").values
    assert means[np.isnan(x)] == pytest.approx(np.broadcast_to(np.nanmean(x, axis=0), x.shape)[np.isnan(x)])
    for group in range(3):
        part, filled = x[groups == group], methods.impute(x, "median", groups).values[groups == group]
        middles = np.broadcast_to(np.nanmedian(part, axis=0), part.shape)
        assert filled[np.isnan(part)] == pytest.approx(middles[np.isnan(part)])


def test_a_group_without_any_value_keeps_its_gaps() -> None:
    done = methods.impute([[1.0], [np.nan], [np.nan]], "mean", ["a", "a", "b"])
    assert done.values[:2, 0].tolist() == [1, 1] and np.isnan(done.values[2, 0])
    assert done.imputed[:, 0].tolist() == [False, True, False]


def test_a_row_speaks_for_itself_only_within_its_branch() -> None:
    x = np.array([[0.0, 0, 100], [10, 10, 0], [10, np.nan, 100]])
    assert methods.impute_from_row(x, ["p", "p", "q"]).values[2].tolist() == [10, 10, 100]
    reversed_ = methods.impute_from_row(x, ["p", "p", "q"], [1, -1, 1])
    assert reversed_.values[2].tolist() == [10, 0, 100]
    assert np.isnan(methods.impute_from_row(x, ["p", "q", "q"], 1).values[2, 1]) == np.False_
    assert np.isnan(methods.impute_from_row(x, ["p", "r", "q"]).values[2, 1])


def test_panels_carry_and_interpolate() -> None:
    panel = np.array([[np.nan, 1], [2, np.nan], [np.nan, np.nan], [8, np.nan]])
    years = [2018, 2019, 2020, 2022]
    last = methods.impute_panel(panel, years, "last").values
    assert last[:, 1].tolist() == [1, 1, 1, 1] and last[2, 0] == 2 and np.isnan(last[0, 0])
    linear = methods.impute_panel(panel, years, "linear")
    assert linear.values[2, 0] == 4 and np.isnan(linear.values[1:, 1]).all()
    assert linear.imputed.sum() == 1
    assert methods.impute_panel(panel, years, "constant").values[0, 0] == 2
    with pytest.raises(methods.BadChoice):
        methods.impute_panel(panel, [2018, 2019, 2019, 2022], "last")

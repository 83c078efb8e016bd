"""Correlation, regression, factors and reliability, against certified numbers, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.outliers_influence import variance_inflation_factor

from kaishu.evaluation import analysis
from kaishu.evaluation.analysis.errors import AllEqual, Collinear, NotANumber, TooFewValues, TooMany
from kaishu.evaluation.analysis.rotation import varimax

# Longley 1967, J. Am. Statist. Assoc. 62, 819-841; NIST's Statistical Reference Datasets certify the fit.
LONGLEY = np.array(
    [
        [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
        [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
        [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
        [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
        [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
        [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
        [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
        [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
        [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
        [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
        [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
        [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
        [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
        [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
        [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
        [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ]
)
CERTIFIED = {
    "(constant)": (-3482258.63459582, 890420.383607373),
    "deflator": (15.0618722713733, 84.9149257747669),
    "gnp": (-0.358191792925910e-01, 0.334910077722432e-01),
    "unemployed": (-2.02022980381683, 0.488399681651699),
    "armed": (-1.03322686717359, 0.214274163161675),
    "population": (-0.511041056535807e-01, 0.226073200069370),
    "year": (1829.15146461355, 455.478499142212),
}
NAMES = list(CERTIFIED)[1:]


def longley() -> analysis.Regression:
    years = [str(int(year)) for year in LONGLEY[:, 6]]
    return analysis.regress(LONGLEY[:, 0], LONGLEY[:, 1:], NAMES, response="employed", units=years)


def test_the_longley_regression_has_the_certified_numbers() -> None:
    found = longley()
    for term in found.terms:
        assert (term.b, term.se) == pytest.approx(CERTIFIED[term.name], rel=1e-8)
    assert found.r2 == pytest.approx(0.995479004577296, rel=1e-12)
    assert found.error == pytest.approx(304.854073561965, rel=1e-10)
    assert found.f == pytest.approx(330.285339234588, rel=1e-9)


def test_longley_is_warned_about() -> None:
    found = longley()
    said = " ".join(each.en for each in found.warnings)
    assert "Units: 16, columns: 6." in said
    assert "Strongly collinear" in said
    x = np.column_stack([np.ones(16), LONGLEY[:, 1:]])
    wanted = [variance_inflation_factor(x, place) for place in range(1, 7)]
    assert [term.vif for term in found.terms[1:]] == pytest.approx(wanted, rel=1e-6)


def test_a_regression_is_statsmodels_and_blind_to_the_order_of_rows() -> None:
    generator = np.random.default_rng(11)
    x = generator.normal(size=(60, 3))
    y = 2 + x @ [1.0, -2.0, 0.0] + generator.normal(size=60) * (1 + np.abs(x[:, 0]))
    found = analysis.regress(y, x, ["a", "b", "c"])
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    assert [term.b for term in found.terms] == pytest.approx(fit.params.tolist())
    assert [term.p for term in found.terms] == pytest.approx(fit.pvalues.tolist())
    assert [(term.low, term.high) for term in found.terms] == [
        pytest.approx(row) for row in fit.conf_int().tolist()
    ]
    assert [term.robust_se for term in found.terms] == pytest.approx(fit.HC3_se.tolist())
    assert (found.adjusted_r2, found.aic, found.bic) == pytest.approx((fit.rsquared_adj, fit.aic, fit.bic))
    breusch = sm.stats.diagnostic.het_breuschpagan(fit.resid, fit.model.exog)
    assert (found.checks[0].statistic, found.checks[0].p) == pytest.approx(breusch[:2])
    order = generator.permutation(60)
    again = analysis.regress(y[order], x[order], ["a", "b", "c"])
    assert [term.b for term in again.terms] == pytest.approx([term.b for term in found.terms])


def test_a_unit_that_pulls_is_named() -> None:
    x = np.arange(20.0)
    y = x + np.sin(x)
    y[19] += 30
    found = analysis.regress(y, x[:, None], ["x"], units=[f"u{i}" for i in range(20)])
    assert found.influential[0].unit == "u19"
    assert "u19" in found.warnings[-1]


def test_columns_that_follow_from_others_are_refused_by_name() -> None:
    x = np.random.default_rng(2).normal(size=(20, 2))
    with pytest.raises(Collinear) as refused:
        analysis.regress(x[:, 0] ** 2, np.column_stack([x, x[:, 0] + x[:, 1]]), ["a", "b", "sum"])
    assert "sum" in refused.value.sentence("zh")
    with pytest.raises(AllEqual):
        analysis.regress(x[:, 0], np.ones((20, 1)), ["one"])
    with pytest.raises(TooFewValues):
        analysis.regress([1, 2, 3], [[1, 2], [2, 1], [3, 3]], ["a", "b"])
    with pytest.raises(NotANumber):
        analysis.regress([1, 2, float("inf")], [[1], [2], [3]], ["a"])


def test_a_perfect_fit_is_called_one() -> None:
    found = analysis.regress([1, 3, 5, 7], [[0], [1], [2], [3]], ["x"])
    assert "exactly" in found.finding.en
    assert found.f is None
    assert "NaN" not in str(analysis.as_dict(found))


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_correlations_are_scipys_with_ties_and_gaps(method: str) -> None:
    generator = np.random.default_rng(7)
    x = generator.integers(0, 6, size=(40, 3)).astype(float)
    x[3, 0] = x[9, 2] = np.nan
    found = analysis.correlate(x, ["a", "b", "c"], method)
    function = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[method]
    for pair in found.pairs:
        i, j = "abc".index(pair.first), "abc".index(pair.second)
        both = ~np.isnan(x[:, [i, j]]).any(axis=1)
        wanted = function(x[both, i], x[both, j])
        assert (pair.value, pair.p) == pytest.approx((wanted.statistic, wanted.pvalue))
        assert pair.n == both.sum()


def test_a_column_that_stays_has_no_correlation() -> None:
    found = analysis.correlate([[1, 5], [2, 5], [3, 5]], ["a", "still"])
    assert found.pairs[0].value is None
    assert found.table[1][1] is None
    assert any("still" in each for each in found.warnings)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_components_keep_all_variance_and_signs_are_fixed(seed: int, columns: int) -> None:
    x = np.random.default_rng(seed).normal(size=(20, columns))
    names = [f"c{i}" for i in range(columns)]
    found = analysis.principal_components(x, names, columns)
    assert sum(found.eigenvalues) == pytest.approx(columns)
    loadings = np.array(found.loadings)
    assert loadings @ loadings.T == pytest.approx(np.corrcoef(x, rowvar=False), abs=1e-9)
    assert (loadings.sum(axis=0) > -1e-9).all()
    assert np.var(found.scores, axis=0, ddof=1) == pytest.approx(found.eigenvalues)
    order = np.random.default_rng(seed + 1).permutation(20)
    again = analysis.principal_components(x[order], names, columns)
    assert np.array(again.loadings) == pytest.approx(loadings, abs=1e-6)


def two_factors() -> tuple[np.ndarray, list[str]]:
    generator = np.random.default_rng(4)
    common = generator.normal(size=(300, 2))
    x = np.column_stack([common[:, i // 3] + 0.6 * generator.normal(size=300) for i in range(6)])
    return x, [f"c{i}" for i in range(6)]


@pytest.mark.parametrize("method", ["principal-components", "principal-axis", "maximum-likelihood"])
def test_two_planted_factors_are_found(method: str) -> None:
    x, names = two_factors()
    found = analysis.factor_analysis(x, names, method=method)
    assert found.count == 2
    assert found.adequacy.suitable
    strong = np.abs(np.array(found.loadings)) > 0.5
    assert {tuple(column) for column in strong.T.tolist()} == {
        (True,) * 3 + (False,) * 3,
        (False,) * 3 + (True,) * 3,
    }
    assert np.array(found.loadings)[strong].min() > 0.7
    assert found.communalities == pytest.approx((np.array(found.loadings) ** 2).sum(axis=1).tolist())


def test_varimax_is_orthogonal_keeps_communalities_and_is_at_least_statsmodels() -> None:
    from statsmodels.multivariate.factor_rotation import rotate_factors

    loadings = np.random.default_rng(9).normal(size=(8, 3))
    loadings /= np.sqrt(
        (loadings**2).sum(axis=1, keepdims=True)
    )  # rows of size one: Kaiser's scaling is nothing
    turned, turn = varimax(loadings)
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
    assert (turned**2).sum(axis=1) == pytest.approx(np.ones(8))
    theirs, _ = rotate_factors(loadings, "varimax")

    def criterion(a: np.ndarray) -> float:
        return float((a**2).var(axis=0).sum())

    assert criterion(turned) >= criterion(theirs) - 1e-9


def test_kmo_is_by_its_definition_and_bartlett_by_scipy() -> None:
    x, names = two_factors()
    found = analysis.adequacy(x, names)
    r = np.corrcoef(x, rowvar=False)
    partial = np.zeros_like(r)
    for i in range(6):
        for j in range(6):
            if i != j:
                rest = np.column_stack([np.ones(300), np.delete(x, [i, j], axis=1)])
                left = [x[:, c] - rest @ np.linalg.lstsq(rest, x[:, c], rcond=None)[0] for c in (i, j)]
                partial[i, j] = np.corrcoef(*left)[0, 1]
    off = r - np.eye(6)
    assert found.kmo == pytest.approx((off**2).sum() / ((off**2).sum() + (partial**2).sum()))
    assert found.bartlett == pytest.approx(-(300 - 1 - 17 / 6) * np.log(np.linalg.det(r)))
    assert found.p == pytest.approx(stats.chi2.sf(found.bartlett, 15))


def test_columns_without_inverse_are_said_and_not_nan() -> None:
    x = np.random.default_rng(1).normal(size=(12, 2))
    found = analysis.factor_analysis(np.column_stack([x, x.sum(axis=1)]), ["a", "b", "sum"])
    assert found.adequacy.kmo is None
    assert any("no inverse" in each.en for each in found.warnings)
    assert np.isfinite(found.scores).all()
    with pytest.raises(TooMany):
        analysis.factor_analysis(x, ["a", "b"], count=3)


def test_alpha_is_one_for_copies_and_names_the_item_against_the_rest() -> None:
    x = np.random.default_rng(8).normal(size=(50, 1)) + 0.3 * np.random.default_rng(9).normal(size=(50, 3))
    assert analysis.cronbach_alpha(np.column_stack([x[:, 0]] * 3)) == pytest.approx(1)
    turned = np.column_stack([x, -x[:, 0]])
    found = analysis.reliability(turned, ["a", "b", "c", "against"])
    assert any("against" in each for each in found.warnings)
    without = {item.name: item.without for item in found.items}
    assert without["against"] == pytest.approx(analysis.cronbach_alpha(x))
    assert "against" in found.finding

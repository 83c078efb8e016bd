"""Groups, tests of them, and inequality, against scipy and by their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kaishu.evaluation import analysis
from kaishu.evaluation.analysis.errors import (
    AllEqual,
    GroupsTooFew,
    LengthsDiffer,
    NegativeValue,
    TooFewValues,
)

AMOUNTS = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=2, max_size=40).filter(
    lambda x: sum(x) > 1e-3
)
FEW = settings(max_examples=60, deadline=None)


def labelled(*parts: list[float]) -> tuple[list[float], list[str]]:
    return [x for part in parts for x in part], ["abcdef"[i] for i, part in enumerate(parts) for _ in part]


@FEW
@given(AMOUNTS, st.randoms())
def test_gini_is_at_least_nothing_below_one_and_blind_to_order_and_unit(
    x: list[float], random: object
) -> None:
    found = analysis.gini(x)
    assert 0 <= found < 1
    mixed = list(x)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert analysis.gini(mixed) == pytest.approx(found, abs=1e-12)
    assert analysis.gini([7 * each for each in x]) == pytest.approx(found, abs=1e-9)
    plain = np.abs(np.subtract.outer(x, x)).sum() / (2 * len(x) ** 2 * np.mean(x))
    assert found == pytest.approx(plain, abs=1e-9)


@FEW
@given(AMOUNTS, st.data())
def test_inequality_between_and_within_groups_is_the_whole(x: list[float], data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(x), max_size=len(x)))
    between, within = analysis.theil_parts(x, groups)
    assert between + within == pytest.approx(analysis.theil(x), abs=1e-9)
    assert 0 <= analysis.theil(x) <= np.log(len(x)) + 1e-9


@FEW
@given(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=30), st.data())
def test_sums_of_squares_split_exactly(x: list[float], data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.sampled_from("ab"), min_size=len(x), max_size=len(x)))
    if np.var(x) == 0:
        with pytest.raises(AllEqual):
            analysis.between_within(x, groups)
        return
    found = analysis.between_within(x, groups)
    assert found.between + found.within == pytest.approx(found.total, rel=1e-9, abs=1e-9)


def test_shares_of_groups_sum_to_one_and_gaps_are_told() -> None:
    found = analysis.describe_groups([1, 2, 3, float("nan"), 4], ["a", "b", "a", "b", None])
    assert sum(line.share or 0 for line in found.groups) == pytest.approx(1)
    assert found.n == 3
    assert "2" in found.warnings[0]
    assert all(line.share is None for line in analysis.describe_groups([-1, 2], ["a", "b"]).groups)


@pytest.mark.parametrize("test", ["t", "welch", "mann-whitney"])
def test_tests_of_two_groups_are_scipys(test: str) -> None:
    generator = np.random.default_rng(5)
    first, second = generator.normal(0, 1, 14).tolist(), generator.normal(1, 3, 20).tolist()
    found = analysis.compare_groups(*labelled(first, second), test=test)
    wanted = {
        "t": lambda: stats.ttest_ind(first, second),
        "welch": lambda: stats.ttest_ind(first, second, equal_var=False),
        "mann-whitney": lambda: stats.mannwhitneyu(first, second),
    }[test]()
    assert (found.statistic, found.p) == pytest.approx((wanted.statistic, wanted.pvalue), rel=1e-12)


def test_anova_of_the_plant_weights_is_the_one_in_the_manual() -> None:
    """R's data set PlantGrowth (Dobson 1983): F = 4.846 on 2 and 27, p = 0.01591; Kruskal-Wallis 7.9882."""
    control = [4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14]
    first = [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69]
    second = [6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26]
    values, groups = labelled(control, first, second)
    found = analysis.compare_groups(values, groups)
    assert found.test == "anova"
    assert (found.statistic, found.p) == pytest.approx((4.846, 0.01591), rel=1e-3)
    assert found.df == (2, 27)
    assert (found.spread.between, found.spread.within) == pytest.approx((3.76634, 10.49209), rel=1e-5)
    assert {(pair.first, pair.second) for pair in found.pairs if pair.p < 0.05} == {("b", "c")}
    ranked = analysis.compare_groups(values, groups, test="kruskal-wallis")
    assert (ranked.statistic, ranked.p) == pytest.approx((7.9882, 0.01842), rel=1e-3)


def test_the_choice_of_test_follows_the_data_and_says_why() -> None:
    generator = np.random.default_rng(3)
    bell = [stats.norm.ppf((i + 0.5) / 30) for i in range(30)]
    skewed = (generator.pareto(1.2, 30) ** 2).tolist()
    assert analysis.compare_groups(*labelled(bell, [x + 1 for x in bell])).test == "welch"
    assert analysis.compare_groups(*labelled(bell, skewed)).test == "mann-whitney"
    wide = [9 * x for x in bell]
    assert analysis.compare_groups(*labelled(bell, bell, wide)).test == "welch-anova"
    found = analysis.compare_groups(*labelled(bell, bell, skewed))
    assert (found.test, found.chosen_because.en) == (
        "kruskal-wallis",
        "A group is not normal, or too small to tell, so ranks are compared.",
    )


def test_two_groups_have_the_same_p_by_t_and_by_anova() -> None:
    values, groups = labelled([1, 2, 3, 4.5], [2, 5, 4, 7])
    by_t = analysis.compare_groups(values, groups, test="t")
    by_f = analysis.compare_groups(values, groups, test="anova")
    assert by_f.statistic == pytest.approx(by_t.statistic**2)
    assert by_f.p == pytest.approx(by_t.p)


def test_order_of_rows_does_not_matter() -> None:
    values, groups = labelled([1, 2, 3, 9], [2, 5, 4, 7], [3, 3, 8, 8.5])
    order = np.random.default_rng(1).permutation(12)
    mixed = analysis.compare_groups([values[i] for i in order], [groups[i] for i in order])
    assert mixed.p == pytest.approx(analysis.compare_groups(values, groups).p)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(GroupsTooFew):
        analysis.compare_groups([1, 2, 3], ["a", "a", "a"])
    with pytest.raises(GroupsTooFew):
        analysis.compare_groups(*labelled([1, 2], [3, 4], [5, 6.5]), test="t")
    with pytest.raises(AllEqual):
        analysis.compare_groups([1, 1, 1, 1], list("aabb"))
    with pytest.raises(AllEqual):
        analysis.compare_groups([1, 1, 2, 2], list("aabb"), test="t")
    with pytest.raises(TooFewValues):
        analysis.compare_groups([1, 2, 3], list("abc"))
    with pytest.raises(LengthsDiffer):
        analysis.compare_groups([1, 2, 3], ["a", "b"])
    with pytest.raises(NegativeValue):
        analysis.gini([1, -1])
    assert analysis.inequality([-1, 2, 3]).gini is None

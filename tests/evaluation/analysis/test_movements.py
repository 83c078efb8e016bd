"""Change splits exactly; years keep their base; peers do not hang on order."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.evaluation import analysis
from kaishu.evaluation.analysis.columns import design, numbers
from kaishu.evaluation.analysis.errors import (
    AllEqual,
    ChoiceUnknown,
    ColumnCount,
    ColumnMissing,
    NegativeValue,
    NotANumber,
    TooFewValues,
    UnitTwice,
)
from kaishu.evaluation.analysis.years import wide

FEW = settings(max_examples=60, deadline=None)
ABOVE = st.floats(0.01, 1e4)


def pairs_of(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[list[tuple[float, float]]]:
    return st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6)


@FEW
@given(pairs_of(st.floats(-1e4, 1e4)), st.data())
def test_parts_of_a_weighted_sum_are_the_change(
    scores: list[tuple[float, float]], data: st.DataObject
) -> None:
    n = len(scores)
    weights = data.draw(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=n, max_size=n))
    (s0, s1), (w0, w1) = np.array(scores).T, np.array(weights).T
    found = analysis.change_of_sum(s0, s1, list("abcdef"[:n]), weights_before=w0, weights_after=w1)
    assert found.change == pytest.approx(float(w1 @ s1 - w0 @ s0), abs=1e-7)
    assert sum(part.effect for part in found.parts) == pytest.approx(found.change, abs=1e-7)


@FEW
@given(pairs_of(ABOVE))
def test_parts_of_products_and_geometric_means_are_the_change(factors: list[tuple[float, float]]) -> None:
    before, after = np.array(factors).T
    names = list("abcdef"[: len(factors)])
    for found in (
        analysis.change_of_product(before, after, names),
        analysis.change_of_geometric(before, after, names),
        analysis.chain_substitution(before, after, names, names[::-1]),
    ):
        size = max(abs(found.before), abs(found.after), *(abs(part.effect) for part in found.parts))
        assert sum(part.effect for part in found.parts) == pytest.approx(found.change, abs=1e-9 * size)


@FEW
@given(pairs_of(ABOVE))
def test_multiplicative_parts_do_not_hang_on_order_and_turn_round_with_time(
    factors: list[tuple[float, float]],
) -> None:
    before, after = np.array(factors).T
    names = list("abcdef"[: len(factors)])
    there = {part.name: part.effect for part in analysis.change_of_product(before, after, names).parts}
    back = {part.name: part.effect for part in analysis.change_of_product(after, before, names).parts}
    mixed = {
        p.name: p.effect for p in analysis.change_of_product(before[::-1], after[::-1], names[::-1]).parts
    }
    for name in names:
        assert back[name] == pytest.approx(-there[name])
        assert mixed[name] == pytest.approx(there[name])


def test_weights_that_change_in_a_geometric_index_have_their_part() -> None:
    found = analysis.change_of_geometric(
        [4, 9], [5, 8], ["a", "b"], weights_before=[0.5, 0.5], weights_after=[0.2, 0.8]
    )
    assert sum(part.effect for part in found.parts) == pytest.approx(found.change, abs=1e-12)
    assert {part.kind for part in found.parts if part.effect} == {"score", "weight"}


def test_chain_substitution_is_the_textbooks_and_shows_what_order_does() -> None:
    """Material cost: output 100 -> 110, use 8 -> 7, price 5 -> 6; 4000 -> 4620 = +400 -550 +770."""
    found = analysis.chain_substitution([100, 8, 5], [110, 7, 6], ["output", "use", "price"])
    assert [part.effect for part in found.parts] == [400, -550, 770]
    other = analysis.chain_substitution(
        [100, 8, 5], [110, 7, 6], ["output", "use", "price"], ["price", "use", "output"]
    )
    for name in ("output", "use", "price"):
        part = next(each for each in found.parts if each.name == name)
        effect = next(each.effect for each in other.parts if each.name == name)
        assert part.low is not None and part.high is not None
        assert part.low <= effect <= part.high
    assert "order" in other.title.en
    with pytest.raises(ChoiceUnknown):
        analysis.chain_substitution([1, 2], [2, 3], ["a", "b"], ["a"])


def test_what_has_no_logarithm_is_refused_by_name() -> None:
    with pytest.raises(NegativeValue) as refused:
        analysis.change_of_product([1, 0], [2, 3], ["a", "b"])
    assert "“b”" in refused.value.sentence("zh")
    with pytest.raises(TooFewValues):
        analysis.change_of_sum([1, float("nan")], [2, 3], ["a", "b"])


def test_a_frozen_base_lets_nobody_rise_by_others_falling() -> None:
    values = [[50, 50], [100, 60], [0, 0]]
    found = analysis.panel(values, ["still", "falls", "low"], [2024, 2025])
    assert found.lines[0].scores == (50, 50)
    assert found.lines[1].scores == (100, 60)
    pooled = analysis.panel(values, ["still", "falls", "low"], [2024, 2025], base="all", direction="less")
    assert pooled.lines[0].scores == (50, 50)
    assert pooled.lines[0].ranks == (2, 2)


@FEW
@given(st.lists(st.tuples(ABOVE, ABOVE), min_size=2, max_size=8))
def test_contributions_sum_to_the_growth(rows: list[tuple[float, float]]) -> None:
    if len({first for first, _ in rows}) == 1:
        return
    found = analysis.panel(rows, [str(i) for i in range(len(rows))], [2020, 2022])
    growth = found.by_year[1].growth
    assert growth is not None
    assert sum(line.contribution or 0 for line in found.lines) == pytest.approx(growth, abs=1e-9)
    for line, (first, last) in zip(found.lines, rows, strict=True):
        assert line.cagr is not None
        assert first * (1 + line.cagr) ** 2 == pytest.approx(last)


def test_years_in_any_writing_and_order_and_none_twice() -> None:
    values, units, years = wide(["a", "a", "b"], ["2025年", "2024", "2025.0"], [2, 1, 3])
    assert (units, years) == (["a", "b"], [2024, 2025])
    assert values[0].tolist() == [1, 2]
    assert np.isnan(values[1, 0])
    with pytest.raises(UnitTwice):
        wide(["a", "a"], ["2024", "2024年"], [1, 2])
    with pytest.raises(ChoiceUnknown):
        wide(["a"], ["去年"], [1])
    with pytest.raises(AllEqual):
        analysis.panel([[1, 2], [1, 3]], ["a", "b"], [2024, 2025])


def clouds(method: str) -> tuple[analysis.PeerGroups, np.ndarray, list[str]]:
    generator = np.random.default_rng(6)
    x = np.concatenate([generator.normal(centre, 0.4, size=(12, 3)) for centre in (0, 4, 9)])
    units = [f"u{i}" for i in range(36)]
    return analysis.peer_groups(x, ["a", "b", "c"], units, method=method), x, units


@pytest.mark.parametrize("method", ["hierarchical", "k-means"])
def test_three_clouds_are_three_groups_in_any_order_of_rows(method: str) -> None:
    found, x, units = clouds(method)
    assert found.count == 3
    assert found.silhouette > 0.7
    assert [len(group.members) for group in found.groups] == [12, 12, 12]
    order = np.random.default_rng(2).permutation(36)
    again = analysis.peer_groups(x[order], ["a", "b", "c"], [units[i] for i in order], method=method)
    assert [again.group[place] for place in np.argsort(order)] == list(found.group)
    assert again.silhouette == pytest.approx(found.silhouette)


def test_gaps_leave_a_unit_without_group_and_odd_numbers_are_refused() -> None:
    found = analysis.peer_groups([[1], [2], [9], [None or np.nan], [10]], ["a"], list("vwxyz"), count=2)
    assert found.group == (2, 2, 1, None, 1)
    with pytest.raises(ChoiceUnknown):
        analysis.peer_groups([[1], [2], [3]], ["a"], list("xyz"), count=3)
    with pytest.raises(ChoiceUnknown):
        analysis.peer_groups([[1], [1], [3]], ["a"], list("xyz"), count=9, method="k-means")


def test_standing_sums_to_what_the_best_of_all_would_have() -> None:
    x = np.array([[9.0, 1], [5, 5], [6, 6], [2, 8]])
    found = analysis.standing(x, ["a", "b"], list("wxyz"), "w", weights=[3, 1], against="all")
    assert sum(line.gain or 0 for line in found.lines) == pytest.approx(0.75 * (9 - 9) + 0.25 * (8 - 1))
    assert found.lifts == ("b",)
    among = analysis.standing(x, ["a", "b"], list("wxyz"), "w", groups=["p", "p", "q", "q"])
    assert among.peers == ("x",)
    assert among.lines[1].best_unit == "x"
    with pytest.raises(TooFewValues):
        analysis.standing(x, ["a", "b"], list("wxyz"), "w", groups=["p", "q", "q", "q"])
    with pytest.raises(ChoiceUnknown):
        analysis.standing(x, ["a", "b"], list("wxyz"), "nobody")


TABLE = pl.DataFrame(
    {
        "unit": list("abcdefgh"),
        "kind": ["市", "市", "市", "市", "县", "县", "县", "县"],
        "year": [2024, 2025] * 4,
        "x": ["1", "2", "3", "4.5", " 5", "", "7", "8"],
        "y": [1.0, 2.5, 2.0, 4.0, 6.0, 5.0, 7.5, 9.0],
        "z": [2, 1, 4, 3, 6, 5, 8, 9],
        "bad": ["1", "2", "x3", "4", "5", "6", "7", "8"],
    }
)
QUESTIONS = [
    analysis.Question("describe", ("x",)),
    analysis.Question("describe", ("x",), by="kind"),
    analysis.Question("inequality", ("y",), by="kind"),
    analysis.Question("compare", ("y",), by="kind"),
    analysis.Question("correlate", ("x", "y", "z"), method="kendall"),
    analysis.Question("regress", ("y",), on=("x", "kind"), unit="unit"),
    analysis.Question("components", ("x", "y", "z")),
    analysis.Question("factors", ("x", "y", "z"), count=2),
    analysis.Question("alpha", ("x", "y", "z")),
    analysis.Question("change", ("y", "z"), unit="unit"),
    analysis.Question("change", ("y", "z"), unit="unit", weights=("y",), method="geometric"),
    analysis.Question("change", ("y", "z"), unit="unit", method="multiplicative"),
    analysis.Question("change", ("y", "z"), unit="unit", method="chain", order=tuple("hgfedcba")),
    analysis.Question("panel", ("y",), unit="unit", year="year"),
    analysis.Question("peers", ("y", "z"), unit="unit", method="k-means"),
    analysis.Question("standing", ("x", "y"), unit="unit", focus="f", by="kind", points=(0.5, 0.5)),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.kind}-{q.method or q.by or ''}")
def test_every_question_has_an_answer_in_both_languages_and_as_plain_json(
    question: analysis.Question,
) -> None:
    import json

    found = analysis.answer(TABLE, question)
    assert json.loads(json.dumps(analysis.as_dict(found), allow_nan=False))
    for language in ("zh", "en"):
        document = analysis.report_on(found, question, source="x.csv", language=language)
        assert len(document.blocks) > 3
        for block in document.blocks:
            if hasattr(block, "rows"):
                assert {len(row) for row in block.rows} <= {len(block.heads)}
                assert "nan" not in str(block.rows)
    assert found.finding != found.finding.en
    assert all(each != each.en for each in found.warnings)


def test_bad_tables_and_questions_are_refused_with_their_place() -> None:
    with pytest.raises(NotANumber) as refused:
        analysis.answer(TABLE, analysis.Question("describe", ("bad",)))
    assert ("3" in refused.value.sentence("zh"), "x3" in refused.value.sentence("en")) == (True, True)
    with pytest.raises(ColumnMissing):
        analysis.answer(TABLE, analysis.Question("describe", ("none",)))
    with pytest.raises(ColumnCount):
        analysis.answer(TABLE, analysis.Question("describe", ("x", "y")))
    with pytest.raises(UnitTwice):
        analysis.answer(TABLE, analysis.Question("peers", ("x", "y"), unit="kind"))
    for question in (
        analysis.Question("guess", ("x",)),
        analysis.Question("compare", ("x",)),
        analysis.Question("correlate", ("x", "x")),
        analysis.Question("change", ("y", "z"), method="magic"),
    ):
        with pytest.raises(ChoiceUnknown) as unknown:
            analysis.answer(TABLE, question)
        assert "、" not in unknown.value.sentence("en") + unknown.value.advice("en")
        assert ", " not in unknown.value.sentence("zh") + unknown.value.advice("zh")


def test_text_becomes_columns_of_nought_and_one_without_its_first_value() -> None:
    columns, heads = design(TABLE, ["kind", "x"])
    assert heads == ["kind=市", "x"]
    assert columns[:, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert np.isnan(numbers(TABLE, "x")[5])

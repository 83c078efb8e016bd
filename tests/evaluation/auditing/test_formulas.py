"""The language in which a figure is recounted."""

from __future__ import annotations

import doctest
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.evaluation.auditing import plain, printed, verdicts
from kaishu.evaluation.auditing.errors import BadFormula
from kaishu.evaluation.auditing.formulas import (
    FUNCTIONS,
    Choices,
    Span,
    Value,
    Values,
    compute,
    parse_formula,
    values,
    whole_parts,
    written,
)
from kaishu.evaluation.auditing.tables import Tables

CITIES = """city,province,level,datasets,views
甲市,东省,地市级,"1,200",300
乙市,东省,地市级,80,
丙市,西省,县区级,200,90
丁市,西省,省级,80,10
"""
PROVINCES = "name,region\n东省,华东\n西省,西部\n"


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    """Four cities and their provinces."""
    (tmp_path / "cities.csv").write_text(CITIES, encoding="utf-8")
    (tmp_path / "provinces.csv").write_text(PROVINCES, encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "cities.csv").write_text("city\n甲市\n", encoding="utf-8")
    return Tables(tmp_path)


def found(tables: Tables, text: str) -> Value:
    return compute(parse_formula(text), tables, ("cities",)).value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("count(cities)", 4),
        ("count(cities.views)", 3),
        ("count(cities where province = '东省' and datasets > 100)", 1),
        ("count(cities where not views > 50)", 2),
        ("count(cities where views is null or level in ('省级', '县区级'))", 3),
        ("count(cities where province in (provinces.name where region = '华东'))", 2),
        ("sum(cities.datasets top 2 by datasets)", 1400),
        ("sum(cities.datasets bottom 1 by views)", 80),
        ("sum(cities.datasets join provinces on province = name where region = '西部')", 280),
        ("count(cities join provinces on province = name top 3 by datasets where region = '西部')", 1),
        ("mean(cities.datasets)", 390),
        ("median(cities.datasets)", 140),
        ("max(cities.views) - min(cities.views)", 290),
        ("share(1, 8) + growth(3, 2) + 100 * (1 / 4)", Fraction("87.5")),
        ("rank(cities.datasets, 200)", 2),
        ("duplicates(cities.datasets)", 1),
        ("duplicates(cities.province, cities.level)", 1),
        ("count(distinct(cities.province))", 2),
        ("count(without(cities.province, provinces.name))", 0),
        ("count(`old/cities`)", 1),
        ("round(-2.5) + abs(-1)", -2),
        ("if(1 < 2, 10, 20)", 10),
        ("cagr(8, 1, 3)", 100),
        ("-(2 - 5) * 2", 6),
        ("count(cities.views where views between 10 and 90)", 2),
    ],
)
def test_numbers_are_exact(tables: Tables, text: str, wanted: Fraction) -> None:
    assert found(tables, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("every(cities, datasets >= 80)", True),
        ("every(cities, views > 0)", False),
        ("rising(cities.datasets)", False),
        ("falling(cities.datasets top 3 by datasets)", True),
        ("fits(80.23, 86)", True),
        ("fits(80.32, 86)", False),
        ("starts_with('公共数据', '公共') and ends_with('公共数据', '数据') and contains('abc', 'b')", True),
        ("ratio(6, 4)", "6:4"),
        ("concat('甲', ' ', 2020, '年')", "甲 2020年"),
    ],
)
def test_truths_and_words(tables: Tables, text: str, wanted: bool | str) -> None:
    assert found(tables, text) == wanted


def test_lists_keep_or_forget_their_order(tables: Tables) -> None:
    top = found(tables, "cities.city top 2 by datasets")
    assert isinstance(top, Values) and (top.items, top.ordered) == (("甲市", "丙市"), True)
    assert found(tables, "distinct(cities.province)") == Values(("东省", "西省"), ordered=False)
    assert found(tables, "each(cities where province = '东省', datasets / 2)") == Values(
        (Fraction(600), Fraction(40))
    )


def test_a_shared_last_place_is_told(tables: Tables) -> None:
    notes = compute(parse_formula("cities.city bottom 1 by datasets"), tables, ("cities",)).notes
    assert [note.en for note in notes] == ["place 1 is shared; the earlier in the table is taken"]


def test_doubt_is_carried_along(tables: Tables) -> None:
    assert found(tables, "count(cities where views > 50) + unknown(1)") == Span(
        Fraction(2), Fraction(3), Fraction(2)
    )
    span = found(tables, "100 / rounded('0.50')")
    assert isinstance(span, Span) and span.middle == 200 and span.low < 200 < span.high
    choices = found(tables, "candidates(k, 0, 3, share(k, 3))")
    assert isinstance(choices, Choices) and choices.values[3] == 100


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("count(cities", 13, '"," should stand here'),
        ("total(1)", 1, "no function"),
        ("count(towns)", 7, 'no table "towns"'),
        ("sum(cities.people)", 5, 'no column "people", but city, province'),
        ("count(cities where people > 3)", 20, '"people"'),
        ("sum(cities.city)", 5, '"甲市" is no number'),
        ("cities.datasets + 1", 1, "one value is needed here, not 4"),
        ("cities + 1", 1, "not a table"),
        ("1 / 0", 5, "divisor is zero"),
        ("1 / rounded(0)", 5, "divisor is zero"),
        ("sum(1, 2", 9, "should stand here"),
        ("share(1)", 1, "takes 2 arguments, not 1"),
        ("count(cities where datasets)", 20, "a condition should stand here"),
        ("candidates(k, 0, 10000000, k)", 1, "more than 100000"),
        ("1 ? 2", 3, "is not understood"),
        ("(" * 100 + "1" + ")" * 100, 42, "nested too deeply"),
        ("1 + " * 2000 + "1", 4000, "longer than"),
        ("-" * 100 + "1", 42, "nested too deeply"),
    ],
)
def test_mistakes_are_told_with_their_place(tables: Tables, text: str, place: int, words: str) -> None:
    with pytest.raises(BadFormula) as caught:
        found(tables, text)
    assert words in caught.value.sentence("en")
    assert caught.value.facts["place"] == place


def test_a_name_with_two_tables_is_not_guessed(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.csv").write_text("x\n1\n", encoding="utf-8")
    tables = Tables(tmp_path)
    with pytest.raises(BadFormula, match="may mean `a/t`, `b/t`"):
        compute(parse_formula("count(t)"), tables)
    assert compute(parse_formula("count(t)"), tables, ("b/t",)).tables == ("b/t",)


@given(st.text(alphabet="countsumabk.,()'`\"+-*/=<>0123456789 wherejoin省", max_size=60))
def test_any_text_is_a_formula_or_an_error_of_ours(text: str) -> None:
    try:
        compute(parse_formula(text), Tables(None))
    except BadFormula as error:
        assert error.facts["place"] >= 1


@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 4))
def test_whole_parts_are_all_there_are(base: int, part: int, decimals: int) -> None:
    from kaishu.evaluation.auditing.formulas import half_up

    share = half_up(Fraction(100 * min(part, base), base), decimals)
    fitting = [k for k in range(base + 1) if half_up(Fraction(100 * k, base), decimals) == share]
    assert whole_parts(share, decimals, base) == fitting


def test_every_function_runs() -> None:
    from kaishu.evaluation.auditing.formulas.applying import APPLY

    assert set(FUNCTIONS) <= set(APPLY)


def test_examples_in_the_docstrings_are_true() -> None:
    assert sum(doctest.testmod(module).failed for module in (plain, printed, verdicts, values)) == 0
    assert written(Fraction(1, 3)) == "0.333333"


def test_the_page_names_every_function() -> None:
    page = (Path(__file__).parents[3] / "docs" / "audit-figures.md").read_text(encoding="utf-8")
    missing = [each.use for each in FUNCTIONS.values() if f"| `{each.use}` | {each.en} |" not in page]
    assert missing == []

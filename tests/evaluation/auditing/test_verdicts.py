"""When a computed value says what is printed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kaishu.evaluation.auditing.formulas import Choices, Span, Value, Values
from kaishu.evaluation.auditing.plain import arithmetic_in
from kaishu.evaluation.auditing.printed import read_printed
from kaishu.evaluation.auditing.verdicts import judge


def word(printed: str, value: Value, relation: str = "") -> str:
    return judge(read_printed(printed, relation), value).word


@pytest.mark.parametrize(
    ("printed", "value", "wanted"),
    [
        ("80.23", Fraction(6900, 86), "yes"),
        ("80.32", Fraction(6900, 86), "no"),
        ("66.27", Fraction(5700, 86), "partly"),
        ("0.5", Fraction("0.45"), "yes"),
        ("-2", Fraction("-2.5"), "partly"),
        ("-3", Fraction("-2.5"), "yes"),
        ("3503838", Fraction("350.3838383"), "partly"),
        ("3,503,838", Fraction(3503838), "yes"),
        ("１２％", Fraction(12), "yes"),
        ("近4成", Fraction("39.2"), "yes"),
        ("近4成", Fraction("40.8"), "no"),
        ("约30%", Fraction("29.6"), "yes"),
        ("超过10倍", Fraction("10.01"), "yes"),
        ("超过10倍", Fraction(10), "no"),
        ("3种以下", Fraction(3), "yes"),
        ("不足20", Fraction(20), "no"),
        ("20以上", Fraction(20), "yes"),
        ("大部分", Fraction(70), "yes"),
        ("大部分", Fraction(50), "no"),
        ("1.2万", Fraction(11950), "yes"),
        ("over 50%", Fraction(51), "yes"),
        ("6:4", "6:4", "yes"),
        ("是", True, "yes"),
        ("否", True, "no"),
        ("较低", True, "yes"),
        ("较低", Fraction(3), "unchecked"),
        ("5", None, "unchecked"),
        ("12", "12", "yes"),
    ],
)
def test_one_value(printed: str, value: Value, wanted: str) -> None:
    assert word(printed, value) == wanted


def test_a_relation_given_goes_before_the_words() -> None:
    assert word("20", Fraction(12), "less-than") == "yes"
    assert word("20", Fraction(12)) == "no"


def test_lists_in_order_and_without() -> None:
    ordered = Values(("甲", "乙"))
    assert [word("甲、乙", ordered), word("乙、甲", ordered), word("甲", ordered)] == ["yes", "no", "no"]
    assert word("乙、甲", Values(("甲", "乙"), ordered=False)) == "yes"
    assert word("26/25/25", Values(("26", "25", "25"))) == "yes"
    assert word("3种以下", Values((Fraction(2), Fraction(4)))) == "no"


def test_within_bounds_is_partly() -> None:
    span = Span(Fraction(13), Fraction(18), Fraction(13))
    assert [word(each, span) for each in ("13", "17", "19", "12")] == ["yes", "partly", "no", "no"]
    assert [word(each, span, "more-than") for each in ("12", "17", "18")] == ["yes", "partly", "no"]


def test_no_whole_number_is_said_with_its_neighbours() -> None:
    choices = Choices({k: Fraction(100 * k, 86) for k in (68, 69, 70)})
    judged = judge(read_printed("80.32"), choices)
    assert (
        judged.word == "no"
        and judged.why.en == "no whole k gives it; the nearest are k=69: 80.23, k=70: 81.40"
    )
    assert judge(read_printed("80.23"), choices).why.en == "equal (k=69)"


@pytest.mark.parametrize(
    ("text", "unit", "formula"),
    [
        ("没有接口17个占86个", "%", "share(17, 86)"),
        ("服务接口 815/2922", "%", "share(815, 2922)"),
        ("增长（40/(142-40)）", "", "40/(142-40)"),
        ("机构总数 8+9+4", "个", "8+9+4"),
        ("2017-2020年", "%", None),
        ("2018/2019年度", "%", None),
        ("GB/T 36344-2018 维度", "个", None),
        ("甲 1/2，乙 3/4", "%", None),
        ("8+9", "%", None),
        ("3/0", "%", "share(3, 0)"),
        ("5 of 0", "%", None),
        ("样本64/86个", "个", None),
        ("占比64/86", "%", "share(64, 86)"),
    ],
)
def test_arithmetic_in_words(text: str, unit: str, formula: str | None) -> None:
    found = arithmetic_in(text, unit)
    assert (found.text if found else None) == formula

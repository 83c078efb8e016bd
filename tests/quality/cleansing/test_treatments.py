"""Each kind of step does what it says, and what it cannot do stays as it was, with a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as within
from hypothesis import strategies as st

from kaishu.base.errors import Said
from kaishu.quality.cleansing.treatments.calendar import DateForms, read_date
from kaishu.quality.cleansing.treatments.figures import NumberForms, read_number
from tests.quality.cleansing.cleaned import cleaned, column


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("step: trim", ["　a b\u200b", "\ufeff x\xa0", "", None], ["a b", "x", "", None]),
        ("step: spaces", ["a  b　c", "张 三"], ["a b c", "张 三"]),
        ("step: spaces, to: chinese", ["张 三 四  A  B", "a b"], ["张三四 A B", "a b"]),
        ("step: spaces, to: none", ["1 2　3", None], ["123", None]),
        ("step: case, to: upper", ["11x", "É"], ["11X", "É"]),
        ("step: width", ["ＡＢ１２　（甲）", "，a"], ["AB12 （甲）", "，a"]),
        ("step: width, of: [marks]", ["（１）"], ["(１)"]),
        ("step: width, to: full, of: [digits]", ["a1"], ["a１"]),
        ("step: join, columns: [c], into: c", ["a", None], ["a", None]),
        ("step: fill, column: c, constant: x", [None, " ", "a"], ["x", "x", "a"]),
        ("step: derive, column: c, expression: upper(c)", ["a", None], ["A", None]),
    ],
)
def test_text_is_mended(step: str, before: list[Any], after: list[Any]) -> None:
    assert column(step, before) == (after, {})


DATES = {
    "2020年1月2日": "2020-01-02",
    "2020.1.2": "2020-01-02",
    "2020/01/02": "2020-01-02",
    "20200102": "2020-01-02",
    "2020 年 1 月 2 号": "2020-01-02",
    "２０２０－０１－０２": "2020-01-02",
    "二〇二〇年十二月三十一日": "2020-12-31",
    "二○○一年元月二十日": "2001-01-20",
    "2020-01-02 00:00:00": "2020-01-02",
    "2020-02-30": "no such day",
    "20200230": "no such day",
    "民国九年一月二日": "Republic",
    "农历二〇二〇年正月初二": "lunar",
    "二〇二〇年正月二日": "lunar",
    "2020年1月": "no day",
    "20.1.2": "two digits",
    "200102": "two digits",
    "01/02/2020": "year is last",
    "43832": "Excel",
    "2020-01-02 10:30": "time of day",
    "明天": "no known way",
}


def test_dates_become_one_form_or_stay_with_a_reason() -> None:
    for text, wanted in DATES.items():
        (got,), why = column("step: dates, column: c", [text])
        if wanted[0] == "2":
            assert (got, why) == (wanted, {}), text
        else:
            assert got == text and wanted in why[text], (text, why)


@pytest.mark.parametrize(
    ("more", "text", "wanted"),
    [
        ("excel: true", "43832", "2020-01-02"),
        ("excel: true", "43832.0", "2020-01-02"),
        ("excel: true", "1", "1900-01-01"),
        ("excel: true", "60", "60"),
        ("two-digit-years: 30", "20.1.2", "2020-01-02"),
        ("two-digit-years: 30", "31年1月2日", "1931-01-02"),
        ("year-last: dmy", "01/02/2020", "2020-02-01"),
        ("year-last: mdy", "01/02/2020", "2020-01-02"),
        ("time: drop", "2020年1月2日 10:30", "2020-01-02"),
        ("to: compact", "2020-01-02", "20200102"),
        ("to: chinese", "2020-01-02", "2020年1月2日"),
    ],
)
def test_doubtful_dates_count_only_if_said(more: str, text: str, wanted: str) -> None:
    assert column(f"step: dates, column: c, {more}", [text, None])[0] == [wanted, None]


NUMBERS = {
    "1,234.50": "1234.5",
    "1，234": "1234",
    "-３．５": "-3.5",
    "￥1,000": "1000",
    "007": "7",
    "1.5万": "15000",
    "3亿2000万": "320000000",
    "2万5000": "25000",
    "1.2万亿": "1200000000000",
    "12.5%": "0.125",
    "百分之三十": "0.3",
    "一百二十三": "123",
    "壹仟零贰拾": "1020",
    "十二": "12",
    "三亿二千万零五": "320000005",
    "二〇二四": "2024",
    "三点一四": "3.14",
    "负五": "-5",
    "1,23": None,
    "2万5": None,
    "一百五": None,
    "一万五": None,
    "万": None,
    "十十": None,
    "12a": None,
    "": None,
    "1" * 60 + "万": None,
}


def test_numbers_become_digits_or_stay() -> None:
    for text, wanted in NUMBERS.items():
        (got,), why = column("step: numbers, column: c", [text])
        assert (got, bool(why)) == (wanted or text, wanted is None), text
    assert column("step: numbers, column: c, units: [元, 万元], percent: number", ["3 元", "5%", "2万元"])[
        0
    ] == [
        "3",
        "5",
        "2",
    ]


@given(st.dates(), st.sampled_from(["%Y年%-m月%-d日", "%Y.%m.%d", "%Y/%-m/%-d", "%Y%m%d", "%Y-%m-%d"]))
@within(max_examples=100, deadline=None)
def test_every_date_is_read_from_every_form(day: date, form: str) -> None:
    written = day.strftime(form).replace(str(day.year), f"{day.year:04}", 1)
    assert read_date(written, DateForms()) == day


@given(st.text("0123456789一二十百千万亿零点两壹,.-%年月日正民国 ", max_size=12))
@within(max_examples=200, deadline=None)
def test_no_text_breaks_the_readers(text: str) -> None:
    assert isinstance(read_date(text, DateForms(excel=True, short=30, year_last="dmy")), date | Said)
    assert isinstance(read_number(text, NumberForms()), str | Said)


@given(st.integers(0, 10**12 - 1))
@within(max_examples=200, deadline=None)
def test_chinese_numerals_say_the_number_they_were_made_of(number: int) -> None:
    assert read_number(numeral(number), NumberForms()) == str(number)


def numeral(number: int) -> str:
    """As it is written: 10305 is 一万零三百零五."""
    if number < 10:
        return "零一二三四五六七八九"[number]
    for unit, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            rest = number % unit
            gap = "零" if 0 < rest < unit // 10 else ""
            return numeral(number // unit) + word + (gap + numeral(rest) if rest else "")
    raise AssertionError


def test_codes_are_mapped_and_what_the_mapping_lacks_is_listed() -> None:
    got, why = column(
        "step: map, column: c, codes: gb-t-2261-1, values: {不详: 0}", ["男", "2", "F", "不详", "?", None]
    )
    assert got == ["1", "2", "2", "0", "?", None]
    assert list(why) == ["?"]
    assert column("step: map, column: c, codes: gb-t-2261-1, to: label", ["1", "女性"])[0] == ["男性", "女性"]
    got, why = column("step: map, column: c, codes: gb-t-2260, to: successor", ["110228", "110118", "110103"])
    assert got == ["110118", "110118", "110103"] and "no single code" in why["110103"]


def test_gaps_are_filled_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("code,name\n1,甲\n2,乙\n2,丙\n", encoding="utf-8")
    values = {
        "id": ["11010519491231002X", "440524188001010014", "11010519491231002Y", None],
        "birth": [None, "x", " ", None],
        "sex": [None] * 4,
        "k": ["1", "2", "3", None],
        "name": [None, None, None, "d"],
    }
    steps = (
        " - {step: fill, column: birth, citizen-id: id, part: birth}\n"
        " - {step: fill, column: sex, citizen-id: id, part: sex}\n"
        " - {step: fill, column: name, reference: r.csv, key: k, reference-key: code}\n"
        " - {step: fill, column: name, from: k}\n"
    )
    types = dict.fromkeys(values, "text") | {"k": "text"}
    found, result = cleaned(steps, values, types=types, folder=tmp_path)
    assert found["birth"] == ["1949-12-31", "x", " ", None]
    assert found["sex"] == ["2", "1", None, None]
    # Two names for the code 2: neither is believed.
    assert found["name"] == ["甲", "2", "3", "d"]
    assert [each.refused for each in result.steps] == [2, 2, 2, 0]


def test_columns_are_split_joined_and_derived() -> None:
    values = {"full": ["a-b", "abc", None], "x": [1, 2, None], "y": [0, 4, 1]}
    types = {"full": "text", "x": "integer", "y": "integer"}
    steps = (
        " - {step: split, column: full, into: [l, r], separator: '-'}\n"
        " - {step: split, column: full, into: [p], pattern: '(a.)c'}\n"
        " - {step: join, columns: [r, x], into: j, separator: '/'}\n"
        " - {step: derive, column: ratio, expression: x / y}\n"
        " - {step: derive, column: y, expression: x + 1, when: x = 2}\n"
    )
    found, result = cleaned(steps, values, types=types)
    assert (found["l"], found["r"], found["p"]) == (["a", None, None], ["b", None, None], [None, "ab", None])
    assert found["j"] == ["b/1", "2", None]
    assert (found["ratio"], found["y"]) == ([None, 0.5, None], [0, 3, 1])
    assert [each.refused for each in result.steps] == [1, 1, 0, 1, 0]
    assert result.steps[0].refusals[0]["old"] == "abc"


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        ("first", [1, 3, 5, 6]),
        ("last", [3, 4, 5, 6]),
        ("newest, by: d", [2, 3, 5, 6]),
        ("most-complete", [3, 4, 5, 6]),
    ],
)
def test_one_of_each_group_survives(keep: str, left: list[int]) -> None:
    values = {
        "n": [1, 2, 3, 4, 5, 6],
        "k": ["a", "a ", "b", "a", None, " "],
        "d": ["2020", "2022", None, "2021", None, None],
        "e": [None, None, None, "e", None, None],
    }
    types = dict.fromkeys(values, "text") | {"n": "integer"}
    # Blanks go first, so the second row is a duplicate only because of an earlier step.
    found, result = cleaned(
        f" - step: trim\n - {{step: deduplicate, column: k, keep: {keep}}}", values, types=types
    )
    assert found["n"] == left
    assert result.steps[1].removed == 2 and result.left == 4


def test_rows_are_set_apart_or_left_and_listed() -> None:
    values = {"n": ["1", "2", None, "x"]}
    found, result = cleaned(
        " - {step: filter, condition: number(n) > 1}\n"
        " - {step: tolerate, failing: {check: pattern, column: n, pattern: '[0-9]'}}",
        values,
    )
    assert found["n"] == ["1", None, "x"]
    assert [(each.removed, each.tolerated) for each in result.steps] == [(1, 0), (0, 1)]
    assert result.steps[0].changes[0]["old"] == '{"n":"2"}'


def test_checks_see_columns_that_steps_have_added() -> None:
    found, _ = cleaned(
        " - {step: derive, column: twice, expression: number(n) * 2}\n"
        " - {step: filter, failing: {check: range, column: twice, max: 5}}",
        {"n": ["1", "3"]},
    )
    assert found["n"] == ["1"]


def test_long_texts_are_refused_at_once() -> None:
    long = "2020" + " " * 1_000_000 + "x"
    for step in ("dates", "numbers"):
        assert column(f"step: {step}, column: c", [long])[0] == [long]

"""Types: nothing that a type would lose is given that type, and every value is checked."""

from __future__ import annotations

import datetime as dt

import pytest

from kaishu.base.errors import Invalid
from kaishu.lake.reading import ReadOptions
from tests.lake.reading.conftest import Read


@pytest.mark.parametrize(
    ("header", "values", "type", "reason"),
    [
        ("数", ["0101", "2200"], "text", "leading-zero"),
        ("数", ["-007", "5"], "text", "leading-zero"),
        ("数", ["1234567890123456", "5"], "text", "long-digits"),
        ("数", ["123456789012345", "-5"], "integer", "all-integers"),
        ("身份证号", ["11010119900307451X", "110101199003074512"], "text", "code-header"),
        ("统一社会信用代码", ["91110000100000000X"], "text", "code-header"),
        ("行政区划", ["110101", "110102"], "text", "code-header"),
        ("联系电话", ["62751234", "13900000000"], "text", "code-header"),
        ("邮编", ["100871"], "text", "code-header"),
        ("移动电话用户数", ["100871", "5"], "integer", "all-integers"),
        ("邮政业务总量（亿元）", ["1.5", "5"], "number", "all-numbers"),
        ("provinceCode", ["11", "12"], "text", "code-header"),
        ("parent_id", ["11", "12"], "text", "code-header"),
        ("序号", ["1", "2"], "integer", "all-integers"),
        ("面积", ["1.5", ".5", "-3.", "2"], "number", "all-numbers"),
        ("面积", ["1.5e-7", "2.5E+3"], "number", "all-numbers"),
        ("房间", ["2E10", "3E11"], "text", "mixed"),
        ("比例", ["12.5%", "3%"], "text", "words"),
        ("金额", ["1,234,567", "2"], "text", "mixed"),
        ("停用", ["true", "FALSE"], "boolean", "all-booleans"),
        ("停用", ["是", "否"], "text", "words"),
        ("日", ["2020-01-11", "2020/1/11", "2020.1.11", "2020年1月11日"], "date", "all-dates"),
        ("成立日期", ["20200111", "19991231"], "date", "compact-dates"),
        ("编", ["20200111", "19991231"], "integer", "all-integers"),
        ("成立日期", ["20200111", "20201301"], "integer", "all-integers"),
        ("日期", ["2020-02-30", "2020-01-01"], "text", "words"),
        ("时刻", ["2020-01-11 08:00", "2020-01-11T08:00:05", "2020/1/11 8:05"], "datetime", "all-datetimes"),
        ("时刻", ["2020-01-11 08:00", "2020-01-11"], "datetime", "all-datetimes"),
        ("时刻", ["2020-01-11T08:00:00+08:00"], "text", "words"),
        ("空", ["", ""], "text", "empty"),
        ("无", ["NA", "-"], "text", "words"),
    ],
)
def test_a_column_gets_the_type_that_loses_nothing(
    read: Read, header: str, values: list[str], type: str, reason: str
) -> None:
    rows = "".join(f'"{value}",x\n' for value in values)
    table = read(f"{header},末\n{rows}", header_row=1)
    assert (table.types[header], table.reasons[header]) == (type, reason)
    if type == "text":
        assert table.column(header) == [value or None for value in values]
    assert not table.aside


def test_the_five_ways_of_writing_a_day_are_one_day(read: Read) -> None:
    table = read("日期\n2020-01-11\n2020/1/11\n2020.1.11\n2020年1月11日\n")
    assert table.column("日期") == [dt.date(2020, 1, 11)] * 4
    assert read("日期\n20200111\n").column("日期") == [dt.date(2020, 1, 11)]


def test_times_keep_their_seconds(read: Read) -> None:
    table = read(
        "时刻\n2020-01-11 08:00\n2020/1/11 8:05:09\n2020年1月11日 08:00:00\n2020-01-11T08:00:00.25\n"
    )
    assert table.column("时刻") == [
        dt.datetime(2020, 1, 11, 8),
        dt.datetime(2020, 1, 11, 8, 5, 9),
        dt.datetime(2020, 1, 11, 8),
        dt.datetime(2020, 1, 11, 8, 0, 0, 250_000),
    ]


def test_missing_words_are_null_in_numbers_and_counted(read: Read) -> None:
    table = read("站,值\nNA,1.5\nNA,NA\n-,—\n甲, \n乙,\n")
    assert table.column("值") == [1.5, None, None, None, None]
    assert table.column("站") == ["NA", "NA", "-", "甲", "乙"]
    counted = {
        note.facts["token"]: note.facts["count"]
        for note in table.reading.notes
        if note.code == "missing-token"
    }
    assert counted == {"NA": 1, "—": 1, " ": 1}


def test_no_is_not_taken_for_missing(read: Read) -> None:
    assert read("床位\n12\n无\n").types["床位"] == "text"


@pytest.mark.parametrize(
    ("early", "late", "narrow", "wider"),
    [
        ("12", "12.5", "integer", "number"),
        ("12", "012", "integer", "text"),
        ("12", "1234567890123456", "integer", "text"),
        ("12", "0x10", "integer", "text"),
        ("12", "甲", "integer", "text"),
        ("1.5", "00.5", "number", "text"),
        ("1.5", "inf", "number", "text"),
        ("1.5", "1E5", "number", "text"),
        ("1.5", "1234567890123456", "number", "text"),
        ("2020-01-01", "2020-01-01 08:00", "date", "datetime"),
        ("2020-01-01", "2020年", "date", "text"),
        ("true", "maybe", "boolean", "text"),
    ],
)
def test_a_late_value_makes_the_type_wider_and_is_named(
    read: Read, early: str, late: str, narrow: str, wider: str
) -> None:
    count = 60_000  # far from both ends of the file, which are looked at before
    table = read("值,末\n" + f"{early},一\n" * count + f"{late},二\n" + f"{early},三\n" * count)
    assert table.types["值"] == wider
    assert table.restarts == 1
    assert table.note("type-widened") == {
        "column": "值", "row": count + 2, "value": late, "narrow": narrow, "wider": wider,
    }  # fmt: skip
    if wider == "text":
        assert table.rows[count]["值"] == late


def test_a_type_that_a_person_set_sets_rows_aside(read: Read) -> None:
    table = read("区,人口\n东城,708829\n西城,约110万\n海淀,“三百万”\n", types={"人口": "integer"})
    assert table.column("人口") == [708829]
    assert [(row["line"], row["reason"]) for row in table.aside] == [(3, "not-integer"), (4, "not-integer")]
    assert "人口" in table.aside[0]["zh"]
    assert "约110万" in table.aside[0]["en"]


def test_what_a_person_may_ask_of_a_type(read: Read) -> None:
    table = read(
        '编号,金额,在用,日\n007,"1,234.5",是,20200111\n+12,-3,否,2020-01-12\n1.0,0.5,Y,2020/1/13\n',
        types={"编号": "integer", "金额": "number", "在用": "boolean", "日": "date"},
    )
    assert table.column("编号") == [7, 12, 1]
    assert table.column("金额") == [1234.5, -3.0, 0.5]
    assert table.column("在用") == [True, False, True]
    assert table.column("日") == [dt.date(2020, 1, 11), dt.date(2020, 1, 12), dt.date(2020, 1, 13)]
    assert not table.aside


def test_text_is_always_possible(read: Read) -> None:
    assert read("值\n1\n2.50\n", types={"值": "text"}).column("值") == ["1", "2.50"]


def test_numbers_beyond_a_double_are_noted(read: Read) -> None:
    table = read("经度,末\n121.486884693167838,x\n121.5,y\n")
    assert table.column("经度") == [121.486884693167838, 121.5]
    assert table.note("rounded-number") == {"column": "经度", "count": 1}


def test_options_are_checked_and_come_back_as_given() -> None:
    given = {
        "encoding": "gbk",
        "delimiter": "\t",
        "header_row": 3,
        "types": {"a": "date"},
        "names": {"x": "a"},
    }
    assert ReadOptions.from_dict(given).to_dict() == given
    assert ReadOptions.from_dict({"encoding": "", "header_row": "2", "delimiter": "tab"}).to_dict() == {
        "header_row": 2, "delimiter": "\t",
    }  # fmt: skip
    for wrong in (
        {"format": "pdf"}, {"delimiter": "ab"}, {"header_row": -1}, {"header_row": True},
        {"types": {"a": "blob"}},
        {"names": ["a"]}, {"colour": "red"}, {"sheet": 3},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            ReadOptions.from_dict(wrong)

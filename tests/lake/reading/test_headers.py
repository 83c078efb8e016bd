"""Headers as they really stand: titles above, comments, gaps, repeats, two rows, none."""

from __future__ import annotations

import pytest

from kaishu.lake.errors import NoDataRows
from tests.lake.reading.conftest import Read


def test_title_rows_above_the_header_are_noted(read: Read) -> None:
    table = read("附件1,,\n全市学校名录（2025年）,,\n序号,学校,人数\n1,一中,1200\n2,二中,900\n")
    assert table.plan.header_row == 3
    assert table.column("学校") == ["一中", "二中"]
    assert table.note("title-rows") == {"count": 2, "text": "附件1；全市学校名录（2025年）"}


def test_title_lines_without_delimiters_are_titles_too(read: Read) -> None:
    table = read("全市学校名录\n单位：人\n序号,学校,人数\n1,一中,1200\n2,二中,900\n3,三中,800\n")
    assert table.plan.header_row == 3
    assert len(table.rows) == 3


def test_a_comment_line_is_not_the_header(read: Read) -> None:
    table = read("# 来源：统计局, 单位：亿元\n地区,2023,2022,2021\n北京,43760.7,41540.9,41045.6\n")
    assert list(table.types) == ["地区", "2023", "2022", "2021"]
    assert table.note("comment-line")["count"] == 1


def test_years_are_names_of_columns(read: Read) -> None:
    table = read("地区,2015,2016\n全国,138326,139232\n北京,2188,2195\n")
    assert list(table.types) == ["地区", "2015", "2016"]


def test_a_file_without_header_says_so(read: Read) -> None:
    table = read("110101,东城区,41.8\n110102,西城区,50.3\n110105,朝阳区,470.8\n")
    assert table.plan.header_row == 0
    assert table.rows[0] == {"列1": 110101, "列2": "东城区", "列3": 41.8}
    assert "no-header" in table.codes


def test_a_person_can_say_where_the_header_is(read: Read) -> None:
    text = "甲,乙\n丙,丁\n1,2\n"
    assert list(read(text, header_row=2).types) == ["丙", "丁"]
    assert len(read(text, header_row=0).rows) == 3


def test_blank_and_repeated_names_are_told_apart(read: Read) -> None:
    table = read("名称,,名称,_id, Name ,NAME\n甲,1,乙,7,x,y\n")
    assert list(table.types) == ["名称", "列2", "名称_2", "_id_2", "Name", "NAME_2"]
    codes = [note.code for note in table.plan.notes]
    assert codes.count("duplicate-header") == 3
    assert codes.count("blank-header") == 1
    assert codes.count("changed-header") == 1


def test_line_ends_in_a_name_become_blanks(read: Read) -> None:
    table = read('"面积\n（平方米）",b\n1,2\n')
    assert list(table.types) == ["面积 （平方米）", "b"]
    assert table.rows == [{"面积 （平方米）": 1, "b": 2}]


def test_a_group_row_above_the_names_is_joined(read: Read) -> None:
    table = read("地区,2023,,2022,\n,数量,同比,数量,同比\n北京,16,1.5,16,0.5\n天津,16,2.5,16,0.1\n")
    assert list(table.types) == ["地区", "2023_数量", "2023_同比", "2022_数量", "2022_同比"]
    assert len(table.rows) == 2
    assert table.note("joined-header") == {"count": 2}


def test_section_rows_in_a_numbered_table_are_set_aside(read: Read) -> None:
    table = read("序号,学校,人数\n东城区（2所）,,\n1,一中,5\n2,二中,6\n西城区（1所）,,\n1,四中,7\n")
    assert table.types["序号"] == "integer"
    assert len(table.rows) == 3
    assert [(row["line"], row["reason"]) for row in table.aside] == [(2, "section-row"), (5, "section-row")]


def test_a_note_below_the_table_is_set_aside(read: Read) -> None:
    table = read("序号,学校,人数\n1,一中,5\n2,二中,6\n注：截至2025年,,\n")
    assert [row["reason"] for row in table.aside] == ["note-row"]


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "区,人口\n\n\n"])
def test_a_header_only_is_no_table(read: Read, text: str) -> None:
    with pytest.raises(NoDataRows):
        read(text)


def test_any_name_as_found_can_be_changed(read: Read) -> None:
    table = read(
        "名称,,名称\n甲,1,乙\n",
        names={"名称_2": "别名", "列2": "数", "名称": "别名"},
        types={"别名_2": "text"},
    )
    assert list(table.types) == ["别名", "数", "别名_2"]

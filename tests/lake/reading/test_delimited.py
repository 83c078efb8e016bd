"""CSV and TSV as they really come: every row is read or set aside, and says why."""

from __future__ import annotations

import pytest

from kaishu.lake.errors import FieldTooLong, NoRowFits, NoSuchColumn, NoSuchHeader, TooManyColumns
from kaishu.lake.reading.aside import REASONS, SHORT
from tests.lake.reading.conftest import Read


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(read: Read, delimiter: str) -> None:
    text = "区,人口,说明\n东城,708829,甲\n西城,1106214,乙\n".replace(",", delimiter)
    table = read(text)
    assert table.plan.delimiter == delimiter
    assert table.column("人口") == [708829, 1106214]
    assert table.plan.format == ("tsv" if delimiter == "\t" else "csv")


def test_a_person_can_set_the_delimiter(read: Read) -> None:
    table = read("a,b;c\n1,2;3\n", delimiter=";")
    assert list(table.types) == ["a,b", "c"]


def test_one_column_is_a_table(read: Read) -> None:
    assert read("名称\n甲\n乙\n").column("名称") == ["甲", "乙"]


def test_ragged_rows_are_set_aside_with_line_and_text(read: Read) -> None:
    table = read('a,b,c\n1,2,3\n4,5\n"x\ny",5,6\n7,8,9,10\n11,12,13\n')
    assert [row["b"] for row in table.rows] == [2, 5, 12]
    assert [(row["line"], row["reason"], row["text"]) for row in table.aside] == [
        (3, "ragged-row", "4,5"),
        (6, "ragged-row", "7,8,9,10"),
    ]
    assert "2列" in table.aside[0]["zh"]
    assert table.note("set-aside") == {"count": 2, "reason": "ragged-row"}
    (said,) = [note for note in table.reading.notes if note.code == "set-aside"]
    assert said.zh == "2行未能读入，已连同原因另存：列数与表头不同。", "no code in a sentence"
    assert "ragged-row" not in said.en
    assert SHORT.keys() == REASONS.keys()


def test_blank_lines_are_counted(read: Read) -> None:
    table = read('a,b\n\n1,2\n\n\n3,4\n   \n"5\n\n6",7\n\n')
    assert len(table.rows) == 3
    assert not table.aside
    assert table.note("blank-lines") == {"count": 5}


def test_quotes_newlines_and_commas_survive(read: Read) -> None:
    table = read('名称,说明\n甲,"一,""二""\n三"\n乙,5" 管\n丙,"引"后\n')
    assert table.column("说明") == ['一,"二"\n三', '5" 管', "引后"]


def test_a_stray_quote_in_a_field_does_not_swallow_lines(read: Read) -> None:
    text = "a,b,c\n" + "".join(f'{i},5" 管,"甲\n乙"\n' for i in range(40_000))
    table = read(text)
    assert len(table.rows) == 40_000
    assert {row["c"] for row in table.rows} == {"甲\n乙"}


def test_lines_stay_exact_behind_quoted_line_ends(read: Read) -> None:
    text = "a,b\n" + "".join(f'{i},"甲\n\n乙"\n' for i in range(200_000)) + "x\n"
    table = read(text)
    assert len(table.rows) == 200_000
    assert [(row["line"], row["text"]) for row in table.aside] == [(600_002, "x")]


def test_an_unclosed_quote_at_the_end_is_set_aside(read: Read) -> None:
    table = read('a,b\n1,2\n3,"没有闭合\n4,5\n')
    assert table.rows == [{"a": 1, "b": "2"}] or table.rows == [{"a": 1, "b": 2}]
    assert [(row["line"], row["reason"]) for row in table.aside] == [(3, "unclosed-quote")]
    assert table.aside[0]["text"] == '3,"没有闭合\n4,5'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(read: Read, end: str) -> None:
    table = read(end.join(["区,数", "东城,1", "西城,2"]))
    assert table.rows == [{"区": "东城", "数": 1}, {"区": "西城", "数": 2}]


def test_a_trailing_delimiter_on_every_line_is_no_column(read: Read) -> None:
    table = read("编码,名称,\n01,甲,\n02,乙,\n")
    assert table.rows == [{"编码": "01", "名称": "甲"}, {"编码": "02", "名称": "乙"}]
    assert table.note("trailing-delimiter") == {"position": 3}


def test_trailing_delimiters_on_data_lines_only(read: Read) -> None:
    assert read("编码,名称\n01,甲,\n02,乙,\n").rows[1] == {"编码": "02", "名称": "乙"}


def test_a_left_out_column_that_is_not_empty_after_all_is_read(read: Read) -> None:
    table = read("编码,名称,\n" + "01,甲,\n" * 60_000 + "02,乙,丙\n")
    assert table.restarts == 1
    assert table.rows[-1] == {"编码": "02", "名称": "乙", "列3": "丙"}
    assert table.note("column-appeared")["row"] == 60_002


def test_rows_of_empty_fields_are_rows(read: Read) -> None:
    assert read("a,b\n1,x\n,\n2,y\n").rows[1] == {"a": None, "b": None}


def test_html_and_script_are_text_like_any_other(read: Read) -> None:
    script = "<script>alert('x')</script>"
    table = read(f'名称,值\n{script},=1+1\n"<b>粗</b>",@SUM(A1)\n')
    assert table.column("名称") == [script, "<b>粗</b>"]
    assert table.column("值") == ["=1+1", "@SUM(A1)"]


def test_a_field_beyond_the_limit_is_refused_with_its_place(read: Read) -> None:
    for long in ("x" * 10_000_000, '"' + "x\n" * 5_000_000 + '"'):
        with pytest.raises(FieldTooLong) as caught:
            read("a,b\n1,短\n2," + long + "\n3,短\n")
        assert (caught.value.facts["line"], caught.value.facts["column"]) == (3, 2)


def test_a_quote_never_closed_in_a_large_file_is_refused(read: Read) -> None:
    with pytest.raises(FieldTooLong) as caught:
        read('a,b\n1,"2\n' + "3,4\n" * 800_000)
    assert (caught.value.facts["line"], caught.value.facts["column"]) == (2, 2)


def test_too_many_columns_are_refused(read: Read) -> None:
    with pytest.raises(TooManyColumns) as caught:
        read(",".join(f"c{i}" for i in range(5000)) + "\n" + ",".join("1" * 5000) + "\n")
    assert caught.value.facts["count"] == 5000


def test_options_for_what_is_not_there_are_refused(read: Read) -> None:
    with pytest.raises(NoSuchHeader):
        read("a,b\n1,2\n", header_row=9)
    with pytest.raises(NoSuchColumn):
        read("a,b\n1,2\n", types={"c": "text"})


def test_columns_can_be_renamed_and_typed(read: Read) -> None:
    table = read("a,b\n1,2\n", names={"a": "区"}, types={"区": "text"})
    assert table.rows == [{"区": "1", "b": 2}]
    assert table.plan.columns[0].source_name == "a"


def test_rows_that_never_fit_the_header_say_so(read: Read) -> None:
    with pytest.raises(NoRowFits) as caught:
        read("a,b,c\n1;2\n3;4\n", delimiter=",")
    assert caught.value.facts == {"file": "table.csv", "line": 2, "found": 1, "expected": 3}

"""Excel: titles, merged cells, sections, several sheets; numbers as people see them."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from kaishu.lake.errors import DamagedFile, NoDataRows, NoRecords, NoSuchPart, ProtectedFile
from tests.lake.reading.conftest import Read, read_path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tables"


def xlsx(sheets: dict[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名录")
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(place, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_titles_sections_and_codes_of_an_official_list(read: Read) -> None:
    rows = [
        ["附件1：", None, None, None],
        ["全国普通高等学校名单\n（截至2025年6月20日）", None, None, None],
        ["序号", "学校名称", "学校标识码", "备注"],
        ["北京市（2所）", None, None, None],
        [1, "北京大学", 4111010001, None],
        [2, "中国人民大学", 4111010002, "甲"],
        ["天津市（1所）", None, None, None],
        [3, "南开大学", 4112010055, None],
    ]
    table = read(xlsx({"名单": rows}, ("A1:D1", "A2:D2", "A4:D4", "A7:D7")), "名单.xlsx")
    assert table.plan.header_row == 3
    assert table.rows[0] == {"序号": 1, "学校名称": "北京大学", "学校标识码": "4111010001", "备注": None}
    assert [(row["line"], row["reason"]) for row in table.aside] == [(4, "section-row"), (7, "section-row")]
    assert table.aside[0]["text"].startswith("北京市（2所）")
    assert table.note("section-rows") == {"count": 2}


def test_xls_is_read_like_xlsx(read: Read) -> None:
    rows = [["区划代码", "名称", "面积"], [110101, "东城区", 41.84], ["010010", "某区", 3.0]]
    assert read(xls(rows), "a.xls").rows == read(xlsx({"名录": rows}), "a.xlsx").rows
    assert read(xls(rows), "a.xls").column("区划代码") == ["110101", "010010"]


def test_the_sheet_with_the_data_is_chosen(read: Read) -> None:
    content = xlsx({"封面": [["说明"]], "数据": [["区", "数"], ["东城", 1], ["西城", 2]], "空": []})
    table = read(content, "a.xlsx")
    assert table.plan.sheet == "数据"
    assert [sheet["name"] for sheet in table.plan.sheets] == ["封面", "数据", "空"]
    assert table.note("sheet-chosen") == {"count": 3, "sheet": "数据"}
    with pytest.raises(NoSuchPart):
        read(content, "a.xlsx", sheet="无此表")
    with pytest.raises(NoDataRows):
        read(content, "a.xlsx", sheet="封面")


def test_two_header_rows_with_merged_years_are_joined(read: Read) -> None:
    rows = [
        ["级别", "描述", 2023, None, 2022, None],
        [None, None, "数量", "同比", "数量", "同比"],
        [1, "省", 31, 0, 31, 0],
        [2, "市", 339, -3, 342, 0],
    ]
    table = read(xlsx({"总": rows}, ("A1:A2", "B1:B2", "C1:D1", "E1:F1")), "a.xlsx")
    assert list(table.types) == ["级别", "描述", "2023_数量", "2023_同比", "2022_数量", "2022_同比"]
    assert table.rows[1]["2023_同比"] == -3


def test_cells_merged_over_rows_are_filled(read: Read) -> None:
    rows = [["区", "街道", "人口"], ["东城", "东华门", 5], [None, "景山", 4], ["西城", "什刹海", 9]]
    table = read(xlsx({"表": rows}, ("A2:A3",)), "a.xlsx")
    assert table.column("区") == ["东城", "东城", "西城"]
    assert table.note("merged-filled") == {"count": 1}


def test_days_times_and_truth_come_as_such(read: Read) -> None:
    rows = [
        ["日期", "时刻", "在用", "钟点"],
        [dt.date(2020, 1, 11), dt.datetime(2020, 1, 11, 8, 30), True, dt.time(8, 30)],
        [dt.date(2020, 1, 12), dt.datetime(2020, 1, 12, 9, 0, 5), False, dt.time(9, 0)],
    ]
    table = read(xlsx({"表": rows}), "a.xlsx")
    assert table.rows[0] == {
        "日期": dt.date(2020, 1, 11), "时刻": dt.datetime(2020, 1, 11, 8, 30),
        "在用": True, "钟点": "08:30:00",
    }  # fmt: skip


def test_formulas_give_their_saved_results_and_gaps_are_noted(read: Read) -> None:
    table = read(xlsx({"表": [["a", "b"], [1, "=A2+1"], [2, 5]]}), "a.xlsx")
    assert table.column("b") == [None, 5]
    assert table.note("formula-cells") == {"count": 1}
    assert table.note("formula-without-value") == {"count": 1}


def test_error_cells_are_empty_and_counted(read: Read) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, "#N/A"], [2, 5]):
        book.active.append(row)
    book.active["B2"].data_type = "e"
    out = io.BytesIO()
    book.save(out)
    table = read(out.getvalue(), "a.xlsx")
    assert table.column("b") == [None, 5]
    assert table.note("error-cells") == {"count": 1}


def test_digits_that_excel_lost_are_noted(read: Read) -> None:
    table = read(xlsx({"表": [["身份证号", "b"], [110101199001011234, 1]]}), "a.xlsx")
    assert table.note("excel-digits") == {"column": "身份证号", "count": 1}


def test_blank_rows_and_footnotes_are_accounted_for(read: Read) -> None:
    rows = [
        ["区", "数", "量"],
        ["东城", 1, 2],
        [None, None, None],
        ["西城", 3, 4],
        ["数据来源：统计局", None, None],
    ]
    table = read(xlsx({"表": rows}), "a.xlsx")
    assert len(table.rows) == 2
    assert table.note("blank-lines") == {"count": 1}
    assert [(row["line"], row["reason"]) for row in table.aside] == [(5, "note-row")]


def test_a_workbook_with_a_password_is_refused() -> None:
    with pytest.raises(ProtectedFile) as caught:
        read_path(FIXTURES / "password.xlsx")
    assert "password.xlsx" in caught.value.sentence("zh")


def test_damaged_and_empty_workbooks_are_refused(read: Read) -> None:
    content = xlsx({"表": [["a"], [1]]})
    with pytest.raises(DamagedFile):
        read(content[: len(content) // 2], "a.xlsx")
    with pytest.raises(DamagedFile):
        read(xls([["a"], [1]])[:1500], "a.xls")
    with pytest.raises(NoRecords):
        read(xlsx({"表": []}), "a.xlsx")


def test_a_csv_that_is_really_a_workbook_is_read_as_one(read: Read) -> None:
    table = read(xlsx({"表": [["区", "数"], ["东城", 1]]}), "导出.csv")
    assert table.plan.format == "xlsx"
    assert table.rows == [{"区": "东城", "数": 1}]

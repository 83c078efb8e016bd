"""Many entries in one spreadsheet: out and back without a change, or with exactly the changes made."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu import catalogue, compilation, standards
from kaishu.access import Call
from kaishu.catalogue import Item, State, record_from
from kaishu.catalogue.drafts import CODED, DatasetRecord
from kaishu.compilation.errors import NoSheetColumns, SheetRowsWrong
from kaishu.compilation.sheet_columns import ITEMS, LISTED, MAIN, WRITTEN
from tests.compilation.conftest import Cast

Edit = Callable[[list[list[str]]], None]
FULL: dict[str, Any] = {
    "title": "婚姻登记机构",
    "description": "全市婚姻登记机构的名称、地址与电话。",
    "resource_class": "department",
    "format_category": "spreadsheet",
    "share_class": "unconditional",
    "open_class": "unconditional",
    "update_frequency": "yearly",
    "themes": ["livelihood"],
    "licence": "cc-by-4.0",
    "contact_name": "婚姻登记处",
    "tags": ["婚姻", "登记"],
    "issued": "2026-01-05",
    "items": [{"name": "addr", "title": "地址"}, {"name": "tel", "title": "电话"}],
}


def fill(cast: Cast, count: int = 3) -> None:
    for number in range(count):
        record = record_from({**FULL, "title": f"婚姻登记机构{number}"})
        catalogue.add_dataset(cast.steward, record=record, office="minzheng", name=f"d{number}")


def out(call: Call, folder: Path) -> Path:
    path = folder / "目录表.xlsx"
    compilation.take_out(call, path, office="minzheng")
    return path


def grid(path: Path, sheet: str = MAIN) -> list[list[str]]:
    book = calamine.load_workbook(path)
    return [[str(cell) for cell in row] for row in book.get_sheet_by_name(sheet).to_python()]


def saved(path: Path, sheets: dict[str, Iterable[list[str]]]) -> Path:
    """As a spreadsheet program saves it: without our styles, lists and comments."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def edited(path: Path, edit: Edit, items: Edit = lambda rows: None) -> Path:
    main, fields = grid(path), grid(path, ITEMS)
    edit(main)
    items(fields)
    return saved(path.with_name("改过.xlsx"), {"说明": [["x"]], MAIN: main, ITEMS: fields})


def plan(call: Call, path: Path) -> compilation.SheetPlan:
    return compilation.plan_sheet(call, compilation.read_sheet(path, path.name))


def at(rows: list[list[str]], heading: str) -> int:
    return rows[0].index(heading)


def test_out_and_back_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    path = out(cast.steward, tmp_path)
    found = plan(cast.steward, path)
    assert found.counts == {"unchanged": 3}
    assert found.problems == []
    assert plan(cast.steward, edited(path, lambda rows: None)).counts == {"unchanged": 3}


letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
words = st.text(letters, max_size=40)
lists = st.lists(st.text(letters, min_size=1, max_size=20), max_size=4)


@st.composite
def records(draw: st.DrawFn) -> DatasetRecord:
    data: dict[str, Any] = {
        "title": draw(st.text(letters, min_size=1, max_size=30).filter(lambda t: t.strip()))
    }
    for column in WRITTEN[1:]:
        if column.key in CODED:
            codes = [term.code for term in standards.vocabulary(CODED[column.key]).terms]
            one = st.sampled_from(codes)
            data[column.key] = draw(st.lists(one, max_size=3) if column.key in LISTED else one | st.just(""))
        elif column.key in LISTED:
            data[column.key] = draw(lists)
        elif column.key == "resource_category":
            data[column.key] = draw(st.sampled_from(["", "101", "209", "303014", "30301402"]))
        elif column.key in ("issued", "temporal_end"):
            data[column.key] = draw(st.dates().map(str) | st.none())
        elif column.key not in ("temporal_start", "spatial_code", "source_url"):
            data[column.key] = draw(words)
    names = draw(st.lists(st.text(letters, min_size=1, max_size=9).filter(lambda t: t.strip()), max_size=3))
    data["items"] = [
        Item(name=name, title=draw(words), letter=draw(st.sampled_from("CNYDTLMGBIF")), unit=draw(words))
        for name in dict.fromkeys(name.strip() for name in names)
    ]
    return DatasetRecord.model_validate(data)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(given_records=st.lists(records(), min_size=1, max_size=4))
def test_any_record_goes_out_and_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, cast: Cast, given_records: list[DatasetRecord]
) -> None:
    names = [
        catalogue.add_dataset(cast.boss, record=record, office="minzheng").name for record in given_records
    ]
    path = out(cast.steward, tmp_path_factory.mktemp("sheet"))
    found = plan(cast.steward, path)
    assert found.problems == []
    assert {row.kind for row in found.rows} == {"unchanged"}, [row.changes for row in found.rows]
    for name in names:
        catalogue.dataset_by_name(cast.boss, name).state = State.withdrawn
    cast.boss.session.flush()


def test_cells_that_were_changed_and_only_those_are_changed(cast: Cast, tmp_path: Path) -> None:
    fill(cast)

    def edit(rows: list[list[str]]) -> None:
        rows[2][at(rows, "更新周期")] = "每月"
        rows[2][at(rows, "发布日期")] = "2026年3月1日"
        rows[2][at(rows, "标签")] = "婚姻、登记，机构"
        rows.append(["" for _ in rows[0]])
        rows[-1][at(rows, "信息资源名称")] = "养老机构"
        rows[-1][at(rows, "层级")] = "市"

    def items(rows: list[list[str]]) -> None:
        rows[2][at(rows, "单位")] = "无"
        rows.append(["d0", "zip", "邮编", "字符型", "6", "", "", "", ""])

    path = edited(out(cast.steward, tmp_path), edit, items)
    found = plan(cast.steward, path)
    assert found.counts == {"changed": 1, "unchanged": 2, "new": 1}
    changed = next(row for row in found.rows if row.kind == "changed")
    assert {(c.heading, c.after) for c in changed.changes} == {
        ("更新周期", "每月"),
        ("发布日期", "2026年3月1日"),
        ("标签", "婚姻、登记，机构"),
        ("信息项 addr · 单位", "无"),
        ("信息项 zip", "邮编"),
    }
    done = compilation.apply_sheet(cast.steward, found, file_name=path.name)
    assert (done.changed, len(done.made)) == (["d0"], 1)
    record = DatasetRecord.model_validate(catalogue.dataset_by_name(cast.steward, "d0").record)
    assert (record.update_frequency, str(record.issued), record.tags) == (
        "monthly",
        "2026-03-01",
        ["婚姻", "登记", "机构"],
    )
    assert [item.name for item in record.items] == ["addr", "tel", "zip"]
    assert record.items[2].length == 6
    fresh = catalogue.dataset_by_name(cast.steward, done.made[0])
    assert (fresh.title, fresh.record["level"], fresh.office.name) == ("养老机构", "municipal", "minzheng")


def test_wrong_cells_are_named_and_nothing_is_half_taken(cast: Cast, tmp_path: Path) -> None:
    fill(cast)

    def edit(rows: list[list[str]]) -> None:
        rows[2][at(rows, "更新周期")] = "偶尔吧"
        rows[2][at(rows, "发布日期")] = "2026-02-30"
        rows[3][at(rows, "信息资源名称")] = ""
        rows[4][at(rows, "信息资源摘要")] = "好的改动，应当可以单独接受。"

    path = edited(out(cast.steward, tmp_path), edit)
    found = plan(cast.steward, path)
    assert found.counts == {"wrong": 2, "changed": 1}
    places = [(p.sheet, p.row, p.heading, p.value) for p in found.problems]
    assert (MAIN, 3, "更新周期", "偶尔吧") in places
    assert (MAIN, 4, "信息资源名称", "") in places
    assert "每月" in found.problems[0].said
    with pytest.raises(SheetRowsWrong, match="row 3"):
        compilation.apply_sheet(cast.steward, found)
    assert "好的" not in catalogue.dataset_by_name(cast.steward, "d2").record["description"]
    done = compilation.apply_sheet(cast.steward, found, only_good=True)
    assert (done.changed, done.left_out) == (["d2"], 2)


def test_what_changed_meanwhile_is_a_conflict_and_is_not_overwritten(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    path = out(cast.steward, tmp_path)
    catalogue.revise(cast.steward, "d1", record_from({**FULL, "title": "别人改的"}))

    def edit(rows: list[list[str]]) -> None:
        rows[3][at(rows, "电话")] = "12345"

    found = plan(cast.steward, edited(path, edit))
    assert found.counts["conflict"] == 1
    assert "重新取出" in found.problems[0].said
    with pytest.raises(SheetRowsWrong):
        compilation.apply_sheet(cast.steward, found)
    assert catalogue.dataset_by_name(cast.steward, "d1").title == "别人改的"


def test_rows_of_others_and_rows_twice_are_refused(cast: Cast, tmp_path: Path) -> None:
    fill(cast, 1)
    catalogue.add_dataset(cast.boss, record=record_from({"title": "学校"}), office="jiaoyu", name="schools")
    path = tmp_path / "all.xlsx"
    assert compilation.take_out(cast.boss, path) == 2

    def edit(rows: list[list[str]]) -> None:
        rows.append(["x"] + [""] * (len(rows[0]) - 1))
        rows[-1][at(rows, "信息资源名称")] = "新的"
        rows[-1][at(rows, "信息资源提供方")] = "教育局"

    found = plan(cast.steward, edited(path, edit))
    assert {(p.row, p.heading) for p in found.problems} >= {(5, "标识")}
    schools = next(row for row in found.rows if row.name == "schools")
    assert schools.kind == "wrong"
    twice = edited(path, lambda rows: rows.append(list(rows[2])))
    assert plan(cast.boss, twice).counts["wrong"] == 2


def test_several_are_submitted_in_one_go_and_the_rest_says_what_it_lacks(cast: Cast, tmp_path: Path) -> None:
    fill(cast, 2)

    def edit(rows: list[list[str]]) -> None:
        rows[2][at(rows, "电话")] = rows[3][at(rows, "电话")] = "12345"
        rows[3][at(rows, "许可协议")] = ""

    found = plan(cast.steward, edited(out(cast.steward, tmp_path), edit))
    done = compilation.apply_sheet(cast.steward, found, submit=True)
    assert done.submitted == ["d0"]
    assert "licence" in done.not_submitted["d1"]["zh"]
    again = plan(
        cast.steward, edited(out(cast.steward, tmp_path), lambda rows: rows[2].__setitem__(3, "新名"))
    )
    assert again.counts["conflict"] == 1, "what is in review is not changed"


def test_a_csv_in_gbk_is_taken_too(cast: Cast, tmp_path: Path) -> None:
    fill(cast, 2)
    rows = grid(out(cast.steward, tmp_path))
    rows[2][at(rows, "联系人或处室")] = "办公室"
    path = tmp_path / "目录.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    found = plan(cast.steward, path)
    assert found.counts == {"changed": 1, "unchanged": 1}


def test_another_table_is_refused_by_the_column_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(NoSheetColumns, match="信息资源名称"):
        compilation.read_sheet(path, path.name)

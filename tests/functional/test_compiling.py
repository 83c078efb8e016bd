"""A steward compiles: a duty list becomes drafts, and many entries are changed in one spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
import xlsxwriter

from tests.functional.conftest import Open, no_overflow

pytestmark = pytest.mark.browser

LIST = (
    "权责清单,,,,\n"
    "职权名称,类型,依据,申请材料,结果\n"
    "道路客运经营许可,行政许可,《道路运输条例》第十条,身份证；车辆清单,道路运输经营许可证\n"
    "公交线路调整公示,其他类别,《城市公共汽电车客运管理规定》,无,公交线路名录\n"
    "对违规客运的处罚,行政处罚,《道路运输条例》第六十三条,无,行政处罚决定书\n"
)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_duty_list_becomes_drafts(visit: Open, tmp_path: Path, width: int) -> None:
    steward = visit("steward", viewport={"width": width, "height": 900})
    file = tmp_path / f"清单{width}.csv"
    file.write_bytes(LIST.encode("gb18030"))
    steward.goto("/desk/duties")
    no_overflow(steward)
    steward.set_input_files("#file", str(file))
    steward.click("main form button.primary")
    steward.wait_for_selector(".duties")
    no_overflow(steward)
    text = steward.locator(".duties").inner_text()
    for said in ("道路运输经营许可证信息", "车辆清单", "公交线路名录", "身份证（公安机关）"):
        assert said in text
    steward.click("text=道路运输经营许可证信息")
    steward.wait_for_selector("#evidence")
    no_overflow(steward)
    assert "《道路运输条例》第十条" in steward.input_value("#share_condition")
    steward.fill("#title", f"道路客运许可证{width}")
    steward.click("button[value=accept]")
    steward.wait_for_selector("text=已采纳1条建议")
    steward.click("text=去看目录条目")
    steward.click("text=填写目录信息")
    assert steward.input_value("#business_item") == "道路客运经营许可"
    assert steward.input_value("#business_information") == "道路运输经营许可证信息"
    assert steward.input_value("#resource_code").startswith("30711000001/")
    steward.goto("/desk/duties/gaps")
    no_overflow(steward)
    assert "对违规客运的处罚" in steward.locator("main").inner_text()


def test_the_sheet_goes_out_is_changed_and_comes_back(visit: Open, tmp_path: Path) -> None:
    steward = visit("steward")
    steward.goto("/desk/sheet")
    with steward.expect_download() as download:
        steward.click("text=下载目录表")
    path = tmp_path / "目录表.xlsx"
    download.value.save_as(path)
    steward.set_input_files("#file", str(changed(path, "bus-stops", "偶尔")))
    steward.click("text=看看会改什么")
    steward.wait_for_selector("text=要改正的单元格")
    assert "不在代码表里" in steward.locator("#wrong ~ .sheet").inner_text()
    steward.goto("/desk/sheet")
    steward.set_input_files("#file", str(changed(path, "bus-stops", "每周")))
    steward.click("text=看看会改什么")
    steward.wait_for_selector("#changes")
    assert "每周" in steward.locator("td.after").first.inner_text()
    no_overflow(steward)
    steward.click("main form button.primary")
    steward.wait_for_selector("text=已写入草稿", timeout=120_000)
    steward.goto("/desk/datasets/bus-stops/record")
    assert steward.input_value("#update_frequency") == "weekly"


def changed(path: Path, name: str, frequency: str) -> Path:
    """As a spreadsheet program would save it, with one cell changed."""
    book = calamine.load_workbook(path)
    made = path.with_name(f"{frequency}.xlsx")
    out = xlsxwriter.Workbook(str(made))
    for title in ("目录", "信息项"):
        rows: list[list[Any]] = book.get_sheet_by_name(title).to_python()
        sheet = out.add_worksheet(title)
        for number, row in enumerate(rows):
            if row[0] == name and title == "目录":
                row[rows[0].index("更新周期")] = frequency
            for place, cell in enumerate(row):
                sheet.write_string(number, place, str(cell))
    out.close()
    return made

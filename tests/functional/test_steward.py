"""From a messy file to a published dataset and its next version, by steward and reviewer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.functional.conftest import Open, dataset_name, no_overflow

pytestmark = pytest.mark.browser
ROWS = [
    f"{code},{name},{number},2026-0{number}-01"
    for number, (code, name) in enumerate(
        [("00101", "第一小学"), ("00102", "第二小学"), ("00103", "实验中学")], 1
    )
]
HEAD = "编号,学校,班级数,启用日期"


def gbk_file(folder: Path, name: str, rows: list[str]) -> Path:
    """A table as an office would send it: GBK, a title row, Windows line ends."""
    path = folder / name
    path.write_bytes("\r\n".join(["全市学校名单,,,", HEAD, *rows, ""]).encode("gbk"))
    return path


def upload(page: Any, path: Path) -> None:
    """Choose the file and send it."""
    page.set_input_files("#file", str(path))
    page.click("main form button.primary")
    page.wait_for_url(re.compile(r"/desk/deliveries/"))


def confirm_and_wait(page: Any) -> None:
    """Store it and wait until it is there."""
    page.click("button[value=confirm]")
    page.wait_for_url(re.compile(r"/desk/tasks/"))
    page.wait_for_selector("text=已存入数据湖", timeout=120_000)


def fill_record(page: Any) -> None:
    """The least that a record needs."""
    page.fill("#description", "全市中小学的编号、名称和班级数，每学年更新一次。")
    page.select_option("#resource_class", "department")
    page.select_option("#format_category", "electronic-file")
    page.select_option("#share_class", "unconditional")
    page.select_option("#open_class", "unconditional")
    page.select_option("#licence", "cc-by-4.0")
    page.select_option("#update_frequency", "yearly")
    page.check("input[name=themes][value=education-science]")
    page.fill("#contact_name", "发展规划处")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_gbk_file_to_two_published_versions(visit: Open, tmp_path: Path, scripts: bool) -> None:
    title = "学校名单" if scripts else "学校名单（无脚本）"
    steward = visit("steward", java_script_enabled=scripts)
    steward.goto("/desk/new")
    upload(steward, gbk_file(tmp_path, "schools.csv", ROWS))
    assert steward.input_value("#encoding") == "gb18030"
    assert steward.input_value("#header_row") == "2"
    assert "第一小学" in steward.locator("#sample ~ .sheet").inner_text()
    correct_the_plan(steward)
    steward.fill("#title", title)
    confirm_and_wait(steward)
    assert "3行" in steward.locator("#progress").inner_text()
    steward.click("text=接着填写目录信息")
    name = dataset_name(steward)
    submit_with_a_mistake_first(steward)
    review_twice(visit, steward, name, title)
    new_version(visit, steward, name, tmp_path)


def correct_the_plan(page: Any) -> None:
    """班级数 becomes text, and the plan is read again before anything is stored."""
    row = page.locator("table.edit tbody tr").nth(2)
    assert row.locator("select").input_value() == "integer"
    row.locator("select").select_option("text")
    page.locator("button[value=reread]").last.click()
    page.wait_for_load_state()
    row = page.locator("table.edit tbody tr").nth(2)
    assert row.locator("select").input_value() == "text"
    assert "由您指定" in row.inner_text()


def submit_with_a_mistake_first(page: Any) -> None:
    """What is missing stands beside its field, and nothing that was written is lost."""
    page.fill("#contact_phone", "010-12345678")
    page.click("button[value=submit]")
    page.wait_for_selector("[role=alert]")
    assert page.locator("#description-error").is_visible()
    assert page.input_value("#contact_phone") == "010-12345678"
    fill_record(page)
    page.locator("input[name=item-description]").first.fill("全市统一编号")
    page.click("button[value=submit]")
    page.wait_for_selector("text=已提交")


def review_twice(visit: Open, steward: Any, name: str, title: str) -> None:
    """Returned with a reason, mended, submitted again, published."""
    reviewer = visit("reviewer")
    reviewer.goto("/review")
    reviewer.click(f"a[href='/review/{name}']")
    reviewer.click("button[value=return]")
    assert reviewer.locator("#reason-error").is_visible()
    reviewer.fill("#reason", "请写明数据来源。")
    reviewer.click("button[value=return]")
    reviewer.wait_for_selector("text=已退回")
    steward.goto("/desk")
    assert "请写明数据来源" in steward.locator("main").inner_text()
    steward.goto(f"/desk/datasets/{name}/record")
    steward.fill("#source", "教育统计年报")
    steward.click("button[value=submit]")
    steward.wait_for_selector("text=已提交")
    assert visit().request.get(f"/datasets/{name}").status == 404
    reviewer.goto(f"/review/{name}")
    reviewer.click("button[value=publish]")
    reviewer.wait_for_selector("text=已发布")
    visitor = visit()
    visitor.goto(f"/datasets/{name}")
    assert visitor.locator("h1").inner_text() == title
    assert "全市统一编号" in visitor.locator("#fields ~ .sheet").inner_text()


def new_version(visit: Open, steward: Any, name: str, folder: Path) -> None:
    """Another file for the same dataset; the first version stays."""
    steward.goto(f"/desk/datasets/{name}")
    steward.click("text=上传新版本")
    upload(steward, gbk_file(folder, "schools-2027.csv", [*ROWS, "00104,第三小学,4,2026-09-01"]))
    confirm_and_wait(steward)
    steward.goto(f"/desk/datasets/{name}")
    steward.click("text=提交审核")
    steward.wait_for_selector("text=已提交")
    reviewer = visit("reviewer")
    reviewer.goto(f"/review/{name}")
    assert "原来3" in reviewer.locator("main").inner_text()
    reviewer.click("button[value=publish]")
    reviewer.wait_for_selector("text=已发布")
    visitor = visit()
    visitor.goto(f"/datasets/{name}")
    versions = visitor.locator("#versions ~ .timeline > li")
    assert versions.count() == 2 and "多1行" in versions.first.inner_text()
    with visitor.expect_download() as waiting:
        versions.nth(1).locator("a", has_text="CSV").click()
    assert "00104" not in waiting.value.path().read_text(encoding="utf-8-sig")
    steward.goto(f"/datasets/{name}/history")
    said = steward.locator(".timeline").inner_text()
    assert said.count("发布") >= 2 and "请写明数据来源。" in said


def test_withdraws_with_a_reason(visit: Open, tmp_path: Path) -> None:
    boss = visit("boss")
    boss.goto("/desk/new")
    path = tmp_path / "short.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    upload(boss, path)
    boss.fill("#title", "将要撤销的数据")
    boss.select_option("#office", "jiaotong")
    confirm_and_wait(boss)
    boss.click("text=接着填写目录信息")
    name = dataset_name(boss)
    fill_record(boss)
    boss.click("button[value=submit]")
    boss.goto(f"/review/{name}")
    boss.click("button[value=publish]")
    boss.wait_for_selector("text=已发布")
    boss.goto(f"/desk/datasets/{name}")
    boss.fill("#name", f"{name}-renamed")
    boss.click("text=改标识")
    boss.wait_for_selector("text=标识已改为")
    visitor = visit()
    visitor.goto(f"/datasets/{name}")
    assert visitor.url.endswith(f"/datasets/{name}-renamed")
    boss.fill("#reason", "数据有误")
    boss.click("button:has-text('撤销发布')")
    boss.wait_for_selector("text=已撤销")
    assert visitor.request.get(f"/datasets/{name}-renamed").status == 410


def test_a_file_that_cannot_be_read_is_said_and_nothing_is_kept(visit: Open, tmp_path: Path) -> None:
    steward = visit("steward")
    steward.goto("/desk/new")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    steward.set_input_files("#file", str(empty))
    steward.click("main form button.primary")
    steward.wait_for_selector("[role=alert]")
    assert "empty.csv" in steward.locator("[role=alert]").inner_text()


def test_signed_in_pages_fit_a_phone(visit: Open) -> None:
    page = visit("boss", viewport={"width": 360, "height": 740})
    for path in ("/desk", "/desk/new", "/account", "/review", "/admin/offices", "/admin/people"):
        page.goto(path)
        no_overflow(page)

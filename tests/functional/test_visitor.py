"""A visitor finds a dataset and takes it away; by keyboard, by phone, without scripts, in English."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.functional.conftest import Open, no_overflow

pytestmark = pytest.mark.browser
HAN = re.compile(r"[㐀-鿿]")
PAGES = (
    "/",
    "/datasets",
    "/datasets?q=公交",
    "/datasets?q=nothing-like-this",
    "/datasets/bus-stops",
    "/datasets/bus-stops/rows",
    "/offices",
    "/offices/jiaotong",
    "/about",
    "/developers",
    "/sign-in",
    "/no-such-page",
)


def test_finds_looks_and_downloads(visit: Open) -> None:
    page = visit()
    page.goto("/")
    page.fill("#q", "gongjiao")
    page.click("main button")
    page.click("text=公交站点")
    assert page.locator("h1").inner_text() == "公交站点"
    assert "121" in page.locator(".facts").inner_text()
    assert page.locator("#rows").is_visible() and page.locator("table.data tbody tr").count() == 10
    assert page.locator(".chart").count() == 7
    with page.expect_download() as waiting:
        page.click(".downloads >> text=CSV")
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert text.count("\n") >= 121 and "00121" in text


def test_the_old_version_can_still_be_had(visit: Open) -> None:
    page = visit()
    page.goto("/datasets/bus-stops")
    older = page.locator("#versions ~ .timeline > li").nth(1)
    assert "第1版" in older.inner_text()
    with page.expect_download() as waiting:
        older.locator("a", has_text="CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert "00120" in text and "00121" not in text
    older.locator("a", has_text="浏览").click()
    assert "120行" in page.locator(".tableinfo").inner_text()


def test_filters_and_sorts_rows_without_scripts(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/datasets/bus-stops/rows")
    page.click("summary")
    page.select_option("select[name=column] >> nth=0", "线路")
    page.fill("input[name=value] >> nth=0", "6号线")
    page.click("text=照此查看")
    assert "1行" in page.locator(".tableinfo").inner_text()
    page.goto("/datasets/bus-stops/rows?sort=-站点编号")
    assert page.locator("table.data tbody tr").first.inner_text().startswith("00121")
    page.click("nav.pager a")
    assert page.locator("table.data tbody tr").count() == 50
    page.goto("/datasets/bus-stops/rows?column=没有这列&op=eq&value=1")
    assert "没有这列" in page.locator("[role=alert]").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_every_page_fits_a_phone(visit: Open, scripts: bool) -> None:
    page = visit(viewport={"width": 360, "height": 740})
    if not scripts:
        page.route("**/*.js*", lambda route: route.abort())
    for path in PAGES:
        page.goto(path)
        no_overflow(page)
        assert page.locator("h1").count() == 1, path


def test_switches_language_and_remembers(visit: Open) -> None:
    page = visit()
    page.goto("/datasets/bus-stops")
    page.click("header >> text=English")
    assert page.locator("h1").inner_text() == "Bus stops"
    page.goto("/about")
    assert page.locator("html").get_attribute("lang") == "en"
    page.click("header >> text=中文")
    assert page.locator("h1").inner_text() == "关于本站"


def test_english_by_the_browser_leaves_no_chinese_words_of_ours(visit: Open) -> None:
    page = visit(locale="en-GB")
    for path in PAGES:
        page.goto(path)
        left = [text for text in page.evaluate(OURS) if HAN.search(text) and text != "中文"]
        assert left == [], path


def test_english_at_the_desk_leaves_none_either(visit: Open) -> None:
    page = visit("boss", locale="en-GB")
    paths = ["/desk", "/desk/new", "/account", "/review", "/admin/offices", "/admin/people"]
    for path in [*paths, "/desk/datasets/bus-stops", "/desk/datasets/bus-stops/record"]:
        page.goto(path)
        left = [text for text in page.evaluate(OURS) if HAN.search(text) and text not in ("中文", "公交站点")]
        assert left == [], path


#: Text, labels and titles of the page, without cells, values, code and other content of the data.
OURS = """() => {
  const skipped = '.entries .title, .entries p, .counted a span, .tile h2, .tile h3, .tile p:not(.quiet),' +
    ' table, svg, code, pre, input, textarea, .chart, .record, .chip, option[value=""] ~ option, #flash';
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent.closest(skipped) && walk.currentNode.data.trim()) found.push(walk.currentNode.data.trim());
  }
  document.querySelectorAll('[aria-label]').forEach(e => {
    if (!e.closest('table, .chart, .chip')) found.push(e.getAttribute('aria-label'));
  });
  document.querySelectorAll('th').forEach(e => {
    if (!e.closest('table.data') && e.scope === 'col') found.push(e.textContent);
  });
  return found;
}"""


def test_keyboard_reaches_the_content_first(visit: Open) -> None:
    page = visit()
    page.goto("/datasets")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_an_old_ckan_address_leads_here(visit: Open) -> None:
    page = visit()
    page.goto("/dataset/bus-stops")
    assert page.url.endswith("/datasets/bus-stops")


def test_nothing_is_loaded_from_elsewhere_and_no_rule_is_broken(visit: Open, site: Any) -> None:
    page = visit()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page.goto(path)
    assert [url for url in asked if not url.startswith(site.address)] == []
    assert [text for text in said if "Content Security Policy" in text] == []

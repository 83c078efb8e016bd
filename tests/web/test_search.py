"""The search page says how the results are spread, why there are none, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.testclient import TestClient

from kaishu.web.asked import asked
from kaishu.web.result_charts import by_time, filled

SORTS = ("relevance", "title")


def test_charts_have_a_finding_a_table_and_its_csv(client: TestClient) -> None:
    page = client.get("/datasets?q=名称").text
    assert "最多的主题是“交通出行”" in page
    addresses = re.findall(r'href="(/search/figures\.csv\?[^"]+)"', page)
    assert len(addresses) >= 3
    answer = client.get(addresses[0].replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.text.splitlines()[0].lstrip("\ufeff") == "主题,数据集,占比"
    assert "交通出行,2,100%" in answer.text


def test_the_page_says_which_filter_shuts_everything_out(client: TestClient) -> None:
    page = client.get("/datasets?q=名称&theme=health").text
    assert "是筛选条件排除了它们" in page
    assert "去掉“卫生健康”" in page


def test_the_page_says_which_word_nothing_has(client: TestClient) -> None:
    page = client.get("/datasets?q=龘龘龘").text
    assert "没有一个数据集里有" in page


def test_limits_that_mean_nothing_are_said_and_left_out(client: TestClient) -> None:
    page = client.get("/datasets?bbox=9,9,1,1&from=2020-02-30&division=桃花源&year=20x6")
    assert page.status_code == 200
    assert "看不懂“9,9,1,1”" in page.text
    assert "没有“桃花源”这个行政区划" in page.text
    for odd in (
        "bbox=nan,0,0,0",
        "from=0001-01-01&to=9999-12-31",
        "year=2026&year=1990",
        "division=99999999999999",
    ):
        assert client.get(f"/datasets?{odd}").status_code == 200


def test_everything_asked_stands_in_the_address() -> None:
    given = {
        "q": ["地铁"],
        "theme": ["transport", "health"],
        "division": ["北京市朝阳区"],
        "bbox": ["115.4,39.4,117.5,41.1"],
        "from": ["2020-01-01"],
        "sort": ["title"],
    }
    wanted = asked(lambda name: given.get(name, []), SORTS)
    assert wanted.chosen["division"] == ["110105"]
    assert wanted.href().count("theme=") == 2
    for part in ("q=%E5%9C%B0%E9%93%81", "division=110105", "bbox=115.4", "from=2020-01-01", "sort=title"):
        assert part in wanted.href()
    assert "theme=transport" not in wanted.toggled("theme", "transport")
    assert "bbox" not in wanted.without("bbox")


def test_suggestions_are_given_while_typing(client: TestClient) -> None:
    found = client.get("/search/suggest?q=危险").json()
    assert any("危险" in each["text"] and each["href"].startswith("/datasets/") for each in found)
    assert client.get("/search/suggest?q=").json() == []
    assert client.get("/search/suggest?q=%22%27%3C*").status_code == 200


def test_months_and_years_without_anything_are_drawn_too() -> None:
    assert filled([("2024-11", 2), ("2025-02", 1)])[1] == ("2024-12", 0)
    assert by_time([("2010-01", 1), ("2020-05", 2), ("2020-06", 1)]) == [("2010", 1), ("2020", 3)]


def test_synonyms_are_changed_on_their_page(client: TestClient, signed_in: Callable[[str], str]) -> None:
    assert client.get("/admin/synonyms").status_code in (303, 401, 403)
    token = signed_in("reviewer")
    page = client.get("/admin/synonyms")
    assert page.status_code == 200 and "教委" in page.text
    done = client.post("/admin/synonyms", data={"csrf": token, "terms": "鹏城通、公交一卡通"})
    assert done.status_code == 303
    assert "鹏城通、公交一卡通" in client.get("/admin/synonyms?q=鹏城通").text
    assert "鹏城通、公交一卡通" in client.get("/admin/synonyms?origin=own").text
    assert "?from=50" in page.text and "上一页" in client.get("/admin/synonyms?from=50").text
    wrong = client.post("/admin/synonyms", data={"csrf": token, "terms": "一个"})
    assert wrong.status_code == 422 and "至少写两个词" in wrong.text
    assert client.post("/admin/synonyms/remove", data={"csrf": token, "key": "幼儿园"}).status_code == 303
    assert client.post("/admin/synonyms/restore", data={"csrf": token, "key": "幼儿园"}).status_code == 303


def test_what_holds_no_word_is_said_to_hold_none(client: TestClient) -> None:
    assert "“%”里没有可以搜索的字词。" in client.get("/datasets", params={"q": "%"}).text
    assert "没有可以搜索的字词" not in client.get("/datasets", params={"q": "火星"}).text
    only_filter = client.get("/datasets", params={"theme": "nothing"}).text
    assert "没有可以搜索的字词" not in only_filter and "更短的词" not in only_filter

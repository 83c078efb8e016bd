"""The census in the browser: public, drawn by the server, in two languages; evaluators bring files."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import NASTY, client, signed_in

__all__ = ["client", "signed_in"]


def test_visitors_see_every_part_in_both_languages_without_script(client: TestClient) -> None:
    for path, zh, en in (
        ("", "政府数据开放平台普查", "Census of open government data platforms"),
        ("/themes", "词云", "Word cloud"),
        ("/policies", "数据政策文件普查", "Census of policies on data"),
        ("/alignment", "一分为多", "split"),
    ):
        assert zh in client.get(f"/evaluation/census{path}?lang=zh").text
        english = client.get(f"/evaluation/census{path}?lang=en").text
        assert en in english
        assert "style=" not in re.sub(r"<style.*?</style>", "", english, flags=re.S)


def test_figures_are_had_for_programs_and_other_names_are_not_there(client: TestClient) -> None:
    found = client.get("/evaluation/census/platforms.json").json()
    assert (found["platforms"], found["levels_total"]) == (670, 671)
    assert client.get("/evaluation/census/mars").status_code == 404
    assert client.get("/evaluation/census/mars.json").status_code == 404


def test_decisions_and_lists_of_the_reader_change_the_alignment(client: TestClient) -> None:
    asked = {
        "left": "甲",
        "left_themes": f"资源环境\n{NASTY}",
        "right": "乙",
        "right_themes": "生态环境",
        "decisions": "资源环境,生态环境,不对应",
    }
    page = client.get("/evaluation/census/alignment", params={**asked, "lang": "zh"})
    assert page.status_code == 200 and NASTY not in page.text
    assert page.text.count('<th scope="row">没有对应</th>') == 3
    wrong = client.get("/evaluation/census/alignment", params={**asked, "decisions": "甲,乙,也许"})
    assert wrong.status_code == 422 and "也许" in wrong.text


def test_a_visitor_cannot_bring_a_file(client: TestClient) -> None:
    assert 'type="file"' not in client.get("/evaluation/census").text
    sent = client.post("/evaluation/census/platforms", files={"file": ("a.csv", b"x")})
    assert sent.status_code in (303, 401, 403)


@pytest.mark.parametrize("role", ["steward", "reviewer"])
def test_who_may_evaluate_counts_a_file_of_their_own(
    client: TestClient, signed_in: Callable[[str], str], role: str
) -> None:
    csrf = signed_in(role)
    form = client.get("/evaluation/census").text.split('id="own"')[1]
    assert 'id="file" name="file" type="file"' in form and 'action="/evaluation/census/platforms"' in form
    own = f"platform_name,level,province,url\n{NASTY},省级,山东省,http://a.example/\n乙,地市级,山东省,\n".encode()
    page = client.post(
        "/evaluation/census/platforms", data={"csrf": csrf}, files={"file": (f"{NASTY}.csv", own)}
    )
    assert page.status_code == 200 and NASTY not in page.text
    assert "没有保存" in page.text and "山东省最多，2个" in page.text
    assert "没有保存" not in client.get("/evaluation/census").text, "the next page is of the reports again"
    wrong = client.post(
        "/evaluation/census/platforms", data={"csrf": csrf}, files={"file": ("a.csv", "甲\n1\n".encode())}
    )
    assert wrong.status_code == 422 and 'type="file"' in wrong.text

"""Refusals and wrong entries are said in the words of the page, beside what was typed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu.access import Permission
from kaishu.catalogue.models import Dataset
from kaishu.web.entries import changed_on
from kaishu.web.rights import permission_words


def plain(page: str) -> str:
    """The text of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_a_visitor_types_wrongly_is_kept_and_explained(client: TestClient) -> None:
    search = client.get("/datasets?bbox=abc").text
    before_results = search.split('class="columns railed"')[0]  # not only in the rail, which phones fold away
    assert "看不懂“abc”" in before_results
    rows = client.get("/datasets/nasty/rows?column=金额&op=gt&value=许多")
    assert rows.status_code == 400
    assert "“金额”列是小数，“许多”不是。" in rows.text
    assert "isnull" not in plain(rows.text)
    assert re.search(r'value="许多"\s+aria-invalid="true"', rows.text)


def test_a_reviewer_who_ticks_nothing_is_told_to_tick(client: TestClient, signed_in: Any) -> None:
    csrf = signed_in("reviewer")
    answer = client.post("/review", data={"csrf": csrf, "comment": "都好"})
    assert answer.status_code == 422
    assert "请先勾选数据集。" in answer.text


def test_a_refusal_names_the_person_and_no_code_in_its_sentence(client: TestClient, signed_in: Any) -> None:
    signed_in("steward")
    answer = client.get("/admin/people")
    assert answer.status_code == 403
    lede = answer.text.split('class="lede"')[1].split("</p>")[0]
    assert "不能这样做" in lede
    assert "access:" not in lede


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("zh-CN", "能管理人员的是系统管理员。"),
        ("en", "Who may manage people: administrator."),
    ],
)
def test_a_refusal_says_in_words_what_was_refused_and_who_may(
    client: TestClient, signed_in: Any, language: str, advice: str
) -> None:
    signed_in("steward")
    answer = client.get("/admin/people", headers={"Accept-Language": language})
    assert advice in answer.text
    assert "access:person:manage" not in answer.text


def test_every_permission_has_its_words() -> None:
    words = permission_words()
    assert set(words) == set(Permission)
    assert all(zh and en and en.isascii() for zh, en in words.values())


def test_data_that_lie_elsewhere_are_as_old_as_their_portal_says() -> None:
    published = datetime(2026, 11, 21, tzinfo=UTC)
    link, table = {"url": "https://data.example.org/a.csv"}, {"table_id": "01"}
    for modified, part, wanted in (
        ("2019-06-15T08:00:00", link, date(2019, 6, 15)),
        ("2019", link, published),
        ("", link, published),
        ("2019-06-15", table, published),
    ):
        dataset = Dataset(record={"modified": modified}, resources=[part], published_at=published)
        assert changed_on(dataset) == wanted

"""A reader says what is wrong in a table, the office answers, the reader sees it; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from kaishu.quality import correcting
from tests.web.conftest import NASTY, SignIn

HERE = "/datasets/nasty/correct"
SAID = {
    "column": "金额",
    "row": "2",
    "wrong": f"空的{NASTY}\n联系方式：冒充",
    "right": "2.5",
    "contact": "13800138000",
}


def send(client: TestClient, **said: str) -> Any:
    return client.post(HERE, data={**SAID, **said})


def test_a_correction_becomes_a_work_order_and_its_answer_is_seen(
    client: TestClient, signed_in: SignIn
) -> None:
    assert HERE in client.get("/datasets/nasty").text
    sent = send(client)
    assert sent.status_code == 303
    where = sent.headers["location"]
    shown = client.get(where).text
    assert "待受理" in shown and NASTY not in shown and SAID["contact"] not in shown
    assert (
        client.get("/corrections", params={"number": where.rpartition("/")[2].upper()}).headers["location"]
        == where
    )

    proof = {"csrf": signed_in("steward")}
    order = where.replace("/corrections", "/desk/quality-orders")
    page = client.get(order).text
    assert "群众纠错：金额" in page and SAID["contact"] in page and NASTY not in page
    assert client.post(order, data={**proof, "act": "answer", "reason": ""}).status_code == 422
    client.post(order, data={**proof, "act": "accept"})
    client.post(order, data={**proof, "act": "answer", "reason": "已在下一版改正。"})
    assert "群众纠错" in client.get("/desk/quality-orders").text
    client.cookies.clear()
    shown = client.get(where).text
    assert "已在下一版改正。" in shown and "已答复" in shown
    assert "Answered" in client.get(where, params={"lang": "en"}).text


def test_a_refusal_is_decided_by_the_bureau(client: TestClient, signed_in: SignIn) -> None:
    where = send(client).headers["location"]
    order = where.replace("/corrections", "/desk/quality-orders")
    client.post(order, data={"csrf": signed_in("steward"), "act": "refuse", "reason": "原件如此"})
    client.cookies.clear()
    proof = {"csrf": signed_in("reviewer")}
    assert 'value="insist"' in client.get(order).text
    client.post(order, data={**proof, "act": "uphold", "reason": "核对无误。"})
    assert "核对无误。" in client.get(where).text


@pytest.mark.parametrize(
    "said", [{"wrong": ""}, {"row": "4"}, {"row": "x"}, {"column": "没有"}, {"wrong": "字" * 1001}]
)
def test_what_cannot_be_meant_is_told_beside_the_field(client: TestClient, said: dict[str, str]) -> None:
    answer = send(client, **said)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert SAID["contact"] in answer.text, "nothing typed is lost"


def test_floods_are_stopped_and_closed_tables_take_none(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/datasets/closed/correct", data=SAID).status_code == 403
    monkeypatch.setattr(correcting, "HOURLY", 2)
    assert [send(client).status_code for _ in range(3)] == [303, 303, 429]
    assert client.get("/corrections/01aaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404
    assert client.get("/corrections", params={"number": "x"}).status_code == 404

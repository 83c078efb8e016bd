"""Reviewers withdraw what is published, and find and restore what was withdrawn."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.web.conftest import SignIn

HERE = "/review/nasty/publication"


def test_a_reviewer_withdraws_and_restores_in_the_browser(client: TestClient, signed_in: SignIn) -> None:
    csrf = signed_in("reviewer")
    assert f'href="{HERE}"' in client.get("/datasets/nasty").text
    assert client.get("/review/nasty").headers["location"] == HERE, "there is nothing to review"
    no = client.post(HERE, data={"csrf": csrf, "do": "withdraw", "reason": " "})
    assert no.status_code == 422 and 'id="reason-error"' in no.text
    unsaid = client.post(HERE, data={"csrf": csrf, "reason": "没有说做什么"})
    assert unsaid.headers["location"] == HERE and client.get("/datasets/nasty").status_code == 200
    yes = client.post(HERE, data={"csrf": csrf, "do": "withdraw", "reason": "坐标有误"})
    assert yes.headers["location"] == "/datasets/nasty"
    assert client.get("/datasets/nasty", headers={"Cookie": ""}).status_code == 410
    assert f'href="{HERE}"' in client.get("/review").text
    assert "恢复发布" in client.get(HERE).text
    back = client.post(HERE, data={"csrf": csrf, "do": "restore", "reason": "已更正"})
    assert back.status_code == 303
    assert client.get("/datasets/nasty", headers={"Cookie": ""}).status_code == 200
    assert "已撤销的数据集" not in client.get("/review").text


def test_reviewers_who_are_led_to_the_desk_go_on_to_the_dataset(
    client: TestClient, signed_in: SignIn
) -> None:
    signed_in("reviewer")
    assert client.get("/desk/datasets/nasty").headers["location"] == "/datasets/nasty"


def test_nobody_else_gets_there(client: TestClient, signed_in: SignIn) -> None:
    assert client.get(HERE).status_code == 303
    csrf = signed_in("steward")
    assert client.get(HERE).status_code == 403
    assert client.post(HERE, data={"csrf": csrf, "do": "withdraw", "reason": "试试"}).status_code == 403
    assert "/publication" not in client.get("/datasets/nasty").text

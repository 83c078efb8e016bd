"""A version is explored by those who may, and what was found is shown, escaped, to those who may read it."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

from starlette.testclient import TestClient

from kaishu import jobs
from tests.web.conftest import NASTY

PAGE = "/datasets/nasty/exploration"


def test_a_version_is_explored_shown_and_exported(
    client: TestClient, signed_in: Callable[[str], str]
) -> None:
    client.cookies.clear()
    assert "还没有探查过" in client.get(PAGE).text and '<form method="post"' not in client.get(PAGE).text
    assert client.get(f"{PAGE}.csv").status_code == 404
    csrf = signed_in("steward")
    assert client.post(PAGE, data={"csrf": csrf}).status_code == 303
    assert client.post(PAGE, data={"csrf": csrf}).status_code == 303
    assert "正在排队" in client.get(PAGE).text
    jobs.run_waiting()
    client.cookies.clear()
    seen = client.get(PAGE).text
    assert "23项探查中" in seen and "<svg" in seen
    assert NASTY not in seen and html.escape(NASTY) in seen.replace("&#34;", "&quot;")
    assert "The 23 checks" in client.get(PAGE, headers={"accept-language": "en"}).text
    assert len(json.loads(client.get(f"{PAGE}.json").text)["exploration"]["checks"]) == 23
    assert client.get(f"{PAGE}.csv").text.startswith("\ufeff23项探查")
    assert client.get(f"{PAGE}.xlsx").content[:2] == b"PK"


def test_a_visitor_cannot_start_it(client: TestClient) -> None:
    client.cookies.clear()
    assert client.post(PAGE, data={"csrf": "x"}).status_code in (303, 401, 403)

"""A version is explored by those who may, and what was found is shown, escaped, to those who may read it."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.testclient import TestClient

from kaishu import catalogue, jobs, quality
from kaishu.access import TERMINAL, Call
from kaishu.db import session_scope
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


def test_its_day_is_the_day_of_the_site(client: TestClient) -> None:
    """Before eight in the morning it is still yesterday by UTC."""
    night = datetime(2025, 12, 31, 17, tzinfo=UTC)
    with session_scope() as session:
        call = Call(session, TERMINAL, night, "req")
        _dataset, _entry, version = catalogue.readable_version(call, "nasty", None, None)
        explored = quality.compute_exploration(call, version.id)
    assert explored["day"] == "2026-01-01"


def test_a_visitor_cannot_start_it(client: TestClient) -> None:
    client.cookies.clear()
    assert client.post(PAGE, data={"csrf": "x"}).status_code in (303, 401, 403)

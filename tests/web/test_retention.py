"""Sizes and rules on the desk; what a rule would drop is confirmed there, or kept with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kaishu import catalogue, jobs, lake, source
from kaishu.access import TERMINAL, Call
from kaishu.base import clock, ids
from kaishu.db import session_scope
from tests.web.conftest import TABLE

SignIn = Callable[[str], str]
HERE = "/desk/datasets/nasty/retention"


@pytest.fixture
def batches(client: TestClient, home: Path) -> None:
    """Four more versions of the published table; the last stands in a draft."""
    for number in range(4):
        with session_scope() as session:
            call = Call(session, TERMINAL, clock.now(), ids.new_id())
            file = home / "again.csv"
            file.write_text(TABLE + f"00{number},新的,{number},2026-02-01\n", encoding="utf-8")
            entry = catalogue.draft_resources(call, catalogue.dataset_by_name(call, "nasty"))[0]
            table = lake.table_by_id(session, str(entry.table_id))
            version = lake.ingest(call, source.receive_path(call, file), table=table)
            catalogue.set_version(call, "nasty", entry.id, version)


def proposal(page: str) -> dict[str, object]:
    found = re.search(r'name="disposal" value="(\w+)"', page)
    assert found is not None
    return {"disposal": found[1], "number": re.findall(r'name="number" value="(\d+)"', page)}


@pytest.mark.usefixtures("batches")
def test_a_rule_is_set_and_its_proposal_confirmed(client: TestClient, signed_in: SignIn) -> None:
    assert client.get(HERE).status_code in (303, 401)
    client.cookies.clear()
    signed_in("stranger")
    assert client.get(HERE).status_code == 403
    assert "nasty" not in client.get("/desk/retention").text
    client.cookies.clear()
    send = {"csrf": signed_in("steward"), "resource": ""}
    assert "没有保留规则，所有版本都保留。" in client.get(HERE).text
    wrong = client.post(f"{HERE}/rule", data={**send, "last": "-2"})
    assert (wrong.status_code, "应为 0 到 100000 的整数" in wrong.text) == (422, True)
    assert client.post(f"{HERE}/rule", data={**send, "last": "2", "published": "1"}).status_code == 303
    page = client.get(HERE).text
    chosen = proposal(page)
    assert chosen["number"] == ["2", "3"]
    assert "正在发布、发布过" in page
    assert "<script>alert" not in page
    assert "待确认" in client.get("/desk/retention").text
    assert client.post(f"{HERE}/drop", data={**send, **chosen}).status_code == 422
    sure = {**send, **chosen, "sure": "yes"}
    assert client.post(f"{HERE}/drop", data={**sure, "number": ["1"]}).status_code == 422
    assert client.post(f"{HERE}/drop", data={**sure, "number": ["2"]}).status_code == 303
    assert client.post(f"{HERE}/drop", data=sure).status_code == 409
    jobs.run_waiting()
    page = client.get(HERE, headers={"accept-language": "en"}).text
    assert "1 version dropped" in page
    assert page.count("Dropped") == 3
    assert client.get("/datasets/nasty").status_code == 200


@pytest.mark.usefixtures("batches")
def test_it_is_kept_with_a_reason_and_only_by_the_office(client: TestClient, signed_in: SignIn) -> None:
    send = {"csrf": signed_in("steward"), "resource": ""}
    client.post(f"{HERE}/rule", data={**send, "last": "1", "published": "1"})
    chosen = proposal(client.get(HERE).text)
    assert client.post(f"{HERE}/decline", data={**send, **chosen, "reason": ""}).status_code == 422
    other = {**send, **chosen, "reason": "x", "resource": "", "sure": "yes"}
    assert client.post("/desk/datasets/closed/retention/drop", data=other).status_code == 404
    client.cookies.clear()
    bureau = {"csrf": signed_in("reviewer"), "resource": "", "sure": "yes", **chosen}
    page = client.get(HERE).text
    assert "由归属部门的数据管理员确认。" in page
    assert client.post(f"{HERE}/drop", data=bureau).status_code == 403
    client.cookies.clear()
    send = {"csrf": signed_in("steward"), "resource": ""}
    assert client.post(f"{HERE}/decline", data={**send, **chosen, "reason": "审计"}).status_code == 303
    assert "审计" in client.get(HERE).text
    assert 'name="disposal"' not in client.get(HERE).text
    client.post(f"{HERE}/again", data=send)
    assert proposal(client.get(HERE).text)["number"] == ["2", "3", "4"]

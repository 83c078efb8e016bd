"""The desk shows the six entry gates; the bureau certifies, the office explains, and the table enters."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from kaishu.cli import entrance
from kaishu.cli.root import kaishu

SignIn = Callable[[str], str]
HERE = "/desk/datasets/nasty/gates"


def test_gates_are_seen_by_the_office_and_the_bureau_only(client: TestClient, signed_in: SignIn) -> None:
    assert client.get(HERE).status_code in (303, 401)
    assert client.get("/api/v1/datasets/nasty/gates").status_code == 401
    client.cookies.clear()
    signed_in("stranger")
    assert client.get(HERE).status_code == 403
    client.cookies.clear()
    signed_in("steward")
    page = client.get(HERE).text
    assert page.count("未通过") >= 2
    assert "4列没有数据元，也没有说明为何没有" in page
    assert "<script>alert" not in page
    assert "入库关口" in client.get("/desk/datasets/nasty").text
    told = client.get("/api/v1/datasets/nasty/gates", headers={"accept-language": "en"}).json()
    assert told["mode"] == "advise"
    assert told["tables"][0]["state"] == "staged"
    assert told["tables"][0]["missing"] == ["standard", "source", "quality"]


def test_a_staged_table_enters_where_gates_are_required(
    client: TestClient, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_ENTRY_GATES", "require")
    refused = client.get("/api/v1/datasets/nasty/rows")
    assert (refused.status_code, refused.json()["code"]) == (409, "catalogue.staged")
    for path in ("/api/v1/datasets/nasty/download.csv", "/api/3/action/datastore_search?resource_id=nasty"):
        assert client.get(path).status_code >= 400
    assert "未入库" in client.get("/datasets/nasty").text
    csrf = signed_in("steward")
    send = {"csrf": csrf, "resource": "", "kind": "no-element", "reason": ""}
    columns = {"every": "yes"}
    assert client.post(f"{HERE}/say", data={**send, **columns}).status_code == 422
    assert client.post(f"{HERE}/say", data={**send, "reason": "x"}).status_code == 422
    assert client.post(f"{HERE}/say", data={**send, **columns, "reason": "样例"}).status_code == 303
    own = {**send, "kind": "hand-delivery", "reason": "自己说的"}
    assert client.post(f"{HERE}/say", data=own).status_code == 403
    assessed = {**send, "kind": "assessment", "reason": "逐列看过"}
    assert client.post(f"{HERE}/say", data=assessed).status_code == 303
    # It was put in at the terminal and not by the office, which nothing that is said mends.
    assert client.post(f"{HERE}/enter", data={"csrf": csrf}).status_code == 409
    page = client.get(HERE).text
    assert page.count("badge good") == 5
    assert "归属部门的人交来的" in page


def test_the_overview_counts_tables_by_gates(client: TestClient, signed_in: SignIn) -> None:
    signed_in("reviewer")
    page = client.get("/desk/gates").text
    assert "2张表中0张六关全过" in page
    assert page.count("3 / 6") == 2
    client.cookies.clear()
    signed_in("stranger")
    assert "还没有数据" in client.get("/desk/gates").text


@pytest.mark.usefixtures("client")
def test_the_terminal_tells_the_same_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "prepare", lambda: None)  # the home of these tests is ready
    run = CliRunner().invoke(kaishu, ["gates", "nasty", "--json"])
    assert run.exit_code == 1
    assert json.loads(run.stdout)["tables"][0]["missing"] == ["standard", "source", "quality"]
    assert "nasty" in CliRunner().invoke(kaishu, ["--lang", "en", "gates", "--office", "office"]).stdout
    assert CliRunner().invoke(kaishu, ["gates"]).exit_code == 2

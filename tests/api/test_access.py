"""Tokens, tasks, code lists, departments and kinds of error over /api/v1."""

from __future__ import annotations

import subprocess
import sys

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from kaishu import http
from kaishu.access import TERMINAL, Call, sign_in
from kaishu.api import loading
from kaishu.base import clock
from kaishu.db import session_scope
from tests.api.seeding import Site


def test_a_token_is_shown_once_and_ends_when_revoked(client: TestClient, site: Site) -> None:
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), "")
        client.cookies.set("kaishu", sign_in(call, account="steward", password="steward-mima-2026"))
    assert client.post("/api/v1/tokens", json={"application": "大屏"}).status_code == 403
    cookie = [(b"cookie", f"kaishu={client.cookies['kaishu']}".encode())]
    proof = {"x-csrf-token": http.csrf_token(Request({"type": "http", "headers": cookie}))}
    made = client.post("/api/v1/tokens", json={"application": "大屏"}, headers=proof)
    assert made.status_code == 201
    token = made.json()
    listed = client.get("/api/v1/tokens").json()
    assert listed[0]["application"] == "大屏" and token["secret"] not in str(listed)
    client.cookies.clear()
    sent = {"authorization": f"Bearer {token['secret']}"}
    me = client.get("/api/v1/me", headers=sent).json()
    assert me["kind"] == "application" and me["role"] == "steward"
    assert "catalogue:dataset:draft" in me["permissions"]
    assert client.post("/api/v1/tokens", json={"application": "x"}, headers=sent).status_code == 403
    assert client.delete(f"/api/v1/tokens/{token['id']}", headers=site.header("other")).status_code == 404
    assert client.delete(f"/api/v1/tokens/{token['id']}", headers=sent).status_code == 204
    assert client.get("/api/v1/me", headers=sent).status_code == 401


def test_visitors_have_no_tokens_and_no_tasks(client: TestClient) -> None:
    assert client.get("/api/v1/me").json()["kind"] == "visitor"
    assert client.get("/api/v1/tokens").status_code == 401
    assert client.get("/api/v1/tasks/x").status_code == 401


def test_a_long_load_is_a_task_of_its_sender(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 0)
    answer = client.post(
        "/api/v1/datasets/stations/files",
        files={"file": ("b.csv", b"a,b\n1,2\n")},
        headers=site.header("steward"),
    )
    assert answer.status_code == 202 and answer.json()["state"] == "waiting"
    address = answer.headers["location"]
    assert client.get(address, headers=site.header("steward")).json()["kind"] == "ingest"
    assert client.get(address, headers=site.header("other")).status_code == 404


def test_code_lists_and_departments(client: TestClient) -> None:
    for name in client.get("/api/v1/vocabularies").json():
        assert client.get(f"/api/v1/vocabularies/{name}").json()["terms"]
    assert client.get("/api/v1/vocabularies/nope").status_code == 422
    assert [office["name"] for office in client.get("/api/v1/offices").json()] == ["education", "transport"]
    assert client.get("/api/v1/offices/transport").json()["title_en"] == "Transport"
    assert client.get("/api/v1/offices/nope").status_code == 404


def test_every_problem_leads_to_its_explanation(client: TestClient) -> None:
    problem = client.get("/api/v1/datasets/nope").json()
    kind = client.get(problem["type"].removeprefix("http://kaishu.test")).json()
    assert kind["code"] == problem["code"] == "catalogue.no-such-dataset"
    codes = [each["code"] for each in client.get("/api/v1/problems").json()]
    assert len(codes) == len(set(codes)) > 20


def test_what_can_be_read_can_be_asked_about(client: TestClient) -> None:
    for path in (
        "/api/v1/datasets",
        "/api/v1/datasets/stations",
        "/api/v1/datasets/stations/rows",
        "/api/v1/datasets/stations/download.csv",
        "/api/v1/openapi.json",
        "/api/3/action/site_read",
    ):
        asked, got = client.head(path), client.get(path)
        assert asked.status_code == got.status_code == 200, path
        assert asked.headers["content-length"] == got.headers["content-length"], path
    assert client.head("/api/v1/uploads").status_code == 405
    assert client.head("/api/v1/datasets/nope").status_code == 404


def test_the_interfaces_start_light() -> None:
    told = (
        "import sys, fastapi\n"
        "from kaishu import api, http\n"
        "app = fastapi.FastAPI(openapi_url=None)\n"
        "api.mount(app)\n"
        "http.install(app)\n"
        "heavy = {'polars', 'pyarrow', 'duckdb', 'deltalake', 'tantivy', 'rjieba', 'pypinyin'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

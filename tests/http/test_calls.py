"""Who a request is taken for, and which writes are taken at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from kaishu import http
from kaishu.access import (
    TERMINAL,
    Actor,
    Call,
    Permission,
    Role,
    add_person,
    issue_token,
    require,
    revoke_token,
    sign_in,
    sign_out,
)
from kaishu.base import clock, ids
from kaishu.db import session_scope


class People:
    """One reviewer with a sign-in and a token."""

    def __init__(self) -> None:
        with session_scope() as session:
            call = Call(session, TERMINAL, clock.now(), ids.new_id())
            person = add_person(call, account="ling", password="mima-2026-ok", role=Role.reviewer)
            own = Call(session, Actor("person", person.id, "ling", Role.reviewer), clock.now(), ids.new_id())
            token, self.token = issue_token(own, application="脚本")
            self.token_id = token.id
            self.cookie = sign_in(call, account="ling", password="mima-2026-ok")
            self.actor = own.actor


@pytest.fixture
def people(home: Path) -> People:
    http.forget()
    return People()


@pytest.fixture
def client(people: People) -> TestClient:
    app = FastAPI(openapi_url=None)

    @app.get("/who")
    def who(request: Request) -> dict[str, str]:
        with http.read_call(request) as call:
            return {
                "kind": call.actor.kind,
                "name": call.actor.name,
                "id": call.request_id,
                "csrf": http.csrf_token(request),
            }

    @app.post("/write")
    async def write(request: Request) -> dict[str, str]:
        await request.form()
        with http.write_call(request) as call:
            require(call, Permission.dataset_review)
            return {"kind": call.actor.kind}

    http.install(app)
    return TestClient(app)


def test_nobody_is_a_visitor(client: TestClient) -> None:
    answer = client.get("/who")
    assert answer.json()["kind"] == "visitor"
    assert answer.json()["id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("header", "way"),
    [
        ("authorization", "{}"),
        ("authorization", "Bearer {}"),
        ("authorization", "bearer  {} "),
        ("x-ckan-api-key", "{}"),
    ],
)
def test_a_token_names_its_application(client: TestClient, people: People, header: str, way: str) -> None:
    answer = client.get("/who", headers={header: way.format(people.token)})
    assert answer.json()["kind"] == "application" and "脚本" in answer.json()["name"]


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "ks_wrong"},
        {"authorization": "Basic dTpw"},
        {"x-ckan-api-key": "x"},
        {"authorization": "Bearer "},
    ],
)
def test_a_bad_token_is_refused_and_never_a_visitor(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/who", headers=headers)
    assert answer.status_code == 401 and answer.json()["code"] == "http.bad-token"
    assert "bearer" in answer.headers["www-authenticate"].lower()


def test_a_revoked_token_stops_at_the_next_request(client: TestClient, people: People) -> None:
    sent = {"authorization": people.token}
    assert client.get("/who", headers=sent).status_code == 200
    with session_scope() as session:
        revoke_token(Call(session, people.actor, clock.now(), ""), people.token_id)
    http.forget()
    assert client.get("/who", headers=sent).status_code == 401


def test_a_cookie_is_a_person_until_they_sign_out(client: TestClient, people: People) -> None:
    client.cookies.set("kaishu", people.cookie)
    assert client.get("/who").json()["kind"] == "person"
    with session_scope() as session:
        sign_out(Call(session, people.actor, clock.now(), ""), people.cookie)
    http.forget()
    assert client.get("/who").json()["kind"] == "visitor"


def test_a_write_with_a_cookie_needs_proof(client: TestClient, people: People) -> None:
    client.cookies.set("kaishu", people.cookie)
    proof = client.get("/who").json()["csrf"]
    assert client.post("/write").json()["code"] == "http.forged-form"
    assert client.post("/write", data={"csrf": "0" * 64}).status_code == 403
    assert client.post("/write", data={"csrf": proof}).json() == {"kind": "person"}
    assert client.post("/write", headers={"x-csrf-token": proof}).json() == {"kind": "person"}
    other = {"x-csrf-token": proof, "sec-fetch-site": "cross-site"}
    assert client.post("/write", headers=other).status_code == 403


def test_a_write_with_a_token_needs_no_proof(client: TestClient, people: People) -> None:
    client.cookies.set("kaishu", people.cookie)
    assert client.post("/write", headers={"authorization": people.token}).json() == {"kind": "application"}


def test_a_visitors_write_is_asked_to_sign_in(client: TestClient) -> None:
    answer = client.post("/write")
    assert answer.status_code == 401 and answer.json()["code"] == "access.sign-in-needed"
    assert client.post("/write", headers={"sec-fetch-site": "cross-site"}).status_code == 403

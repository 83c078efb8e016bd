"""One shape for every error: problems under /api/v1, CKAN's envelope under /api."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kaishu.api import v1
from kaishu.api.ckan.registry import ACTIONS
from kaishu.api.v1.shapes import Problem

KEYS = {"type", "title", "status", "detail", "code", "advice", "instance", "request_id", "errors"}


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


def our_routes() -> list[APIRoute]:
    return [route for route in v1.routes() if isinstance(route, APIRoute)]


def is_problem(answer: Any) -> None:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert set(body) == KEYS and body["status"] == answer.status_code
    Problem.model_validate(body)
    assert body["detail"] and body["title"] and body["request_id"] == answer.headers["x-request-id"]


def test_there_are_routes_to_walk() -> None:
    assert len(our_routes()) > 25


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_route_fails_in_the_one_shape(client: TestClient, language: str) -> None:
    spoken = {"accept-language": language}
    for route in our_routes():
        path = route.path.format(**{name: "no-such-thing" for name in route.param_convertors})
        for method in sorted(route.methods):
            answers = [
                client.request(method, path, headers={**spoken, "authorization": "ks_wrong"}),
                client.request("PROPFIND", path, headers=spoken),
            ]
            if route.param_convertors:
                answers.append(client.request(method, path, headers=spoken))
            if method in ("POST", "PUT"):
                kind = {**spoken, "content-type": "application/json"}
                answers.append(client.request(method, path, content=b"{", headers=kind))
                answers.append(client.request(method, path, content=b"x" * 2_000_000, headers=kind))
            for answer in answers:
                if answer.status_code >= 400:
                    is_problem(answer)
                assert answer.status_code < 500, (method, path, answer.text)
                if language == "en" and answer.status_code >= 400:
                    assert answer.json()["detail"].isascii() or "no-such-thing" in answer.json()["detail"]


def test_what_is_not_there_is_a_problem_too(client: TestClient) -> None:
    for path in (
        "/api/v1",
        "/api/v1/nope",
        "/api/v1/datasets/x/nope",
        "/api/v1/%00",
        "/api/v1/datasets/%F0%9F",
    ):
        is_problem(client.get(path))


def test_every_action_answers_in_the_envelope(client: TestClient) -> None:
    assert len(ACTIONS) >= 15
    for name, action in ACTIONS.items():
        for body in ({}, {"id": "nope", "resource_id": "nope", "package_id": "nope"}, {"id": ["x"], "q": {}}):
            answer = client.post(f"/api/3/action/{name}", json=body)
            assert answer.status_code in (200, 400, 403, 404, 409), (name, body, answer.text)
            found = answer.json()
            assert found["help"].endswith(f"help_show?name={name}")
            assert found["success"] is (answer.status_code == 200)
            if found["success"]:
                assert set(found) == {"help", "success", "result"}
            else:
                assert set(found) == {"help", "success", "error"} and found["error"]["__type"]
        answer = client.get(f"/api/3/action/{name}")
        assert isinstance(answer.json(), str if action.writes else dict)
        assert action.function.__doc__


def test_only_what_is_registered_can_be_called(client: TestClient) -> None:
    from kaishu.api.ckan import searching

    for name in ("packages", "counts", "__init__", *dir(searching)):
        if name not in ACTIONS:
            assert client.post(f"/api/3/action/{name}", json={}).status_code == 400


def test_a_fault_inside_is_a_problem_with_its_number(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from kaishu import catalogue

    def broken(*arguments: Any, **more: Any) -> None:
        raise RuntimeError("the secret detail")

    monkeypatch.setattr(catalogue, "datasets", broken)
    monkeypatch.setattr(catalogue, "dataset_by_name", broken)
    answer = client.get("/api/v1/datasets")
    assert answer.status_code == 500 and "secret" not in answer.text
    is_problem(answer)
    assert answer.json()["request_id"] in caplog.text and "the secret detail" in caplog.text
    answer = client.post("/api/3/action/package_show", json={"id": "x"})
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.json()["error"]["__type"] == "Internal Server Error"

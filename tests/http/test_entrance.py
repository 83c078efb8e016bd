"""What every request and every answer goes through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response, StreamingResponse
from starlette.testclient import TestClient

from kaishu import http
from kaishu.base.errors import KaishuError


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("KAISHU_BODY_LIMIT", "1000")
    app = FastAPI(openapi_url=None)

    @app.get("/api/v1/thing")
    def thing(count: int = 1) -> dict[str, str]:
        return {"words": "很多字" * 1000 * count}

    @app.get("/api/v1/fault")
    def fault() -> None:
        raise RuntimeError("the secret detail")

    @app.get("/api/v1/datasets/x/rows")
    def rows() -> dict[str, str]:
        return {"words": "很多字" * 1000}

    @app.post("/api/v1/echo")
    def echo(body: dict[str, Any]) -> dict[str, Any]:
        return body

    @app.post("/form")
    async def form(request: Request) -> dict[str, int]:
        return {"fields": len(await request.form())}

    @app.get("/broken")
    def broken() -> Response:
        def parts() -> Iterator[bytes]:
            yield b"begun"
            raise RuntimeError("half-way")

        return StreamingResponse(parts())

    http.install(app)
    http.handle_errors(app, RequestValidationError)
    return TestClient(app, raise_server_exceptions=False)


def test_every_answer_has_a_number_and_security_headers(client: TestClient) -> None:
    for path in ("/api/v1/thing", "/nothing-here", "/api/v1/fault"):
        headers = client.get(path).headers
        assert len(headers["x-request-id"]) == 26
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_callers_number_is_kept_if_it_is_harmless(client: TestClient) -> None:
    assert client.get("/x", headers={"x-request-id": "abc-12345"}).headers["x-request-id"] == "abc-12345"
    assert client.get("/x", headers={"x-request-id": "a b\tc"}).headers["x-request-id"] != "a b\tc"


def test_a_fault_tells_its_number_and_nothing_else(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/api/v1/fault", headers={"accept-language": "en"})
    assert answer.status_code == 500
    body = answer.json()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["request_id"] in body["detail"] and "secret" not in answer.text
    assert body["request_id"] in caplog.text and "the secret detail" in caplog.text


def test_framework_errors_are_problems_too(client: TestClient) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("PUT", "/api/v1/thing", 405),
        ("GET", "/api/v1/thing?count=many", 422),
    ):
        answer = client.request(method, path)
        assert answer.status_code == status == answer.json()["status"]
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.put("/api/v1/thing").headers["allow"] == "GET"
    assert client.get("/api/v1/thing?count=many").json()["errors"] == [
        {"field": "count", "message": "应为整数。"}
    ]


def test_public_reads_are_open_to_every_page(client: TestClient) -> None:
    assert client.get("/api/v1/thing").headers["access-control-allow-origin"] == "*"
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    answer = client.options("/api/v1/thing", headers=asked)
    assert answer.status_code == 204
    assert "access-control-allow-credentials" not in answer.headers
    assert "POST" not in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-origin" not in client.post("/api/v1/echo", json={}).headers
    assert "access-control-allow-origin" not in client.get("/nothing").headers


def test_bodies_have_a_limit_announced_or_not(client: TestClient) -> None:
    big = b'{"a": "' + b"x" * 2000 + b'"}'
    kind = {"content-type": "application/json"}
    assert client.post("/api/v1/echo", content=big, headers=kind).status_code == 413
    assert client.post("/api/v1/echo", content=iter([big]), headers=kind).json()["code"] == "http.too-large"
    assert client.post("/api/v1/echo", json={"a": 1}).json() == {"a": 1}
    assert client.post("/form", files={"file": b"x" * 5000}).status_code == 413
    assert client.post("/form", files={"file": b"x" * 5}).json() == {"fields": 1}


def test_gzip_is_for_documents_and_not_for_rows(client: TestClient) -> None:
    asked = {"accept-encoding": "gzip"}
    assert client.get("/api/v1/thing", headers=asked).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/api/v1/datasets/x/rows", headers=asked).headers
    asked = {"accept-encoding": "identity"}
    assert "content-encoding" not in client.get("/api/v1/thing", headers=asked).headers


def test_an_answer_that_breaks_half_way_is_broken_off(client: TestClient) -> None:
    with pytest.raises(RuntimeError), TestClient(client.app) as strict:
        strict.get("/broken")


def test_another_entrance_may_draw_the_errors_of_its_paths(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kaishu.http import problems

    def drawn(request: Request, error: KaishuError) -> Response:
        return Response(f"<h1>{error.status}</h1>", status_code=error.status, media_type="text/html")

    monkeypatch.setattr(problems, "_renderers", {"/": drawn, "/api/v1": problems.problem})
    assert client.get("/nothing").text == "<h1>404</h1>"
    assert client.get("/api/v1/nothing").json()["status"] == 404
    assert client.get("/api/v1nothing").text == "<h1>404</h1>"


def test_what_the_database_does_not_take_is_not_a_fault_of_ours(home: Path) -> None:
    from sqlalchemy.exc import DataError, IntegrityError

    app = FastAPI(openapi_url=None)

    @app.get("/api/v1/data")
    def data() -> None:
        raise DataError("INSERT", {}, ValueError("NUL"))

    @app.get("/api/v1/twice")
    def twice() -> None:
        raise IntegrityError("INSERT", {}, ValueError("UNIQUE"))

    http.install(app)
    client = TestClient(app)
    assert client.get("/api/v1/data").json()["code"] == "http.unstorable"
    assert client.get("/api/v1/twice").status_code == 409

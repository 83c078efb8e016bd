"""A fault deep in a library that is no exception of ours is answered like any other fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from kaishu import api, http
from kaishu.http.entrance import Entrance


class PanicException(BaseException):
    """The name by which libraries in Rust raise it."""


def panics(request: Request) -> Response:
    raise PanicException("index out of bounds")


@pytest.fixture
def client(home: Path) -> TestClient:
    app = Starlette(routes=[Route("/thing", panics), Route("/api/3/action/panics", panics)])
    api.mount(app)
    http.install(app)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/thing", "/api/3/action/panics"])
def test_a_panic_is_a_fault_with_its_number(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert "out of bounds" not in answer.text
    said = answer.json()
    if path == "/thing":
        assert said["code"] == "http.unexpected"
    else:
        assert said["error"]["__type"] == "Internal Server Error"
    assert answer.headers["x-request-id"] in answer.text


def test_the_end_of_the_program_is_not_held_up(home: Path) -> None:
    async def ends(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyboardInterrupt

    async def nothing(*message: Message) -> Message:
        return {"type": "http.disconnect"}

    asked = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(KeyboardInterrupt):
        Entrance(ends)(asked, nothing, nothing).send(None)  # type: ignore[arg-type, attr-defined]

"""The whole application over the small site, in process and over a socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from tests.api.conftest import bare_app
from tests.api.conftest import site as site  # a copy of the same small site for each file


@pytest.fixture(scope="module")
def app(site: object) -> Starlette:
    """Both interfaces."""
    return bare_app()


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    """Where a real server answers, on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)

"""A live server and the library's own client, over both transports."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx2
import pytest
import uvicorn
from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from sqlalchemy import select

from kaishu import http, migrations
from kaishu.db import engine, session_scope
from kaishu.ledger.models import Entry
from tests.api.conftest import bare_app
from tests.api.seeding import Site

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def live(site: Site) -> Iterator[str]:
    """Address of a running server."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(bare_app(), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def web(live: str, site: Site) -> Ask:
    """Call a tool over streamable HTTP: ``web("tool", account="steward", **arguments)``."""
    http.forget()

    def ask(tool: str, account: str = "", **arguments: Any) -> Any:
        async def run() -> Any:
            headers = {"authorization": f"Bearer {site.tokens[account]}"} if account else {}
            async with (
                httpx2.AsyncClient(headers=headers) as client,
                streamable_http_client(f"{live}/mcp", http_client=client) as streams,
                ClientSession(streams[0], streams[1]) as session,
            ):
                await session.initialize()
                return await session.call_tool(tool, arguments)

        return anyio.run(run)

    return ask


@pytest.fixture(scope="module")
def stamped(site: Site) -> None:
    """Tables were made without a history; the program asks for one."""
    with engine().begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrations.newest()}')")


@pytest.fixture
def terminal(stamped: None) -> Callable[..., Any]:
    """Run ``kaishu mcp`` and let an async function talk with it: ``terminal(talk, token="")``."""

    def start(talk: Callable[[ClientSession], Any], token: str = "") -> Any:
        async def run() -> Any:
            keep = {key: os.environ[key] for key in ("PATH", "KAISHU_HOME")}
            given = StdioServerParameters(
                command=sys.executable,
                args=["-m", "kaishu", "mcp"],
                env={**keep, **({"KAISHU_TOKEN": token} if token else {})},
            )
            async with stdio_client(given) as streams, ClientSession(*streams) as session:
                await session.initialize()
                return await talk(session)

        return anyio.run(run)

    return start


@pytest.fixture
def noted(site: Site) -> Callable[[], list[Entry]]:
    """The ledger rows of calls by assistants, oldest first."""

    def read() -> list[Entry]:
        with session_scope(write=False) as session:
            return list(
                session.scalars(select(Entry).where(Entry.action == "mcp.call").order_by(Entry.number))
            )

    return read

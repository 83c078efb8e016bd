"""The entrance for assistants: tools over the catalogue and its rows, in the Model Context Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.http import Later

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["PREFIX", "route", "run_stdio"]

PREFIX = "/mcp"


def route() -> Later:
    """``/mcp`` in the running server, put together when an assistant first asks."""
    return Later(PREFIX, _build)


def run_stdio(token: str = "") -> None:
    """Answer on standard input and output until the other side hangs up.  Raises ``BadToken``."""
    from kaishu.api.mcp.stdio import run

    run(token)


def _build() -> ASGIApp:
    from kaishu.api.mcp.streaming import build

    return build()

"""A part of the site that is put together when it is first asked for.

The framework of our own interface takes as long to import as everything a page needs, so pages do not
wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send


class Later(BaseRoute):
    """Everything under ``prefix`` is answered by the application that ``build`` makes, once."""

    def __init__(self, prefix: str, build: Callable[[], ASGIApp]) -> None:
        self.prefix = prefix
        self._build = build
        self._app: ASGIApp | None = None
        self._lock = threading.Lock()

    def ready(self) -> ASGIApp:
        """The application, built now if nobody has asked before."""
        with self._lock:
            if self._app is None:
                self._app = self._build()
            return self._app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Is the path under the prefix?"""
        path = scope["path"]
        inside = scope["type"] == "http" and (path == self.prefix or path.startswith(f"{self.prefix}/"))
        return (Match.FULL if inside else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the first one waits in a thread while the application is built."""
        app = await run_in_threadpool(self.ready) if self._app is None else self._app
        await app(scope, receive, send)

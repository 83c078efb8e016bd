"""The outermost layer: request number, security headers, open reading, body limits, a net for faults."""

from __future__ import annotations

import logging
import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kaishu.base import ids, settings
from kaishu.base.errors import KaishuError
from kaishu.http.errors import TooLarge, Unexpected
from kaishu.http.identity import actor_of
from kaishu.http.problems import answer

log = logging.getLogger("kaishu.http")

RECEIVED_ID = re.compile(rb"[A-Za-z0-9._-]{8,40}")
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
SECURITY = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cross-origin-opener-policy": b"same-origin",
}
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
OPEN_READING = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Link, ETag, Last-Modified, Content-Disposition, Content-Range, Accept-Ranges, X-Request-ID",
    ),
]
METHODS = b"access-control-allow-methods"
PREFLIGHT = [
    (b"access-control-allow-origin", b"*"),
    (METHODS, b"GET, HEAD, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since, Range, X-Request-ID",
    ),
    (b"access-control-max-age", b"86400"),
    (b"vary", b"Origin, Access-Control-Request-Method"),
]
#: What every site's pages may read, and where they read by POST, as CKAN's clients do.  No answer is open to
#: a page that sends a cookie along, and none allows it to send a token.
OPEN = ("/api", "/datastore/dump/")
POSTED = ("/api/3/action/", "/api/action/")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PANIC = "PanicException"  # what a library in Rust raises for a fault of its own; it is no Exception
SLACK = 65_536  # a multipart body is a little longer than its file


class Entrance:
    """Pure ASGI; ``scope["state"]["request_id"]`` is set for everything inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.security = list(SECURITY.items())
        if settings.text("secure_cookies") == "1":
            self.security.append(STRICT_TRANSPORT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = number
        method, public = scope["method"], scope["path"].startswith(OPEN)
        posted = scope["path"].startswith(POSTED)
        extra = [*self.security, (b"x-request-id", number.encode())]
        if (public and method in ("GET", "HEAD")) or (posted and method == "POST"):
            extra += OPEN_READING
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                have = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in extra if pair[0] not in have)]
            await send(message)

        if method == "OPTIONS" and public and _asks_leave(scope):
            await sending({"type": "http.response.start", "status": 204, "headers": _preflight(posted)})
            await sending({"type": "http.response.body", "body": b""})
            return
        if method in WRITES:
            receive = _Measured(scope, receive).receive
        try:
            await self.app(scope, receive, sending)
        except ClientDisconnect:
            log.info("request %s: the client left", number)
        except BaseException as fault:
            if not isinstance(fault, Exception) and type(fault).__name__ != PANIC:
                raise
            if started:
                log.exception("request %s %s broke while it was being answered", number, scope["path"])
                raise
            response = answer(Request(scope), _told(fault, number, scope["path"]))
            await response(scope, receive, sending)


#: Kinds of body that are files, or streams of rows as large as files.
_FILES = ("multipart/form-data", "application/x-ndjson")


class _Measured:
    """A ``receive`` that stops a body at the limit; large ones are for those who signed in."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.inner = receive
        self.limit = settings.number("body_limit")
        self.taken = 0
        self.widened = False

    async def receive(self) -> Message:
        if self.taken == 0:
            await self._check(self._announced())
        message = await self.inner()
        if message["type"] == "http.request":
            self.taken += len(message.get("body", b""))
            await self._check(self.taken)
        return message

    async def _check(self, size: int) -> None:
        if size > self.limit and not self.widened:
            self.widened = True
            request = Request(self.scope)
            if request.headers.get("content-type", "").startswith(_FILES):
                actor = await run_in_threadpool(actor_of, request)
                if actor.kind != "visitor":
                    self.limit = settings.number("upload_limit") + SLACK
        if size > self.limit:
            raise TooLarge(limit=self.limit)

    def _announced(self) -> int:
        for name, value in self.scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and RECEIVED_ID.fullmatch(value):
            return str(value.decode())
    return ids.new_id()


def _preflight(posted: bool) -> list[tuple[bytes, bytes]]:
    methods = b"GET, HEAD, POST, OPTIONS" if posted else b"GET, HEAD, OPTIONS"
    return [*(pair for pair in PREFLIGHT if pair[0] != METHODS), (METHODS, methods)]


def _asks_leave(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


def _told(fault: BaseException, number: str, path: str) -> KaishuError:
    if isinstance(fault, KaishuError):
        return fault
    log.error("request %s %s failed", number, path, exc_info=fault)
    return Unexpected(request_id=number)

"""Assistants over the web: streamable HTTP, without sessions, one answer a request."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from kaishu.access import Actor
from kaishu.api.mcp.desk import SPEAKER, Speaker
from kaishu.api.mcp.errors import WrongPlace
from kaishu.api.mcp.server import build as build_server
from kaishu.base import settings
from kaishu.http import actor_of, request_id, site_url
from kaishu.http.errors import WrongMethod

METHODS = "POST, OPTIONS"
ALLOWED = (
    "Authorization, Content-Type, Accept, Accept-Language, Last-Event-ID, "
    "Mcp-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name"
)


def build() -> Streaming:
    """The application under ``/mcp``."""
    return Streaming()


class Streaming:
    """Pure ASGI.  Who asks is said by the token alone; a cookie is never looked at."""

    def __init__(self) -> None:
        self.server = build_server()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(_without_cookies(scope), receive)
        origin = _checked(request)
        if request.method == "OPTIONS":
            await _leave(origin)(scope, receive, send)
            return
        if request.method != "POST":
            raise WrongMethod(path=request.url.path, method=request.method, allow=METHODS)
        await run_in_threadpool(actor_of, request)  # a wrong token is refused before anything is read

        def identify(session: Session) -> Actor:
            return actor_of(request, session)

        SPEAKER.set(Speaker(identify, site_url(request), request_id(request)))
        manager = StreamableHTTPSessionManager(
            self.server.lowlevel,
            json_response=True,
            stateless=True,
            max_request_body_size=settings.number("body_limit"),
        )
        async with manager.run():
            await manager.handle_request(request.scope, receive, _sharing(send, origin))


def _checked(request: Request) -> str:
    """The web page's origin, empty for none.  Raises ``WrongPlace``.

    A page elsewhere that has our name point to this machine, or that calls it from a reader's browser,
    sends a host or an origin that is not ours.
    """
    host = request.headers.get("host", "")
    ours = urlsplit(settings.text("site_url")).netloc.lower()
    known = _loopback(_name(host)) or _bound(request, _name(host)) or bool(ours and host.lower() == ours)
    if not known:
        raise WrongPlace(place=host[:200])
    origin = request.headers.get("origin", "")
    if not origin:
        return ""
    place = urlsplit(origin)
    near = _loopback(place.hostname or "") and _loopback(_name(host))
    if place.scheme not in ("http", "https") or not (near or place.netloc.lower() in (host.lower(), ours)):
        raise WrongPlace(place=origin[:200])
    return origin


def _name(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "") if host else ""


def _loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _bound(request: Request, name: str) -> bool:
    """Is this the very address on which the request came in?  A name never is, so it cannot be rebound."""
    server = request.scope.get("server") or ("", 0)
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(server[0])
    except ValueError:
        return False


def _without_cookies(scope: Scope) -> Scope:
    headers = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
    return {**scope, "headers": headers}


def _leave(origin: str) -> Response:
    """The answer to a browser that asks what it may send."""
    headers = {"access-control-allow-methods": METHODS, "access-control-allow-headers": ALLOWED}
    if origin:
        headers |= {"access-control-allow-origin": origin, "access-control-max-age": "86400"}
    return Response(status_code=204, headers={**headers, "vary": "Origin"})


def _sharing(send: Send, origin: str) -> Send:
    """Let the page that was let in read the answer; nobody keeps it."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            headers["cache-control"] = "no-store"
            if origin:
                headers["access-control-allow-origin"] = origin
                headers["vary"] = "Origin"
            message = {**message, "headers": headers.raw}
        await send(message)

    return sending

"""Addresses that people give are opened only if they lead outside; answers have bounds.

A name is resolved once and the connection goes to the very address that was checked, so that a name
cannot mean something else a moment later.  Redirects are followed here, each checked again.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from kaishu.base import settings
from kaishu.base.networks import IP, address_listed, host_listed, is_outside
from kaishu.harvest.errors import AddressRefused, AnsweredBadly, AnsweredLater, TooMuch, Unreachable

if TYPE_CHECKING:
    import httpx2

PORTS = {"http": 80, "https": 443}
AGENT = "Kaishu-harvest/1 (+https://kaishu.dev)"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Most bytes of an answer, unpacked; seconds for all of it and for each silence; redirects followed."""

    size: int = 1 << 30
    seconds: float = 600
    silence: float = 30
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``url`` is the last address, ``content`` empty if it was written elsewhere."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    visited: tuple[str, ...] = field(default=())


def guarded_get(
    url: str, *, accept: str = "*/*", bounds: Bounds = Bounds(), into: BinaryIO | None = None
) -> Answer:
    """Read an address, into a file if one is given.

    Raises ``AddressRefused``, ``Unreachable``, ``AnsweredBadly``, ``AnsweredLater``, ``TooMuch``.
    """
    answer = _follow("GET", url, accept, bounds, into)
    if answer.status == 408 or answer.status == 429 or answer.status >= 500:
        raise AnsweredLater(address=answer.url, status=answer.status)
    if answer.status >= 300:
        said = f"HTTP {answer.status}"
        raise AnsweredBadly(address=answer.url, reason=said, reason_en=said, status=answer.status)
    return answer


def guarded_head(url: str, *, bounds: Bounds = Bounds(seconds=20, silence=10)) -> Answer:
    """Ask whether something is there, without its content; any status is an answer.

    Where a server does not know HEAD, the first bytes are asked for instead.
    """
    answer = _follow("HEAD", url, "*/*", bounds, None)
    if answer.status in (403, 405, 501):
        return _follow("GET", url, "*/*", bounds, None, look=True)
    return answer


def check_address(url: str) -> None:
    """Raise ``AddressRefused`` for what would not be opened, or ``Unreachable`` for an unknown name."""
    _checked(url)


def _follow(
    method: str, url: str, accept: str, bounds: Bounds, into: BinaryIO | None, look: bool = False
) -> Answer:
    with _Deadline(bounds.seconds) as deadline:
        return _followed(method, url, accept, bounds, into, look, deadline)


def _followed(
    method: str,
    url: str,
    accept: str,
    bounds: Bounds,
    into: BinaryIO | None,
    look: bool,
    deadline: _Deadline,
) -> Answer:
    visited: list[str] = []
    while True:
        visited.append(url)
        parts, address = _checked(url)
        response = _ask(method, parts, address, accept, bounds, deadline)
        try:
            headers = dict(response.headers)
            target = headers.get("location")
            if response.status_code in (301, 302, 303, 307, 308) and target:
                if len(visited) > bounds.redirects:
                    raise TooMuch(
                        address=visited[0],
                        reason=f"跳转超过{bounds.redirects}次",
                        reason_en=f"more than {bounds.redirects} redirects",
                    )
                url = urljoin(url, target)
                continue
            content = b""
            if method == "GET" and not look and response.status_code < 300:
                content = _read(response, url, bounds, deadline, into)
            return Answer(url, response.status_code, headers, content, tuple(visited))
        finally:
            response.close()


def _checked(url: str) -> tuple[SplitResult, IP]:
    """The parts of an address and the one IP address to connect to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused(url, "写法不对", "it is not well-formed") from None
    if parts.scheme not in PORTS or not host:
        raise _refused(url, "只打开 http 和 https", "only http and https are opened")
    if parts.username is not None or parts.password is not None:
        raise _refused(parts._replace(netloc=host).geturl(), "地址里不能带账号", "it carries credentials")
    if any(letter <= " " or letter == "\x7f" for letter in url):
        raise _refused(url, "写法不对", "it is not well-formed")
    try:
        found = socket.getaddrinfo(host, port or PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(address=url, reason=f"DNS: {error}") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses:
        raise Unreachable(address=url, reason="DNS")
    listed = settings.text("harvest_allow")
    if not host_listed(listed, host) and any(
        not is_outside(each) and not address_listed(listed, each) for each in addresses
    ):
        raise _refused(url, "它指向内部网络", "it leads to an inside network")
    return parts, addresses[0]


def _refused(url: str, reason: str, reason_en: str) -> AddressRefused:
    return AddressRefused(address=url[:300], reason=reason, reason_en=reason_en)


@cache
def _transport() -> httpx2.HTTPTransport:
    """Connections are not kept: one made for a name must not serve another at the same address."""
    import httpx2

    return httpx2.HTTPTransport(
        trust_env=False, limits=httpx2.Limits(max_connections=64, max_keepalive_connections=0)
    )


class _Deadline:
    """Shuts the connection when the time for all of an answer is over, however short its pauses are."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.over = seconds, False
        self._stream: Any = None
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Told by the client of each step: keep the connection that is used."""
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]
            if self.over:
                self._pass()

    def failed(self, url: str, error: BaseException) -> Unreachable | TooMuch:
        """What is to be raised for an error of the client."""
        return self.passed(url) if self.over else Unreachable(address=url, reason=_cause(error))

    def passed(self, url: str) -> TooMuch:
        """The time is over."""
        return TooMuch(
            address=url,
            reason=f"{self.seconds:.0f}秒没有读完",
            reason_en=f"not done in {self.seconds:.0f} seconds",
        )

    def _pass(self) -> None:
        self.over = True
        connection = self._stream.get_extra_info("socket") if self._stream else None
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _ask(
    method: str, parts: SplitResult, address: IP, accept: str, bounds: Bounds, deadline: _Deadline
) -> httpx2.Response:
    import httpx2

    place = f"[{address}]" if address.version == 6 else str(address)
    port = parts.port or PORTS[parts.scheme]
    target = parts._replace(netloc=f"{place}:{port}", fragment="").geturl()
    silence = bounds.silence
    try:
        request = httpx2.Request(
            method,
            target,
            headers={
                "host": parts.netloc,
                "user-agent": AGENT,
                "accept": accept,
                "accept-encoding": "gzip",
                "connection": "close",
            },
            extensions={
                "timeout": {"connect": 10.0, "read": silence, "write": silence, "pool": silence},
                "sni_hostname": parts.hostname or "",
                "trace": deadline.trace,
            },
        )
        return _transport().handle_request(request)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
        raise deadline.failed(parts.geturl(), error) from None


def _read(
    response: httpx2.Response, url: str, bounds: Bounds, deadline: _Deadline, into: BinaryIO | None
) -> bytes:
    import httpx2

    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _unpacked(response, url):
            size += len(piece)
            if size > bounds.size:
                raise TooMuch(
                    address=url, reason=f"超过{bounds.size}字节", reason_en=f"more than {bounds.size} bytes"
                )
            if into is None:
                pieces.append(piece)
            else:
                into.write(piece)
    except (httpx2.HTTPError, zlib.error, OSError) as error:
        raise deadline.failed(url, error) from None
    if deadline.over:  # a body without a length seems to end where it was shut
        raise deadline.passed(url)
    return b"".join(pieces)


def _unpacked(response: httpx2.Response, url: str) -> Iterator[bytes]:
    """The body in pieces of at most a mebibyte, so that a small piece cannot swell without being seen."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from response.iter_raw(_CHUNK)
        return
    if coding not in ("gzip", "x-gzip"):
        said = f"Content-Encoding {coding}"
        raise AnsweredBadly(address=url, reason=said, reason_en=said)
    unpacker, begun = _gunzip(), False
    for raw in response.iter_raw(1 << 16):
        while raw:
            if unpacker.eof:  # another part follows; zeros only fill up
                raw = raw.lstrip(b"\0")
                unpacker, begun = _gunzip(), False
            begun = begun or bool(raw)
            piece = unpacker.decompress(raw, _CHUNK)
            raw = unpacker.unconsumed_tail or unpacker.unused_data
            if piece:
                yield piece
    yield unpacker.flush()
    if begun and not unpacker.eof:
        raise zlib.error("the compressed answer breaks off")


def _gunzip() -> zlib._Decompress:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _cause(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]

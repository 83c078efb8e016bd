"""Answers of web interfaces, from the very address that was checked, with bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from kaishu.source.addresses import checked_host
from kaishu.source.connectors.kind import Place
from kaishu.source.errors import PlaceRefused, SourceRefuses, SourceUnreachable, SourceUnreadable

_PORTS = {"http": 80, "https": 443}
#: Bytes of one page, seconds for each silence, redirects that are followed.
MOST_PAGE, SILENCE, REDIRECTS = 64 << 20, 30.0, 5


def ask_json(place: Place, url: str, headers: Mapping[str, str]) -> tuple[Any, Mapping[str, str]]:
    """One page as JSON, with the answer's headers."""
    import orjson

    content, answered = ask(place, url, headers)
    try:
        return orjson.loads(content), answered
    except orjson.JSONDecodeError:
        raise SourceUnreadable(place=shown(url), reason="不是 JSON", reason_en="it is not JSON") from None


def ask(place: Place, url: str, headers: Mapping[str, str]) -> tuple[bytes, Mapping[str, str]]:
    """One answer.  Secrets go to the first host only, whatever it redirects to."""
    first = _origin(url)
    for _ in range(REDIRECTS + 1):
        status, answered, content = _once(place, url, headers if _origin(url) == first else {})
        target = answered.get("location")
        if status in (301, 302, 303, 307, 308) and target:
            url = urljoin(url, target)
            continue
        if status in (408, 429) or status >= 500:
            raise SourceUnreachable(place=shown(url), reason=f"HTTP {status}")
        if status >= 300:
            raise SourceRefuses(place=shown(url), reason=f"HTTP {status}")
        return content, answered
    raise SourceUnreadable(place=shown(url), reason="跳转太多", reason_en="too many redirects")


def shown(url: str) -> str:
    """An address without what may be secret in it: account and question."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"[
        :300
    ]


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        raise PlaceRefused(place=url[:100], reason="写法不对", reason_en="it is not well-formed") from None


def _once(place: Place, url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    import httpx2

    scheme, host, port = _origin(url)
    parts = urlsplit(url)
    if scheme not in _PORTS or not host or parts.username or parts.password:
        raise PlaceRefused(
            place=url[:100] if not parts.password else host or "",
            reason="只打开不带账号的 http 和 https",
            reason_en="only http and https without an account are opened",
        )
    port = port or _PORTS[scheme]
    address = checked_host(host, port)
    bracketed = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{bracketed}:{port}", fragment="").geturl()
    sent = {"accept": "application/json", "user-agent": "Kaishu-source/1", **headers, "host": parts.netloc}
    timeout = {"connect": 10.0, "read": SILENCE, "write": SILENCE, "pool": SILENCE}
    try:
        with httpx2.Client(trust_env=False, follow_redirects=False) as client:
            extensions = {"timeout": timeout, "sni_hostname": host}
            with client.stream("GET", target, headers=sent, extensions=extensions) as response:
                return response.status_code, dict(response.headers), _content(response, url)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
        raise SourceUnreachable(place=shown(url), reason=place.plain(error)) from None


def _content(response: Any, url: str) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_bytes(1 << 16):
        size += len(piece)
        if size > MOST_PAGE:
            said = f"{MOST_PAGE >> 20} MiB"
            raise SourceUnreadable(
                place=shown(url), reason=f"一页超过 {said}", reason_en=f"one page is more than {said}"
            )
        pieces.append(piece)
    return b"".join(pieces)

"""Files over HTTP: ranges, validators, names in any script."""

from __future__ import annotations

import os
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kaishu.http.errors import RangeBeyondEnd


def file_response(
    request: Request, path: Path, *, media_type: str, file_name: str, etag: str = "", inline: bool = False
) -> Response:
    """A file as a download: ETag, Last-Modified, Range (206, 416), If-None-Match (304).

    ``etag`` is bare, such as a SHA-256; without it one is made of time and size.
    """
    stat = os.stat(path)
    tag = f'"{etag}"' if etag else f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {
        "etag": tag,
        "last-modified": formatdate(stat.st_mtime, usegmt=True),
        "content-disposition": disposition(file_name, inline=inline),
        "cache-control": "no-cache",
    }
    if not_modified(request, tag, stat.st_mtime):
        return Response(status_code=304, headers=headers)
    if _beyond(request.headers.get("range", ""), stat.st_size):
        raise RangeBeyondEnd(size=stat.st_size)
    return FileResponse(path, media_type=media_type, headers=headers, stat_result=stat)


def not_modified(request: Request, tag: str, modified: float | None = None) -> bool:
    """Has the client this already?  ``tag`` with its quotes; ``modified`` in seconds since 1970."""
    known = request.headers.get("if-none-match")
    if known is not None:
        return matching(known, tag)
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return int(modified) <= parsedate_to_datetime(since).timestamp()
    except ValueError:
        return False


def matching(header: str, tag: str) -> bool:
    """Does an If-None-Match header name this tag?  Weak comparison, RFC 9110 section 13.1.2."""
    named = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in named or tag.removeprefix("W/") in named


def disposition(file_name: str, *, inline: bool = False) -> str:
    """Content-Disposition with a UTF-8 name and a plain one for old clients (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in file_name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _beyond(header: str, size: int) -> bool:
    unit, _, ranges = header.partition("=")
    if unit.strip().lower() != "bytes" or not ranges:
        return False
    first = ranges.split(",")[0].strip().partition("-")[0]
    return first.isdigit() and int(first[:20]) >= size

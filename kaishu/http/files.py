"""Files over HTTP: ranges, validators, names in any script."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

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
    _settle_range(request, stat.st_size)
    return FileResponse(path, media_type=media_type, headers=headers, stat_result=stat)


def streamed(
    request: Request, pieces: Iterable[bytes | str], media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Pieces sent as they are made.  For HEAD the headers alone: none of them is made."""
    content: Iterable[bytes | str] = () if request.method == "HEAD" else pieces
    return StreamingResponse(content, media_type=media_type, headers=headers)


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


def _settle_range(request: Request, size: int) -> None:
    """Leave only ranges that the file has; a header that is no range is as if it were not there.

    RFC 9110 section 14.2.  Raises ``RangeBeyondEnd`` if the file has none of them.
    """
    header = request.headers.get("range")
    if header is None:
        return
    unit, _, listed = header.partition("=")
    parts = [part.strip() for part in listed.split(",")]
    kept: list[str] = []
    if unit.strip().lower() == "bytes" and all(_well_formed(part) for part in parts):
        kept = [part for part in parts if _within(part, size)]
        if not kept:
            raise RangeBeyondEnd(size=size)
    others = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
    request.scope["headers"] = [*others, *([(b"range", f"bytes={','.join(kept)}".encode())] if kept else [])]


def _well_formed(part: str) -> bool:
    found = re.fullmatch(r"(\d{1,18})-(\d{1,18})?|-\d{1,18}", part, re.ASCII)
    return bool(found) and (found is None or not found[2] or int(found[1]) <= int(found[2]))


def _within(part: str, size: int) -> bool:
    first, _, last = part.partition("-")
    return int(first) < size if first else int(last) > 0 and size > 0

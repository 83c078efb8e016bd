"""Answers for rows: the path that is asked for most, so it asks nothing twice.

No dependency injection, no models, not even the interface's framework: parameters are read once, the
version comes from a memory of a second, the whole JSON body is built where the rows are.
"""

from __future__ import annotations

import csv
import io
import zlib
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kaishu import delivery
from kaishu.access import Call
from kaishu.api.reading import Readable, actor_soon, readable_soon
from kaishu.base.errors import Invalid, Said
from kaishu.delivery.errors import UnknownFormat
from kaishu.http import idle_call, not_modified, streamed
from kaishu.http.errors import NotAcceptable
from kaishu.http.files import disposition

JSON = "application/json"
OWN = frozenset({"_version", "_resource", "_bom"})
PAGED = frozenset({"_limit", "_cursor", "_offset", "_distinct"})
BY_TYPE = {
    "text/csv": "csv",
    "application/x-ndjson": "ndjson",
    "application/vnd.apache.parquet": "parquet",
    JSON: "json",
}
FORMATS = ("json", "csv", "ndjson", "parquet")


def served() -> list[BaseRoute]:
    """The row routes themselves: plain ones, outside of the interface's own application."""
    paths = ("/datasets/{name}/rows", "/datasets/{name}/rows.{format}")
    return [Route(f"/api/v1{path}", answer_rows, methods=["GET"], include_in_schema=False) for path in paths]


async def answer_rows(request: Request) -> Response:
    """Rows as JSON or as a file."""
    form = request.path_params.get("format") or _accepted(request.headers.get("accept", "*/*"))
    if form not in FORMATS:
        name = str(form)[:50]
        raise UnknownFormat(kind="", name=name, format=name, existing="、".join(FORMATS))
    own, pairs = _split(request.query_params.multi_items())
    actor = await actor_soon(request)
    number = _whole(own["_version"]) if "_version" in own else None
    found = await readable_soon(request, actor, request.path_params["name"], own.get("_resource", ""), number)
    tag = f'W/"{found.version.id}-{zlib.crc32(request.scope["query_string"]):x}-{form}"'
    if "if-none-match" in request.headers and not_modified(request, tag):
        return Response(status_code=304, headers={"etag": tag})
    query = delivery.RowQuery.from_params(found.columns, pairs)
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "Accept, Authorization, Cookie"}
    with idle_call(request, actor) as call:
        if form != "json":
            asked = _File(form, query, bool(PAGED.intersection(name for name, _ in pairs)), own)
            return await run_in_threadpool(_file, call, request, found, asked, headers)
        if delivery.fast_plan(found.version, query):
            body = delivery.rows_json(call, found.version, query, subject=found.dataset_id)
        else:
            body = await run_in_threadpool(_slowly, call, found, query)
    return Response(body, media_type=JSON, headers=headers)


def _slowly(call: Call, found: Readable, query: delivery.RowQuery) -> bytes:
    return delivery.rows_json(call, found.version, query, subject=found.dataset_id)


@dataclass(frozen=True, slots=True)
class _File:
    """Rows asked for as a file; ``paged`` if only a page of them is wanted."""

    form: str
    query: delivery.RowQuery
    paged: bool
    own: dict[str, str]


def _file(call: Call, request: Request, found: Readable, asked: _File, headers: dict[str, str]) -> Response:
    if asked.paged:
        return _page(call, request, found, asked, headers)
    bom = asked.own.get("_bom", "").lower() in ("1", "true", "yes")
    subject = "" if request.method == "HEAD" else found.dataset_id
    export = delivery.export_stream(
        call, found.version, asked.form, query=asked.query, bom=bom, subject=subject
    )
    headers["content-disposition"] = disposition(export.file_name)
    return streamed(request, export.chunks, export.media_type, headers)


def _page(call: Call, request: Request, found: Readable, asked: _File, headers: dict[str, str]) -> Response:
    """One page as text; the next one's address is in the header ``Link``."""
    if asked.form == "parquet":
        said = Said(
            "Parquet 文件不分页，请去掉 _limit、_cursor、_offset 和 _distinct。",
            "A Parquet file has no pages; leave out _limit, _cursor, _offset and _distinct.",
        )
        raise Invalid({"format": [said]})
    page = delivery.query_rows(call, found.version, asked.query, subject=found.dataset_id)
    names = [column["name"] for column in page.columns]
    if page.next:
        following = request.url.include_query_params(_cursor=page.next)
        headers["link"] = f'<{following}>; rel="next"'
    if asked.form == "ndjson":
        lines = [orjson.dumps(dict(zip(names, row, strict=True))) for row in page.rows]
        return Response(
            b"".join(line + b"\n" for line in lines), media_type="application/x-ndjson", headers=headers
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in page.rows)
    return Response(text.getvalue(), media_type="text/csv", headers=headers)


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _split(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    own = {name: value for name, value in pairs if name in OWN}
    return own, [pair for pair in pairs if pair[0] not in OWN] if own else pairs


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < 2**31):
        raise Invalid({"_version": [Said("应为版本号，如 1。", "A version's number is needed, such as 1.")]})
    return int(text)


def _accepted(header: str) -> str:
    if "json" in header and "ndjson" not in header:
        return "json"
    for part in sorted(header.split(","), key=_weight, reverse=True):
        kind = part.partition(";")[0].strip().lower()
        if kind in BY_TYPE:
            return BY_TYPE[kind]
        if kind in ("*/*", "application/*", "", "text/html"):
            return "json"
    raise NotAcceptable(accept=header[:100], have=", ".join(BY_TYPE))


def _weight(part: str) -> float:
    _, _, quality = part.partition(";q=")
    try:
        return float(quality or 1)
    except ValueError:
        return 0.0

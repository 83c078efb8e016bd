"""``/datastore/dump/{id}``: the rows of a table as a file, as CKAN's people know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kaishu import delivery
from kaishu.api.ckan.arguments import Asked, asked_of
from kaishu.api.ckan.asking import row_query
from kaishu.api.ckan.datastore import TYPES, table_of
from kaishu.base.errors import Invalid, Said
from kaishu.http import not_modified, streamed
from kaishu.http.files import disposition

FORMS = ("csv", "tsv", "json", "xml")
QUERY = ("filters", "q", "sort", "fields")


async def dump(request: Request) -> Response:
    """All rows, or those that ``filters`` and ``q`` leave: ``format`` (csv, tsv, json, xml), ``bom``,
    ``fields``, ``sort``, ``limit``, ``offset``.
    """
    asked = await asked_of(request)
    export = await run_in_threadpool(_export, asked)
    tag = f'"{export.etag}"'
    if not_modified(request, tag):
        return Response(status_code=304, headers={"etag": tag})
    headers = {
        "content-disposition": disposition(export.file_name),
        "etag": tag,
        "cache-control": "no-cache",
        "vary": "Authorization, Cookie",
    }
    return streamed(request, export.chunks, export.media_type, headers)


def _export(asked: Asked) -> delivery.Export:
    form = asked.text("format", "csv").lower()
    _check(asked, form)
    most = asked.integer("limit", 0) if asked.values.get("limit") not in (None, "") else None
    part = (asked.integer("offset", 0), most)
    with asked.reading() as call:
        found = table_of(asked, call, asked.request.path_params["id"])
        arguments = {key: asked.values[key] for key in QUERY if asked.values.get(key)}
        query = row_query(found.columns, {**arguments, "limit": 0})
        chosen = query.columns or tuple(column.name for column in found.columns.all)
        query = delivery.RowQuery(filters=query.filters, search=query.search, sort=query.sort, columns=chosen)
        kind, bom = "ndjson" if form == "json" else form, asked.flag("bom")
        tag = delivery.etag_of(found.version, kind, query=query, bom=bom, part=part)
        asks = asked.request.method == "HEAD" or not_modified(asked.request, f'"{tag}"')
        subject = "" if asks else found.dataset_id  # who only asks takes nothing
        export = delivery.export_stream(
            call, found.version, kind, query=query, bom=bom, subject=subject, part=part
        )
    if form != "json":
        return export
    types = [(name, TYPES[found.columns.named(name).type]) for name in chosen]
    name = export.file_name.removesuffix(".ndjson") + ".json"
    return delivery.Export("application/json", name, export.etag, _json(export.chunks, types))


def _check(asked: Asked, form: str) -> None:
    """What CKAN knows is heeded or refused; other words are passed over, as CKAN does: clients add some."""
    wrong: dict[str, list[str]] = {}
    if form not in FORMS:
        wrong["format"] = [Said(f"应为：{'、'.join(FORMS)}", f"format: must be one of {', '.join(FORMS)}")]
    if asked.flag("distinct"):
        said = "文件不去重，请用 datastore_search。", "A file has every row; use datastore_search."
        wrong["distinct"] = [Said(*said)]
    if wrong:
        raise Invalid(wrong)


def _json(lines: Iterable[bytes], fields: list[tuple[str, str]]) -> Iterator[bytes]:
    """CKAN's form: the fields once, then each row as a list; ``lines`` may be cut anywhere."""
    said = [{"id": name, "type": kind} for name, kind in fields]
    yield b'{"fields": ' + orjson.dumps(said) + b', "records": ['
    between, rest = b"\n", b""
    for chunk in lines:
        *whole, rest = (rest + chunk).split(b"\n")
        rows = [orjson.dumps(list(orjson.loads(line).values())) for line in whole if line]
        if rows:
            yield between + b",\n".join(rows)
            between = b",\n"
    yield b"\n]}\n"

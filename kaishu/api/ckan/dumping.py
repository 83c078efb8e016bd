"""``/datastore/dump/{id}``: the rows of a table as a file, as CKAN's people know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kaishu import delivery
from kaishu.api.ckan.arguments import Asked, asked_of
from kaishu.api.ckan.datastore import TYPES, table_of
from kaishu.base.errors import Invalid, Said
from kaishu.http.files import disposition

FORMS = ("csv", "tsv", "json", "xml")
QUERY = ("filters", "q", "sort", "fields", "distinct")


async def dump(request: Request) -> Response:
    """All rows, or those that ``filters`` and ``q`` leave: ``format`` (csv, tsv, json, xml), ``bom``,
    ``fields``, ``sort``, ``limit``, ``offset``.
    """
    asked = await asked_of(request)
    export = await run_in_threadpool(_export, asked)
    return StreamingResponse(
        iterate_in_threadpool(export.chunks),
        media_type=export.media_type,
        headers={"content-disposition": disposition(export.file_name), "etag": f'"{export.etag}"'},
    )


def _export(asked: Asked) -> delivery.Export:
    form = asked.text("format", "csv").lower()
    if form not in FORMS:
        said = Said(f"应为：{'、'.join(FORMS)}", f"format: must be one of {', '.join(FORMS)}")
        raise Invalid({"format": [said]})
    most = asked.integer("limit", 0) if asked.values.get("limit") not in (None, "") else None
    part = (asked.integer("offset", 0), most)
    with asked.reading() as call:
        found = table_of(asked, call, asked.request.path_params["id"])
        arguments = {key: asked.values[key] for key in QUERY if asked.values.get(key)}
        query = delivery.RowQuery.from_ckan(found.columns, {**arguments, "limit": 0})
        chosen = query.columns or tuple(column.name for column in found.columns.all)
        query = delivery.RowQuery(filters=query.filters, search=query.search, sort=query.sort, columns=chosen)
        export = delivery.export_stream(
            call,
            found.version,
            "ndjson" if form == "json" else form,
            query=query,
            bom=asked.flag("bom"),
            subject=found.dataset_id,
            part=part,
        )
    if form != "json":
        return export
    types = [(name, TYPES[found.columns.named(name).type]) for name in chosen]
    name = export.file_name.removesuffix(".ndjson") + ".json"
    return delivery.Export("application/json", name, export.etag, _json(export.chunks, types))


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

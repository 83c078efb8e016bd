"""Whole tables as files, with ranges and validators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from kaishu import delivery
from kaishu.api.reading import readable
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.http import actor_of, file_response, idle_call

router = family("downloads")


@router.get(
    "/datasets/{name}/download.{format}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file"}},
)
def download(
    request: Request,
    name: Name,
    format: Annotated[
        str, Path(max_length=20, description="csv, tsv, xlsx, json, ndjson, xml, parquet, geojson.")
    ],
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Number; the newest.")] = None,
    resource: Annotated[str, Query(max_length=200, description="Which table, if there are several.")] = "",
) -> Response:
    """A version of a table as a file.  Takes `Range` and `If-None-Match`."""
    actor = actor_of(request)
    found = readable(request, actor, name, resource, version)
    first = request.headers.get("range", "bytes=0-").startswith("bytes=0-")
    with idle_call(request, actor) as call:
        subject = found.dataset_id if first else ""  # the later parts of a download are the same download
        path = delivery.export_path(call, found.version, format.lower(), subject=subject)
    exporter = delivery.EXPORTS[format.lower()]
    return file_response(
        request,
        path,
        media_type=exporter.media_type,
        file_name=f"{found.dataset_name}-v{found.version.number}.{exporter.suffix.lstrip('.')}",
        etag=delivery.etag_of(found.version, format.lower()),
    )

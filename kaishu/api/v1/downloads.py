"""Whole tables as files, with ranges and validators."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from kaishu import catalogue, delivery
from kaishu.api.reading import readable
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.base import settings
from kaishu.catalogue.errors import NoSuchResource
from kaishu.crosswalk import Site, csvw, dump_json, entry_of
from kaishu.http import actor_of, file_response, idle_call, not_modified, read_call, site_url

DESCRIBED = "application/csvm+json"
router = family("downloads")


@router.get(
    "/datasets/{name}/download.csv-metadata.json",
    response_class=Response,
    responses={200: {"content": {DESCRIBED: {}}, "description": "The metadata (CSVW)"}},
)
def describe_download(
    request: Request,
    name: Name,
    resource: Annotated[str, Query(max_length=200, description="Which table, if there are several.")] = "",
) -> Response:
    """What stands in the columns of the CSV download, as CSV on the Web has it."""
    site = Site(url=site_url(request), title=settings.text("site_title"))
    with read_call(request) as call:
        dataset, shown, _ = catalogue.readable_version(call, name, resource or None)
        entry = entry_of(dataset)
    address = f"{site.url}/api/v1/datasets/{quote(dataset.name)}/download.csv?resource={quote(shown.id)}"
    document = csvw.write_table(entry, site, shown.id, address)
    if document is None:
        raise NoSuchResource(kind="", name=dataset.name, resource=shown.id)
    return Response(dump_json(document), media_type=DESCRIBED)


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
    tag = delivery.etag_of(found.version, format.lower())
    asks = request.method == "HEAD" or not_modified(request, f'"{tag}"')
    with idle_call(request, actor) as call:
        # the later parts of a download are the same download, and who only asks takes nothing
        subject = found.dataset_id if first and not asks else ""
        path = delivery.export_path(call, found.version, format.lower(), subject=subject)
    exporter = delivery.EXPORTS[format.lower()]
    response = file_response(
        request,
        path,
        media_type=exporter.media_type,
        file_name=f"{found.dataset_name}-v{found.version.number}.{exporter.suffix.lstrip('.')}",
        etag=tag,
    )
    if format.lower() == "csv":
        start = f"{site_url(request)}/api/v1/datasets/{quote(found.dataset_name)}"
        where = f"{start}/download.csv-metadata.json?resource={quote(found.resource_id)}"
        response.headers["link"] = f'<{where}>; rel="describedby"; type="{DESCRIBED}"'
    return response

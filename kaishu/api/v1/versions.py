"""Versions of a dataset's tables: columns, reading notes, rows set aside, profiles."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from kaishu import catalogue, lake, quality
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.base.errors import NotFound
from kaishu.http import file_response, read_call

router = family("versions")

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the version.")]
ResourceId = Annotated[str, Query(max_length=200, description="Which table, if the dataset has several.")]


@router.get("/datasets/{name}/versions")
def list_versions(request: Request, name: Name) -> list[shapes.VersionSummary]:
    """Published versions of every table of the dataset, newest first."""
    with read_call(request) as call:
        dataset = catalogue.dataset_by_name(call, name)
        found = catalogue.published_versions(call.session, dataset)
        return [
            shapes.VersionSummary(**showing.version_summary(resource_id, version))
            for resource_id, versions in found.items()
            for version in versions
        ]


@router.get("/datasets/{name}/versions/{number}")
def read_version(
    request: Request, name: Name, number: Number, resource: ResourceId = ""
) -> shapes.VersionDetail:
    """One version with its columns and reading notes."""
    with read_call(request) as call:
        _, entry, version = catalogue.readable_version(call, name, resource or None, number)
        return showing.version(entry.id, version)


@router.get(
    "/datasets/{name}/versions/{number}/set-aside",
    response_class=Response,
    responses={200: {"content": {"application/x-ndjson": {}}, "description": "One JSON object a line"}},
)
def read_set_aside(request: Request, name: Name, number: Number, resource: ResourceId = "") -> Response:
    """The rows of the file that did not fit, each with its line number and the reason."""
    with read_call(request) as call:
        _, _, version = catalogue.readable_version(call, name, resource or None, number)
        if not version.set_aside:
            return Response(b"", media_type="application/x-ndjson")
        path = lake.set_aside_path(version)
    return file_response(
        request,
        path,
        media_type="application/x-ndjson",
        file_name=f"{name}-v{number}-set-aside.ndjson",
        etag=f"{version.id}-set-aside",
    )


@router.get("/datasets/{name}/profile", response_model=dict[str, Any])
def read_profile(
    request: Request,
    name: Name,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    resource: ResourceId = "",
) -> Response:
    """Statistics of every column of a version; made after publication, so they can be a moment late."""
    with read_call(request) as call:
        dataset, _, chosen = catalogue.readable_version(call, name, resource or None, version)
        profile = quality.profile_of(call.session, chosen.id)
        if profile is None:
            raise NotFound(kind="统计 profile", name=f"{dataset.name} v{chosen.number}")
    return Response(orjson.dumps(profile, default=str), media_type="application/json")

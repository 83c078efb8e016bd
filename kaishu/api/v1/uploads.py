"""Files sent: see how they would be read, correct it, load them into a dataset."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import File, Form, Path, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kaishu import lake, source
from kaishu.access import Call, Permission, require
from kaishu.api import loading
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.http import read_call
from kaishu.source.models import Delivery

router = family("uploads")

UploadId = Annotated[str, Path(max_length=200)]
Sent = Annotated[
    UploadFile, File(description="CSV, TSV, XLS, XLSX, JSON, NDJSON, XML, GeoJSON or Parquet; .gz, .zip.")
]
OptionsText = Annotated[
    str, Form(max_length=200_000, description="Reading options as a JSON object; may be empty.")
]


class Options(BaseModel):
    """How to read a file; what is left out is found out."""

    model_config = ConfigDict(extra="forbid")

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = Field(default=None, ge=0, description="Line of the last header row; 0: none.")
    sheet: str | None = None
    member: str | None = Field(default=None, description="File inside a zip.")
    record_path: str | None = Field(default=None, description="Where the records are, such as data.items.")
    types: dict[str, str] = Field(default={}, description="Column to type.")
    names: dict[str, str] = Field(default={}, description="Column name as found to its new name.")


class Loading(BaseModel):
    """Which sent file to load, and how."""

    model_config = ConfigDict(extra="forbid")

    upload: str = Field(max_length=200)
    resource: str | None = Field(default=None, max_length=200, description="A new version of this table.")
    options: Options = Options()


@router.post("/uploads", status_code=201)
def send_file(request: Request, file: Sent, options: OptionsText = "") -> shapes.UploadShape:
    """Send a file.  It is kept as it is; the answer says how it would be read."""
    chosen = _options(options)
    delivery = loading.take_in(request, file.filename or "", file.file)
    return _shape(delivery, loading.plan_of(delivery, chosen))


@router.post("/uploads/{upload}/plan")
def plan_file(request: Request, upload: UploadId, options: Options) -> shapes.UploadShape:
    """How the file would be read with other options."""
    chosen = lake.ReadOptions.from_dict(options.model_dump(exclude_none=True))
    delivery = _own(request, upload)
    return _shape(delivery, loading.plan_of(delivery, chosen))


LOADED: dict[int | str, dict[str, Any]] = {
    201: {"model": shapes.VersionDetail, "description": "Loaded into the draft"},
    202: {"model": shapes.TaskShape, "description": "Left to the worker; follow the task"},
}


@router.post(
    "/datasets/{name}/versions", status_code=201, response_model=shapes.VersionDetail, responses=LOADED
)
def load_file(request: Request, name: Name, what: Loading) -> Response:
    """Load a sent file into the dataset's draft: at once if it is small, else as a task (202)."""
    chosen = lake.ReadOptions.from_dict(what.options.model_dump(exclude_none=True))
    return _load(request, name, _own(request, what.upload), chosen, what.resource)


@router.post("/datasets/{name}/files", status_code=201, response_model=shapes.VersionDetail, responses=LOADED)
def send_and_load(
    request: Request,
    name: Name,
    file: Sent,
    options: OptionsText = "",
    resource: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Send a file and load it in one go."""
    chosen = _options(options)
    loading.may_load(request, name)
    delivery = loading.take_in(request, file.filename or "", file.file)
    return _load(request, name, delivery, chosen, resource or None)


def _load(
    request: Request, name: str, delivery: Delivery, options: lake.ReadOptions, resource: str | None
) -> Response:
    plan = loading.plan_of(delivery, options)
    if delivery.size > loading.AT_ONCE:
        task = loading.leave(request, delivery, plan, dataset=name, resource_id=resource)
        shape = showing.task(request, task)
        return JSONResponse(shape.model_dump(mode="json"), status_code=202, headers={"location": shape.url})
    resource_id, version = loading.load(request, delivery, plan, dataset=name, resource_id=resource)
    place = showing.dataset_url(request, name, f"/versions/{version.number}?resource={resource_id}")
    body = showing.version(resource_id, version).model_dump(mode="json")
    return JSONResponse(body, status_code=201, headers={"location": place})


def _own(request: Request, upload: str) -> Delivery:
    with read_call(request) as call:
        return own_delivery(call, upload)


def own_delivery(call: Call, upload: str) -> Delivery:
    """A delivery that this actor sent.  Raises ``NotFound`` for others'."""
    require(call, Permission.source_receive)
    delivery = source.delivery_by_id(call.session, upload)
    if delivery.person_id != call.actor.id:
        raise NotFound(kind="收到的文件 delivery", name=upload)
    return delivery


def _options(text: str) -> lake.ReadOptions:
    try:
        given = orjson.loads(text) if text.strip() else {}
    except orjson.JSONDecodeError as error:
        raise Invalid({"options": [Said("不是合法的 JSON。", "Not valid JSON.")]}) from error
    if not isinstance(given, dict):
        raise Invalid({"options": [Said("应为 JSON 对象。", "A JSON object is needed.")]})
    return lake.ReadOptions.from_dict(given)


def _shape(delivery: Delivery, plan: lake.Plan) -> shapes.UploadShape:
    return shapes.UploadShape(
        id=delivery.id,
        name=delivery.name,
        size=delivery.size,
        sha256=delivery.sha256,
        plan=plan.to_dict(),
    )

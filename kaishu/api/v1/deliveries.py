"""Deliveries under a contract: pushed by the office that owes them, and how they went."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from typing import Annotated, Any, BinaryIO

from fastapi import Header, Path, Query
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kaishu import source
from kaishu.access import Permission, require
from kaishu.api.v1.router import PREFIX, family
from kaishu.base.errors import Invalid, Said
from kaishu.http import read_call, site_url, write_call
from kaishu.source.models import Arrival

router = family("deliveries")
HELD = 1 << 20

TableId = Annotated[str, Path(max_length=60, description="Name or id of the contract, or id of its table.")]
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


class DeliveryShape(BaseModel):
    """One delivery."""

    id: str
    contract: str
    state: str = Field(description="received, taken, empty or refused.")
    period: date = Field(description="First day of the period for which it counts.")
    at: datetime
    name: str
    rows: int | None
    error: dict[str, Any] | None
    url: str


class DeliveryList(BaseModel):
    """Deliveries, newest first."""

    deliveries: list[DeliveryShape]


@router.post(
    "/tables/{table}/deliveries",
    status_code=202,
    response_model=DeliveryShape,
    responses={200: {"model": DeliveryShape, "description": "The delivery that came with this key before"}},
    openapi_extra=BODY,
)
async def deliver(
    request: Request,
    table: TableId,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Send a file (``multipart/form-data``, field ``file``) or rows (``application/x-ndjson``).

    It is kept as it is and taken by the worker.  With an ``Idempotency-Key`` a delivery that is sent again
    is not taken again.
    """
    await run_in_threadpool(_may, request, table)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise Invalid({"file": [Said("请给一个文件。", "A file is needed.")]})
            return await run_in_threadpool(
                _take_in, request, table, file.filename, file.file, idempotency_key
            )
    if not request.headers.get("content-type", "").startswith("application/x-ndjson"):
        raise Invalid(
            {
                "content-type": [
                    Said(
                        "应为 multipart/form-data 或 application/x-ndjson。",
                        "multipart/form-data or application/x-ndjson is needed.",
                    )
                ]
            }
        )
    with tempfile.SpooledTemporaryFile(HELD) as held:
        async for piece in request.stream():
            await run_in_threadpool(held.write, piece)
        held.seek(0)
        name = f"{table}.ndjson"
        return await run_in_threadpool(_take_in, request, table, name, held, idempotency_key)


@router.get("/tables/{table}/deliveries")
def list_deliveries(
    request: Request, table: TableId, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> DeliveryList:
    """What came, newest first."""
    with read_call(request) as call:
        contract = source.contract_by_name(call, table)
        found = source.arrivals_of(call, contract, limit)
        return DeliveryList(deliveries=[_shape(request, contract.name, each) for each in found])


class VirtualShape(BaseModel):
    """Rows that the source gave just now; nothing of them is kept here."""

    virtual: bool = True
    columns: list[str]
    rows: list[list[Any]]
    more: bool = Field(description="There are more rows than are shown.")


@router.get("/virtual/{name}/rows")
def read_virtual(request: Request, name: TableId) -> VirtualShape:
    """Ask the source of a virtual entry: read-only, with limits of rows and time."""
    with write_call(request) as call:
        place, query = source.query_to_run(call, name)
    found = source.run_query(place, query)
    rows = [[_plain(value) for value in row] for row in found.rows]
    return VirtualShape(columns=found.columns, rows=rows, more=found.more)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else str(value)


def _may(request: Request, table: str) -> None:
    with read_call(request) as call:
        contract = source.contract_by_name(call, table)
        require(call, Permission.source_manage, office=contract.office_id)


def _take_in(request: Request, table: str, name: str, stream: Any, key: str | None) -> Response:
    """Keep the file before the transaction; the arrival decides."""
    file: BinaryIO = stream
    original = source.keep_original(name, file)
    with write_call(request) as call:
        contract = source.contract_by_name(call, table)
        before = source.arrival_by_key(call, contract, key)
        if before is None:
            delivery = source.receive_original(call, original)
            arrival, _new = source.receive_arrival(call, table, delivery, key)
            source.leave_taking(call, contract, arrival)
        shape = _shape(request, contract.name, before or arrival)
    return JSONResponse(
        shape.model_dump(mode="json"), 200 if before else 202, headers={"location": shape.url}
    )


def _shape(request: Request, contract: str, arrival: Arrival) -> DeliveryShape:
    return DeliveryShape(
        id=arrival.id,
        contract=contract,
        state=arrival.state,
        period=arrival.period_start,
        at=arrival.at,
        name=arrival.name,
        rows=arrival.rows,
        error=arrival.trouble,
        url=f"{site_url(request)}{PREFIX}/tables/{contract}/deliveries",
    )

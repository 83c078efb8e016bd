"""Departments."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.requests import Request

from kaishu.access import Permission, office_by_name, offices, require
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.router import family
from kaishu.http import read_call

router = family("offices")


@router.get("/offices")
def list_offices(request: Request) -> list[shapes.OfficeShape]:
    """Every department, by name."""
    with read_call(request) as call:
        require(call, Permission.dataset_read)
        return [showing.office(row) for row in offices(call.session)]


@router.get("/offices/{name}")
def read_office(request: Request, name: Annotated[str, Path(max_length=200)]) -> shapes.OfficeShape:
    """One department, by name or id."""
    with read_call(request) as call:
        require(call, Permission.dataset_read)
        return showing.office(office_by_name(call.session, name))

"""The entry gates of a dataset's tables, for programs of those who may see drafts."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel
from starlette.requests import Request

from kaishu import catalogue
from kaishu.api.v1.router import family
from kaishu.http import language_of, read_call

router = family("inspection")

Name = Annotated[str, Path(description="Name or id of the dataset; a former name works too.", max_length=200)]


class Gate(BaseModel):
    """One gate: what is missing, in which columns, who must do it, and at which page of this site."""

    gate: str
    title: str
    passed: bool
    missing: list[str]
    columns: list[str]
    office: str
    role: str
    at: str


class GatedTable(BaseModel):
    """The six gates of one table; ``missing`` are the gates that are closed."""

    dataset: str
    resource: str
    table: str
    version: int | None
    state: Literal["staged", "entered"]
    entered_at: str | None
    entered_by: str
    fell_at: str | None
    missing: list[str]
    gates: list[Gate]


class DatasetGates(BaseModel):
    """``mode`` is the site's setting: off, advise or require."""

    mode: str
    tables: list[GatedTable]


@router.get("/datasets/{name}/gates")
def read_gates(request: Request, name: Name) -> DatasetGates:
    """What each table of a dataset lacks to enter the data-resource centre."""
    with read_call(request) as call:
        told = [catalogue.gates_told(each, language_of(request)) for each in catalogue.gates_of(call, name)]
    return DatasetGates(mode=catalogue.gate_mode(), tables=[GatedTable.model_validate(each) for each in told])

"""Facts of the platform: kept counts for every unit of a scope, their queries, and the rows behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kaishu import evaluation
from kaishu.access import Call
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.router import family
from kaishu.base.page import BadCursor, decode_cursor
from kaishu.evaluation import Fact, FactSheet
from kaishu.evaluation.models import FactCollection
from kaishu.http import language_of, read_call, write_call

router = family("evaluation")

FARTHEST = 10_000_000

By = Literal["platform", "catalogue", "office", "division"]
Scope = Annotated[By, Query(description="What the facts are counted by.")]
Code = Annotated[str, Path(max_length=100, description="Name of a fact, such as datasets.open.")]
LEFT: dict[int | str, dict[str, Any]] = {
    202: {"model": shapes.TaskShape, "description": "Left to the worker; follow the task"}
}


class FactShape(BaseModel):
    """What a fact is and how it is counted."""

    name: str
    title: str
    unit: str
    about: str
    query: str = Field(description="The SQL that counted it for all units at once.")
    public: bool = Field(description="Concerns published records only; others are for who may evaluate.")


class MeasuredShape(BaseModel):
    """A value; null where it cannot be known, which is not zero."""

    value: float | None
    rows: int = Field(description="From how many rows it came.")


class FactUnitShape(BaseModel):
    """A unit with its values by name of the fact."""

    id: str = Field(description="all, the name of a catalogue or an office, or the code of a division.")
    name: str
    facts: dict[str, MeasuredShape]


class FactsShape(BaseModel):
    """A kept collection."""

    by: str
    at: datetime
    left_out: int = Field(description="Datasets that do not say to which unit they belong.")
    facts: list[FactShape]
    units: list[FactUnitShape]


class FactRowShape(BaseModel):
    """A row behind a value: a dataset, or an order, a review, an application."""

    id: str = Field(description="Empty for a dataset that was withdrawn since.")
    label: str
    dataset: str = Field(description="Name of the dataset; empty for what is none.")
    value: float | str | None


class FactRowsShape(BaseModel):
    """Rows behind a value, page by page."""

    fact: str
    unit: str
    at: datetime
    total: int
    rows: list[FactRowShape]
    next: str | None = Field(description="Send it as ``cursor``; null on the last page.")


class Counting(BaseModel):
    """What to count by."""

    model_config = ConfigDict(extra="forbid")

    by: By = "platform"


@router.get("/facts")
def list_facts(
    request: Request,
    by: Scope = "platform",
    fact: Annotated[
        list[str], Query(max_length=100, description="Only these; all where none is named.")
    ] = [],  # noqa: B006
) -> FactsShape:
    """The newest kept facts of a scope, as far as the caller may see them."""
    with read_call(request) as call:
        row = evaluation.kept_collection(call, by)
        sheet = evaluation.sheet_shown(call, row)
        wanted = [evaluation.fact_shown(call, name) for name in fact]
    facts = [each for each in sheet.facts if not wanted or each in wanted]
    return _shape(row, sheet, facts, language_of(request))


@router.post("/facts", status_code=202, response_model=shapes.TaskShape, responses=LEFT)
def count_facts(request: Request, what: Counting) -> Response:
    """Count all facts of a scope again; the worker does it and keeps them."""
    with write_call(request) as call:
        task = showing.task(request, evaluation.leave_facts(call, what.by))
    return JSONResponse(task.model_dump(mode="json"), status_code=202, headers={"location": task.url})


@router.get("/facts/{code}")
def read_fact(request: Request, code: Code, by: Scope = "platform") -> FactsShape:
    """One fact: what it is, its query, and its value for every unit."""
    with read_call(request) as call:
        fact = evaluation.fact_shown(call, code)
        row = evaluation.kept_collection(call, by)
        sheet = evaluation.sheet_shown(call, row)
    return _shape(row, sheet, [each for each in sheet.facts if each == fact], language_of(request))


@router.get("/facts/{code}/rows")
def read_fact_rows(
    request: Request,
    code: Code,
    by: Scope = "platform",
    unit: Annotated[str, Query(max_length=200, description="Id of a unit.")] = "all",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> FactRowsShape:
    """The rows that a value was counted from."""
    start = _start(cursor)
    with read_call(request) as call:
        return _rows(call, evaluation.kept_collection(call, by), code, unit, limit, start)


def _rows(call: Call, row: FactCollection, code: str, unit: str, limit: int, start: int) -> FactRowsShape:
    found = evaluation.rows_shown(call, row, code, unit, limit=limit, start=start)
    return FactRowsShape(
        fact=code,
        unit=unit,
        at=row.at,
        total=found.total or 0,
        rows=[
            FactRowShape(id=each.row.id, label=each.row.label, dataset=each.name, value=each.row.value)
            for each in found.rows
        ],
        next=found.next,
    )


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    value = decode_cursor(cursor, 1)[0]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FARTHEST:
        raise BadCursor(cursor=cursor)
    return value


def _shape(row: FactCollection, sheet: FactSheet, facts: list[Fact], language: str) -> FactsShape:
    english = language == "en"
    return FactsShape(
        by=sheet.by,
        at=sheet.at,
        left_out=sheet.left_out,
        facts=[
            FactShape(
                name=each.name,
                title=each.said(language),
                unit=each.unit[english],
                about=each.about[english],
                query=row.sheet["queries"][each.name],
                public=evaluation.is_public(each),
            )
            for each in facts
        ],
        units=[
            FactUnitShape(
                id=unit.id,
                name=unit.said(language),
                facts={
                    each.name: MeasuredShape(value=one.value, rows=one.rows)
                    for each in facts
                    for one in (sheet.of(unit.id, each.name),)
                },
            )
            for unit in sheet.units
        ],
    )

"""Rows of a table, as the document describes them; ``answering`` gives them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from kaishu.api.v1.answering import JSON
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family

router = family("rows")

FILTERS: dict[str, Any] = {
    "parameters": [
        {
            "name": "filters",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": (
                "A column name filters by it: `区县=东城区`. With `__` and a comparison: `人口__gt=1000`; "
                "eq, ne, lt, le, gt, ge, in (values with commas), contains, startswith, isnull, notnull."
            ),
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    ]
}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows: `columns`, `rows` (column to value), `total`, `next`",
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["columns", "rows"],
                    "properties": {
                        "columns": {"type": "array", "items": {"type": "object"}},
                        "rows": {"type": "array", "items": {"type": "object"}},
                        "total": {"type": ["integer", "null"]},
                        "next": {"type": ["string", "null"]},
                    },
                }
            },
            "text/csv": {},
            "application/x-ndjson": {},
            "application/vnd.apache.parquet": {},
        },
    }
}


Columns = Annotated[str, Query(alias="_columns", description="Columns wanted, with commas.")]
Sort = Annotated[str, Query(alias="_sort", description="Columns with commas; `-` before one turns it.")]
Search = Annotated[str, Query(alias="_search", description="Words that must all be in the row.")]
Limit = Annotated[int, Query(alias="_limit", ge=0, description="Rows a page; 100.")]
Cursor = Annotated[str, Query(alias="_cursor", description="`next` of the page before.")]
Offset = Annotated[int, Query(alias="_offset", ge=0, description="Rows to leap over; prefer `_cursor`.")]
Count = Annotated[bool, Query(alias="_count", description="Count all rows that fit.")]
Distinct = Annotated[bool, Query(alias="_distinct", description="Every row once.")]
Number = Annotated[int, Query(alias="_version", ge=1, description="Number of the version; the newest.")]
ResourceId = Annotated[str, Query(alias="_resource", description="Which table, if there are several.")]


@router.get("/datasets/{name}/rows", responses=CONTENT, openapi_extra=FILTERS, response_class=Response)
def read_rows(  # noqa: PLR0913 - each is a parameter of the address
    name: Name,
    columns: Columns = "",
    sort: Sort = "",
    search: Search = "",
    limit: Limit = 100,
    cursor: Cursor = "",
    offset: Offset = 0,
    count: Count = True,
    distinct: Distinct = False,
    version: Number | None = None,
    resource: ResourceId = "",
) -> None:
    """Rows of the dataset's table: filtered, sorted, searched, paged by key.

    JSON by default; CSV, NDJSON or Parquet by `Accept` or as `/rows.csv`, `/rows.ndjson`, `/rows.parquet`.
    """


@router.get(
    "/datasets/{name}/rows.{format}", responses=CONTENT, openapi_extra=FILTERS, response_class=Response
)
def read_rows_as(
    name: Name,
    format: Annotated[str, Path(max_length=20, description="json, csv, ndjson or parquet.")],
    version: Number | None = None,
    resource: ResourceId = "",
    bom: Annotated[bool, Query(alias="_bom", description="Begin CSV with a mark, for Excel.")] = False,
) -> None:
    """The same rows as a file; all that fit if no `_limit` is given."""

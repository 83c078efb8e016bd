"""What checks found in the tables of a dataset, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel
from starlette.requests import Request

from kaishu import quality
from kaishu.access import Call, Permission, require
from kaishu.api.v1.checked_tables import checks_of_dataset
from kaishu.api.v1.router import family
from kaishu.http import read_call
from kaishu.quality.models import Finding, Run

router = family("inspection")

Name = Annotated[str, Path(description="Name or id of the dataset; a former name works too.", max_length=200)]


class FailingRow(BaseModel):
    """A failing row; values are masked unless the caller may read the table."""

    row: int | None
    key: str | None
    value: str | None


class RuleFinding(BaseModel):
    """What one rule found; ``level`` is the gravest level reached.

    ``sample`` is empty where the rows of the table are not handed out to the caller.
    """

    id: str
    title: str
    title_en: str
    check: str
    dimension: str
    level: str | None
    checked: int
    failed: int
    sample: list[FailingRow]


class TableQuality(BaseModel):
    """The newest check of a table: scores by GB/T 36344's dimensions from 0 to 100, and every rule."""

    resource: str
    run: str
    version_id: str
    rows: int
    level: str | None
    sound: bool
    at: datetime
    scores: dict[str, float | None]
    rules: list[RuleFinding]


@router.get("/datasets/{name}/data-quality")
def read_data_quality(request: Request, name: Name) -> list[TableQuality]:
    """The newest check of every table of a dataset by its rules in force; of the published version only."""
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        return [_table(call, *each) for each in checks_of_dataset(call, name)]


def _table(call: Call, resource: str, run: Run, shown: bool) -> TableQuality:
    may_read = quality.may_read_rows(call, run.table_id)
    return TableQuality(
        resource=resource,
        run=run.id,
        version_id=run.version_id,
        rows=run.rows,
        level=run.level,
        sound=run.sound,
        at=run.ended_at,
        scores=run.scores,
        rules=[_rule(each, may_read, shown) for each in quality.findings_of_run(call.session, run.id)],
    )


def _rule(each: Finding, may_read: bool, shown: bool) -> RuleFinding:
    sample = each.sample if shown else []
    show = (lambda value: value) if may_read else quality.masked
    return RuleFinding(
        id=each.rule_id,
        title=each.title,
        title_en=each.title_en,
        check=each.check,
        dimension=each.dimension,
        level=each.level,
        checked=each.checked,
        failed=each.failed,
        sample=[FailingRow(row=one["row"], key=show(one["key"]), value=show(one["value"])) for one in sample],
    )

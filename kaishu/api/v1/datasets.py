"""Datasets: list, search, read, make, revise, rename."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from kaishu import catalogue, discovery
from kaishu.access import Call, office_by_name
from kaishu.api.v1 import shapes, showing
from kaishu.api.v1.router import family
from kaishu.base.page import BadCursor, decode_cursor, encode_cursor
from kaishu.catalogue import DatasetRecord, State
from kaishu.http import read_call, write_call

router = family("datasets")

Name = Annotated[str, Path(description="Name or id of the dataset; a former name works too.", max_length=200)]
Words = Annotated[list[str], Query(max_length=50)]
Sort = Literal["relevance", "updated", "issued", "title", "popular"]
FACETS = ["theme", "office", "format", "open_class", "tag"]
FARTHEST = 10_000


class NewDataset(BaseModel):
    """What is needed to make a dataset."""

    model_config = ConfigDict(extra="forbid")

    office: str = Field(max_length=100, description="Name or id of the department it belongs to.")
    name: str = Field(default="", max_length=100, description="Address part; made from the title if empty.")
    record: DatasetRecord


class NewName(BaseModel):
    """Another address part for a dataset."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)


@router.get("/datasets", response_model=shapes.DatasetList)
def list_datasets(  # noqa: PLR0913 - each is a parameter of the address
    request: Request,
    q: Annotated[str, Query(max_length=500, description="Words to search for.")] = "",
    theme: Words = [],  # noqa: B006
    office: Words = [],  # noqa: B006
    format: Words = [],  # noqa: B006
    open_class: Words = [],  # noqa: B006
    tag: Words = [],  # noqa: B006
    state: Annotated[State | None, Query(description="Only for those who may see drafts.")] = None,
    sort: Sort = "relevance",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """List datasets by name, or search them when words or filters are given."""
    filters = {
        key: values
        for key, values in zip(FACETS, (theme, office, format, open_class, tag), strict=True)
        if values
    }
    with read_call(request) as call:
        if state is None and (
            q.strip() or set(filters) - {"office"} or len(office) > 1 or sort != "relevance"
        ):
            found = _search(
                request, call, discovery.Query(q=q, filters=filters, sort=sort, limit=limit), cursor
            )
        else:
            found = _list(request, call, office[0] if office else None, state, limit, cursor)
    answer = JSONResponse(found.model_dump(mode="json"))
    if found.next:
        answer.headers["link"] = f'<{request.url.include_query_params(cursor=found.next)}>; rel="next"'
    return answer


def _list(
    request: Request, call: Call, office: str | None, state: State | None, limit: int, cursor: str
) -> shapes.DatasetList:
    office_id = office_by_name(call.session, office).id if office else None
    page = catalogue.datasets(call, office=office_id, state=state, limit=limit, cursor=cursor or None)
    items = [showing.summary(request, row) for row in page.rows]
    return shapes.DatasetList(items=items, total=page.total, next=page.next, facets={})


def _search(request: Request, call: Call, query: Any, cursor: str) -> shapes.DatasetList:
    query.offset = _offset(cursor)
    query.facets = FACETS
    found = discovery.search(call, query)
    rows = catalogue.datasets_by_ids(call, [hit.dataset_id for hit in found.hits])
    following = query.offset + query.limit
    more = following < min(found.total, FARTHEST)
    return shapes.DatasetList(
        items=[showing.summary(request, row) for row in rows],
        total=found.total,
        next=encode_cursor([following]) if more else None,
        facets={
            name: [shapes.FacetCount(value=value, count=count) for value, count in counts]
            for name, counts in found.facets.items()
        },
    )


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    value = decode_cursor(cursor, 1)[0]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FARTHEST:
        raise BadCursor(cursor=cursor)
    return value


@router.get("/datasets/{name}", response_model=shapes.DatasetDetail)
def read_dataset(request: Request, name: Name) -> Response:
    """One dataset with its record and resources.  A former name is redirected to the present one."""
    with read_call(request) as call:
        dataset = catalogue.dataset_by_name(call, name)
        if name not in (dataset.name, dataset.id):
            return RedirectResponse(showing.dataset_url(request, dataset.name), status_code=301)
        return JSONResponse(showing.detail(request, dataset).model_dump(mode="json"))


@router.post("/datasets", status_code=201)
def make_dataset(request: Request, new: NewDataset) -> shapes.DatasetDetail:
    """Make a dataset; it is a draft until it has been submitted and published."""
    record = catalogue.record_from(new.record.model_dump())
    with write_call(request) as call:
        dataset = catalogue.add_dataset(call, record=record, office=new.office, name=new.name)
        return showing.detail(request, dataset)


@router.put("/datasets/{name}")
def revise_dataset(request: Request, name: Name, record: DatasetRecord) -> shapes.RevisionShape:
    """Put a changed record into the draft; what is published stays until the draft is published."""
    checked = catalogue.record_from(record.model_dump())
    with write_call(request) as call:
        revision = catalogue.revise(call, name, checked)
        return showing.revision(request, catalogue.dataset_by_name(call, name).name, revision)


@router.post("/datasets/{name}/rename")
def rename_dataset(request: Request, name: Name, new: NewName) -> shapes.DatasetDetail:
    """Give a dataset another name; the old one leads to it for ever."""
    with write_call(request) as call:
        return showing.detail(request, catalogue.rename(call, name, new.name))


@router.get("/datasets/{name}/draft")
def read_draft(request: Request, name: Name) -> shapes.RevisionShape:
    """The revision under way."""
    from kaishu.catalogue.errors import NothingToPublish

    with read_call(request) as call:
        dataset = catalogue.dataset_by_name(call, name)
        draft = catalogue.draft_of(call, dataset)
        if draft is None:
            raise NothingToPublish(name=dataset.name, state=State.draft.zh)
        return showing.revision(request, dataset.name, draft)


@router.get("/datasets/{name}/changes")
def compare_draft(request: Request, name: Name) -> list[shapes.DifferenceShape]:
    """What the draft would change."""
    with read_call(request) as call:
        found = catalogue.compare(call, name)
        return [shapes.DifferenceShape.model_validate(each, from_attributes=True) for each in found]


@router.get("/datasets/{name}/history")
def read_history(request: Request, name: Name) -> list[shapes.HistoryEntry]:
    """What the ledger says of a dataset, newest first."""
    with read_call(request) as call:
        return [
            shapes.HistoryEntry(
                number=entry.number,
                at=entry.at,
                actor=entry.actor_name,
                action=entry.action,
                facts=entry.facts,
            )
            for entry in catalogue.history(call, name)
        ]

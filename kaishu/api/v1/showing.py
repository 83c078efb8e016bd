"""From rows of the records to shapes of this interface."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from kaishu.access.models import Office
from kaishu.api.v1 import shapes
from kaishu.api.v1.router import PREFIX
from kaishu.catalogue import DatasetRecord, ResourceEntry, resources_of
from kaishu.catalogue.models import Dataset, Revision
from kaishu.http import site_url
from kaishu.lake.models import Version
from kaishu.queue.models import Task


def dataset_url(request: Request, name: str, rest: str = "") -> str:
    """Address of a dataset, or of something under it."""
    return f"{site_url(request)}{PREFIX}/datasets/{quote(name)}{rest}"


def office(row: Office) -> shapes.OfficeShape:
    """A department."""
    return shapes.OfficeShape.model_validate(row, from_attributes=True)


def summary(request: Request, dataset: Dataset) -> shapes.DatasetSummary:
    """A dataset in a list."""
    return shapes.DatasetSummary(**_summary(request, dataset))


def detail(request: Request, dataset: Dataset) -> shapes.DatasetDetail:
    """A dataset with record and resources."""
    return shapes.DatasetDetail(
        **_summary(request, dataset),
        created_at=dataset.created_at,
        record=DatasetRecord.model_validate(dataset.record),
        resources=[resource(request, dataset.name, entry) for entry in resources_of(dataset)],
    )


def _summary(request: Request, dataset: Dataset) -> dict[str, Any]:
    record = dataset.record
    formats = dict.fromkeys(entry.get("format", "") for entry in dataset.resources)
    return {
        "id": dataset.id,
        "name": dataset.name,
        "title": dataset.title,
        "title_en": dataset.title_en or "",
        "description": record.get("description", ""),
        "office": shapes.OfficeLabel.model_validate(dataset.office, from_attributes=True),
        "state": dataset.state,
        "draft_state": dataset.draft_state,
        "open_class": dataset.open_class,
        "themes": record.get("themes", []),
        "tags": record.get("tags", []),
        "formats": [f for f in formats if f],
        "licence": record.get("licence", ""),
        "updated_at": dataset.updated_at,
        "published_at": dataset.published_at,
        "url": dataset_url(request, dataset.name),
        "page": f"{site_url(request)}/datasets/{quote(dataset.name)}",
    }


def resource(request: Request, name: str, entry: ResourceEntry) -> shapes.ResourceShape:
    """A table or a link."""
    is_table = bool(entry.table_id)
    here = f"?resource={entry.id}"
    return shapes.ResourceShape(
        id=entry.id,
        name=entry.name,
        description=entry.description,
        format=entry.format,
        url=entry.url or (dataset_url(request, name, f"/download.csv{here}") if is_table else ""),
        is_table=is_table,
        version=entry.version,
        rows=entry.rows,
        bytes=entry.bytes,
        sha256=entry.sha256,
        file_name=entry.file_name,
        columns=[column(each) for each in entry.columns],
        rows_url=dataset_url(request, name, f"/rows?_resource={entry.id}") if is_table else "",
    )


def column(data: dict[str, Any]) -> shapes.ColumnShape:
    """A column of a version."""
    return shapes.ColumnShape(
        name=data["name"],
        type=data["type"],
        source_name=data.get("source_name") or "",
        position=data.get("position"),
    )


def revision(request: Request, name: str, row: Revision) -> shapes.RevisionShape:
    """A revision under way."""
    entries = [ResourceEntry.model_validate(entry) for entry in row.resources]
    return shapes.RevisionShape(
        dataset=name,
        number=row.number,
        state=row.state,
        author=row.author,
        reason=row.reason or "",
        record=DatasetRecord.model_validate(row.record),
        resources=[resource(request, name, entry) for entry in entries],
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
    )


def version_summary(resource_id: str, row: Version) -> dict[str, Any]:
    """What every shape of a version holds."""
    return {
        "resource": resource_id,
        "number": row.number,
        "rows": row.rows,
        "set_aside": row.set_aside,
        "file_name": row.file_name,
        "encoding": row.encoding,
        "sha256": row.sha256,
        "received_bytes": row.received_bytes,
        "stored_bytes": row.stored_bytes,
        "created_at": row.created_at,
    }


def version(resource_id: str, row: Version) -> shapes.VersionDetail:
    """A version with columns and reading notes."""
    return shapes.VersionDetail(
        **version_summary(resource_id, row),
        columns=[column(each) for each in row.columns],
        notes=[note(each) for each in row.notes or []],
    )


def note(data: dict[str, Any]) -> shapes.NoteShape:
    """A reading note."""
    facts = {key: value for key, value in data.items() if key not in ("code", "zh", "en")}
    return shapes.NoteShape(code=data["code"], zh=data["zh"], en=data["en"], facts=facts)


def task(request: Request, row: Task) -> shapes.TaskShape:
    """Work under way."""
    return shapes.TaskShape(
        id=row.id,
        kind=row.kind,
        state=row.state,
        done=row.done or 0,
        total=row.total or 0,
        result=row.result,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        url=f"{site_url(request)}{PREFIX}/tasks/{row.id}",
    )

"""What this interface sends: shapes of datasets, versions, offices and the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from kaishu.catalogue.drafts import DatasetRecord


class FieldError(BaseModel):
    """One thing to mend."""

    field: str = Field(description="Parameter, or path in the body.")
    message: str


class Problem(BaseModel):
    """An error, as RFC 9457 says, with our code and advice."""

    type: str = Field(description="Address of an explanation of this kind of error.")
    title: str
    status: int
    detail: str = Field(description="What happened, and where: file, row, column, field.")
    code: str = Field(description="Stable code, such as catalogue.no-such-dataset.")
    advice: str = Field(description="What to do next; may be empty.")
    instance: str
    request_id: str
    errors: list[FieldError]


class OfficeShape(BaseModel):
    """A department."""

    id: str
    name: str = Field(description="Address part.")
    title: str
    title_en: str
    code: str = Field(description="Unified social credit code or local code.")
    description: str
    description_en: str
    contact: str


class OfficeLabel(BaseModel):
    """A department, in short."""

    id: str
    name: str
    title: str
    title_en: str


class ColumnShape(BaseModel):
    """A column of a table."""

    name: str
    type: str = Field(description="text, integer, number, boolean, date or datetime.")
    source_name: str = Field(default="", description="The name as written in the file.")
    position: int | None = None


class ResourceShape(BaseModel):
    """A table or a link of a dataset."""

    id: str
    name: str
    description: str
    format: str
    url: str = Field(description="Where the file or page is; for a table, its download as CSV.")
    is_table: bool
    version: int | None = Field(description="Number of the table's shown version.")
    rows: int | None
    bytes: int | None
    sha256: str = Field(description="SHA-256 of the file as received.")
    file_name: str
    columns: list[ColumnShape]
    rows_url: str = Field(description="Where its rows can be asked for; empty for a link.")


class DatasetSummary(BaseModel):
    """A dataset in a list."""

    id: str
    name: str = Field(description="Readable address part; old ones redirect.")
    title: str
    title_en: str
    description: str
    office: OfficeLabel
    state: str = Field(description="draft, in-review, published, returned or withdrawn.")
    draft_state: str | None = Field(description="State of a newer revision under way, for its own people.")
    open_class: str
    themes: list[str]
    tags: list[str]
    formats: list[str]
    licence: str
    updated_at: datetime
    published_at: datetime | None
    url: str = Field(description="This dataset in this interface.")
    page: str = Field(description="Its page for people.")


class DatasetDetail(DatasetSummary):
    """A dataset with its whole record and its resources."""

    created_at: datetime
    record: DatasetRecord
    resources: list[ResourceShape]


class FacetCount(BaseModel):
    """How many of the found datasets have a value."""

    value: str
    count: int


class DatasetList(BaseModel):
    """One page of datasets."""

    items: list[DatasetSummary]
    total: int | None = Field(description="How many were found; only counted for searches.")
    next: str | None = Field(description="`cursor` of the next page.")
    facets: dict[str, list[FacetCount]] = Field(description="Only for searches.")


class RevisionShape(BaseModel):
    """A revision of a dataset's record on its way to publication."""

    dataset: str
    number: int
    state: str
    author: str
    reason: str
    record: DatasetRecord
    resources: list[ResourceShape]
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


class DifferenceShape(BaseModel):
    """What a draft would change."""

    kind: str = Field(description="record, item or table.")
    field: str
    before: Any
    after: Any


class HistoryEntry(BaseModel):
    """One act of the ledger about a dataset."""

    number: int
    at: datetime
    actor: str
    action: str
    facts: dict[str, Any]


class NoteShape(BaseModel):
    """Something worth knowing about how a file was read."""

    code: str
    zh: str
    en: str
    facts: dict[str, Any]


class VersionSummary(BaseModel):
    """A version of a table."""

    resource: str = Field(description="Id of the resource whose table this is.")
    number: int
    rows: int
    set_aside: int = Field(description="Rows of the file that did not fit; they can be downloaded.")
    file_name: str
    encoding: str | None
    sha256: str
    received_bytes: int
    stored_bytes: int
    created_at: datetime


class VersionDetail(VersionSummary):
    """A version with its columns and reading notes."""

    columns: list[ColumnShape]
    notes: list[NoteShape]


class UploadShape(BaseModel):
    """A received file, kept unchanged, and how it would be read."""

    id: str
    name: str
    size: int
    sha256: str
    plan: dict[str, Any] = Field(
        description="Format, encoding, header row, columns with types, notes, sample."
    )


class TaskShape(BaseModel):
    """Work under way."""

    id: str
    kind: str
    state: str = Field(description="waiting, running, done or failed.")
    done: int
    total: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    url: str


class TokenShape(BaseModel):
    """A token of an application; the secret itself is not kept."""

    id: str
    application: str
    hint: str = Field(description="How the secret begins.")
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(TokenShape):
    """A token just made, with the secret that is never shown again."""

    secret: str


class ActorShape(BaseModel):
    """Who the server takes you for."""

    kind: str = Field(description="visitor, person or application.")
    name: str
    role: str
    office: str | None
    permissions: list[str]


class TermShape(BaseModel):
    """A term of a vocabulary."""

    code: str
    zh: str
    en: str
    uri: str


class VocabularyShape(BaseModel):
    """A code list."""

    name: str
    terms: list[TermShape]


class KindOfProblem(BaseModel):
    """A kind of error that this interface may answer with."""

    code: str
    status: int
    zh: str
    en: str
    next_zh: str
    next_en: str
    about: str

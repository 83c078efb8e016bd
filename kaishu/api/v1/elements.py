"""Data elements and code sets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from kaishu import access, elements
from kaishu.access import Permission, require
from kaishu.api.v1.router import family
from kaishu.elements import Known, KnownSet
from kaishu.http import read_call, write_call

router = family("elements")

Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Words = Annotated[str, Query(max_length=100)]


class ElementShape(BaseModel):
    """A data element in force."""

    code: str
    name: str
    name_en: str
    letter: str = Field(description="Type letter, one of CNYDTLMGBIF.")
    representation: str = Field(description="As an..100, n6, d8, n..10,2.")
    unit: str
    minimum: str
    maximum: str
    code_set: str
    check: str = Field(description="Kind of quality rule that looks at its values.")
    object_class: str
    feature: str
    definition: str
    definition_en: str
    standard: str
    synonyms: list[str]
    origin: str = Field(description="national or regional.")
    state: str
    version: int
    office: str = Field(description="Name of the office that owns it; empty for national ones.")


class CodeShape(BaseModel):
    """One code."""

    code: str
    name: str
    name_en: str
    parent: str
    valid_from: str
    valid_to: str
    successor: str


class CodeSetShape(BaseModel):
    """A code set, without its codes."""

    code: str
    name: str
    name_en: str
    origin: str
    state: str
    version: int
    office: str


class Codes(BaseModel):
    """Codes of a set, from ``offset`` on."""

    code_set: str
    total: int
    items: list[CodeShape]


class Proposal(BaseModel):
    """An element to be reviewed."""

    model_config = ConfigDict(extra="forbid")

    office: str = Field(description="Name of the office that proposes it.")
    element: dict[str, Any] = Field(description="Fields as of an element, without origin, state and version.")
    reason: str = Field(default="", max_length=4000)
    asked: list[str] = Field(default=[], max_length=200, description="Names of offices to be asked.")


class Proposed(BaseModel):
    """A version under review."""

    id: str
    code: str
    version: int
    state: str
    duplicates: list[dict[str, str]]


@router.get("/elements")
def list_elements(
    request: Request, q: Words = "", limit: Limit = 100, offset: Offset = 0
) -> list[ElementShape]:
    """Elements in force; ``q`` is looked for in names, synonyms and identifiers."""
    with read_call(request) as call:
        require(call, Permission.elements_read)
        names = {office.id: office.name for office in access.offices(call.session)}
        wanted = q.casefold()
        found = [
            known
            for known in elements.library(call.session)
            if any(wanted in name.casefold() for name in known.element.names)
        ]
        return [_element(each, names) for each in found[offset : offset + limit]]


@router.get("/elements/{code}")
def read_element(request: Request, code: str) -> ElementShape:
    """One element."""
    with read_call(request) as call:
        require(call, Permission.elements_read)
        names = {office.id: office.name for office in access.offices(call.session)}
        return _element(elements.element_by_code(call.session, code), names)


@router.post("/elements", status_code=201)
def propose_element(request: Request, given: Proposal) -> Proposed:
    """Propose an element, or a new version of one; it goes to technical review."""
    with write_call(request) as call:
        made = elements.propose_element(
            call, given.element, office=given.office, reason=given.reason, asked=given.asked
        )
        return Proposed(
            id=made.id,
            code=str(made.definition["code"]),
            version=made.number,
            state=made.state,
            duplicates=made.flags,
        )


@router.get("/code-sets")
def list_code_sets(request: Request) -> list[CodeSetShape]:
    """Every code set in force."""
    with read_call(request) as call:
        require(call, Permission.elements_read)
        names = {office.id: office.name for office in access.offices(call.session)}
        return [_set(each, names) for each in elements.code_sets(call.session)]


@router.get("/code-sets/{code}")
def read_codes(request: Request, code: str, q: Words = "", limit: Limit = 1000, offset: Offset = 0) -> Codes:
    """Codes of a set; ``q`` is the beginning of a code or part of a name."""
    with read_call(request) as call:
        require(call, Permission.elements_read)
        _known, text = elements.code_set_by_code(call.session, code)
    wanted = q.casefold()
    found = [
        item
        for item in text.items
        if item.code.casefold().startswith(wanted) or wanted in f"{item.name} {item.name_en}".casefold()
    ]
    items = [CodeShape(**item.model_dump()) for item in found[offset : offset + limit]]
    return Codes(code_set=text.code, total=len(found), items=items)


def _element(known: Known, names: dict[str, str]) -> ElementShape:
    return ElementShape(
        **{**known.element.model_dump(), "synonyms": list(known.element.synonyms)},
        origin=known.origin,
        state=known.state,
        version=known.number,
        office=names.get(known.office_id or "", ""),
    )


def _set(known: KnownSet, names: dict[str, str]) -> CodeSetShape:
    return CodeSetShape(
        code=known.code,
        name=known.name,
        name_en=known.name_en,
        origin=known.origin,
        state=known.state,
        version=known.number,
        office=names.get(known.office_id or "", ""),
    )

"""Metadata quality and checks, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from kaishu import access, catalogue, crosswalk, inspection
from kaishu.access import Permission, require
from kaishu.api.v1.router import family
from kaishu.base.errors import NotFound
from kaishu.http import read_call
from kaishu.inspection import mqa
from kaishu.inspection.errors import NotMeasured

router = family("inspection")

Source = Annotated[str, Query(max_length=100, description="own, all, or the name of a harvested source.")]
Name = Annotated[str, Path(description="Name or id of the dataset; a former name works too.", max_length=200)]


class IndicatorAnswer(BaseModel):
    """One of the 23 indicators of a dataset; ``met`` is null for what has not been checked yet."""

    code: str
    dimension: str
    property: str
    points: int
    met: bool | None
    mend_zh: str
    mend_en: str


class DatasetQuality(BaseModel):
    """MQA of a dataset."""

    dataset: str
    score: int
    of: int
    rating: str
    indicators: list[IndicatorAnswer]


class CatalogueQuality(BaseModel):
    """MQA of a catalogue or a department: datasets that meet each indicator, points, ratings."""

    name: str
    at: datetime
    datasets: int
    score: float
    of: int
    rating: str
    dimensions: dict[str, float]
    met: dict[str, int]
    unknown: dict[str, int]
    ratings: dict[str, int]


class ElementUsage(BaseModel):
    """One element of a standard: datasets of each catalogue that use it; ``in_2021`` high, low or empty."""

    element: str
    about: str
    zh: str
    en: str
    used: dict[str, int]
    in_2021: str


class Elements(BaseModel):
    """Usage of a standard's elements."""

    standard: str
    at: datetime | None
    datasets: dict[str, int]
    elements: list[ElementUsage]


class FindingShape(BaseModel):
    """One finding of a check."""

    check: str
    severity: str
    dataset: str
    office: str
    field: str
    value: str
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str
    facts: dict[str, Any] = Field(default_factory=dict)


class Findings(BaseModel):
    """A page of findings; ``counts`` is of all checks."""

    total: int
    next: str | None
    counts: dict[str, int]
    items: list[FindingShape]


@router.get("/quality")
def list_quality(request: Request) -> list[CatalogueQuality]:
    """Metadata quality of every catalogue by the EU's MQA, most points first."""
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        return [_quality(each, each.name) for each in inspection.sums(call.session)]


@router.get("/quality/offices")
def list_office_quality(request: Request) -> list[CatalogueQuality]:
    """Metadata quality of every department with datasets of our own."""
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        names = {each.id: each.name for each in access.offices(call.session)}
        found = inspection.sums(call.session, "office")
        return [_quality(each, names[each.name]) for each in found if each.name in names]


@router.get("/datasets/{name}/quality")
def read_quality(request: Request, name: Name) -> DatasetQuality:
    """The 23 indicators of a published dataset, from its record as it is now."""
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        dataset = catalogue.dataset_by_name(call, name)
        for page in inspection.subjects(call.session, dataset=dataset.id):
            for _subject, outcome in inspection.scored(call.session, page):
                return _dataset(dataset.name, outcome)
        raise NotMeasured(kind="数据集 dataset", name=dataset.name)


@router.get("/quality/elements/{standard}")
def read_elements(request: Request, standard: Annotated[str, Path(max_length=60)]) -> Elements:
    """How often each element of a standard is filled in, catalogue by catalogue."""
    with read_call(request) as call:
        require(call, Permission.inspection_read)
        if standard not in crosswalk.standards():
            raise NotFound(kind="标准 standard", name=standard)
        run = inspection.last_run(call.session, "elements")
        datasets: dict[str, int] = run.result["datasets"] if run else {}
        return Elements(
            standard=standard,
            at=run.ended_at if run else None,
            datasets=datasets,
            elements=[
                ElementUsage(
                    element=each.element,
                    about=each.about,
                    zh=each.zh,
                    en=each.en,
                    used={name: each.used.get(name, 0) for name in datasets},
                    in_2021=each.printed,
                )
                for each in (inspection.usage(standard, run) if run else [])
            ],
        )


@router.get("/checks")
def list_findings(
    request: Request,
    source: Source = "own",
    check: Annotated[str, Query(max_length=40, description="Only this check.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Findings:
    """Findings of the newest run over a catalogue; stewards see their own office's."""
    with read_call(request) as call:
        found = inspection.findings(call, source, check=check, limit=limit, cursor=cursor)
        return Findings(
            total=found.total or 0,
            next=found.next,
            counts=inspection.counts(call, source),
            items=[_finding(row) for row in found.rows],
        )


def _dataset(name: str, outcome: mqa.Outcome) -> DatasetQuality:
    how = mqa.method()
    return DatasetQuality(
        dataset=name,
        score=outcome.score,
        of=how.most,
        rating=how.rating(outcome.score),
        indicators=[
            IndicatorAnswer(
                code=each.code,
                dimension=each.dimension,
                property=each.property,
                points=each.points,
                met=outcome.says(each.code),
                mend_zh=each.mend_zh,
                mend_en=each.mend_en,
            )
            for each in how.indicators
        ],
    )


def _quality(sums: inspection.Sums, name: str) -> CatalogueQuality:
    how = mqa.method()
    dimensions = mqa.by_dimension(sums.datasets, sums.met)
    return CatalogueQuality(
        name=name,
        at=sums.at,
        datasets=sums.datasets,
        score=round(sums.score, 2),
        of=how.most,
        rating=how.rating(sums.score),
        dimensions={code: round(points, 2) for code, points in dimensions.items()},
        met=dict(sums.met),
        unknown=dict(sums.unknown),
        ratings=dict(sums.ratings),
    )


def _finding(row: inspection.FindingRow) -> FindingShape:
    finding, check = row.finding, inspection.checks.CHECKS[row.finding.check]
    return FindingShape(
        check=finding.check,
        severity=finding.severity,
        dataset=row.dataset,
        office=row.office,
        field=finding.field,
        value=finding.value,
        message_zh=check.sentence(finding.facts, "zh"),
        message_en=check.sentence(finding.facts, "en"),
        advice_zh=check.advice(finding.facts, "zh"),
        advice_en=check.advice(finding.facts, "en"),
        facts=finding.facts,
    )

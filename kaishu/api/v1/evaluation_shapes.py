"""What this interface sends about indicator systems and evaluations."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from kaishu import evaluation
from kaishu.api.v1.router import PREFIX
from kaishu.base.errors import in_language
from kaishu.evaluation import Changes, Chosen, Result, robustness
from kaishu.evaluation.models import Evaluation
from kaishu.http import site_url


class SystemShape(BaseModel):
    """An indicator system, built in or in an edition of this platform."""

    id: str = Field(description="Name of a built-in system, or the id of an edition.")
    system: str
    edition: str
    number: int | None = Field(description="Counts the editions of this platform; null for built-in ones.")
    state: str = Field(description="built-in, draft, published, replaced or withdrawn.")
    title: str
    title_en: str
    source: str = Field(description="Who published it.")
    indicators: int
    fingerprint: str = Field(description="SHA-256 over the canonical form: same rules, same print.")
    has_data: bool = Field(description="Runs without data of yours.")
    url: str


class SystemDetail(SystemShape):
    """An indicator system with its text."""

    text: str = Field(description="YAML.")


class EvaluationShape(BaseModel):
    """An evaluation, in short."""

    id: str
    system: str
    edition: str
    edition_id: str | None
    title: str
    title_en: str
    fingerprint: str
    data_digest: str = Field(description="SHA-256 over units and values.")
    origin: str = Field(description="own, table, file, given, facts or round.")
    source: str
    asked: dict[str, Any] = Field(description="What it was made of: table and version, file, facts, round.")
    units: int
    indicators: int
    state: str = Field(description="waiting, kept, published or withdrawn.")
    summary: dict[str, Any]
    created_at: datetime
    published_at: datetime | None
    url: str
    page: str


class EvaluationDetail(EvaluationShape):
    """An evaluation with its whole result."""

    result: dict[str, Any] = Field(
        description="system, fingerprint, units (each with score, rank, grade or stage, and nodes by code: "
        "score, weight, contribution, raw, note; where there are stages, rank is null and next says what "
        "lacks for the next one), notices, the ranges used, the passport and the data."
    )


class NodeShape(BaseModel):
    """One node of one unit."""

    code: str
    title: str
    level: int
    score: float | None
    share: float | None = Field(description="Weight among its siblings.")
    weight: float | None = Field(description="Product of the shares up to the index.")
    contribution: float | None
    raw: float | None
    note: str
    grade: str | None
    used: dict[str, float | None] = Field(description="What the normalisation took: the range, a mean, …")
    remark: str
    links: list[str]
    query: str = Field(description="The query that counted the raw value, where it is a fact of a platform.")


class LackShape(BaseModel):
    """A criterion that does not hold."""

    what: str
    held: str
    wanted: str
    gap: float | None


class NextStageShape(BaseModel):
    """The next stage of a unit, with what lacks for it, the nearest first."""

    stage: str
    title: str
    met: int = Field(description="Criteria that hold already.")
    criteria: int
    lacks: list[LackShape]


class VetoShape(BaseModel):
    """A veto that holds, with what would lift it."""

    note: str
    at_most: str
    lacks: list[LackShape]


class UnitShape(BaseModel):
    """One unit, opened down to its raw values; contributions of the leaves sum to the score."""

    id: str
    name: str
    class_: str | None = Field(alias="class")
    group: str | None
    period: str | None
    score: float | None
    rank: float | None = Field(description="null where the outcome is a stage, inside which is no order.")
    grade: str | None
    stage: str | None
    note: str
    next: NextStageShape | None = Field(default=None, description="null at the top, and without stages.")
    vetoes: list[VetoShape] = Field(default_factory=list)
    nodes: list[NodeShape]


class AgainShape(BaseModel):
    """The evaluation made again from what was kept."""

    same: bool = Field(description="Every number is the same to the last bit.")
    difference: float = Field(description="Largest difference of any number.")
    fingerprint: str
    data_digest: str


class TriedUnit(BaseModel):
    """One unit under other weights."""

    id: str
    name: str
    score: float | None
    score_before: float | None
    rank: float | None
    rank_before: float | None
    grade: str | None
    stage: str | None


class TriedShape(BaseModel):
    """Scores and ranks under other weights; nothing of it is kept."""

    weights: dict[str, float] = Field(description="Shares of all nodes of the changed groups.")
    units: list[TriedUnit]


class MovedShape(BaseModel):
    """One unit in two results; ``by_score`` + ``by_weight`` + ``rest`` = ``change``."""

    id: str
    name: str
    score_before: float | None
    score_after: float | None
    rank_before: float | None
    rank_after: float | None
    change: float | None
    by_score: float | None
    by_weight: float | None
    rest: float | None


class DifferenceShape(BaseModel):
    """One thing that differs between two systems."""

    code: str = Field(description="The node; empty for the whole system.")
    key: str
    before: str
    after: str


class ComparedShape(BaseModel):
    """Two results held against each other."""

    same_data: bool
    units: list[MovedShape]
    gone: list[str]
    new: list[str]
    system: list[DifferenceShape]


class SystemText(BaseModel):
    """A system as YAML."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=500_000)


Scope = Literal["", "platform", "catalogue", "office", "division"]


class Wanted(BaseModel):
    """What to evaluate: a system, and data from a table, as columns, or the system's own; facts; a round."""

    model_config = ConfigDict(extra="forbid")

    system: str = Field(
        default="",
        max_length=200,
        description="Name of a system or id of an edition; empty with a round: the system as it was then.",
    )
    dataset: str = Field(default="", max_length=200)
    resource: str = Field(default="", max_length=200)
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    columns: dict[str, list[float | str | bool | None]] | None = Field(
        default=None, description="Column to its values, one for each unit."
    )
    facts: Scope = Field(
        default="", description="Count the facts that the system reads now, for these units."
    )
    round: str = Field(
        default="", max_length=200, description="Id of a disclosed round: its scores fill what is judged."
    )
    own: bool = Field(default=False, description="The system's own data, beside facts or a round.")
    absent: bool = Field(default=False, description="An indicator without a column is missing for all.")


class Weights(BaseModel):
    """Weights by code, relative within their group; nodes that are not named keep theirs."""

    model_config = ConfigDict(extra="forbid")

    weights: dict[str, float | str] = Field(description="A number, or a text such as 1/3 or 30%.")


def system_shape(request: Request, chosen: Chosen) -> dict[str, Any]:
    """Fields of a ``SystemShape``."""
    passport, row = chosen.passport, chosen.row
    id = row.id if row else passport.system
    return {
        "id": id,
        "system": passport.system,
        "edition": passport.edition,
        "number": row.number if row else None,
        "state": row.state if row else "built-in",
        "title": passport.title.zh or passport.title.en or passport.system,
        "title_en": passport.title.en or "",
        "source": passport.source.report.zh or passport.source.report.en or "",
        "indicators": len(passport.leaves()),
        "fingerprint": evaluation.fingerprint(passport),
        "has_data": passport.data is not None,
        "url": f"{site_url(request)}{PREFIX}/evaluations/systems/{id}",
    }


def evaluation_shape(request: Request, run: Evaluation) -> dict[str, Any]:
    """Fields of an ``EvaluationShape``."""
    names = (
        *("id", "system", "edition", "edition_id", "title", "title_en", "fingerprint", "data_digest"),
        *("origin", "source", "asked", "units", "indicators", "state", "summary"),
        *("created_at", "published_at"),
    )
    site = site_url(request)
    return {
        **{name: getattr(run, name) for name in names},
        "url": f"{site}{PREFIX}/evaluations/{run.id}",
        "page": f"{site}/evaluation/results/{run.id}",
    }


def unit_shape(result: Result, row: int, language: str) -> UnitShape:
    """One unit."""
    found = result.unit_at(row)
    nodes = [
        NodeShape(
            code=node.code,
            title=node.title,
            level=node.level,
            score=node.score,
            share=node.share,
            weight=node.weight,
            contribution=node.contribution,
            raw=node.raw,
            note=in_language(node.note, language),
            grade=node.grade,
            used=dict(node.used.used) if node.used else {},
            remark=node.remark.said(language) if node.remark else "",
            links=list(node.remark.links) if node.remark else [],
            query=node.remark.query if node.remark else "",
        )
        for node in found.nodes.values()
    ]
    names = ("id", "name", "group", "period", "score", "rank", "grade", "stage")
    told = {name: getattr(found, name) for name in names}
    note = in_language(found.note, language)
    (climb,) = robustness.climbs_told(result, language, [row])
    return UnitShape.model_validate({**told, "class": found.class_, "note": note, "nodes": nodes, **climb})


def tried_shape(before: Result, after: Result, weights: dict[str, float]) -> TriedShape:
    """Every unit before and after, best first."""
    number = evaluation.number
    rows = range(len(before.table))
    units = [
        TriedUnit(
            id=before.table.ids[row],
            name=before.table.names[row],
            score=number(after.index[row]),
            score_before=number(before.index[row]),
            rank=None if after.stages else number(after.rank[row]),
            rank_before=None if after.stages else number(before.rank[row]),
            grade=after.grade[row],
            stage=after.stages[row] if after.stages else None,
        )
        for row in rows
    ]
    units.sort(key=lambda each: (each.rank is None, each.rank or 0.0))
    return TriedShape(weights=weights, units=units)


def compared_shape(found: Changes) -> ComparedShape:
    """Two results."""
    return ComparedShape(
        same_data=found.same_data,
        units=[MovedShape(**asdict(each)) for each in found.units],
        gone=found.gone,
        new=found.new,
        system=[DifferenceShape(**asdict(each)) for each in found.system],
    )

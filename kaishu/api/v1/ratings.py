"""Ratings of a dataset: what people think of it, and the caller's own."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from kaishu import catalogue, engagement
from kaishu.access import Call, Permission, require
from kaishu.api.v1.datasets import Name
from kaishu.api.v1.router import family
from kaishu.catalogue.models import Dataset
from kaishu.engagement.models import Rating
from kaishu.http import read_call, write_call

router = family("datasets")


class Scores(BaseModel):
    """A rating: four aspects, from 1 to 5 each."""

    model_config = ConfigDict(extra="forbid")

    usable: int = Field(ge=1, le=5, strict=True, description="Can it be used as it is.")
    timely: int = Field(ge=1, le=5, strict=True, description="Is it up to date.")
    accurate: int = Field(ge=1, le=5, strict=True, description="Is it correct.")
    satisfied: int = Field(ge=1, le=5, strict=True, description="Does it satisfy on the whole.")


class OwnScores(Scores):
    """The caller's own rating, with its times."""

    created_at: datetime
    changed_at: datetime


class AspectShape(BaseModel):
    """One aspect over all who rated."""

    mean: float | None = Field(description="Null where nobody has rated.")
    counts: list[int] = Field(description="How many gave 1, 2, 3, 4 and 5.")


class RatingsShape(BaseModel):
    """What people think of a dataset."""

    dataset: str
    count: int = Field(description="How many rated it.")
    mean: float | None = Field(description="Over the four aspects; null where nobody has rated.")
    aspects: dict[str, AspectShape]
    mine: OwnScores | None = Field(description="The caller's own rating.")


@router.get("/datasets/{name}/rating")
def read_rating(request: Request, name: Name) -> RatingsShape:
    """What people think of a dataset in four aspects, and how the caller rated it."""
    with read_call(request) as call:
        require(call, Permission.dataset_read)
        return _shape(call, catalogue.dataset_by_name(call, name))


@router.put("/datasets/{name}/rating")
def rate(request: Request, name: Name, scores: Scores) -> RatingsShape:
    """Rate a published dataset; a second rating takes the place of the first."""
    with write_call(request) as call:
        engagement.rate(call, name, scores.model_dump())
        return _shape(call, catalogue.dataset_by_name(call, name))


@router.delete("/datasets/{name}/rating", status_code=204, response_class=Response)
def withdraw_rating(request: Request, name: Name) -> None:
    """Take one's rating back."""
    with write_call(request) as call:
        engagement.withdraw_rating(call, name)


def _shape(call: Call, dataset: Dataset) -> RatingsShape:
    found = engagement.ratings_of(call.session, dataset.id)
    mine = engagement.own_rating(call.session, call.actor.id, dataset.id)
    return RatingsShape(
        dataset=dataset.name,
        count=found.count,
        mean=found.mean,
        aspects={
            each.aspect: AspectShape(mean=each.mean, counts=list(each.counts)) for each in found.aspects
        },
        mine=None if mine is None else _own(mine),
    )


def _own(mine: Rating) -> OwnScores:
    return OwnScores(
        usable=mine.usable,
        timely=mine.timely,
        accurate=mine.accurate,
        satisfied=mine.satisfied,
        created_at=mine.created_at,
        changed_at=mine.changed_at,
    )

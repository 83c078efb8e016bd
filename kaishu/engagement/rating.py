"""Ratings of datasets: four aspects, from one to five each, one rating of a person for a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu.access import Actor, Call, Permission, note, require
from kaishu.access.errors import NotAllowed
from kaishu.base.errors import Invalid, Said
from kaishu.catalogue import State, dataset_by_name
from kaishu.catalogue.models import Dataset
from kaishu.engagement.errors import NotToBeRated, OwnDatasetRated
from kaishu.engagement.models import Rating

#: What is rated, with the words for it: a name, and the question that stands behind it.
ASPECTS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "usable": (("可用", "Usable"), ("能不能拿来就用", "Can it be used as it is")),
    "timely": (("及时", "Timely"), ("更新是否及时", "Is it up to date")),
    "accurate": (("准确", "Accurate"), ("内容是否准确", "Is it correct")),
    "satisfied": (("满意", "Satisfying"), ("总体是否满意", "Does it satisfy on the whole")),
}
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Rated:
    """One aspect over all who rated: the mean, None where nobody did, and how many gave 1, 2, 3, 4, 5."""

    aspect: str
    mean: float | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ratings:
    """What people think of a dataset; ``mean`` is over the four aspects."""

    count: int
    mean: float | None
    aspects: tuple[Rated, ...]


def rate(call: Call, name: str, scores: Mapping[str, Any]) -> Rating:
    """Rate a published dataset, every aspect from 1 to 5; a second rating takes the place of the first.

    The ledger keeps that it was rated, not how.  Raises ``Invalid``, ``NoSuchDataset``, ``NotToBeRated``,
    ``OwnDatasetRated``.
    """
    require(call, Permission.dataset_rate)
    person_id = _person(call)
    given = _checked(scores)
    dataset = dataset_by_name(call, name)
    if dataset.state != State.published:
        raise NotToBeRated(name=dataset.name)
    if provides(call.actor, dataset):
        raise OwnDatasetRated(name=dataset.name)
    known = call.session.get(Rating, (person_id, dataset.id))
    if known is not None and all(getattr(known, aspect) == given[aspect] for aspect in ASPECTS):
        return known
    action = "engagement.rate" if known is None else "engagement.rate-again"
    if known is None:
        known = Rating(person_id=person_id, dataset_id=dataset.id, created_at=call.now)
        call.session.add(known)
    for aspect, score in given.items():
        setattr(known, aspect, score)
    known.changed_at = call.now
    call.session.flush()
    note(call, action, ("dataset", dataset.id))
    return known


def withdraw_rating(call: Call, name: str) -> None:
    """Take one's rating back; nothing happens if there was none.  Raises ``NoSuchDataset``."""
    require(call, Permission.dataset_rate)
    dataset = dataset_by_name(call, name)
    known = call.session.get(Rating, (_person(call), dataset.id))
    if known is not None:
        call.session.delete(known)
        call.session.flush()
        note(call, "engagement.unrate", ("dataset", dataset.id))


def provides(actor: Actor, dataset: Dataset) -> bool:
    """Is this actor of the office that provides this dataset, and so not one to rate it?"""
    return actor.office is not None and actor.office == dataset.office_id


def own_rating(session: Session, person_id: str, dataset_id: str) -> Rating | None:
    """How this person rated this dataset, or None."""
    return session.get(Rating, (person_id, dataset_id))


def ratings_of(session: Session, dataset_id: str) -> Ratings:
    """What people think of a dataset, in one statement."""
    columns = [getattr(Rating, aspect) for aspect in ASPECTS]
    found = session.execute(
        select(*columns, func.count()).where(Rating.dataset_id == dataset_id).group_by(*columns)
    ).all()
    people = sum(int(row[-1]) for row in found)
    aspects = []
    for place, aspect in enumerate(ASPECTS):
        counts = [0] * (HIGHEST - LOWEST + 1)
        for row in found:
            counts[row[place] - LOWEST] += int(row[-1])
        whole = sum(score * number for score, number in enumerate(counts, LOWEST))
        aspects.append(Rated(aspect, whole / people if people else None, tuple(counts)))
    mean = sum(each.mean or 0 for each in aspects) / len(aspects) if people else None
    return Ratings(people, mean, tuple(aspects))


def mean_ratings(session: Session) -> dict[str, tuple[float, int]]:
    """Of every dataset that was rated: the mean over people and aspects, and how many rated it."""
    whole = sum((getattr(Rating, aspect) for aspect in list(ASPECTS)[1:]), Rating.usable)
    found = session.execute(
        select(Rating.dataset_id, func.sum(whole), func.count()).group_by(Rating.dataset_id)
    )
    return {id: (int(points) / (len(ASPECTS) * people), people) for id, points, people in found}


def _checked(scores: Mapping[str, Any]) -> dict[str, int]:
    """The four scores.  Raises ``Invalid`` with what is wrong beside each aspect."""
    problems = {
        aspect: [Said("请从1到5中选一个。", "Choose one, from 1 to 5.")]
        for aspect in ASPECTS
        if type(scores.get(aspect)) is not int or not LOWEST <= scores[aspect] <= HIGHEST
    }
    if problems:
        raise Invalid(problems)
    return {aspect: scores[aspect] for aspect in ASPECTS}


def _person(call: Call) -> str:
    """A token rates for the person it belongs to.  Raises ``NotAllowed`` for whoever is no person."""
    if call.actor.kind not in ("person", "application"):
        raise NotAllowed(actor=call.actor.name, role=call.actor.role, permission=Permission.dataset_rate)
    return call.actor.id

"""What people think of a dataset, for its page: means, drawings, and one's own rating in the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kaishu import engagement
from kaishu.access import Call, Permission, allowed
from kaishu.catalogue.models import Dataset
from kaishu.web.charts import Bar
from kaishu.web.words import _, _n, pick

STEP, COLUMN, PLOT, TOP = 26, 18, 30, 12


@dataclass(frozen=True, slots=True)
class AspectLine:
    """One aspect: its mean as a bar of 100, and how many gave each score as columns."""

    name: str
    title: str
    question: str
    mean: str
    width: float
    columns: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class RatingBlock:
    """The ratings of a dataset, and the form; ``mine`` is empty for who has not rated, ``provides`` is true
    for the people of its own office, who do not rate."""

    dataset: str
    people: int
    finding: str
    mean: str
    lines: Sequence[AspectLine]
    mine: Mapping[str, int]
    changed: datetime | None
    may_rate: bool
    provides: bool
    scores: Sequence[int] = tuple(range(engagement.LOWEST, engagement.HIGHEST + 1))
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)


def rating_block(
    call: Call, dataset: Dataset, problems: Mapping[str, Sequence[str]] | None = None
) -> RatingBlock:
    """Two statements, for whoever looks at the dataset."""
    found = engagement.ratings_of(call.session, dataset.id)
    own = engagement.own_rating(call.session, call.actor.id, dataset.id) if call.actor.id else None
    provides = engagement.provides(call.actor, dataset)
    return RatingBlock(
        dataset=dataset.name,
        people=found.count,
        finding=_finding(found),
        mean="" if found.mean is None else f"{found.mean:.1f}",
        lines=[_line(each, found.count) for each in found.aspects],
        mine={aspect: getattr(own, aspect) for aspect in engagement.ASPECTS} if own else {},
        changed=own.changed_at if own else None,
        may_rate=bool(allowed(call, Permission.dataset_rate)) and not provides,
        provides=provides,
        problems=problems or {},
    )


def _finding(found: engagement.Ratings) -> str:
    if found.mean is None:
        return _("还没有人评分。")
    return _n("{n}人评分，", found.count) + _(
        "平均{mean}分，满分{most}", mean=f"{found.mean:.1f}", most=engagement.HIGHEST
    )


def _line(rated: engagement.Rated, people: int) -> AspectLine:
    title, question = engagement.ASPECTS[rated.aspect]
    most = max(rated.counts) or 1
    columns = [
        Bar(
            place * STEP + (STEP - COLUMN) / 2,
            round(TOP + PLOT * (1 - count / most), 2),
            COLUMN,
            round(PLOT * count / most, 2),
            str(place + engagement.LOWEST),
            f"{count:,}",
        )
        for place, count in enumerate(rated.counts)
    ]
    mean = "" if rated.mean is None else f"{rated.mean:.1f}"
    width = 0.0 if rated.mean is None else round(100 * rated.mean / engagement.HIGHEST, 1)
    return AspectLine(rated.aspect, pick(*title), pick(*question), mean, width, columns)

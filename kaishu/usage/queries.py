"""Reads of the counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu.usage.models import UsageDay, UsagePosition, UsageTotal

KINDS = ("view", "download", "call")


@dataclass(frozen=True, slots=True)
class Counts:
    """Times seen, downloaded, called."""

    views: int = 0
    downloads: int = 0
    calls: int = 0

    @property
    def all(self) -> int:
        """The three together."""
        return self.views + self.downloads + self.calls


@dataclass(frozen=True, slots=True)
class Day:
    """Counts of one day (UTC)."""

    day: date
    counts: Counts


def counts(session: Session, dataset_id: str) -> Counts:
    """Everything ever counted of one dataset."""
    return counts_of(session, [dataset_id])[dataset_id]


def counts_of(session: Session, dataset_ids: Iterable[str]) -> Mapping[str, Counts]:
    """The same for a list of datasets, in one statement; every id asked for is in the answer."""
    wanted = list(dataset_ids)
    found: dict[str, dict[str, int]] = {dataset_id: {} for dataset_id in wanted}
    rows = session.execute(
        select(UsageTotal.dataset_id, UsageTotal.kind, UsageTotal.count).where(
            UsageTotal.dataset_id.in_(wanted)
        )
    )
    for dataset_id, kind, count in rows:
        found[dataset_id][kind] = count
    return {dataset_id: _counts(kinds) for dataset_id, kinds in found.items()}


def details(session: Session, dataset_id: str, kind: str) -> list[tuple[str, int]]:
    """Formats or paths of one kind with their counts, most used first."""
    total = func.sum(UsageDay.count)
    rows = session.execute(
        select(UsageDay.detail, total)
        .where(UsageDay.dataset_id == dataset_id, UsageDay.kind == kind)
        .group_by(UsageDay.detail)
        .order_by(total.desc(), UsageDay.detail)
    )
    return [(detail, int(count)) for detail, count in rows]


def days(session: Session, dataset_id: str | None, *, last: date, number: int = 30) -> list[Day]:
    """One entry for each of ``number`` days up to ``last``, quiet days too; None means the whole site."""
    first = last - timedelta(days=number - 1)
    wanted = select(UsageDay.day, UsageDay.kind, func.sum(UsageDay.count)).where(
        UsageDay.day.between(first, last)
    )
    if dataset_id is not None:
        wanted = wanted.where(UsageDay.dataset_id == dataset_id)
    found: dict[date, dict[str, int]] = {}
    for day, kind, count in session.execute(wanted.group_by(UsageDay.day, UsageDay.kind)):
        found.setdefault(day, {})[kind] = int(count)
    every = (first + timedelta(days=offset) for offset in range(number))
    return [Day(day, _counts(found.get(day, {}))) for day in every]


def top(
    session: Session, *, kind: str | None = None, since: date | None = None, limit: int = 10
) -> list[tuple[str, int]]:
    """Dataset ids with their counts, most used first; ``since`` a day counts only from then on."""
    table = UsageTotal if since is None else UsageDay
    total = func.sum(table.count)
    wanted = select(table.dataset_id, total).group_by(table.dataset_id)
    if kind is not None:
        wanted = wanted.where(table.kind == kind)
    if since is not None:
        wanted = wanted.where(UsageDay.day >= since)
    rows = session.execute(wanted.order_by(total.desc(), table.dataset_id).limit(limit))
    return [(dataset_id, int(count)) for dataset_id, count in rows]


def site_totals(session: Session) -> Counts:
    """Everything ever counted on this site."""
    rows = session.execute(select(UsageTotal.kind, func.sum(UsageTotal.count)).group_by(UsageTotal.kind))
    return _counts({kind: int(count) for kind, count in rows})


def position(session: Session) -> int:
    """Number of the last ledger entry that has been counted."""
    row = session.get(UsagePosition, "ledger")
    return row.number if row else 0


def _counts(kinds: Mapping[str, int]) -> Counts:
    return Counts(*(kinds.get(kind, 0) for kind in KINDS))

"""Reads of what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, Role, require
from kaishu.access.models import Office
from kaishu.base import clock
from kaishu.base.page import Page, decode_cursor, encode_cursor
from kaishu.catalogue import State
from kaishu.catalogue.models import Dataset
from kaishu.inspection.checks import CHECKS
from kaishu.inspection.models import Aggregate, Finding, Run, Score
from kaishu.inspection.mqa import Outcome, total
from kaishu.inspection.runs import last_run
from kaishu.inspection.scopes import ALL, OWN

Asked = TypeVar("Asked", bound="Select[*tuple[Any, ...]]")
#: Points of the trend, and how many datasets a list of the lowest has.
POINTS, LOWEST = 60, 10


@dataclass(frozen=True, slots=True)
class Sums:
    """What a run found of a catalogue or an office."""

    name: str
    at: datetime
    datasets: int
    met: Mapping[str, int]
    unknown: Mapping[str, int]
    ratings: Mapping[str, int]

    @property
    def score(self) -> float:
        """Points."""
        return total(self.datasets, self.met)


@dataclass(frozen=True, slots=True)
class Low:
    """A dataset with few points."""

    name: str
    title: str
    title_en: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with the dataset it is about."""

    finding: Finding
    dataset: str
    title: str
    title_en: str
    office: str
    office_en: str


def sums(session: Session, kind: str = "catalogue") -> list[Sums]:
    """Of the newest run: every catalogue, or with ``office`` every office by its id; most points first."""
    run = last_run(session, "mqa")
    if run is None:
        return []
    rows = session.scalars(select(Aggregate).where(Aggregate.run_id == run.id, Aggregate.kind == kind))
    return sorted((_sums(row, run.ended_at) for row in rows), key=lambda each: (-each.score, each.name))


def sums_of(session: Session, kind: str, name: str) -> Sums | None:
    """One of them; None if it has not been measured."""
    run = last_run(session, "mqa")
    row = session.get(Aggregate, (run.id, kind, name)) if run else None
    return _sums(row, run.ended_at) if run and row else None


def trend(session: Session, kind: str, name: str) -> list[tuple[datetime, float]]:
    """Points of a catalogue or office over the runs, oldest first; one a day, the day's last."""
    rows = session.execute(
        select(Run.ended_at, Aggregate.datasets, Aggregate.met)
        .join(Run, Run.id == Aggregate.run_id)
        .where(Aggregate.kind == kind, Aggregate.name == name)
        .order_by(Run.id.desc())
        .limit(POINTS * 10)
    )
    days: dict[str, tuple[datetime, float]] = {}
    for at, datasets, met in rows:
        days.setdefault(clock.day_of(at).isoformat(), (at, total(datasets, met)))
    return [days[day] for day in sorted(days)][-POINTS:]


def outcome_of(session: Session, dataset_id: str) -> tuple[Outcome, datetime] | None:
    """The stored result of a dataset and when it was made."""
    row = session.get(Score, dataset_id)
    run = session.get(Run, row.run_id) if row else None
    return (Outcome(row.met, row.unknown, row.score), run.ended_at) if row and run else None


def lowest(session: Session, *, catalogue: str = ALL, office: str = "", limit: int = LOWEST) -> list[Low]:
    """Published datasets with the fewest points."""
    wanted = select(Dataset.name, Dataset.title, Dataset.title_en, Score).join(
        Score, Score.dataset_id == Dataset.id
    )
    wanted = wanted.where(Dataset.state == State.published)
    if office:
        wanted = wanted.where(Score.office_id == office, Score.catalogue == OWN)
    elif catalogue != ALL:
        wanted = wanted.where(Score.catalogue == catalogue)
    rows = session.execute(wanted.order_by(Score.score, Dataset.id).limit(limit))
    return [Low(name, title, en, Outcome(s.met, s.unknown, s.score)) for name, title, en, s in rows]


def scores(
    session: Session, catalogue: str, after: str = "", limit: int = 1000
) -> list[tuple[str, str, Outcome]]:
    """Dataset id, name and outcome in the order of ids, after one: for whole files."""
    wanted = select(Dataset.id, Dataset.name, Score).join(Score, Score.dataset_id == Dataset.id)
    wanted = wanted.where(Dataset.id > after, Dataset.state == State.published)
    if catalogue != ALL:
        wanted = wanted.where(Score.catalogue == catalogue)
    rows = session.execute(wanted.order_by(Dataset.id).limit(limit))
    return [(id, name, Outcome(s.met, s.unknown, s.score)) for id, name, s in rows]


def findings(
    call: Call,
    scope: str,
    *,
    check: str = "",
    office: str = "",
    severity: str = "",
    limit: int = 50,
    cursor: str = "",
) -> Page[FindingRow]:
    """Findings of the newest run over a catalogue; stewards see their own office's only."""
    require(call, Permission.inspection_run)
    run = last_run(call.session, "check", scope)
    if run is None:
        return Page([], 0, None)
    wanted = _restricted(call, select(Finding.id).where(Finding.run_id == run.id), office)
    if check:
        wanted = wanted.where(Finding.check == check)
    if severity:
        wanted = wanted.where(Finding.severity == severity)
    whole = call.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    if cursor:
        wanted = wanted.where(Finding.id > str(decode_cursor(cursor, 1)[0]))
    ids = call.session.scalars(wanted.order_by(Finding.id).limit(limit + 1)).all()
    rows = call.session.execute(
        select(Finding, Dataset.name, Dataset.title, Dataset.title_en, Office.title, Office.title_en)
        .outerjoin(Dataset, Dataset.id == Finding.dataset_id)
        .outerjoin(Office, Office.id == Finding.office_id)
        .where(Finding.id.in_(ids[:limit]))
        .order_by(Finding.id)
    )
    found = [FindingRow(finding, *(each or "" for each in named)) for finding, *named in rows]
    return Page(found, whole, encode_cursor([ids[limit - 1]]) if len(ids) > limit else None)


def counts(call: Call, scope: str, office: str = "") -> dict[str, int]:
    """Findings by check, in the order of the checks; for stewards those of their office."""
    require(call, Permission.inspection_run)
    run = last_run(call.session, "check", scope)
    if run is None:
        return {}
    if not office and call.actor.role is not Role.steward:
        kept: Mapping[str, int] = run.result.get("counts", {})
    else:
        wanted = select(Finding.check, func.count()).where(Finding.run_id == run.id).group_by(Finding.check)
        kept = {name: count for name, count in call.session.execute(_restricted(call, wanted, office))}
    return {name: kept.get(name, 0) for name in CHECKS}


def findings_of(session: Session, dataset_id: str) -> Sequence[Finding]:
    """What the newest runs found of one dataset."""
    return session.scalars(select(Finding).where(Finding.dataset_id == dataset_id).order_by(Finding.id)).all()


def _restricted(call: Call, wanted: Asked, office: str) -> Asked:
    """Narrowed to one office; for stewards always to theirs."""
    own = (call.actor.office or "-") if call.actor.role is Role.steward else office
    return wanted.where(Finding.office_id == own) if own else wanted


def _sums(row: Aggregate, at: datetime) -> Sums:
    return Sums(row.name, at, row.datasets, row.met, row.unknown, row.ratings)

"""Score every published dataset and keep the result: read first, written in one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock, ids
from kaishu.inspection import linkstates, scopes
from kaishu.inspection.models import Aggregate, Conformance, Run, Score
from kaishu.inspection.mqa import Known, Outcome, Sum, score
from kaishu.inspection.scopes import ALL, OWN, Subject
from kaishu.inspection.shapes import mark

Report = Callable[[int, int], None]
CHUNK = 2000
#: How many runs the trend keeps.
KEPT = 500


@dataclass
class Measured:
    """What a run found: numbers only, so that a hundred thousand datasets fit."""

    started: datetime
    scores: list[tuple[str, str, str, int, int, int]] = field(default_factory=list)
    sums: dict[tuple[str, str], Sum] = field(default_factory=dict)

    def add(self, subject: Subject, outcome: Outcome) -> None:
        """Count one dataset in its catalogue, in all, and for our own in its office."""
        self.scores.append(
            (subject.id, subject.office, subject.catalogue, outcome.score, outcome.met, outcome.unknown)
        )
        keys = [("catalogue", subject.catalogue), ("catalogue", ALL)]
        if subject.catalogue == OWN:
            keys.append(("office", subject.office))
        for key in keys:
            self.sums.setdefault(key, Sum()).add(outcome)


def compute_mqa(call: Call, report: Report = lambda done, total: None) -> Measured:
    """Score all published datasets of every catalogue."""
    require(call, Permission.inspection_run)
    measured = Measured(call.now)
    whole = scopes.count(call.session)
    for page in scopes.subjects(call.session):
        for subject, outcome in scored(call.session, page):
            measured.add(subject, outcome)
        report(len(measured.scores), whole)
    return measured


def keep_mqa(call: Call, measured: Measured) -> Run:
    """Put a run's result where the pages read it; older scores are replaced, older sums stay."""
    require(call, Permission.inspection_run)
    run = Run(
        id=ids.new_id(),
        kind="mqa",
        scope=ALL,
        datasets=len(measured.scores),
        result={"score": round(measured.sums[("catalogue", ALL)].score, 2)} if measured.scores else {},
        actor=call.actor.name,
        started_at=measured.started,
        ended_at=clock.now(),
    )
    call.session.add(run)
    call.session.flush()
    for (kind, name), sum_ in measured.sums.items():
        call.session.add(
            Aggregate(
                run_id=run.id,
                kind=kind,
                name=name,
                datasets=sum_.datasets,
                met=dict(sum_.met),
                unknown=dict(sum_.unknown),
                ratings=dict(sum_.ratings),
            )
        )
    call.session.execute(delete(Score))
    for chunk in _chunks(measured.scores):
        call.session.execute(
            insert(Score),
            [
                dict(
                    zip(
                        ("dataset_id", "office_id", "catalogue", "score", "met", "unknown"),
                        each,
                        strict=True,
                    ),
                    run_id=run.id,
                )
                for each in chunk
            ],
        )
    _forget_old(call.session, "mqa")
    note(call, "inspection.mqa", ("inspection", run.id), datasets=run.datasets, **run.result)
    return run


def scored(session: Session, page: Iterable[Subject]) -> Iterator[tuple[Subject, Outcome]]:
    """The datasets of a page with their outcomes; links and verdicts of the page in two statements."""
    subjects = list(page)
    reached = linkstates.reached(session, (address for each in subjects for address in _addresses(each)))
    verdicts = _verdicts(session, subjects)
    for subject in subjects:
        known = Known(
            reached=reached,
            conforms=verdicts.get(subject.id),
            readable=subject.record.get("open_class") == "unconditional",
            own=subject.catalogue == OWN,
        )
        yield subject, score(subject.entry, known)


def _forget_old(session: Session, kind: str) -> None:
    kept = select(Run.id).where(Run.kind == kind).order_by(Run.id.desc()).limit(KEPT)
    oldest = min(session.scalars(kept), default=None)
    if oldest:
        session.execute(delete(Run).where(Run.kind == kind, Run.id < oldest))


def _verdicts(session: Session, subjects: list[Subject]) -> dict[str, bool]:
    marks = {each.id: mark(each.mark) for each in subjects}
    rows = session.execute(
        select(Conformance.dataset_id, Conformance.mark, Conformance.conforms).where(
            Conformance.dataset_id.in_(marks)
        )
    )
    return {id: conforms for id, held, conforms in rows if held == marks[id]}


def _addresses(subject: Subject) -> Iterator[str]:
    for link in subject.links:
        for name in ("url", "access_url"):
            if link.get(name):
                yield link[name]


def _chunks(
    rows: list[tuple[str, str, str, int, int, int]],
) -> Iterator[list[tuple[str, str, str, int, int, int]]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]

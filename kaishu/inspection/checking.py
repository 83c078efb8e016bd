"""Run the checks over a catalogue; findings are kept until the next run of the same catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, office_codes, offices, require
from kaishu.base import clock, ids
from kaishu.harvest import providers
from kaishu.inspection import linkstates, scopes
from kaishu.inspection.checks import CHECKS, Check, Dead, Found, Surroundings, slim
from kaishu.inspection.models import Finding, Run
from kaishu.inspection.scopes import ALL, OWN, Subject

Report = Callable[[int, int], None]
CHUNK = 2000
#: A check that finds more than this in one catalogue is counted on, but its further findings are not kept.
MOST = 20_000


@dataclass
class Checked:
    """What a run found; ``counts`` also counts what is not kept, ``unasked`` addresses never asked."""

    scope: str
    started: datetime
    datasets: int = 0
    unasked: int = 0
    findings: list[tuple[Check, Found]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, check: Check, found: Iterable[Found]) -> None:
        """Count and, within the limit, keep."""
        for each in found:
            self.counts[check.name] += 1
            if self.counts[check.name] <= MOST:
                kept = replace(each, subject=slim(each.subject)) if each.subject else each
                self.findings.append((check, kept))


def run_checks(
    call: Call,
    scope: str = OWN,
    *,
    names: Sequence[str] = (),
    report: Report = lambda done, total: None,
) -> Checked:
    """Every check (or those named) over one catalogue.  Raises ``NotFound`` for an unknown catalogue."""
    require(call, Permission.inspection_run)
    scopes.catalogue(call.session, scope)
    checks = [check for name, check in CHECKS.items() if not names or name in names]
    around = Surroundings(
        today=clock.day_of(call.now),
        scope=scope,
        offices=_offices(call.session, scope),
        office_codes=office_codes(call.session),
    )
    gatherings = [(check, check.whole(around)) for check in checks if check.whole]
    checked = Checked(scope, call.now)
    whole = scopes.count(call.session, scope)
    for page in scopes.subjects(call.session, scope):
        around.dead, unasked = _dead(call.session, page)
        checked.unasked += unasked
        for subject in page:
            for check in checks:
                if check.each:
                    checked.take(check, check.each(subject, around))
            for _check, gathering in gatherings:
                gathering.add(subject)
        checked.datasets += len(page)
        report(checked.datasets, whole)
    for check, gathering in gatherings:
        checked.take(check, gathering.found())
    return checked


def keep_checks(call: Call, checked: Checked) -> Run:
    """Put the findings where the pages read them, in place of the last ones of the same catalogue."""
    require(call, Permission.inspection_run)
    run = Run(
        id=ids.new_id(),
        kind="check",
        scope=checked.scope,
        datasets=checked.datasets,
        result={"counts": dict(checked.counts), "unasked": checked.unasked},
        actor=call.actor.name,
        started_at=checked.started,
        ended_at=clock.now(),
    )
    call.session.add(run)
    call.session.flush()
    older = select(Run.id).where(Run.kind == "check", Run.scope == checked.scope, Run.id != run.id)
    call.session.execute(delete(Finding).where(Finding.run_id.in_(older)))
    rows = [_row(run.id, place, *found) for place, found in enumerate(checked.findings)]
    for start in range(0, len(rows), CHUNK):
        call.session.execute(insert(Finding), rows[start : start + CHUNK])
    note(
        call,
        "inspection.check",
        ("inspection", run.id),
        catalogue=checked.scope,
        datasets=checked.datasets,
        findings=sum(checked.counts.values()),
    )
    return run


def _row(run_id: str, place: int, check: Check, found: Found) -> dict[str, object]:
    """A finding's row; its id keeps the order in which it was found."""
    subject = found.subject
    return {
        "id": f"{run_id[:16]}{place:010d}",
        "run_id": run_id,
        "check": check.name,
        "severity": check.severity,
        "dataset_id": subject.id if subject else None,
        "office_id": subject.office if subject else found.office or None,
        "field": found.field[:100],
        "value": found.value[:500],
        "facts": {"field": found.field, "value": found.value[:300], **found.facts},
    }


def _offices(session: Session, scope: str) -> list[tuple[str, str]]:
    """Offices that should have data in this catalogue: publishers known only from other portals owe none."""
    if scope not in (OWN, ALL):
        return []
    found = providers(session)
    ours = {office for office, source, _count in found if source is None}
    others = {office for office, source, _count in found if source is not None} - ours
    return [(each.id, each.title) for each in offices(session) if each.id not in others]


def _dead(session: Session, page: list[Subject]) -> tuple[dict[str, Dead], int]:
    """Addresses that did not answer, and how many were never asked."""
    urls = {link.get(name) for each in page for link in each.links for name in ("url", "access_url")}
    asked = [url for url in urls if url]
    known = linkstates.states(session, asked)
    dead = {
        url: Dead(
            status=state.status,
            trouble=state.trouble,
            detail=state.detail,
            on=clock.day_of(state.checked_at).isoformat(),
        )
        for url, state in known.items()
        if not state.reachable
    }
    return dead, len(asked) - len(known)

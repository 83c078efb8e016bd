"""Reads of quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.casework.models import Case
from kaishu.lake.models import Version
from kaishu.quality.editions import RULEBOOKS
from kaishu.quality.models import Finding, Profile, Rulebook, Run, WorkOrder

#: Earlier versions that volatility is measured against.
_MEMORY = 12


def profile_of(session: Session, version_id: str) -> dict[str, Any] | None:
    """A version's stored profile, or None while none has been made."""
    found = session.get(Profile, version_id)
    return None if found is None else found.profile


def rulebooks_of(session: Session, table_id: str) -> Sequence[Rulebook]:
    """Every version of a table's rules, newest first."""
    return RULEBOOKS.of_table(session, table_id)


def open_book(session: Session, table_id: str) -> Rulebook | None:
    """The rules that are being written or reviewed."""
    return RULEBOOKS.open(session, table_id)


def book_in_force(session: Session, table_id: str) -> Rulebook | None:
    """The rules that count."""
    return RULEBOOKS.in_force(session, table_id)


def books_in_force(session: Session) -> Sequence[Rulebook]:
    """The rules of all tables that count."""
    return session.scalars(select(Rulebook).where(Rulebook.state == "in-force")).all()


def books_waiting(session: Session) -> Sequence[Rulebook]:
    """Rules that wait for one of their owners, the oldest first."""
    return RULEBOOKS.waiting(session)


def unchecked_tables(session: Session, limit: int = 100) -> Sequence[str]:
    """Tables whose newest version has not been checked by the rules in force."""
    newest = (
        select(Version.table_id, func.max(Version.number).label("number"))
        .where(Version.dropped_at.is_(None))
        .group_by(Version.table_id)
        .subquery()
    )
    run = and_(Run.version_id == Version.id, Run.rulebook_id == Rulebook.id, Run.kind == "full")
    wanted = (
        select(Rulebook.table_id)
        .join(newest, newest.c.table_id == Rulebook.table_id)
        .join(Version, and_(Version.table_id == newest.c.table_id, Version.number == newest.c.number))
        .outerjoin(Run, run)
        .where(Rulebook.state == "in-force", Run.id.is_(None))
        .limit(limit)
    )
    return session.scalars(wanted).all()


def run_by_id(session: Session, run_id: str) -> Run:
    """A run.  Raises ``NotFound``."""
    found = session.get(Run, run_id)
    if found is None:
        raise NotFound(kind="检查 check", name=run_id)
    return found


def last_check(session: Session, table_id: str, version_id: str = "") -> Run | None:
    """The newest full check of a table, or of one of its versions."""
    wanted = select(Run).where(Run.table_id == table_id, Run.kind == "full")
    if version_id:
        wanted = wanted.where(Run.version_id == version_id)
    return session.scalars(wanted.order_by(Run.id.desc()).limit(1)).first()


def checks_of(session: Session, table_id: str, limit: int = 30) -> Sequence[tuple[Run, int]]:
    """The newest full check of each version of a table with the version's number, newest version first."""
    newest = (
        select(func.max(Run.id))
        .where(Run.table_id == table_id, Run.kind == "full", Run.sound)
        .group_by(Run.version_id)
    )
    rows = session.execute(
        select(Run, Version.number)
        .join(Version, Version.id == Run.version_id)
        .where(Run.id.in_(newest))
        .order_by(Version.number.desc())
        .limit(limit)
    )
    return [(run, number) for run, number in rows]


def last_checks(session: Session, tables: Sequence[str] | None = None) -> Mapping[str, Run]:
    """Table to its newest full check that was made without trouble."""
    newest = select(func.max(Run.id)).where(Run.kind == "full", Run.sound).group_by(Run.table_id)
    if tables is not None:
        newest = newest.where(Run.table_id.in_(tables))
    return {run.table_id: run for run in session.scalars(select(Run).where(Run.id.in_(newest)))}


def findings_of_run(session: Session, run_id: str) -> Sequence[Finding]:
    """What each rule found, in the order of the rules."""
    return session.scalars(select(Finding).where(Finding.run_id == run_id).order_by(Finding.place)).all()


def courses(session: Session, table_id: str) -> Mapping[str, Sequence[tuple[int, int, int]]]:
    """Rule to (number of version, checked, failed) of the newest check of each version, oldest first."""
    runs = {run.id: number for run, number in checks_of(session, table_id)}
    found: dict[str, list[tuple[int, int, int]]] = {}
    rows = session.execute(
        select(Finding.run_id, Finding.rule_id, Finding.checked, Finding.failed).where(
            Finding.run_id.in_(runs)
        )
    )
    for run_id, rule_id, checked, failed in rows:
        found.setdefault(rule_id, []).append((runs[run_id], checked, failed))
    return {rule_id: sorted(course) for rule_id, course in found.items()}


def earlier_measures(
    session: Session, table_id: str, before: int
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Rule to its measures at versions before this number, oldest first."""
    runs = {run.id: number for run, number in checks_of(session, table_id) if number < before}
    rows = session.execute(
        select(Finding.run_id, Finding.rule_id, Finding.measures).where(Finding.run_id.in_(runs))
    )
    found: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for run_id, rule_id, measures in rows:
        if measures:
            found.setdefault(rule_id, []).append((runs[run_id], measures))
    return {
        rule_id: [measures for _, measures in sorted(held, key=lambda each: each[0])[-_MEMORY:]]
        for rule_id, held in found.items()
    }


def order_by_id(session: Session, order_id: str) -> tuple[WorkOrder, Case]:
    """A work order with its case.  Raises ``NotFound``."""
    found = session.get(WorkOrder, order_id)
    if found is None:
        raise NotFound(kind="工单 work order", name=order_id)
    return found, session.get_one(Case, found.case_id)


def orders(
    session: Session,
    *,
    office: str | None = None,
    table: str | None = None,
    closed: bool = False,
    limit: int = 200,
) -> Sequence[tuple[WorkOrder, Case]]:
    """Open work orders, the most urgent first; or closed ones, the newest first."""
    wanted = select(WorkOrder, Case).join(Case, Case.id == WorkOrder.case_id)
    if office:
        wanted = wanted.where(WorkOrder.office_id == office)
    if table:
        wanted = wanted.where(WorkOrder.table_id == table)
    if closed:
        wanted = wanted.where(Case.closed_at.is_not(None)).order_by(Case.closed_at.desc())
    else:
        wanted = wanted.where(Case.closed_at.is_(None)).order_by(Case.due_on, Case.id)
    return [(order, case) for order, case in session.execute(wanted.limit(limit))]


def exempt_rules(session: Session, table_id: str, today: date) -> frozenset[str]:
    """Rules of a table that are exempted now."""
    return frozenset(
        session.scalars(
            select(WorkOrder.rule_id).where(WorkOrder.table_id == table_id, WorkOrder.exempt_until >= today)
        )
    )

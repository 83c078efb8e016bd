"""Reads of casework."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.casework.models import Case, Step, Voice


def case_by_id(session: Session, case_id: str) -> Case:
    """A case.  Raises ``NotFound``."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(kind="事项 case", name=case_id)
    return case


def open_cases(session: Session, name: str) -> Sequence[Case]:
    """Cases of a kind that still wait, the most urgent first."""
    return session.scalars(
        select(Case).where(Case.kind == name, Case.closed_at.is_(None)).order_by(Case.due_on, Case.id)
    ).all()


def steps_of(session: Session, case_id: str) -> Sequence[Step]:
    """The steps of a case in order."""
    return session.scalars(select(Step).where(Step.case_id == case_id).order_by(Step.number)).all()


def voices_of(session: Session, case_id: str) -> Sequence[Voice]:
    """The offices asked in a case, in the order of asking."""
    return session.scalars(select(Voice).where(Voice.case_id == case_id).order_by(Voice.id)).all()


def asked_of(session: Session, name: str, office: str) -> Sequence[Case]:
    """Open cases of a kind that wait for the answer of this office (an id), the most urgent first."""
    return session.scalars(
        select(Case)
        .join(Voice, Voice.case_id == Case.id)
        .where(Case.kind == name, Case.closed_at.is_(None), Voice.office_id == office, Voice.answer == "")
        .order_by(Voice.due_on, Case.id)
    ).all()

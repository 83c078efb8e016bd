"""Reads of access."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access.models import Office, Person, Token
from kaishu.base.errors import NotFound


def offices(session: Session) -> Sequence[Office]:
    """Every office, by name."""
    return session.scalars(select(Office).order_by(Office.name)).all()


def office_codes(session: Session) -> frozenset[str]:
    """The codes that offices have."""
    return frozenset(session.scalars(select(Office.code).where(Office.code != "")))


def office_by_name(session: Session, name: str) -> Office:
    """An office by address part or id.  Raises ``NotFound``."""
    found = session.scalars(select(Office).where((Office.name == name) | (Office.id == name))).first()
    if found is None:
        raise NotFound(kind="部门 office", name=name)
    return found


def people(session: Session) -> Sequence[Person]:
    """Everybody with an account."""
    return session.scalars(select(Person).order_by(Person.account)).all()


def tokens_of(session: Session, person_id: str) -> Sequence[Token]:
    """A person's applications, newest first, revoked ones included."""
    return session.scalars(
        select(Token).where(Token.person_id == person_id).order_by(Token.created_at.desc())
    ).all()

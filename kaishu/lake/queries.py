"""Reads of the lake's records."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.lake.models import Table, Version


def table_by_id(session: Session, id: str) -> Table:
    """One table.  Raises ``NotFound``."""
    found = session.get(Table, id)
    if found is None:
        raise NotFound(kind="表 table", name=id)
    return found


def version_by_id(session: Session, id: str) -> Version:
    """One version.  Raises ``NotFound``."""
    found = session.get(Version, id)
    if found is None:
        raise NotFound(kind="版本 version", name=id)
    return found


def versions_of(session: Session, table_id: str) -> Sequence[Version]:
    """Every version of a table, newest first."""
    return session.scalars(
        select(Version).where(Version.table_id == table_id).order_by(Version.number.desc())
    ).all()


def newest_version(session: Session, table_id: str) -> Version | None:
    """The version that a batch changes; None of an empty table."""
    return session.scalars(
        select(Version).where(Version.table_id == table_id).order_by(Version.number.desc()).limit(1)
    ).first()


def last_numbers(session: Session, table_id: str) -> tuple[int, int]:
    """Number and Delta version of a table's newest version; (0, -1) of an empty table."""
    found = session.execute(
        select(func.max(Version.number), func.max(Version.delta_version)).where(Version.table_id == table_id)
    ).one()
    return found[0] or 0, -1 if found[1] is None else found[1]

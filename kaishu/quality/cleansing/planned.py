"""Reads of cleansing plans and of what their runs did."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.lake import newest_version
from kaishu.lake.models import Version
from kaishu.quality.editions import CLEANSING_PLANS
from kaishu.quality.models import CleansingPlan, CleansingRun


def cleansing_plans(session: Session, table_id: str) -> Sequence[CleansingPlan]:
    """Every version of a table's plan, newest first."""
    return CLEANSING_PLANS.of_table(session, table_id)


def cleansing_plan_by_id(session: Session, plan_id: str) -> CleansingPlan:
    """A plan.  Raises ``NotFound``."""
    found = session.get(CleansingPlan, plan_id)
    if found is None:
        raise NotFound(kind="清洗方案 cleansing plan", name=plan_id)
    return found


def open_plan(session: Session, table_id: str) -> CleansingPlan | None:
    """The plan that is being written or reviewed."""
    return CLEANSING_PLANS.open(session, table_id)


def plan_in_force(session: Session, table_id: str) -> CleansingPlan | None:
    """The plan that may be run."""
    return CLEANSING_PLANS.in_force(session, table_id)


def cleansing_plans_waiting(session: Session) -> Sequence[CleansingPlan]:
    """Plans that wait for one of their owners, the oldest first."""
    return CLEANSING_PLANS.waiting(session)


def cleansing_run_by_id(session: Session, run_id: str) -> CleansingRun:
    """A run.  Raises ``NotFound``."""
    found = session.get(CleansingRun, run_id)
    if found is None:
        raise NotFound(kind="清洗 cleansing", name=run_id)
    return found


def cleansing_of_version(session: Session, version_id: str) -> CleansingRun | None:
    """The run that made a version, if one did."""
    return session.scalars(select(CleansingRun).where(CleansingRun.version_id == version_id)).first()


def cleansing_runs(session: Session, table_id: str, limit: int = 30) -> Sequence[CleansingRun]:
    """The runs of a table, newest first."""
    return session.scalars(
        select(CleansingRun)
        .where(CleansingRun.table_id == table_id)
        .order_by(CleansingRun.id.desc())
        .limit(limit)
    ).all()


def may_be_undone(session: Session, run: CleansingRun) -> bool:
    """Did it cleanse, and is what it made still the newest version, with its rows?"""
    newest = newest_version(session, run.table_id)
    return (
        run.kind == "cleanse"
        and newest is not None
        and newest.id == run.version_id
        and newest.dropped_at is None
    )


def readable_version(session: Session, table_id: str) -> Version | None:
    """The newest version, if its rows are kept."""
    newest = newest_version(session, table_id)
    return None if newest is None or newest.dropped_at is not None else newest

"""Which systems and evaluations there are, as far as the asker may see them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, select

from kaishu.access import Call, Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.evaluation.models import Evaluation, SystemEdition
from kaishu.evaluation.system.choosing import seen


def edition_by_id(call: Call, id: str) -> SystemEdition:
    """An edition that the asker may see.  Raises ``NotFound``."""
    require(call, Permission.evaluation_read)
    row = call.session.scalar(select(SystemEdition).where(SystemEdition.id == id).where(seen(call)))
    if row is None:
        raise NotFound(kind="指标体系 indicator system", name=id)
    return row


def editions_of(call: Call, system: str = "") -> Sequence[SystemEdition]:
    """Editions that the asker may see, newest first; of one system or of all."""
    require(call, Permission.evaluation_read)
    query = select(SystemEdition).where(seen(call))
    if system:
        query = query.where(SystemEdition.system == system)
    return call.session.scalars(query.order_by(SystemEdition.system, SystemEdition.number.desc())).all()


def evaluation_by_id(call: Call, id: str) -> Evaluation:
    """An evaluation that the asker may see.  Raises ``NotFound``."""
    require(call, Permission.evaluation_read)
    run = call.session.scalar(select(Evaluation).where(Evaluation.id == id).where(_open(call)))
    if run is None:
        raise NotFound(kind="评估 evaluation", name=id)
    return run


def evaluations(
    call: Call, *, system: str = "", state: str = "", own: bool = False, limit: int = 100, offset: int = 0
) -> Sequence[Evaluation]:
    """Evaluations that the asker may see, newest first."""
    require(call, Permission.evaluation_read)
    query = select(Evaluation).where(_open(call))
    if system:
        query = query.where(Evaluation.system == system)
    if state:
        query = query.where(Evaluation.state == state)
    if own:
        query = query.where(Evaluation.actor_id == call.actor.id)
    query = query.order_by(Evaluation.created_at.desc(), Evaluation.id.desc())
    return call.session.scalars(query.limit(limit).offset(offset)).all()


def _open(call: Call) -> ColumnElement[bool]:
    published = Evaluation.state == "published"
    if allowed(call, Permission.evaluation_publish):
        return or_(published, Evaluation.state != "published")
    mine: ColumnElement[bool] = false()
    if call.actor.id and allowed(call, Permission.evaluation_run):
        mine = Evaluation.actor_id == call.actor.id
    return or_(published, mine)

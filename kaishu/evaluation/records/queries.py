"""Which systems and evaluations there are, as far as the asker may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, false, or_, select

from kaishu.access import Call, Permission, allowed, require
from kaishu.base.errors import NotFound
from kaishu.evaluation.models import Evaluation, SystemEdition
from kaishu.evaluation.system.built_in import built_in, folder_of
from kaishu.evaluation.system.errors import NoSystem
from kaishu.evaluation.system.model import Passport
from kaishu.evaluation.system.reading import FILE, read_system


@dataclass(frozen=True, slots=True)
class Chosen:
    """A system to evaluate by; ``row`` is None if it is built in."""

    passport: Passport
    text: str
    row: SystemEdition | None


@cache
def built_in_system(name: str) -> Chosen:
    """A built-in system with its text.  Raises ``NoSystem``."""
    folder = folder_of(name)
    if folder is None:
        raise NoSystem(kind="指标体系 indicator system", name=name, known=", ".join(built_in()))
    text = (folder / FILE).read_text(encoding="utf-8-sig")
    return Chosen(read_system(text), text, None)


def system_chosen(call: Call, name: str) -> Chosen:
    """A system by the id of an edition, or by name: the newest published edition, else the built-in one.

    Raises ``NoSystem``.
    """
    require(call, Permission.evaluation_read)
    row = call.session.scalar(select(SystemEdition).where(SystemEdition.id == name).where(_seen(call)))
    if row is None:
        row = call.session.scalar(
            select(SystemEdition)
            .where(SystemEdition.system == name, SystemEdition.state == "published")
            .order_by(SystemEdition.number.desc())
        )
    if row is None:
        return built_in_system(name)
    return Chosen(read_system(row.text + "\n"), row.text, row)


def system_as_written(call: Call, system: str, text: str) -> Chosen:
    """A system by its text, with the edition that has this text, if the asker may see one."""
    require(call, Permission.evaluation_read)
    row = call.session.scalar(
        select(SystemEdition)
        .where(SystemEdition.system == system, SystemEdition.text == text)
        .where(_seen(call))
        .order_by(SystemEdition.number.desc())
    )
    return Chosen(read_system(text + "\n"), text, row)


def edition_by_id(call: Call, id: str) -> SystemEdition:
    """An edition that the asker may see.  Raises ``NotFound``."""
    require(call, Permission.evaluation_read)
    row = call.session.scalar(select(SystemEdition).where(SystemEdition.id == id).where(_seen(call)))
    if row is None:
        raise NotFound(kind="指标体系 indicator system", name=id)
    return row


def editions_of(call: Call, system: str = "") -> Sequence[SystemEdition]:
    """Editions that the asker may see, newest first; of one system or of all."""
    require(call, Permission.evaluation_read)
    query = select(SystemEdition).where(_seen(call))
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


def _seen(call: Call) -> ColumnElement[bool]:
    everybody = SystemEdition.state.in_(("published", "replaced"))
    if allowed(call, Permission.evaluation_draft):
        return or_(everybody, SystemEdition.state.in_(("draft", "withdrawn")))
    return everybody


def _open(call: Call) -> ColumnElement[bool]:
    published = Evaluation.state == "published"
    if allowed(call, Permission.evaluation_publish):
        return or_(published, Evaluation.state != "published")
    mine: ColumnElement[bool] = false()
    if call.actor.id and allowed(call, Permission.evaluation_run):
        mine = Evaluation.actor_id == call.actor.id
    return or_(published, mine)

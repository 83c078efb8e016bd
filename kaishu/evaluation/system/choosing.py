"""Which system is meant: an edition of the platform that the asker may see, or a built-in one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, or_, select

from kaishu.access import Call, Permission, allowed, require
from kaishu.evaluation.models import SystemEdition
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
    row = call.session.scalar(select(SystemEdition).where(SystemEdition.id == name).where(seen(call)))
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
        .where(seen(call))
        .order_by(SystemEdition.number.desc())
    )
    return Chosen(read_system(text + "\n"), text, row)


def seen(call: Call) -> ColumnElement[bool]:
    """Editions that the asker may see."""
    everybody = SystemEdition.state.in_(("published", "replaced"))
    if allowed(call, Permission.evaluation_draft):
        return or_(everybody, SystemEdition.state.in_(("draft", "withdrawn")))
    return everybody

"""Reads of elements: what ships and what the region released, as one library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.elements.definition import CodeSetText, Element
from kaishu.elements.models import Assignment, Entry, Version
from kaishu.elements.shipped import shipped_code_set, shipped_code_sets, shipped_elements, shipped_labels

ELEMENT, CODE_SET = "element", "code-set"
NATIONAL, REGIONAL = "national", "regional"
PROPOSED, RELEASED, WITHDRAWN = "proposed", "released", "withdrawn"
#: States of a version in which somebody has to decide.
OPEN = ("technical-review", "cross-review")


@dataclass(frozen=True, slots=True)
class Known:
    """An element of the library with where it comes from; ``office_id`` is its owner, None if it ships."""

    element: Element
    origin: str
    state: str = RELEASED
    office_id: str | None = None
    number: int = 1
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownSet:
    """The same for a code set; ``text`` has its codes, and is read when it is asked for."""

    code: str
    name: str
    name_en: str
    origin: str
    state: str = RELEASED
    office_id: str | None = None
    number: int = 1


def library(session: Session, withdrawn: bool = False) -> list[Known]:
    """Every element in force: shipped ones in the file's order, then the region's by code."""
    found = [Known(each, NATIONAL) for each in shipped_elements().values()]
    for entry, version in _released(session, ELEMENT, withdrawn):
        found.append(
            Known(
                Element.model_validate(version.definition),
                REGIONAL,
                entry.state,
                entry.office_id,
                version.number,
                version.released_at,
            )
        )
    return found


def element_by_code(session: Session, code: str) -> Known:
    """An element in force, or a withdrawn one.  Raises ``NotFound``."""
    if code in shipped_elements():
        return Known(shipped_elements()[code], NATIONAL)
    found = next((each for each in library(session, withdrawn=True) if each.element.code == code), None)
    if found is None:
        raise NotFound(kind="数据元 element", name=code[:60])
    return found


def code_sets(session: Session, withdrawn: bool = False) -> list[KnownSet]:
    """Every code set in force, without its codes."""
    found = []
    for name in shipped_code_sets():
        text = shipped_code_set(name)
        found.append(KnownSet(name, text.name, text.name_en, NATIONAL))
    for entry, version in _released(session, CODE_SET, withdrawn):
        english = str(version.definition.get("name_en", ""))
        found.append(
            KnownSet(entry.code, entry.name, english, REGIONAL, entry.state, entry.office_id, version.number)
        )
    return found


def code_set_by_code(session: Session, code: str) -> tuple[KnownSet, CodeSetText]:
    """A code set in force, or a withdrawn one, with its codes.  Raises ``NotFound``."""
    if code in shipped_code_sets():
        text = shipped_code_set(code)
        return KnownSet(code, text.name, text.name_en, NATIONAL), text
    for entry, version in _released(session, CODE_SET, True):
        if entry.code == code:
            text = CodeSetText.model_validate(version.definition)
            known = KnownSet(
                code, text.name, text.name_en, REGIONAL, entry.state, entry.office_id, version.number
            )
            return known, text
    raise NotFound(kind="代码集 code set", name=code[:60])


def code_set_names(session: Session) -> list[str]:
    """Identifiers of the code sets that an element may name."""
    wanted = select(Entry.code).where(Entry.kind == CODE_SET, Entry.state == RELEASED).order_by(Entry.code)
    return [*shipped_code_sets(), *session.scalars(wanted)]


def labels_in(session: Session) -> Callable[[str], Mapping[str, str]]:
    """A function from the name of a code set to its codes and names; empty for one that is not there."""
    regional: dict[str, Mapping[str, str]] = {}
    for entry, version in _released(session, CODE_SET, withdrawn=False):
        items = version.definition.get("items", [])
        regional[entry.code] = {str(item["code"]): str(item["name"]) for item in items}
    return lambda name: regional.get(name) or shipped_labels(name)


def entry_by_code(session: Session, kind: str, code: str) -> Entry | None:
    """The region's entry of that code, whatever its state."""
    return session.scalars(select(Entry).where(Entry.kind == kind, Entry.code == code)).first()


def version_by_id(session: Session, version_id: str) -> tuple[Entry, Version]:
    """A version with its entry.  Raises ``NotFound``."""
    version = session.get(Version, version_id)
    if version is None:
        raise NotFound(kind="数据元版本 version", name=version_id[:60])
    return session.get_one(Entry, version.entry_id), version


def version_of_case(session: Session, case_id: str) -> tuple[Entry, Version] | None:
    """What a case is about, if it is one of ours."""
    version = session.scalars(select(Version).where(Version.case_id == case_id)).first()
    return (session.get_one(Entry, version.entry_id), version) if version else None


def versions_of(session: Session, kind: str, code: str) -> Sequence[Version]:
    """The versions of an entry, the newest first; none of what ships."""
    wanted = select(Version).join(Entry, Entry.id == Version.entry_id)
    wanted = wanted.where(Entry.kind == kind, Entry.code == code).order_by(Version.number.desc())
    return session.scalars(wanted).all()


def versions_in(session: Session, states: Iterable[str]) -> list[tuple[Entry, Version]]:
    """Versions in these states, the oldest proposal first."""
    wanted = select(Entry, Version).join(Version, Version.entry_id == Entry.id)
    rows = session.execute(wanted.where(Version.state.in_(tuple(states))).order_by(Version.proposed_at))
    return [(entry, version) for entry, version in rows]


def assignments_of(session: Session, table_id: str) -> Mapping[str, Assignment]:
    """Column to what was decided about it."""
    wanted = select(Assignment).where(Assignment.table_id == table_id)
    return {each.column: each for each in session.scalars(wanted)}


def uses_of(session: Session, code: str, limit: int = 500) -> Sequence[Assignment]:
    """Columns that hold an element, the newest decisions first."""
    wanted = select(Assignment).where(Assignment.element == code).order_by(Assignment.id.desc())
    return session.scalars(wanted.limit(limit)).all()


def use_counts(session: Session, codes: Iterable[str]) -> Mapping[str, int]:
    """How many columns hold each of these elements; those that none holds are left out."""
    wanted = select(Assignment.element, func.count()).where(Assignment.element.in_(tuple(codes)))
    return {code: count for code, count in session.execute(wanted.group_by(Assignment.element))}


def offices_using(session: Session, codes: Iterable[str]) -> list[str]:
    """Ids of the offices whose tables hold one of these elements."""
    wanted = select(Assignment.office_id).where(Assignment.element.in_(tuple(codes))).distinct()
    return sorted(session.scalars(wanted))


def elements_with(session: Session, code_set: str) -> list[Element]:
    """Elements in force that take their values from a code set."""
    return [each.element for each in library(session) if each.element.code_set == code_set]


def _released(session: Session, kind: str, withdrawn: bool) -> list[tuple[Entry, Version]]:
    states = (RELEASED, WITHDRAWN) if withdrawn else (RELEASED,)
    wanted = (
        select(Entry, Version)
        .join(Version, (Version.entry_id == Entry.id) & (Version.number == Entry.released))
        .where(Entry.kind == kind, Entry.state.in_(states))
        .order_by(Entry.code)
    )
    return [(entry, version) for entry, version in session.execute(wanted)]

"""An office proposes an element or a code set, or a change of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from kaishu import casework
from kaishu.access import Call, Permission, note, office_by_name, require
from kaishu.base import ids
from kaishu.base.errors import Invalid, NotFound, Said
from kaishu.casework.errors import ReasonNeeded
from kaishu.elements.definition import CodeSetText, Element, code_set_from, element_from
from kaishu.elements.duplicates import duplicates
from kaishu.elements.errors import InUse, Shipped, UnderReview
from kaishu.elements.models import Entry, Version
from kaishu.elements.queries import (
    CODE_SET,
    ELEMENT,
    OPEN,
    PROPOSED,
    RELEASED,
    WITHDRAWN,
    code_set_names,
    elements_with,
    entry_by_code,
    library,
    version_by_id,
)
from kaishu.elements.shipped import shipped_code_sets, shipped_elements

KIND = "element-release"


def propose_element(
    call: Call, data: Mapping[str, Any], *, office: str, reason: str = "", asked: Sequence[str] = ()
) -> Version:
    """Propose a new element, or a new version of the office's own; it goes to technical review.

    ``asked`` are offices (names or ids) to be asked beside those that use it.  Raises ``Invalid``,
    ``Shipped``, ``UnderReview``.
    """
    owner = office_by_name(call.session, office)
    require(call, Permission.elements_propose, office=owner.id)
    made = element_from(data, code_set_names(call.session))
    if made.code in shipped_elements():
        raise Shipped(name=made.code)
    flags = [asdict(each) for each in duplicates(made, (known.element for known in library(call.session)))]
    return _propose(call, ELEMENT, made, owner.id, reason, asked, flags)


def propose_code_set(
    call: Call, data: Mapping[str, Any], *, office: str, reason: str = "", asked: Sequence[str] = ()
) -> Version:
    """The same for a code set with its items."""
    owner = office_by_name(call.session, office)
    require(call, Permission.elements_propose, office=owner.id)
    made = code_set_from(data)
    if made.code in shipped_code_sets():
        raise Shipped(name=made.code)
    return _propose(call, CODE_SET, made, owner.id, reason, asked, [])


def propose_all(call: Call, rows: Sequence[Mapping[str, Any]], *, office: str) -> list[Version]:
    """Propose many elements of one sheet, all or none."""
    return [propose_element(call, row, office=office) for row in rows]


def take_back(call: Call, version_id: str) -> Version:
    """Take a proposal back before it is decided; it stays as a draft to propose again."""
    entry, version = version_by_id(call.session, version_id)
    require(call, Permission.elements_propose, office=entry.office_id)
    case = casework.case_by_id(call.session, version.case_id or "")
    casework.take_step(call, case, "take-back")
    version.state = case.state
    call.session.flush()
    note(call, f"elements.{entry.kind}.take-back", (entry.kind, entry.id), code=entry.code)
    return version


def withdraw(call: Call, kind: str, code: str, reason: str) -> Entry:
    """Take an element or code set out of force; what was said of columns stays.

    Raises ``ReasonNeeded``, ``UnderReview``, and ``InUse`` for a code set that elements still name.
    """
    entry = entry_by_code(call.session, kind, code)
    if entry is None or entry.state != RELEASED:
        if code in (shipped_elements() if kind == ELEMENT else shipped_code_sets()):
            raise Shipped(name=code)
        raise NotFound(kind="数据元或代码集 element or code set", name=code[:60])
    require(call, Permission.elements_propose, office=entry.office_id)
    if not reason.strip():
        raise ReasonNeeded()
    _refuse_second(call, entry)
    if kind == CODE_SET and (users := elements_with(call.session, code)):
        raise InUse(name=entry.name, elements=", ".join(each.name for each in users[:10]))
    for version in call.session.scalars(select(Version).where(Version.entry_id == entry.id)):
        if version.state == RELEASED:
            version.state, version.ended_at = WITHDRAWN, call.now
    entry.state = WITHDRAWN
    call.session.flush()
    note(call, f"elements.{kind}.withdraw", (kind, entry.id), code=code, reason=reason.strip())
    return entry


def _propose(
    call: Call,
    kind: str,
    made: Element | CodeSetText,
    office_id: str,
    reason: str,
    asked: Sequence[str],
    flags: list[dict[str, Any]],
) -> Version:
    entry = entry_by_code(call.session, kind, made.code)
    if entry is None:
        entry = Entry(
            id=ids.new_id(),
            kind=kind,
            code=made.code,
            name=made.name,
            office_id=office_id,
            state=PROPOSED,
            newest=0,
            created_at=call.now,
        )
        call.session.add(entry)
    elif entry.office_id != office_id:
        text = f"标识“{made.code}”已由另一部门使用。"
        raise Invalid({"code": [Said(text, f'Another office has the identifier "{made.code}".')]})
    else:
        _refuse_second(call, entry)
    entry.newest += 1
    call.session.flush()
    version = Version(
        id=ids.new_id(),
        entry_id=entry.id,
        number=entry.newest,
        state=OPEN[0],
        definition=made.model_dump(mode="json"),
        reason=reason.strip()[:4000],
        flags=flags,
        asked=_ids(call, asked),
        proposed_by=call.actor.name or call.actor.id,
        proposed_at=call.now,
    )
    version.case_id = casework.open_case(call, KIND, (kind, entry.id), office_id).id
    call.session.add(version)
    call.session.flush()
    facts = {"code": made.code, "name": made.name, "version": version.number, "duplicates": len(flags)}
    note(call, f"elements.{kind}.propose", (kind, entry.id), **facts)
    return version


def _ids(call: Call, names: Sequence[str]) -> list[str]:
    found = (office_by_name(call.session, name).id for name in names if name)
    return list(dict.fromkeys(found))


def _refuse_second(call: Call, entry: Entry) -> None:
    waiting = select(Version.id).where(Version.entry_id == entry.id, Version.state.in_(OPEN))
    if call.session.scalars(waiting).first():
        raise UnderReview(name=entry.name)

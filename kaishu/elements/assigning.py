"""A person says which element a column holds."""

from __future__ import annotations

from sqlalchemy import select

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids
from kaishu.base.errors import NotFound
from kaishu.elements.models import Assignment
from kaishu.elements.queries import RELEASED, element_by_code


def assign(
    call: Call,
    table_id: str,
    column: str,
    code: str,
    *,
    dataset_id: str,
    office: str,
    score: int | None = None,
) -> Assignment:
    """Accept an element for a column of a table of ``office`` (an id); ``score`` is that of the suggestion.

    Replaces what was said before.  Raises ``NotFound`` for an element that is not in force.
    """
    require(call, Permission.elements_assign, office=office)
    if element_by_code(call.session, code).state != RELEASED:
        raise NotFound(kind="现行数据元 element in force", name=code[:60])
    found = _of(call, table_id, column)
    before = found.element if found else ""
    if found is None:
        found = Assignment(id=ids.new_id(), table_id=table_id, column=column[:300])
        call.session.add(found)
    found.dataset_id, found.office_id, found.element = dataset_id, office, code
    found.score, found.decided_by, found.decided_at = score, call.actor.name or call.actor.id, call.now
    call.session.flush()
    facts = {"column": column, "element": code, "before": before, "table": table_id, "score": score}
    note(call, "elements.column.assign", ("dataset", dataset_id), **facts)
    return found


def unassign(call: Call, table_id: str, column: str, *, office: str) -> None:
    """Take it back; nothing happens if the column held none."""
    require(call, Permission.elements_assign, office=office)
    found = _of(call, table_id, column)
    if found is None:
        return
    call.session.delete(found)
    call.session.flush()
    facts = {"column": column, "element": found.element, "table": table_id}
    note(call, "elements.column.unassign", ("dataset", found.dataset_id), **facts)


def _of(call: Call, table_id: str, column: str) -> Assignment | None:
    wanted = select(Assignment).where(Assignment.table_id == table_id, Assignment.column == column[:300])
    return call.session.scalars(wanted).first()

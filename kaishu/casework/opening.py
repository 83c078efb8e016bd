"""Open a case."""

from __future__ import annotations

from kaishu import standards
from kaishu.access import Call, note, require
from kaishu.base import clock, ids
from kaishu.casework.kinds import kind
from kaishu.casework.models import Case


def open_case(
    call: Call,
    name: str,
    subject: tuple[str, str],
    office: str | None,
    *,
    working_days: int | None = None,
) -> Case:
    """Open a case of kind ``name`` about ``subject`` (kind, id); its clock starts today.

    ``working_days`` instead of the kind's own, where it depends on the matter.
    """
    rule = kind(name)
    days = rule.working_days if working_days is None else working_days
    require(call, rule.permission, office=office)
    case = Case(
        id=ids.new_id(),
        kind=name,
        subject_kind=subject[0],
        subject_id=subject[1],
        office_id=office,
        state=rule.start,
        opened_at=call.now,
        due_on=standards.add_working_days(clock.day_of(call.now), days) if days else None,
    )
    call.session.add(case)
    call.session.flush()
    note(call, "casework.open", ("case", case.id), kind=name, about=list(subject))
    return case

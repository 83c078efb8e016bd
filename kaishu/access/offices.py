"""Offices come and change."""

from __future__ import annotations

from sqlalchemy import select

from kaishu.access.call import Call, note
from kaishu.access.checking import require
from kaishu.access.errors import NameTaken
from kaishu.access.models import Office
from kaishu.access.permissions import Permission
from kaishu.access.queries import office_by_name
from kaishu.base import ids


def add_office(
    call: Call,
    *,
    title: str,
    name: str = "",
    title_en: str = "",
    code: str = "",
    description: str = "",
    description_en: str = "",
    contact: str = "",
) -> Office:
    """Add an office; its address part comes from the title if not given.  Raises ``NameTaken``."""
    require(call, Permission.office_manage)
    name = name or ids.slug(title)
    if call.session.scalars(select(Office).where(Office.name == name)).first():
        raise NameTaken(name=name)
    office = Office(
        id=ids.new_id(),
        name=name,
        title=title,
        title_en=title_en,
        code=code,
        description=description,
        description_en=description_en,
        contact=contact,
        created_at=call.now,
    )
    call.session.add(office)
    call.session.flush()
    note(call, "access.office.add", ("office", office.id), name=name, title=title)
    return office


def revise_office(call: Call, name: str, **changes: str) -> Office:
    """Change title, title_en, code, description, description_en or contact."""
    require(call, Permission.office_manage)
    office = office_by_name(call.session, name)
    allowed_fields = {"title", "title_en", "code", "description", "description_en", "contact"}
    for field in sorted(changes.keys() & allowed_fields):
        setattr(office, field, changes[field])
    call.session.flush()
    note(call, "access.office.revise", ("office", office.id), **changes)
    return office

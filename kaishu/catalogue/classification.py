"""The catalogue by one of its classifications: 资源属性 with 项 and 目, 涉密属性, 共享属性, 层级属性."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, func, select, type_coerce

from kaishu.access import Call, Permission, require
from kaishu.catalogue.models import Dataset
from kaishu.catalogue.queries import visible
from kaishu.catalogue.states import State

#: Field of the record to the vocabulary of its classes; categories have a list of their own.
CLASSIFICATIONS = {
    "resource_class": "resource-class",
    "resource_category": "resource-category",
    "secrecy": "secrecy",
    "share_class": "share-class",
    "level": "administrative-level",
}


def class_counts(call: Call, field: str, without: Collection[str] = ()) -> list[tuple[str, str, int]]:
    """Class, office id, number of entries that this actor may see; an empty class where none is given.

    Offices whose ids are in ``without`` are left out.
    """
    require(call, Permission.dataset_read)
    seen = _in_catalogue(call).where(Dataset.office_id.not_in(without)).subquery()
    kind = func.coalesce(type_coerce(seen.c.record, JSON)[field].as_string(), "")
    rows = call.session.execute(select(kind, seen.c.office_id, func.count()).group_by(kind, seen.c.office_id))
    return [(str(code or ""), office, count) for code, office, count in rows]


def of_class(
    call: Call, field: str, code: str, office: str, after: str = "", limit: int = 100
) -> Sequence[Dataset]:
    """Entries of one class and office by name, after a name."""
    require(call, Permission.dataset_read)
    kind: ColumnElement[Any] = func.coalesce(type_coerce(Dataset.record, JSON)[field].as_string(), "")
    wanted = _in_catalogue(call).where(kind == code, Dataset.office_id == office, Dataset.name > after)
    return call.session.scalars(wanted.order_by(Dataset.name).limit(limit)).all()


def in_order(call: Call, after: str = "", limit: int = 1000) -> Sequence[Dataset]:
    """Every entry that this actor may see, by name, a thousand at a time."""
    require(call, Permission.dataset_read)
    wanted = _in_catalogue(call).where(Dataset.name > after).order_by(Dataset.name).limit(limit)
    return call.session.scalars(wanted).all()


def _in_catalogue(call: Call) -> Select[Any]:
    return visible(call).where(Dataset.state != State.withdrawn)

"""Reads of source."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kaishu.base.errors import NotFound
from kaishu.source.models import Delivery


def delivery_by_id(session: Session, id: str) -> Delivery:
    """One delivery.  Raises ``NotFound``."""
    found = session.get(Delivery, id)
    if found is None:
        raise NotFound(kind="收到的文件 delivery", name=id)
    return found

"""Reads of quality."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from kaishu.quality.models import Profile


def profile_of(session: Session, version_id: str) -> dict[str, Any] | None:
    """A version's stored profile, or None while none has been made."""
    found = session.get(Profile, version_id)
    return None if found is None else found.profile

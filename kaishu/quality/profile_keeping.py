"""Profiles that versions keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kaishu.access import Call, Permission, note, require
from kaishu.lake import open_version, table_by_id, version_by_id
from kaishu.quality.models import Profile
from kaishu.quality.profiling import profile_data
from kaishu.quality.queries import profile_of

Progress = Callable[[int, int], None]


def profile_version(call: Call, version_id: str, progress: Progress | None = None) -> dict[str, Any]:
    """The profile of a version: the stored one, else made and stored; ``progress`` gets (done, total) fields.

    On SQLite the call holds the only write lock meanwhile; for a long table use ``compute_profile`` in a
    reading session, then ``keep_profile``.
    """
    known = profile_of(call.session, version_id)
    if known is not None:
        return known
    return keep_profile(call, version_id, compute_profile(call, version_id, progress))


def compute_profile(call: Call, version_id: str, progress: Progress | None = None) -> dict[str, Any]:
    """The profile of a version, made now and not stored.  Raises ``NotFound``."""
    version = version_by_id(call.session, version_id)
    require(call, Permission.quality_profile, office=table_by_id(call.session, version.table_id).office_id)
    return profile_data(open_version(version), progress)


def keep_profile(call: Call, version_id: str, profile: dict[str, Any]) -> dict[str, Any]:
    """Store a version's profile, unless one is stored already; returns the stored one."""
    version = version_by_id(call.session, version_id)
    require(call, Permission.quality_profile, office=table_by_id(call.session, version.table_id).office_id)
    known = profile_of(call.session, version_id)
    if known is not None:
        return known
    call.session.add(
        Profile(
            version_id=version_id,
            profile=profile,
            made_at=call.now,
            made_by=call.actor.name or call.actor.id,
        )
    )
    call.session.flush()
    note(call, "quality.profile", ("version", version_id), fields=len(profile["fields"]))
    return profile

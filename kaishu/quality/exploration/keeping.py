"""Explorations that versions keep beside their profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaishu.access import Call, Permission, note, require
from kaishu.base import clock
from kaishu.base.errors import NotFound
from kaishu.lake import open_version, table_by_id, version_by_id
from kaishu.quality.exploration.exploring import Progress, explore_data
from kaishu.quality.exploration.references import Related
from kaishu.quality.models import Profile
from kaishu.quality.queries import profile_of


def compute_exploration(
    call: Call,
    version_id: str,
    related: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The exploration of a version that has a profile, made now and not stored.

    ``related`` maps the names of other tables to the ids of their versions; those without a profile are
    left out.  Raises ``NotFound``.
    """
    version = version_by_id(call.session, version_id)
    require(call, Permission.quality_profile, office=table_by_id(call.session, version.table_id).office_id)
    profile = profile_of(call.session, version_id)
    if profile is None:
        raise NotFound(kind="统计 profile", name=version_id)
    others = []
    for name, other_id in (related or {}).items():
        known = profile_of(call.session, other_id)
        other = version_by_id(call.session, other_id)
        if known is not None and other.dropped_at is None:
            others.append(Related(name, open_version(other), known))
    return explore_data(open_version(version), profile, clock.day_of(call.now), others, progress)


def keep_exploration(call: Call, version_id: str, exploration: dict[str, Any]) -> dict[str, Any]:
    """Store a version's exploration beside its profile, instead of an older one.  Raises ``NotFound``."""
    version = version_by_id(call.session, version_id)
    require(call, Permission.quality_profile, office=table_by_id(call.session, version.table_id).office_id)
    row = call.session.get(Profile, version_id)
    if row is None:
        raise NotFound(kind="统计 profile", name=version_id)
    row.profile = {**row.profile, "exploration": exploration}
    call.session.flush()
    note(call, "quality.explore", ("version", version_id), fields=len(exploration["fields"]))
    return exploration

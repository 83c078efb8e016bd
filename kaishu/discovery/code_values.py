"""Values of code-like columns: short texts of which a table has few, such as kinds, grades, districts."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.lake import open_version, quoted
from kaishu.lake.models import Version
from kaishu.quality.models import Profile

log = logging.getLogger(__name__)

MOST_DISTINCT = 400
MOST_VALUES = 1000  # of a dataset
LONGEST = 40
MEMORY = "256MB"


def code_values(session: Session, versions: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The values by dataset, for datasets with the versions of their tables; profiled versions only."""
    wanted = [version for each in versions.values() for version in each]
    rows = session.execute(
        select(Version, Profile.profile)
        .join(Profile, Profile.version_id == Version.id)
        .where(Version.id.in_(wanted))
    )
    known = {version.id: _of_version(version, profile) for version, profile in rows}
    found: dict[str, tuple[str, ...]] = {}
    for dataset_id, each in versions.items():
        values = dict.fromkeys(value for version in each for value in known.get(version, ()))
        if values:
            found[dataset_id] = tuple(values)[:MOST_VALUES]
    return found


def _of_version(version: Version, profile: Mapping[str, Any]) -> tuple[str, ...]:
    columns = []
    values: list[str] = []
    for field in profile.get("fields", ()):
        if field.get("type") != "text" or not 0 < field.get("distinct", 0) <= MOST_DISTINCT:
            continue
        top = field.get("top") or []
        if len(top) >= field["distinct"]:
            values += [str(each["value"]) for each in top]
        else:
            columns.append(field["name"])
    if columns:
        values += _distinct(_Held(version), tuple(columns))
    return tuple(dict.fromkeys(value for value in values if value and len(value) <= LONGEST))


class _Held:
    """A version as a key: what it holds never changes."""

    def __init__(self, version: Version) -> None:
        self.version, self.id = version, version.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.id == self.id


@lru_cache(maxsize=500)
def _distinct(held: _Held, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Every value of some columns of a version; none if its files cannot be read."""
    found: dict[str, None] = {}
    try:
        with open_version(held.version).connection(MEMORY) as connection:
            for name in columns:
                query = f"SELECT DISTINCT {quoted(name)} FROM data LIMIT {MOST_DISTINCT}"  # noqa: S608 - quoted
                found |= dict.fromkeys(
                    str(value) for (value,) in connection.execute(query).fetchall() if value
                )
    except Exception:
        log.warning("values of version %s are not searched", held.id, exc_info=True)
    return tuple(found)

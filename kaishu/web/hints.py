"""What a reviewer should look at twice, from the profile of a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaishu import quality
from kaishu.access import Call
from kaishu.lake.models import Version
from kaishu.web.figures import brief, number, share
from kaishu.web.words import _

MOST_CELLS = 2_000_000
MANY_MISSING = 0.5
MOST_HINTS = 12


def hints_of(call: Call, version: Version) -> list[str]:
    """Sentences about columns that are empty, constant or all but unique; small tables are profiled now."""
    profile = quality.profile_of(call.session, version.id)
    if profile is None:
        if version.rows * max(1, len(version.columns)) > MOST_CELLS:
            return []
        profile = quality.compute_profile(call, version.id)
    found = [hint for field in profile["fields"] if (hint := _hint(field))]
    return found[:MOST_HINTS]


def _hint(field: Mapping[str, Any]) -> str:
    records, missing, distinct = field["records"], field["missing"], field["distinct"]
    if not records:
        return ""
    if missing == records:
        return _("“{name}”全部为空。", name=field["name"])
    if missing / records >= MANY_MISSING:
        return _("“{name}”有{rate}为空。", name=field["name"], rate=share(missing / records))
    if distinct == 1 and records > 1:
        top = field.get("top") or []
        value = brief(top[0]["value"], 20) if top else ""
        return _("“{name}”每行都是同一个值“{value}”。", name=field["name"], value=value)
    repeated = records - missing - distinct
    if 0 < repeated <= 5 and records > 100:
        return _(
            "“{name}”几乎每行不同，但有{n}处重复，可能是编号重复。", name=field["name"], n=number(repeated)
        )
    return ""

"""The departments that a form offers."""

from __future__ import annotations

from kaishu import access, harvest
from kaishu.access import Call
from kaishu.web.words import pick


def own_offices(call: Call, *kept: str) -> list[tuple[str, str]]:
    """Name and title of the departments that are ours; those kept stay even if a harvest brought them."""
    foreign = harvest.foreign_offices(call.session)
    return [
        (each.name, pick(each.title, each.title_en))
        for each in access.offices(call.session)
        if each.name in kept or each.id not in foreign
    ]

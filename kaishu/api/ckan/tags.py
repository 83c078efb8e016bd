"""Tags."""

from __future__ import annotations

from typing import Any

from kaishu.api.ckan import shapes
from kaishu.api.ckan.arguments import Asked
from kaishu.api.ckan.registry import action
from kaishu.api.ckan.searching import counts
from kaishu.base.errors import NotFound


@action("tag_list")
def tag_list(asked: Asked) -> list[Any]:
    """Tags in use; ``query`` keeps those that contain it, ``all_fields`` gives more than names."""
    vocabulary = asked.text("vocabulary_id")
    if vocabulary:
        raise NotFound(kind="标签词表 vocabulary", name=vocabulary)
    query = asked.text("query").casefold()
    with asked.reading() as call:
        names = sorted(tag for tag in counts(call, "tags") if query in tag.casefold())
    return [shapes.tag(name) for name in names] if asked.flag("all_fields") else names

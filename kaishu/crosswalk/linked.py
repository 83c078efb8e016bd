"""What the JSON-LD documents have in common: our own keys that hold objects are JSON literals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaishu.crosswalk.carrying import Shape, readings
from kaishu.crosswalk.errors import NotThatStandard
from kaishu.crosswalk.keeping import Object
from kaishu.crosswalk.loading import load_json
from kaishu.crosswalk.model import Reading

NAMESPACE = "https://kaishu.dev/ns#"
LITERAL = ("extras", "entry", "agent", "resources", "items", "constraints", "bbox")
KAISHU: dict[str, Any] = {
    "kaishu": NAMESPACE,
    **{f"kaishu:{name}": {"@id": f"{NAMESPACE}{name}", "@type": "@json"} for name in LITERAL},
}


def read_graph(shape: Shape, data: bytes, kind: str) -> Iterator[Reading]:
    """The datasets of a JSON-LD document: the object itself, a list, or a graph of them.

    Contexts are not fetched.  Raises ``Unreadable`` and ``NotThatStandard``.
    """
    found = [each for each in _objects(load_json(data, shape.name)) if _is(each, kind)]
    if not found:
        raise NotThatStandard(standard=shape.name, reason=f"@type {kind}")
    yield from readings(shape, iter(found), "@graph")


def _objects(whole: Any) -> list[Object]:
    if isinstance(whole, dict) and isinstance(whole.get("@graph"), list):
        whole = whole["@graph"]
    if isinstance(whole, dict) and isinstance(whole.get("dataset"), list):
        whole = whole["dataset"]
    listed = whole if isinstance(whole, list) else [whole]
    return [each for each in listed if isinstance(each, dict)]


def _is(document: Object, kind: str) -> bool:
    types = document.get("@type")
    listed = types if isinstance(types, list) else [types]
    return any(
        isinstance(each, str) and each.rpartition("/")[2].rpartition(":")[2] == kind for each in listed
    )

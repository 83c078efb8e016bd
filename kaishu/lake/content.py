"""What Delta's log says a table holds at one of its versions: files, what is gone of each, schema."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kaishu.lake.deletion import gone_of
from kaishu.lake.folders import LOG
from kaishu.lake.layers import Layer


@dataclass(slots=True)
class Content:
    """State after a commit: ``files`` are Delta's ``add`` actions by path."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    metadata: dict[str, Any] | None = None
    protocol: dict[str, Any] | None = None


def content_at(root: Path, delta_version: int) -> Content:
    """The log read from its beginning; it is never shortened.  Empty for -1."""
    found = Content()
    for number in range(delta_version + 1):
        with (root / LOG / f"{number:020d}.json").open("rb") as log:
            for line in log:
                _apply(found, json.loads(line))
    return found


@lru_cache(maxsize=512)
def layers_of(root: Path, delta_version: int, version_id: str) -> tuple[Layer, ...]:
    """The files of one version, in the order of their first ``_id``.

    ``version_id`` is asked for because a restored home may reuse Delta's numbers.
    """
    found = [_layer(root, add) for add in content_at(root, delta_version).files.values()]
    return tuple(sorted(found, key=lambda layer: (layer.first, layer.path)))


def forget_contents() -> None:
    """After commits were taken back."""
    layers_of.cache_clear()


def _apply(found: Content, action: dict[str, Any]) -> None:
    if "add" in action:
        found.files[action["add"]["path"]] = action["add"]
    elif "remove" in action:
        # A file whose vector changes is removed and added in one commit, in either order.
        gone = action["remove"]
        there = found.files.get(gone["path"])
        if there is not None and there.get("deletionVector") == gone.get("deletionVector"):
            del found.files[gone["path"]]
    elif "metaData" in action:
        found.metadata = action["metaData"]
    elif "protocol" in action:
        found.protocol = action["protocol"]


def _layer(root: Path, add: dict[str, Any]) -> Layer:
    statistics = json.loads(add.get("stats") or "{}")
    described = add.get("deletionVector")
    return Layer(
        root / unquote(add["path"]),
        int(statistics.get("minValues", {}).get("_id", 0)),
        int(statistics.get("maxValues", {}).get("_id", -1)),
        gone_of(root, described) if described else None,
        int(statistics.get("numRecords", 0)),
    )

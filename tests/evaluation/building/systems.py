"""Small systems that the tests of building share."""

from __future__ import annotations

from typing import Any

LEAVES = {"a": [1.0, 2.0, 4.0, 5.0], "b": [8.0, 6.0, 2.0, 4.0], "c": [3.0, 3.5, 1.0, 2.0]}


def flat(leaf: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Three indicators with weights 0.5, 0.3, 0.2 under the index, on a scale of 0 to 5."""
    tree = [
        {"code": code, "weight": weight, "indicator": dict(leaf or {})}
        for code, weight in (("a", "0.5"), ("b", "0.3"), ("c", "0.2"))
    ]
    return {"system": "flat", "scale": [0, 5], "tree": tree, **more}


def data(**columns: list[Any]) -> dict[str, list[Any]]:
    """Four units u1 to u4, with some columns exchanged."""
    found = {**LEAVES, **columns}
    count = len(next(iter(found.values())))
    return {"id": [f"u{n + 1}" for n in range(count)], **found}

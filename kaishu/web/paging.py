"""Lists that are turned page by page: where one begins, and the addresses before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaishu.web.rendering import address
from kaishu.web.routing import Visit

FARTHEST = 1_000_000


def beginning(visit: Visit) -> int:
    """The number of entries before this page, from ``from``; 0 for what is no number."""
    given = visit.query("from")
    return min(int(given), FARTHEST) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def around(path: str, kept: Sequence[tuple[str, Any]], start: int, shown: int, total: int) -> tuple[str, str]:
    """Addresses of the page before and the page after; empty where there is none."""
    before = address(path, *kept, ("from", max(0, start - shown) or "")) if start else ""
    following = address(path, *kept, ("from", start + shown)) if start + shown < total else ""
    return before, following

"""A page of something, with the key of the next one."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kaishu.base.errors import Terminal

T = TypeVar("T")


class BadCursor(Terminal):
    """A paging key that we did not give out, or that belongs to another query."""

    code = "base.bad-cursor"
    status = 400
    zh = "翻页标记“{cursor}”无效。"
    en = 'The paging key "{cursor}" is not valid.'
    next_zh = "请从第一页重新开始（去掉 cursor 参数）。"
    next_en = "Start again from the first page (leave out the cursor parameter)."


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page; ``next`` is the key of the following page or None; ``total`` None if not counted."""

    rows: Sequence[T]
    total: int | None = None
    next: str | None = None


def encode_cursor(values: Sequence[Any]) -> str:
    """Opaque, address-safe form of the last row's sort key."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, size: int) -> list[Any]:
    """Reverse of ``encode_cursor``.  Raises ``BadCursor`` unless it holds exactly ``size`` plain values."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor(cursor=cursor) from error
    if not isinstance(values, list) or len(values) != size or any(isinstance(v, list | dict) for v in values):
        raise BadCursor(cursor=cursor)
    return values

"""Patterns that always end: RE2's syntax, which runs in time that grows with the text and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from kaishu.base.errors import Said

LONGEST = 1000


def pattern_problem(pattern: str) -> Said | None:
    """Why a pattern cannot be used, or None."""
    import pyarrow as pa

    if len(pattern) > LONGEST:
        return Said(f"模式超过{LONGEST}个字符", f"the pattern is longer than {LONGEST} characters")
    try:
        matches(pa.array(["x"]), pattern)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        why = str(error).splitlines()[0][:200]
        if any(mark in pattern for mark in ("(?=", "(?!", "(?<=", "(?<!", "\\1", "\\2")):
            return Said(
                "模式不能用前后断言和反向引用（它们可能永远算不完）",
                "a pattern cannot look ahead or behind or refer back, since that may run for ever",
            )
        return Said(f"模式无法解析：{why}", f"the pattern cannot be parsed: {why}")
    return None


@cache
def whole(pattern: str) -> str:
    """The pattern for the whole value."""
    return f"^(?:{pattern})$"


def matches(values: Any, pattern: str, *, anywhere: bool = False) -> Any:
    """An Arrow column of true and false: does the whole text (or any part) fit; null of null."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(values, pattern if anywhere else whole(pattern))

"""Values of a table's cells as reports show them, in text that stays the same in every format."""

from __future__ import annotations

_MOST = 200
_BLANK = "␣"


def shown(value: object, language: str) -> str:
    """A value cut to a readable length; null is told from empty text, blanks at the ends are drawn."""
    if value is None:
        return "(null)" if language == "en" else "（空值）"
    text = str(value)
    if len(text) > _MOST:
        text = text[: _MOST - 1] + "…"
    inner = text.strip()
    if not inner:
        return _BLANK * len(text)
    start = text.index(inner)
    return _BLANK * start + inner + _BLANK * (len(text) - start - len(inner))

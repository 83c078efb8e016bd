"""邮政编码: six digits, not all zero.  Which regions there are is not judged: no list is at hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import (
    BLANK,
    CHARACTERS,
    FINE,
    FULL_WIDTH,
    LENGTH,
    Reason,
    explain,
    misspelt,
)
from kaishu.quality.kernels.text import judge_width

REASONS = (
    FINE,
    LENGTH,
    FULL_WIDTH,
    BLANK,
    CHARACTERS,
    Reason("repeated", "六位数字全同", "Six times the same digit"),
)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are postal codes by form; null is right.  888888 and its like are placeholders."""
    return judge_width(values, 6, _judge)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _judge(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    digits = cells - np.uint8(48)
    highest = digits.max(axis=1)
    right: NDArray[np.bool_] = (highest < 10) & (digits.min(axis=1) != highest)
    return right


def _why(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if len(cell) != 6:
        return "length"
    return "repeated" if cell.isascii() and cell.isdigit() else "characters"

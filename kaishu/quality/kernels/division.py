"""行政区划代码: six digits that stand in a list of GB/T 2260, of whatever year."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.citizen_divisions import known_prefixes, years_in_force
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
    Reason("unknown", "没有这个行政区划代码", "No division has this code"),
    Reason("county", "省市代码存在，县级代码不存在", "Province and city are known, the county is not"),
)
_PLACES = 10 ** np.arange(5, -1, -1)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are codes of divisions, now or once; null is right."""
    return judge_width(values, 6, _judge)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _judge(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    digits = cells - np.uint8(48)
    right: NDArray[np.bool_] = digits.max(axis=1) < 10
    right &= years_in_force().take(digits @ _PLACES, mode="clip") != 0
    return right


def _why(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if len(cell) != 6:
        return "length"
    if not (cell.isascii() and cell.isdigit()):
        return "characters"
    return "county" if known_prefixes()[int(cell[:4])] else "unknown"

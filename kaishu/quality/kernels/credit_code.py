"""统一社会信用代码 as GB 32100-2015 lays it down; letters and weights are those of ``base.credit_code``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.base.credit_code import LENGTH as WIDTH
from kaishu.base.credit_code import LETTERS, is_credit_code
from kaishu.quality.kernels.reasons import (
    BLANK,
    CHARACTERS,
    CHECK,
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
    Reason("small", "有小写字母", "Holds small letters"),
    CHARACTERS,
    Reason("division", "第3至8位不是行政区划代码", "Characters 3 to 8 are no division code"),
    CHECK,
)
_VALUES = np.full(256, 10_000, np.float32)  # far above what a check could make good
_VALUES[list(LETTERS.encode())] = np.arange(31)
_WEIGHTS = np.array([*(pow(3, place, 31) for place in range(17)), 1], np.float32)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are right, null too: letters of the code, a division of digits, the check character."""
    return judge_width(values, WIDTH, _judge)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _judge(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    letters = _VALUES[cells]
    total = (letters @ _WEIGHTS).astype(np.int64)  # whole numbers below 2**24: exact
    right: NDArray[np.bool_] = total % 31 == 0
    right &= letters.max(axis=1) < 31
    right &= letters[:, 2:8].max(axis=1) < 10
    return right


def _why(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if len(cell) != WIDTH:
        return "length"
    if not set(cell) <= set(LETTERS):
        return "small" if set(cell.upper()) <= set(LETTERS) else "characters"
    return "check" if not is_credit_code(cell) else "division"

"""银行卡号: 13 to 19 digits, the last by Luhn's formula (ISO/IEC 7812-1; 银行卡 JR/T 0008 uses 16 to 19)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import (
    BLANK,
    CHARACTERS,
    CHECK,
    FINE,
    FULL_WIDTH,
    LENGTH,
    explain,
    misspelt,
)
from kaishu.quality.kernels.text import BATCH, Text, matrix, read_text

REASONS = (FINE, LENGTH, FULL_WIDTH, BLANK, CHARACTERS, CHECK)
SHORTEST, LONGEST = 13, 19
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9] + [0] * 246, np.uint8)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are card numbers by length and check digit; null is right."""
    text = read_text(values)
    found = np.empty(len(text), bool)
    for start in range(0, len(text), BATCH):
        part = text.part(start, min(start + BATCH, len(text)))
        found[start : start + len(part)] = _judge(part)
    return found


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _judge(text: Text) -> NDArray[np.bool_]:
    lengths = text.lengths()
    right = text.nulls()
    for width in range(SHORTEST, LONGEST + 1):
        rows = np.flatnonzero((lengths == width) & ~right)
        if len(rows):
            right[rows] = _luhn(matrix(text.data, text.offsets[rows], width))
    return right


def _luhn(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    digits = cells - np.uint8(48)
    total = digits[:, ::-2].sum(axis=1, dtype=np.uint16)
    total += _DOUBLED[digits[:, -2::-2]].sum(axis=1, dtype=np.uint16)
    right: NDArray[np.bool_] = total % 10 == 0
    right &= digits.max(axis=1) < 10
    return right


def _why(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if not (cell.isascii() and cell.isdigit()):
        return "characters"
    return "check" if SHORTEST <= len(cell) <= LONGEST else "length"

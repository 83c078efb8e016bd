"""Full-width digits, Latin letters and blanks where plain ones belong.  Chinese punctuation is let pass."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import FINE, Reason
from kaishu.quality.kernels.text import rows_with

REASONS = (
    FINE,
    Reason("letter", "有全角字母或数字", "Holds full-width letters or digits"),
    Reason("blank", "有全角空格", "Holds a full-width blank"),
)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells hold none; null is right."""
    right: NDArray[np.bool_] = reasons(values) == 0
    return right


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``; letters before blanks."""
    blanks, letters = rows_with(values, _blanks), rows_with(values, _letters)
    return np.where(letters, np.uint8(1), np.where(blanks, np.uint8(2), np.uint8(0)))


def _letters(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where U+FF10–FF19, FF21–FF3A or FF41–FF5A begin: EF BC 90–BA, EF BD 81–9A."""
    places = np.flatnonzero(data[:-2] == 0xEF)
    second, third = data[places + 1], data[places + 2]
    digits = (second == 0xBC) & (third >= 0x90) & (third <= 0x99)
    capitals = (second == 0xBC) & (third >= 0xA1) & (third <= 0xBA)
    smalls = (second == 0xBD) & (third >= 0x81) & (third <= 0x9A)
    found: NDArray[np.int64] = places[digits | capitals | smalls]
    return found


def _blanks(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where U+3000 begins: E3 80 80."""
    places = np.flatnonzero(data[:-2] == 0xE3)
    found: NDArray[np.int64] = places[(data[places + 1] == 0x80) & (data[places + 2] == 0x80)]
    return found

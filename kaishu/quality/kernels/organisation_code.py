"""组织机构代码 as GB 11714-1997 lays it down: eight characters, perhaps a hyphen, and a check character."""

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
from kaishu.quality.kernels.text import judge_width

REASONS = (FINE, LENGTH, FULL_WIDTH, BLANK, CHARACTERS, CHECK)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "0123456789X"
_VALUES = np.full(256, 10_000, np.float32)
_VALUES[list(LETTERS.encode())] = np.arange(36)
_CHECK_VALUES = np.full(256, -1, np.int64)
_CHECK_VALUES[list(CHECKS.encode())] = np.arange(11)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are right, null too; with the hyphen before the check or without."""
    return judge_width(values, 9, _judge) | judge_width(values, 10, _judge_hyphen)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _judge(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    letters = _VALUES[cells[:, :8]]
    total = (letters @ np.array(WEIGHTS, np.float32)).astype(np.int64)
    right: NDArray[np.bool_] = -total % 11 == _CHECK_VALUES[cells[:, 8]]
    right &= letters.max(axis=1) < 36
    return right


def _judge_hyphen(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    right: NDArray[np.bool_] = cells[:, 8] == ord("-")
    right &= _judge(cells[:, [0, 1, 2, 3, 4, 5, 6, 7, 9]])
    return right


def _why(cell: str) -> str:
    if wrong := misspelt(cell, fine="-"):
        return wrong
    bare = cell[:8] + cell[9:] if cell[8:9] == "-" else cell
    if len(bare) != 9:
        return "length"
    if not set(bare[:8]) <= set(LETTERS) or bare[8] not in CHECKS:
        return "characters"
    return "check"

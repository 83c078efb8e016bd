"""手机号: eleven digits in a segment that the ministry has given to a network for people's calls.

Segments: 工业和信息化部《电信网编号计划（2017年版）》 and what was given out since, known to the end of 2023.
Those for things (140, 141, 144, 146, 148) and for satellites (174) are no people's numbers.
"""

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
from kaishu.quality.kernels.text import BATCH, Text, digits_only, number_of, of_width, read_text, words

REASONS = (
    FINE,
    LENGTH,
    FULL_WIDTH,
    BLANK,
    Reason("country", "带有国际区号", "Begins with a country code"),
    CHARACTERS,
    Reason("segment", "号段未分配给公众移动通信", "The segment is not one of mobile numbers"),
)
_RUNS = ((130, 139), (145, 145), (147, 147), (149, 153), (155, 159), (162, 162), (165, 167), (170, 173),
         (175, 178), (180, 193), (195, 199))  # fmt: skip
SEGMENTS = frozenset(segment for first, last in _RUNS for segment in range(first, last + 1))
_GIVEN = np.zeros(1000, bool)
_GIVEN[list(SEGMENTS)] = True


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are mobile numbers; null is right."""
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
    fits, starts = of_width(text, 11)
    if fits is not None and not fits.any():
        return text.nulls()
    first, last = words(text.data, starts, 0), words(text.data, starts, 3)
    right = digits_only(first)
    right &= digits_only(last)
    segment = number_of(first).astype(np.uint32) // np.uint32(100_000)
    right &= _GIVEN.take(segment.view(np.int32), mode="clip")
    if fits is not None:
        right &= fits
        right |= text.nulls()
    return right


def _why(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if cell.startswith(("+86", "86", "0086")) and len(cell) > 11:
        return "country"
    if len(cell) != 11:
        return "length"
    return "segment" if cell.isascii() and cell.isdigit() else "characters"

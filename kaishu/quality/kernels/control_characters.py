"""Control characters, invisible ones, and the mark of text that was read in the wrong encoding."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import FINE, Reason
from kaishu.quality.kernels.text import rows_with

REASONS = (
    FINE,
    Reason("control", "有控制字符", "Holds control characters"),
    Reason("invisible", "有不可见字符", "Holds invisible characters"),
    Reason("replacement", "有乱码替代字符�", "Holds the mark � of a wrong encoding"),
)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells hold none; null is right."""
    right: NDArray[np.bool_] = reasons(values) == 0
    return right


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``; the first that applies."""
    found = np.zeros(len(values), np.uint8)
    for reason, where in ((3, _replacements), (2, _invisibles), (1, _controls)):
        found[rows_with(values, where)] = reason
    return found


def _controls(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """U+0000–001F, 007F, and 0080–009F as C2 80–9F."""
    plain = np.flatnonzero((data < 0x20) | (data == 0x7F))
    places = np.flatnonzero(data[:-1] == 0xC2)
    found: NDArray[np.int64] = np.concatenate([plain, places[data[places + 1] < 0xA0]])
    return found


def _invisibles(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """U+200B–200F, 2028–202E, 2060 (E2 80 8B–8F, E2 80 A8–AE, E2 81 A0) and FEFF (EF BB BF)."""
    places = np.flatnonzero(data[:-2] == 0xE2)
    second, third = data[places + 1], data[places + 2]
    here = (second == 0x80) & ((third >= 0x8B) & (third <= 0x8F) | (third >= 0xA8) & (third <= 0xAE))
    marks = np.flatnonzero(data[:-2] == 0xEF)
    marks = marks[(data[marks + 1] == 0xBB) & (data[marks + 2] == 0xBF)]
    found: NDArray[np.int64] = np.concatenate([places[here | (second == 0x81) & (third == 0xA0)], marks])
    return found


def _replacements(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """U+FFFD: EF BF BD."""
    places = np.flatnonzero(data[:-2] == 0xEF)
    found: NDArray[np.int64] = places[(data[places + 1] == 0xBF) & (data[places + 2] == 0xBD)]
    return found

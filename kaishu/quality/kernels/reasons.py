"""Why a cell fails a check: small numbers for whole columns, and what each says in two languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.text import read_text


@dataclass(frozen=True, slots=True)
class Reason:
    """``key`` for programs, a sentence in each language for people."""

    key: str
    zh: str
    en: str


#: Reason 0 of every kernel.
FINE = Reason("ok", "正确", "Right")


@dataclass(frozen=True, slots=True)
class Kernel:
    """A check of one kind of code.

    ``ok``: Arrow text to booleans, null is right; ``reasons``: Arrow text to places in ``table``, 0 is right.
    """

    name: str
    ok: Callable[[Any], NDArray[np.bool_]]
    reasons: Callable[[Any], NDArray[np.uint8]]
    table: tuple[Reason, ...]


FULL_WIDTH = Reason("full-width", "有全角字符", "Holds full-width characters")
BLANK = Reason("blank", "有空格或分隔符", "Holds blanks or separators")
LENGTH = Reason("length", "长度不对", "Has another length")
CHARACTERS = Reason("characters", "有不该出现的字符", "Holds characters that do not belong")
CHECK = Reason("check", "校验码不对", "The check character is wrong")

_SEPARATORS = frozenset(" \t\r\n\u3000\xa0-–—_./·")


def misspelt(cell: str, fine: str = "") -> str:
    """``full-width`` or ``blank`` if that is what is wrong with the writing, else nothing.

    ``fine`` are separators that belong to the code.
    """
    plain = unicodedata.normalize("NFKC", cell)
    if plain != cell:
        return FULL_WIDTH.key
    separators = _SEPARATORS - set(fine)
    return BLANK.key if any(letter in separators for letter in plain) else ""


def explain(
    values: Any, ok: NDArray[np.bool_], table: tuple[Reason, ...], why: Callable[[str], str]
) -> NDArray[np.uint8]:
    """Ask of each failing cell why it fails; the answer is the key of a reason of the table."""
    text = read_text(values)
    places = {reason.key: place for place, reason in enumerate(table)}
    found = np.zeros(len(text), np.uint8)
    for row in np.flatnonzero(~ok):
        found[row] = places[why(text.cell(int(row)))]
    return found

"""Why a cell fails a check: small numbers for whole columns, and what each says in two languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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

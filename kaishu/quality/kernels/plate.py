"""车牌号 as GA 36-2018 lays it down: province, office, and five characters, six for new energy.

I and O are not used.  New-energy plates have a letter first (small vehicles) or last (large ones) of six:
A to E for electric, F, G, H, J, K for others.  Special plates end in 学, 警, 港, 澳, 挂 and others; those of
the army begin with two letters, those of embassies have 使.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import BLANK, CHARACTERS, FINE, FULL_WIDTH, Reason, explain, misspelt
from kaishu.quality.kernels.text import matching

REASONS = (
    FINE,
    FULL_WIDTH,
    BLANK,
    CHARACTERS,
    Reason("province", "不以省份简称开头", "Does not begin with a province"),
    Reason("unused", "含不使用的字母I或O", "Holds I or O, which are not used"),
    Reason("small", "有小写字母", "Holds small letters"),
    Reason("form", "位数或次序不对", "The number of characters or their order is wrong"),
)
PROVINCES = "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川贵云陕甘青蒙桂藏宁新"
_LETTER = "A-HJ-NP-Z"
_ANY = f"[0-9{_LETTER}]"
PATTERN = (
    f"[{PROVINCES}][{_LETTER}](?:{_ANY}{{5}}|{_ANY}{{4}}[学警港澳挂试超领]|[A-HJK]{_ANY}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
    f"|[{_LETTER}]{{2}}[0-9]{{5}}|使[0-9]{{6}}|[0-9]{{6}}使"
)


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are plates; null is right."""
    return matching(values, PATTERN)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _why(cell: str) -> str:
    if wrong := misspelt(cell):
        return wrong
    if cell != cell.upper():
        return "small"
    if cell[:1] not in set(PROVINCES):
        return "province"
    if "I" in cell or "O" in cell:
        return "unused"
    rest = cell[1:]
    return (
        "form"
        if all((letter.isascii() and letter.isalnum()) or letter in "学警港澳挂试超领" for letter in rest)
        else "characters"
    )

"""E-mail addresses as people have them: dot-string of RFC 5321, host name; also Chinese (RFC 6531)."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaishu.quality.kernels.reasons import BLANK, FINE, FULL_WIDTH, LENGTH, Reason, explain
from kaishu.quality.kernels.text import matching, read_text

REASONS = (
    FINE,
    LENGTH,
    FULL_WIDTH,
    BLANK,
    Reason("at", "没有@，或不止一个", "There is no @, or more than one"),
    Reason("local", "@前面的写法不对", "What stands before the @ is no mailbox"),
    Reason("host", "@后面不是域名", "What stands after the @ is no host name"),
)
_ATOM = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~\x{80}-\x{FEFF}\x{10000}-\x{10FFFF}-]+"
_LABEL = r"[0-9A-Za-z\x{A1}-\x{FEFF}](?:[0-9A-Za-z\x{A1}-\x{FEFF}-]{0,61}[0-9A-Za-z\x{A1}-\x{FEFF}])?"
LOCAL = rf"{_ATOM}(?:\.{_ATOM})*"
PATTERN = rf"{LOCAL}@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[0-9a-z-]{{2,59}}|[\x{{A1}}-\x{{FEFF}}]{{2,30}})"
LONGEST = 254


def ok(values: Any) -> NDArray[np.bool_]:
    """Which cells are addresses by form; null is right."""
    return matching(values, PATTERN) & (read_text(values).lengths() <= LONGEST)


def reasons(values: Any) -> NDArray[np.uint8]:
    """Why each cell fails, as places in ``REASONS``."""
    return explain(values, ok(values), REASONS, _why)


def _why(cell: str) -> str:
    if any("\uff01" <= letter <= "\uff5e" or letter == "\u3000" for letter in cell):
        return "full-width"
    if any(letter.isspace() for letter in cell):
        return "blank"
    if cell.count("@") != 1:
        return "at"
    if len(cell.encode()) > LONGEST:
        return "length"
    local = cell.partition("@")[0]
    return "local" if re.fullmatch(_LOCAL_OF_PYTHON, local) is None else "host"


_LOCAL_OF_PYTHON = (
    r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~\x80-\U0010FFFF-]+(?:\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~\x80-\U0010FFFF-]+)*"
)

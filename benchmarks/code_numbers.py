"""Made-up code numbers with right check characters, as matrices of bytes, apart from what is to be tested."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

ID_WEIGHTS = np.array([2 ** (17 - place) % 11 for place in range(17)], np.int64)
ID_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
CREDIT_LETTERS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
CREDIT_WEIGHTS = np.array([3**place % 31 for place in range(17)], np.int64)
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)


def decimals(numbers: Any, width: int) -> Any:
    """Numbers as rows of digits, with leading zeros."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (np.asarray(numbers, np.int64)[:, None] // powers % 10 + 48).astype(np.uint8)


def text(matrix: Any) -> pa.StringArray:
    """Rows of ASCII bytes as an Arrow array."""
    rows, width = matrix.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(
        rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix))
    )


def citizen_ids(divisions: Any, births: Any, orders: Any) -> Any:
    """Rows of 18 bytes.  ``births`` are numbers like 19900131, on a calendar or not."""
    first = np.hstack([decimals(divisions, 6), decimals(births, 8), decimals(orders, 3)])
    remainders = ((first - np.uint8(48)).astype(np.int64) @ ID_WEIGHTS) % 11
    return np.hstack([first, ID_CHECKS[remainders][:, None]])


def organisation_codes(numbers: Any) -> Any:
    """Rows of 9 bytes.  GB 11714-1997: 11 minus the weighted sum modulo 11."""
    first = decimals(numbers, 8)
    values = (11 - (first - np.uint8(48)).astype(np.int64) @ ORGANISATION_WEIGHTS % 11) % 11
    return np.hstack([first, np.frombuffer(b"0123456789X", np.uint8)[values][:, None]])


def credit_codes(divisions: Any, numbers: Any) -> Any:
    """Rows of 18 bytes of enterprises (91).  GB 32100-2015: 31 minus the weighted sum modulo 31."""
    head = np.tile(np.frombuffer(b"91", np.uint8), (len(numbers), 1))
    first = np.hstack([head, decimals(divisions, 6), organisation_codes(numbers)])
    values = np.zeros(256, np.int64)
    values[CREDIT_LETTERS] = np.arange(31)
    return np.hstack([first, CREDIT_LETTERS[-(values[first] @ CREDIT_WEIGHTS) % 31][:, None]])


def calendar(days: Any) -> Any:
    """Days since 1970 as numbers like 19900131."""
    dates = np.asarray(days).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]")
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    return (years.astype(np.int64) + 1970) * 10_000 + month * 100 + day


def dashed(births: Any) -> Any:
    """Numbers like 19900131 as rows of 1990-01-31."""
    digits = decimals(births, 8)
    dash = np.full((len(digits), 1), ord("-"), np.uint8)
    return np.hstack([digits[:, :4], dash, digits[:, 4:6], dash, digits[:, 6:]])

"""Dates written as text to days since 1970, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.quality.places import arrow_places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Days = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]

#: Year first, in the ways that are common in tables; a time of day may follow.
_WRITTEN = (
    r"^\s*(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))"
    r"(?:[T ]\d{1,2}:.*)?\s*$"
)
_SHAPES = {10: (0, 1, 2, 3, 5, 6, 8, 9), 8: (0, 1, 2, 3, 4, 5, 6, 7)}


def days_of(values: Any) -> tuple[Days, Mask]:
    """Days since 1970 of each text and whether it is a date at all; null is not.

    ``2024-02-29``, ``20240229``, ``2024/2/29``, ``2024.2.29``, ``2024年2月29日``, with or without a time.
    """
    import numpy as np
    import pyarrow as pa

    days = np.zeros(len(values), np.int32)
    good = np.zeros(len(values), bool)
    if not len(values):
        return days, good
    if values.null_count == len(values):
        return days, good
    values = values.cast(pa.large_string())
    offsets = np.frombuffer(values.buffers()[1], np.int64)[values.offset : values.offset + len(values) + 1]
    data = np.frombuffer(values.buffers()[2] or b"", np.uint8)
    lengths = np.diff(offsets)
    here = values.is_valid().to_numpy(zero_copy_only=False)
    slow = here.copy()
    for length, places in _SHAPES.items():
        rows = np.flatnonzero(here & (lengths == length))
        if len(rows):
            letters = data[offsets[rows][:, None] + np.arange(length)]
            found, fits = _fixed(letters, places)
            days[rows[fits]], good[rows[fits]] = found[fits], True
            slow[rows[fits]] = False
    rest = np.flatnonzero(slow)
    if len(rest):
        days[rest], good[rest] = _written(values.take(arrow_places(rest)))
    return days, good


def from_parts(year: Any, month: Any, day: Any) -> tuple[Days, Mask]:
    """Days since 1970 of years, months and days, and whether there is such a day."""
    import numpy as np

    good = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    safe_year, safe_month = np.where(good, year, 1970), np.where(good, month, 1)
    first = (safe_year - 1970).astype("M8[Y]").astype("M8[M]") + (safe_month - 1).astype("m8[M]")
    start = first.astype("M8[D]").astype(np.int64)
    following = (first + np.timedelta64(1, "M")).astype("M8[D]").astype(np.int64)
    good &= day <= following - start
    return (start + np.where(good, day, 1) - 1).astype(np.int32), good


def _fixed(letters: Any, places: tuple[int, ...]) -> tuple[Days, Mask]:
    import numpy as np

    digits = letters[:, places] - ord("0")
    fits = (digits <= 9).all(axis=1)
    if letters.shape[1] == 10:
        mark = letters[:, 4]
        fits &= (mark == letters[:, 7]) & ((mark == ord("-")) | (mark == ord("/")) | (mark == ord(".")))
    wide = digits.astype(np.int64)
    year = wide[:, :4] @ np.array([1000, 100, 10, 1])
    days, good = from_parts(year, wide[:, 4] * 10 + wide[:, 5], wide[:, 6] * 10 + wide[:, 7])
    return days, good & fits


def _written(values: Any) -> tuple[Days, Mask]:
    import re

    import numpy as np

    form = re.compile(_WRITTEN)
    parts = np.zeros((len(values), 3), np.int64)
    for row, text in enumerate(values.to_pylist()):
        if found := form.match(text):
            parts[row] = [int(each) for each in found.groups() if each is not None]
    return from_parts(parts[:, 0], parts[:, 1], parts[:, 2])

"""Text of an Arrow array as bytes: where each cell begins, how long it is, eight bytes at a time.

No cell becomes a Python object.  Cells of a known width are read as 64-bit words at their places in the
buffer, and a word of eight digits is checked and turned into a number by a few operations on whole columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Rows worked on at a time, so that the columns in between stay in the processor's cache.
BATCH = 1 << 14
_PLAIN = ("string", "large_string", "utf8", "large_utf8")


@dataclass(frozen=True, slots=True)
class Text:
    """``data``: bytes of the buffer; ``offsets``: rows + 1 places in it; ``valid``: not null, None if all."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64] | NDArray[np.int32]
    valid: NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def part(self, start: int, end: int) -> Text:
        """Rows ``start`` to ``end``, without a copy."""
        valid = None if self.valid is None else self.valid[start:end]
        return Text(self.data, self.offsets[start : end + 1], valid)

    def cell(self, row: int) -> str:
        """One cell as a string, for telling why it fails."""
        return self.data[self.offsets[row] : self.offsets[row + 1]].tobytes().decode("utf-8", "replace")

    def lengths(self) -> NDArray[Any]:
        """Bytes of each cell; 0 for null."""
        return np.diff(self.offsets)

    def nulls(self) -> NDArray[np.bool_]:
        """Which cells are null."""
        return np.zeros(len(self), bool) if self.valid is None else ~self.valid


def read_text(values: Any) -> Text:
    """The buffers of an Arrow string array (a chunk, or chunks that are joined; other types become text)."""
    if hasattr(values, "combine_chunks"):
        values = values.combine_chunks()
    if str(values.type) not in _PLAIN:
        values = values.cast("large_string")
    validity, offsets, data = values.buffers()
    rows, first = len(values), values.offset
    kind = np.dtype(np.int64 if str(values.type).startswith("large") else np.int32)
    places = np.zeros(1, kind)
    if offsets is not None and offsets.size:
        places = np.frombuffer(offsets, kind, rows + 1, first * kind.itemsize)
    letters = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    valid = None
    if values.null_count and validity is not None:
        bits = np.frombuffer(validity, np.uint8)
        valid = np.unpackbits(bits, bitorder="little", count=first + rows)[first:].view(bool)
    return Text(letters, places, valid)


def of_width(text: Text, width: int) -> tuple[NDArray[np.bool_] | None, Any]:
    """Which cells have that many bytes (None: all), and the place of each; of others any safe place."""
    starts = text.offsets[:-1]
    fits = text.lengths() == width
    if text.valid is not None:
        fits &= text.valid
    if fits.all():
        return None, starts
    return fits, np.where(fits, starts, 0)


def words(data: NDArray[np.uint8], starts: Any, skip: int) -> NDArray[np.uint64]:
    """Eight bytes from each start + ``skip`` as one little-endian number.  The buffer must hold them all."""
    rows = max(len(data) - 7 - skip, 0)
    every = np.ndarray((rows,), "<u8", buffer=data, offset=skip, strides=(1,))
    taken: NDArray[np.uint64] = every[starts]
    return taken


def matrix(data: NDArray[np.uint8], starts: Any, width: int) -> NDArray[np.uint8]:
    """Rows x width bytes, copied cell by cell.  The buffer must hold them all."""
    every = np.ndarray((max(len(data) - width + 1, 0),), f"V{width}", buffer=data, strides=(1,))
    taken: NDArray[np.uint8] = every[starts].view(np.uint8).reshape(len(starts), width)
    return taken


def judge_width(
    values: Any, width: int, judge: Callable[[NDArray[np.uint8]], NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Cells of that many bytes as their judge says, null is right, all others are wrong."""
    text = read_text(values)
    found = np.empty(len(text), bool)
    for start in range(0, len(text), BATCH):
        part = text.part(start, min(start + BATCH, len(text)))
        here = found[start : start + len(part)]
        fits, starts = of_width(part, width)
        if fits is None:
            here[:] = judge(matrix(part.data, starts, width))
            continue
        here[:] = part.nulls()
        rows = np.flatnonzero(fits)
        if len(rows):
            here[rows] = judge(matrix(part.data, starts[rows], width))
    return found


def matching(values: Any, pattern: str) -> NDArray[np.bool_]:
    """Cells that match the RE2 pattern as a whole; null is right."""
    import pyarrow.compute as pc

    if hasattr(values, "combine_chunks"):
        values = values.combine_chunks()
    if str(values.type) not in _PLAIN:
        values = values.cast("large_string")
    found = pc.match_substring_regex(values, f"^(?:{pattern})$").fill_null(True)
    ok: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return ok


def rows_with(values: Any, where: Callable[[NDArray[np.uint8]], NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Cells in whose bytes ``where`` finds something; it looks at the whole buffer and tells places."""
    text = read_text(values)
    found = np.zeros(len(text), bool)
    if len(text):
        first, last = int(text.offsets[0]), int(text.offsets[-1])
        padded = np.concatenate([text.data[first:last], np.zeros(2, np.uint8) + np.uint8(0x20)])
        places = where(padded) + first
        found[np.searchsorted(text.offsets, places[places < last], side="right") - 1] = True
        found &= ~text.nulls()
    return found


_LOW = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0x4646464646464646)
_SIGNS = np.uint64(0x8080808080808080)
_EVEN = np.uint64(0x00FF00FF00FF00FF)
_PAIRS = np.uint64(0x000000FF000000FF)
_TEN = np.uint64(10)
_HUNDREDS = np.uint64(100 + (1_000_000 << 32))
_UNITS = np.uint64(1 + (10_000 << 32))
_8, _16, _32, _48 = (np.uint64(bits) for bits in (8, 16, 32, 48))


def digits_only(word: NDArray[np.uint64], free: int = 0) -> NDArray[np.bool_]:
    """Are all eight bytes digits?  The last ``free`` bytes may be anything."""
    if free:
        word = (word & np.uint64((1 << (8 * (8 - free))) - 1)) | np.uint64(
            int.from_bytes(b"\0" * (8 - free) + b"0" * free, "little")
        )
    wrong = word + _HIGH
    wrong |= word - _LOW
    wrong &= _SIGNS
    found: NDArray[np.bool_] = wrong == 0
    return found


def number_of(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The number that eight digits write.  Method: pairs, fours, eight in three multiplications."""
    value = word - _LOW
    high = value >> _8
    value *= _TEN
    value += high
    high = value >> _16
    high &= _PAIRS
    high *= _UNITS
    value &= _PAIRS
    value *= _HUNDREDS
    value += high
    value >>= _32
    return value


def weighted(word: NDArray[np.uint64], weights: tuple[int, ...]) -> NDArray[np.uint64]:
    """Sum of the eight digits times eight weights; sums must stay below 65,536."""
    value = word - _LOW
    odd = value >> _8
    odd &= _EVEN
    value &= _EVEN
    value *= _factor(weights[0::2])
    odd *= _factor(weights[1::2])
    value += odd
    value >>= _48
    return value


def _factor(weights: tuple[int, ...]) -> np.uint64:
    return np.uint64(sum(weight << (16 * (3 - place)) for place, weight in enumerate(weights)))

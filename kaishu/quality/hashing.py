"""Values as 64 bits each, to be sorted and compared instead of themselves.

Numbers, dates and times keep their value, so that equal bits mean equal values.  Texts are hashed: among
ten million different texts the chance that any two share a hash is one in 370,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.uint64]
    Mask = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int64]

_NULL = 0x9AE16A3B2F90404F
_ODD = 0x9E3779B97F4A7C15
_SLOT_BITS = 24


def codes_of(array: Any) -> Codes:
    """64 bits for each value of an Arrow array; all nulls the same."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    type = array.type
    if pa.types.is_dictionary(type):
        if not len(array.dictionary):
            return np.full(len(array), _NULL, np.uint64)
        found = codes_of(array.dictionary)[array.indices.fill_null(0).to_numpy(zero_copy_only=False)]
    elif pa.types.is_string(type) or pa.types.is_large_string(type):
        found = _hashed(array)
    elif pa.types.is_boolean(type):
        found = array.fill_null(False).to_numpy(zero_copy_only=False).astype(np.uint64)
    elif pa.types.is_floating(type):
        # Adding zero makes one of the two zeros.
        numbers = array.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False) + 0.0
        found = numbers.view(np.uint64)
    else:
        if pa.types.is_date(type):
            array = pc.cast(array, pa.int32())
        elif pa.types.is_timestamp(type):
            array = array.view(pa.int64())
        found = array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
    if array.null_count:
        found = np.where(array.is_valid().to_numpy(zero_copy_only=False), found, np.uint64(_NULL))
    codes: Codes = found
    return codes


def combined(columns: Sequence[Codes]) -> Codes:
    """One code of several columns; of a single one itself."""
    import numpy as np

    found: Codes = columns[0]
    for codes in columns[1:]:
        found = _mixed(found) * np.uint64(3) + _mixed(codes ^ np.uint64(_ODD))
    return found


def repeated(codes: Codes) -> Codes:
    """Codes that occur more than once, sorted, each once.  All are left sorted in their place."""
    codes.sort()
    again = codes[1:][codes[1:] == codes[:-1]]
    return distinct(again)


def distinct(ordered: Codes) -> Codes:
    """Sorted codes, each once."""
    import numpy as np

    if not len(ordered):
        return ordered
    found: Codes = ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]
    return found


class Known:
    """Codes to look others up in: sorted into slots by their leading bits when stirred, about one to a slot.

    Twelve to twenty-four bytes a code; a search by halves would miss the processor's cache at each step.
    """

    def __init__(self, codes: Codes) -> None:
        import numpy as np

        bits = min(max((2 * len(codes)).bit_length(), 8), _SLOT_BITS)
        self._shift = np.uint64(64 - bits)
        slots = self._slots(codes)
        self._codes = codes[np.argsort(slots, kind="stable")]
        ends = np.cumsum(np.bincount(slots, minlength=1 << bits))
        wide = len(codes) >= 2**31
        self._bounds: Places = np.concatenate(([0], ends)).astype(np.int64 if wide else np.int32)

    def holds(self, codes: Codes) -> Mask:
        """Which codes are among these."""
        import numpy as np

        if not len(self._codes):
            return np.zeros(len(codes), bool)
        slots = self._slots(codes)
        place, end = self._bounds.take(slots), self._bounds.take(slots + 1)
        found: Mask = self._codes.take(place, mode="clip") == codes
        found &= place < end
        rest = np.flatnonzero(~found & (place + 1 < end))
        place, end = place[rest], end[rest]
        while len(rest):
            place += 1
            same = self._codes[place] == codes[rest]
            found[rest[same]] = True
            more = ~same & (place + 1 < end)
            rest, place, end = rest[more], place[more], end[more]
        return found

    def _slots(self, codes: Codes) -> Places:
        import numpy as np

        slots: Places = (_mixed(codes) >> self._shift).view(np.int64)
        return slots


def _mixed(codes: Codes) -> Codes:
    """Bits stirred, so that neighbours are not neighbours any more.  Source: the last step of MurmurHash3."""
    import numpy as np

    stirred = codes ^ (codes >> np.uint64(33))
    stirred *= np.uint64(0xFF51AFD7ED558CCD)
    stirred ^= stirred >> np.uint64(33)
    stirred *= np.uint64(0xC4CEB9FE1A85EC53)
    stirred ^= stirred >> np.uint64(33)
    return stirred


def _hashed(array: Any) -> Codes:
    """Eight bytes at a time are mixed into each text's code, which begins as its length.

    It is our own so that every machine of a cluster, and every release, makes the same codes.
    """
    import numpy as np

    from kaishu.quality.kernels.text import BATCH, read_text

    text = read_text(array)
    found = np.empty(len(text), np.uint64)
    for start in range(0, len(text), BATCH):
        end = min(start + BATCH, len(text))
        offsets = text.offsets[start : end + 1].astype(np.int64)
        data = np.concatenate([text.data[offsets[0] : offsets[-1]], np.zeros(8, np.uint8)])
        found[start:end] = _hashed_bytes(data, offsets - offsets[0])
    return found


def _hashed_bytes(data: Any, offsets: Any) -> Codes:
    """Codes of the texts between the offsets; eight bytes of nothing follow the last one."""
    import numpy as np

    every = np.ndarray((max(len(data) - 7, 0),), "<u8", buffer=data, strides=(1,))
    masks = np.array([(1 << 8 * left) - 1 for left in range(9)], np.uint64)
    lengths, starts = np.diff(offsets), offsets[:-1]
    codes: Codes = lengths.astype(np.uint64) * np.uint64(_ODD)
    rows: Any = slice(None)
    done = 0
    while len(starts) and (longest := int(lengths.max())) > 0:
        words = every[starts + done]
        if longest < 8 or int(lengths.min()) < 8:
            words &= masks[np.minimum(lengths, 8)]
        codes[rows] = _mixed(codes[rows] ^ words)
        done += 8
        lengths = lengths - 8
        more = lengths > 0
        if not more.all():
            rows = np.flatnonzero(more) if isinstance(rows, slice) else rows[more]
            starts, lengths = starts[more], lengths[more]
    return codes

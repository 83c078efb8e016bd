"""Which rows of a Parquet file are gone, in the form of Delta's deletion vectors.

A vector is a 64-bit roaring bitmap in its portable form behind a magic number; a ``.bin`` file holds one
or more, each with its size before and its CRC-32 after it (Delta protocol, "Deletion Vector Format").
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from kaishu.lake.errors import DamagedFile

if TYPE_CHECKING:
    import numpy as np

_MAGIC = 1681511377
_NO_RUNS = 12346
_MOST_LISTED = 4096
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_UUID_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Gone:
    """Where the vector of one file's rows stands; ``rows`` is how many it names."""

    file: Path
    offset: int
    size: int
    rows: int

    def positions(self) -> np.ndarray[Any, Any]:
        """Positions of the rows in their file, from 0, ascending.  Raises ``DamagedFile``."""
        with self.file.open("rb") as opened:
            opened.seek(self.offset)
            found = opened.read(self.size + 8)
        data = found[4:-4]
        whole = len(data) == self.size and found[:4] == struct.pack(">I", self.size)
        if not whole or found[-4:] != struct.pack(">I", zlib.crc32(data)):
            raise DamagedFile(file=self.file.name, format="Delta", detail="deletion vector")
        return decoded(data)


def write_vectors(folder: Path, vectors: Iterable[np.ndarray[Any, Any]]) -> tuple[Path, list[dict[str, Any]]]:
    """Put vectors into one new file of a version's folder; the file, and Delta's description of each."""
    name = uuid4()
    path = folder / f"deletion_vector_{name}.bin"
    described: list[dict[str, Any]] = []
    with path.open("wb") as out:
        out.write(b"\x01")
        for positions in vectors:
            data = encoded(positions)
            described.append(
                {
                    "storageType": "u",
                    "pathOrInlineDv": folder.name + _written(name),
                    "offset": out.tell(),
                    "sizeInBytes": len(data),
                    "cardinality": len(positions),
                }
            )
            out.write(struct.pack(">I", len(data)) + data + struct.pack(">I", zlib.crc32(data)))
    return path, described


def gone_of(root: Path, described: dict[str, Any]) -> Gone:
    """The place that Delta's description names, below the table's folder."""
    said = str(described["pathOrInlineDv"])
    folder, name = said[:-_UUID_DIGITS], _read(said[-_UUID_DIGITS:])
    file = root / folder / f"deletion_vector_{name}.bin"
    return Gone(file, int(described["offset"]), int(described["sizeInBytes"]), int(described["cardinality"]))


def encoded(positions: np.ndarray[Any, Any]) -> bytes:
    """The vector of ascending positions, all below 2^32."""
    import numpy as np

    high = positions >> 16
    keys, starts = np.unique(high, return_index=True)
    groups = np.split((positions & 0xFFFF).astype("<u2"), starts[1:]) if len(keys) else []
    bodies = [_body(group) for group in groups]
    head = struct.pack("<II", _NO_RUNS, len(groups)) + b"".join(
        struct.pack("<HH", int(key), len(group) - 1) for key, group in zip(keys, groups, strict=True)
    )
    place, places = len(head) + 4 * len(groups), []
    for body in bodies:
        places.append(place)
        place += len(body)
    return (
        struct.pack("<IQI", _MAGIC, 1, 0) + head + struct.pack(f"<{len(places)}I", *places) + b"".join(bodies)
    )


def decoded(data: bytes) -> np.ndarray[Any, Any]:
    """Reverse of ``encoded``.  Raises ``DamagedFile`` for forms that are not written here."""
    import numpy as np

    magic, bitmaps, high = struct.unpack_from("<IQI", data)
    cookie, count = struct.unpack_from("<II", data, 16)
    if (magic, bitmaps, high, cookie) != (_MAGIC, 1, 0, _NO_RUNS):
        raise DamagedFile(file="-", format="Delta", detail="deletion vector of another form")
    keys = np.frombuffer(data, "<u2", 2 * count, 24).reshape(count, 2).astype(np.int64)
    found = [np.empty(0, np.int64)]
    place = 24 + 8 * count
    for key, least in keys:
        if least + 1 <= _MOST_LISTED:
            low = np.frombuffer(data, "<u2", least + 1, place).astype(np.int64)
            place += 2 * (int(least) + 1)
        else:
            bits = np.frombuffer(data, np.uint8, 8192, place)
            low = np.flatnonzero(np.unpackbits(bits, bitorder="little")).astype(np.int64)
            place += 8192
        found.append((key << 16) | low)
    return np.concatenate(found)


def _body(group: np.ndarray[Any, Any]) -> bytes:
    import numpy as np

    if len(group) <= _MOST_LISTED:
        return group.tobytes()
    bits = np.zeros(65536, np.uint8)
    bits[group] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def _written(name: UUID) -> str:
    digits = []
    for start in range(0, 16, 4):
        number = int.from_bytes(name.bytes[start : start + 4], "big")
        digits.append("".join(_DIGITS[number // 85**power % 85] for power in (4, 3, 2, 1, 0)))
    return "".join(digits)


def _read(text: str) -> UUID:
    words = []
    for start in range(0, _UUID_DIGITS, 5):
        number = 0
        for digit in text[start : start + 5]:
            number = number * 85 + _DIGITS.index(digit)
        words.append(number.to_bytes(4, "big"))
    return UUID(bytes=b"".join(words))

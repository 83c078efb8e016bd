"""A file that somebody writes to and somebody else reads from, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from io import RawIOBase
from typing import Any

PIECE = 1 << 16


class Sink(RawIOBase):
    """Takes bytes; ``taken`` hands out what has come since the last time."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Keep the bytes until they are taken."""
        part = bytes(data)
        self._parts.append(part)
        self._written += len(part)
        return len(part)

    def tell(self) -> int:
        """Bytes written so far."""
        return self._written

    def taken(self) -> Iterator[bytes]:
        """Everything since the last time as one piece; nothing if there is none."""
        if self._parts:
            whole = b"".join(self._parts)
            self._parts.clear()
            if whole:
                yield whole

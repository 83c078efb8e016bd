"""Small memories for things that are asked for with every request.

A memory holds an answer for at most a second or so, and every write of this process empties all of
them, so that a withdrawal, a revoked token or a sign-out counts at once here and within the second in
other processes.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")

_all: weakref.WeakSet[Remembered] = weakref.WeakSet()  # type: ignore[type-arg]
_lock = threading.Lock()


class Remembered(Generic[V]):
    """Key to value, for ``seconds``, at most ``size`` of them.

    When an answer grows old, one caller is sent to ask again and the others keep the old one for that
    moment, so that a crowd never asks at once.
    """

    def __init__(self, seconds: float = 1.0, size: int = 4096) -> None:
        self.seconds = seconds
        self.size = size
        self._kept: dict[Hashable, tuple[float, V]] = {}
        self._epoch = 0
        _all.add(self)

    @property
    def epoch(self) -> int:
        """Changes whenever the memory is emptied; give it to ``keep``."""
        return self._epoch

    def get(self, key: Hashable) -> V | None:
        """What was kept; None if there is nothing, or if it is this caller's turn to ask again."""
        found = self._kept.get(key)
        if found is None:
            return None
        moment = time.monotonic()
        if moment <= found[0]:
            return found[1]
        with _lock:
            if moment > found[0] + self.seconds or self._kept.get(key) is not found:
                return None
            self._kept[key] = (moment + min(self.seconds, 0.5), found[1])
        return None

    def drop(self, key: Hashable) -> None:
        """Forget one answer: asking again has failed."""
        with _lock:
            self._kept.pop(key, None)

    def keep(self, key: Hashable, value: V, epoch: int) -> V:
        """Keep and return the value, unless the memory was emptied since ``epoch`` was read."""
        with _lock:
            if epoch == self._epoch:
                if len(self._kept) >= self.size:
                    self._kept.clear()
                self._kept[key] = (time.monotonic() + self.seconds, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with _lock:
            self._epoch += 1
            self._kept.clear()


def forget() -> None:
    """Empty every memory: something was written."""
    for memory in list(_all):
        memory.clear()

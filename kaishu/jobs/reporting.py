"""How far a task is."""

from __future__ import annotations

import time
from collections.abc import Callable

from kaishu import queue


def reporter(task_id: str) -> Callable[[int, int], None]:
    """Says how far a task is, at most twice a second."""
    said = 0.0

    def report(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > 0.5:
            said = time.monotonic()
            queue.progress(task_id, done, total)

    return report

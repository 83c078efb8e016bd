"""How far a task is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kaishu import queue

log = logging.getLogger("kaishu.jobs")


@contextmanager
def beating(task_id: str, seconds: float = 20) -> Iterator[Callable[[int, int], None]]:
    """A reporter for work of few and long steps: what was said last is said again, so that no other worker
    takes the task for a dead one's.
    """
    said, stop, last = reporter(task_id), threading.Event(), (0, 0)

    def report(done: int, total: int) -> None:
        nonlocal last
        last = (done, total)
        said(done, total)

    def beat() -> None:
        while not stop.wait(seconds):
            try:
                queue.progress(task_id, *last)
            except Exception:
                log.exception("task %s could not say that it goes on", task_id)

    thread = threading.Thread(target=beat, name="kaishu-beat", daemon=True)
    thread.start()
    try:
        yield report
    finally:
        stop.set()
        thread.join()


def reporter(task_id: str) -> Callable[[int, int], None]:
    """Says how far a task is, at most twice a second."""
    said = 0.0

    def report(done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > 0.5:
            said = time.monotonic()
            queue.progress(task_id, done, total)

    return report

"""Finished downloads are kept up to a limit; those not asked for the longest go first."""

from __future__ import annotations

import os
import time
from pathlib import Path

#: Seconds in which a file just handed out is surely opened; it is not removed before.
GRACE = 600


def touch(place: Path) -> None:
    """Remember that a file was asked for now; when it was made stays as it is."""
    known = place.stat()
    os.utime(place, ns=(time.time_ns(), known.st_mtime_ns))


def prune(folder: Path, limit: int) -> int:
    """Remove files until ``folder`` holds at most ``limit`` bytes; returns the bytes removed."""
    files = [(path, path.stat()) for path in folder.iterdir() if path.is_file()]
    surplus = sum(facts.st_size for _, facts in files) - limit
    removed = 0
    for path, facts in sorted(files, key=lambda each: each[1].st_atime_ns):
        if removed >= surplus or facts.st_atime > time.time() - GRACE:
            break
        path.unlink(missing_ok=True)
        removed += facts.st_size
    return removed

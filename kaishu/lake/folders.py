"""Where a table's files stand, and who is still writing them.

``home/lake/tables/<table>/_delta_log`` is Delta's; ``home/lake/tables/<table>/<version>/`` holds that
version's Parquet files and the rows that were set aside.  ``home/lake/unfinished/<version>`` is a mark
that is locked while its ingest runs.  A mark that nobody locks was left by an interrupted ingest, so
a sweep looks at the marks alone and costs nothing when there are none.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kaishu.base import settings

LOG = "_delta_log"
ASIDE = "aside.ndjson"
_NEW = ".new"
_NEW_SECONDS = 60


def table_folder(table_id: str) -> Path:
    """Root of a table's Delta files; not made here."""
    return settings.home() / "lake" / "tables" / table_id


def version_folder(table_id: str, version_id: str) -> Path:
    """Where one version's files are; not made here."""
    return table_folder(table_id) / version_id


@dataclass(slots=True)
class Mark:
    """One unfinished ingest."""

    table_id: str
    version_id: str
    path: Path
    handle: BinaryIO

    @property
    def folder(self) -> Path:
        """The version's folder."""
        return version_folder(self.table_id, self.version_id)

    @property
    def held(self) -> bool:
        """Whether this process still holds it."""
        return not self.handle.closed

    def end(self, *, keep_files: bool, keep_mark: bool = False) -> None:
        """Let go; a mark that is kept asks the next sweep to look after the table."""
        if not keep_files:
            shutil.rmtree(self.folder, ignore_errors=True)
        if not keep_mark:
            self.path.unlink(missing_ok=True)
        self.handle.close()


def make_mark(table_id: str, version_id: str) -> Mark:
    """Mark an ingest as unfinished, locked as long as this process lives or until ``end``."""
    marks = settings.folder("lake") / "unfinished"
    marks.mkdir(exist_ok=True)
    # Locked before it has its name, so that no sweep ever sees it unlocked while we live.
    fresh = marks / f"{version_id}{_NEW}"
    handle = fresh.open("w+b")
    fcntl.flock(handle, fcntl.LOCK_EX)
    handle.write(table_id.encode())
    handle.flush()
    os.fsync(handle.fileno())
    path = fresh.rename(marks / version_id)
    sync(marks)
    mark = Mark(table_id, version_id, path, handle)
    mark.folder.mkdir(parents=True, exist_ok=True)
    return mark


@contextmanager
def taken_marks() -> Iterator[list[Mark]]:
    """Marks that nobody holds any more, held here meanwhile."""
    found: list[Mark] = []
    for path in sorted((settings.home() / "lake" / "unfinished").glob("*")):
        if path.name.endswith(_NEW):
            if time.time() - path.stat().st_mtime > _NEW_SECONDS:
                path.unlink(missing_ok=True)
            continue
        try:
            handle = path.open("r+b")
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            continue
        found.append(Mark(handle.read().decode(), path.name, path, handle))
    try:
        yield found
    finally:
        for mark in found:
            mark.handle.close()


def sync(path: Path) -> None:
    """Force a file or a folder's entries to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The index on disk: one folder a generation, a file that says which is current, and how far it has read.

``home/index/current`` names the folder in use; a rebuild fills another and changes that one line.
``position.json`` in a folder is written after each commit, so that a crash between the two only makes
the same entries be applied again.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import ids, settings
from kaishu.discovery import shape
from kaishu.discovery.errors import IndexBusy

if TYPE_CHECKING:
    import tantivy

SMALL_HEAP = 32_000_000
WAIT = 5.0
ABANDONED = 3600.0


@dataclass(frozen=True, slots=True)
class Position:
    """The last ledger entry applied, and the last one whose uses are counted in."""

    number: int = 0
    uses: int = 0
    shape: int = shape.SHAPE


def folder() -> Path:
    """Where generations lie."""
    return settings.folder("index")


def current() -> Path | None:
    """The generation in use, or None."""
    home = settings.home() / "index"
    try:
        name = (home / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    path = home / name
    return path if name and path.is_dir() else None


def opened(path: Path) -> tuple[tantivy.Index, Position] | None:
    """The index of a generation and its position; None if it is broken or of another shape."""
    import tantivy

    try:
        position = read_position(path)
        if position.shape != shape.SHAPE:
            return None
        index = tantivy.Index.open(str(path))
        prepared = shape.prepare(index)
        prepared.searcher().num_docs  # noqa: B018 - opens the segments, which fails if one is damaged
    except (OSError, ValueError, TypeError):
        return None
    return prepared, position


def fresh() -> tuple[Path, tantivy.Index]:
    """An empty index in a folder of its own, not yet current."""
    import tantivy

    path = folder() / ids.new_id()
    path.mkdir()
    return path, shape.prepare(tantivy.Index(shape.schema(), path=str(path)))


def make_current(path: Path) -> None:
    """Swap: from now on everybody opens this one.  The one before stays for those who still read it."""
    before = current()
    _write(folder() / "current", path.name)
    _clear({path.name, before.name if before else ""})


@contextmanager
def writing(
    index: tantivy.Index, heap: int = SMALL_HEAP, threads: int = 1, wait: float = WAIT
) -> Iterator[tantivy.IndexWriter]:
    """The one writer of this generation, among threads and processes.  Raises ``IndexBusy``."""
    until = time.monotonic() + wait
    while True:
        try:
            writer = index.writer(heap_size=heap, num_threads=threads)
            break
        except ValueError as error:
            if "lock" not in str(error).lower():
                raise
            if time.monotonic() > until:
                raise IndexBusy(seconds=round(wait)) from error
            time.sleep(0.02)
    try:
        yield writer
    finally:
        writer.wait_merging_threads()


def read_position(path: Path) -> Position:
    """Raises ``OSError``, ``ValueError`` or ``TypeError`` if it cannot be read."""
    return Position(**json.loads((path / "position.json").read_text(encoding="utf-8")))


def write_position(path: Path, position: Position) -> None:
    """After a commit, never before."""
    _write(path / "position.json", json.dumps(asdict(position)))


def _write(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.{ids.new_id()}")
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(path)


def _clear(kept: set[str]) -> None:
    """Folders of older generations, and of builds that were broken off an hour ago or more."""
    newest = max((name for name in kept), default="")
    for path in folder().iterdir():
        if not path.is_dir() or path.name in kept:
            continue
        if path.name < newest and (_finished(path) or time.time() - path.stat().st_mtime > ABANDONED):
            shutil.rmtree(path, ignore_errors=True)


def _finished(path: Path) -> bool:
    return (path / "position.json").exists()

"""Opened serving copies: what each holds, and connections kept by thread."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaishu.base import settings
from kaishu.delivery.building import ABOUT, LAYOUT, ROWS, SCAN
from kaishu.delivery.columns import Columns
from kaishu.delivery.errors import QueryTooSlow

MOST_CONNECTIONS = 32  # open copies a thread keeps
MOST_SCANS = 32
_local = threading.local()
_copies: OrderedDict[str, Copy] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Copy:
    """One version's serving copy.  ``indexed`` and ``nulls`` are by the copy's own column names."""

    id: str
    place: Path
    columns: Columns
    rows: int
    small: bool
    indexed: frozenset[str]
    nulls: dict[str, int]

    def connection(self) -> sqlite3.Connection:
        """This thread's connection to the rows, read-only; the least used are closed."""
        kept: OrderedDict[Path, sqlite3.Connection] | None = getattr(_local, "kept", None)
        if kept is None:
            kept = _local.kept = OrderedDict()
        found = kept.get(self.place)
        if found is not None:
            kept.move_to_end(self.place)
            return found
        made = sqlite3.connect(
            f"{(self.place / ROWS).as_uri()}?mode=ro&immutable=1",
            uri=True,
            isolation_level=None,
            cached_statements=256,
        )
        made.execute("PRAGMA mmap_size=4294967296")
        made.execute("PRAGMA cache_size=-1024")
        kept[self.place] = made
        while len(kept) > MOST_CONNECTIONS:
            kept.popitem(last=False)[1].close()
        return made

    def read(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """Rows of a statement on the indexed copy."""
        return self.connection().execute(sql, arguments).fetchall()

    def scan(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """Rows of a statement on the columnar copy, where ``{data}`` stands for the table."""
        return _scans.run(self, sql, arguments)

    def stream(self, sql: str, arguments: Sequence[Any], size: int) -> Iterator[Any]:
        """The same as record batches, as they are asked for."""
        return _scans.stream(self, sql, arguments, size)


def serving_place(version_id: str) -> Path:
    """Where the copy of a version is, or would be."""
    return settings.home() / "serving" / version_id


def open_copy(version_id: str, columns: Sequence[Any]) -> Copy | None:
    """The copy of a version; None if there is none, or one of another layout."""
    place = serving_place(version_id)
    key = str(place)
    held = _copies.get(key)
    if held is not None and (place / ABOUT).exists():
        return held
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if about["layout"] != LAYOUT:
        return None
    made = Copy(
        version_id,
        place,
        Columns.of(columns),
        about["rows"],
        about["small"],
        frozenset(about["indexed"]),
        about["nulls"],
    )
    with _lock:
        _copies[key] = made
        while len(_copies) > 1000:
            _copies.popitem(last=False)
    return made


def drop_copy(version_id: str) -> bool:
    """Remove a version's copy; it is made again when somebody asks.  False if there was none."""
    place = serving_place(version_id)
    forget_copy(version_id)
    if not place.exists():
        return False
    shutil.rmtree(place)
    return True


def forget_copy(version_id: str) -> None:
    """Close what this thread and the scans hold of a copy."""
    place = serving_place(version_id)
    with _lock:
        _copies.pop(str(place), None)
    opened = getattr(_local, "kept", {}).pop(place, None)
    if opened is not None:
        opened.close()
    _scans.forget(place)


class _Scans:
    """One DuckDB in memory with the scan files attached; two queries at a time, others wait their turn."""

    def __init__(self) -> None:
        self._root: Any = None
        self._spill = ""
        self._attached: OrderedDict[Path, str] = OrderedDict()
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[Any, ...], list[Any]] = OrderedDict()
        self._turn = threading.BoundedSemaphore(2)
        self._made = 0

    def run(self, copy: Copy, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """Short answers are remembered, as a version never changes."""
        asked = (copy.place, sql, tuple(arguments))
        known = self._answers.get(asked)
        if known is None:
            known = self._run(copy, sql, arguments)
            if len(known) <= 200 and len(repr(known)) < 50_000:
                self._answers[asked] = known
                while len(self._answers) > 256:
                    self._answers.popitem(last=False)
        return known

    def _run(self, copy: Copy, sql: str, arguments: Sequence[Any]) -> list[Any]:
        import duckdb

        seconds = settings.number("query_seconds")
        if not self._turn.acquire(timeout=seconds):
            raise QueryTooSlow(seconds=seconds)
        try:
            with self._cursor(copy) as (cursor, name), _stopped(cursor, seconds):
                found: list[Any] = cursor.execute(sql.replace("{data}", name), list(arguments)).fetchall()
                return found
        except duckdb.InterruptException as error:
            raise QueryTooSlow(seconds=seconds) from error
        finally:
            self._turn.release()

    def stream(self, copy: Copy, sql: str, arguments: Sequence[Any], size: int) -> Iterator[Any]:
        """Takes no turn: whoever reads it may be slow."""
        with self._cursor(copy) as (cursor, name):
            cursor.execute(sql.replace("{data}", name), list(arguments))
            yield from cursor.to_arrow_reader(size)

    def forget(self, place: Path) -> None:
        with self._lock:
            name = self._attached.pop(place, None)
            if name is not None:
                self._root.execute(f"DETACH {name}")

    @contextmanager
    def _cursor(self, copy: Copy) -> Iterator[tuple[Any, str]]:
        with self._lock:
            name = self._attach(copy)
            cursor = self._root.cursor()
        try:
            yield cursor, f"{name}.data"
        finally:
            cursor.close()

    def _attach(self, copy: Copy) -> str:
        import duckdb

        spill = str(settings.home() / "serving" / ".spill")
        if self._root is None or self._spill != spill:
            self._attached.clear()
            self._spill = spill
            self._root = duckdb.connect(
                config={
                    "memory_limit": "256MB",
                    "threads": "2",
                    "temp_directory": spill,
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                }
            )
        name = self._attached.get(copy.place)
        if name is None:
            self._made += 1
            name = f"v{self._made}"
            path = str(copy.place / SCAN).replace("'", "''")
            self._root.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
            self._attached[copy.place] = name
            while len(self._attached) > MOST_SCANS:
                self._root.execute(f"DETACH {self._attached.popitem(last=False)[1]}")
        else:
            self._attached.move_to_end(copy.place)
        return name


@contextmanager
def _stopped(cursor: Any, seconds: int) -> Iterator[None]:
    timer = threading.Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


_scans = _Scans()

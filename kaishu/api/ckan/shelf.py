"""Packages as JSON on disk, beside the search index: what was written once is kept until it changes.

The file may be thrown away at any time.  It is named after everything that packages are made by, so that
another version of the program, or other records, never read what this one has written.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import kaishu
from kaishu.api.ckan.packing import pack, unpack
from kaishu.base import settings
from kaishu.db import database_url

log = logging.getLogger(__name__)

PACKAGE = Path(kaishu.__file__).parent
#: What packages are made by; migrations too, for they may change what is recorded.
MADE_BY = (
    "api/ckan/packing.py",
    "api/ckan/shapes.py",
    "api/ckan/rendered.py",
    "crosswalk/model.py",
    "crosswalk/ckan/*.py",
    "standards/*.py",
    "standards/data/**/*.yaml",
    "migrations/versions/*.py",
)
WAIT = 2.0  # seconds for another writer

T = TypeVar("T")
NONE: list[Any] = []


class Shelf:
    """One file; any number of threads and processes read it, one at a time writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._writing = threading.Lock()

    def read(self, stamps: Mapping[str, bytes]) -> dict[str, bytes]:
        """The JSON of those datasets that were written under these stamps."""
        wanted = list(stamps)
        rows = self._do(lambda connection: _among(connection, "id, stamp, body", wanted), NONE)
        found = {row[0]: unpack(row[2]) for row in rows if row[1] == stamps[row[0]]}
        return {each: body for each, body in found.items() if body is not None}

    def stamps(self, dataset_ids: Sequence[str]) -> dict[str, bytes]:
        """Dataset id to stamp."""
        return dict(self._do(lambda connection: _among(connection, "id, stamp", dataset_ids), NONE))

    def put(self, made: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Keep packages: id, stamp, JSON.  What cannot be kept now is written again when it is asked for."""
        rows = [(dataset_id, stamp, pack(body)) for dataset_id, stamp, body in made]

        def keep(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO package VALUES (?, ?, ?)", rows)

        with self._writing:
            self._do(keep, None)

    def drop(self, dataset_ids: Iterable[str]) -> None:
        """Forget these."""
        gone = [(dataset_id,) for dataset_id in dataset_ids]

        def forget(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("DELETE FROM package WHERE id = ?", gone)

        with self._writing:
            self._do(forget, None)

    def between(self, after: str, upto: str) -> list[str]:
        """Ids of what is kept after one id and up to another, or to the end if that is empty."""
        wanted = "SELECT id FROM package WHERE id > ? AND (id <= ? OR ? = '')"
        rows = self._do(lambda connection: connection.execute(wanted, (after, upto, upto)).fetchall(), NONE)
        return [row[0] for row in rows]

    def count(self) -> int:
        """How many packages there are."""
        return self._do(lambda asked: int(asked.execute("SELECT count(*) FROM package").fetchone()[0]), 0)

    def close(self) -> None:
        """Let go of the file."""
        while self._idle:
            self._idle.pop().close()

    def _do(self, act: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do it with a connection that nobody else uses.  What goes wrong is logged and costs only time."""
        try:
            connection = self._idle.pop() if self._idle else self._open()
        except IndexError:  # another thread was faster
            return self._do(act, otherwise)
        except sqlite3.Error as error:
            return self._failed(error, otherwise)
        try:
            found = act(connection)
        except sqlite3.Error as error:
            connection.close()
            return self._failed(error, otherwise)
        self._idle.append(connection)
        return found

    def _failed(self, error: sqlite3.Error, otherwise: T) -> T:
        if isinstance(error, sqlite3.OperationalError):
            log.warning("packages kept on disk cannot be used now: %s", error)
        else:
            log.warning("packages kept on disk are damaged and are written anew: %s", error)
            self.close()
            _remove(self.path)
        return otherwise

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=WAIT, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-1024"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS package (id TEXT PRIMARY KEY, stamp BLOB, body BLOB)")
        return connection


_shelves: dict[Path, Shelf] = {}
_opening = threading.Lock()


def shelf() -> Shelf:
    """The shelf of the present settings; those of other versions are cleared away when it is first used."""
    path = settings.home() / "index" / f"packages-{_mark(database_url())}.db"
    found = _shelves.get(path)
    if found is not None and path.exists():
        return found
    with _opening:
        settings.folder("index")
        for other in path.parent.glob("packages-*.db"):
            if other != path:
                _remove(other)
        _shelves[path] = Shelf(path)
        return _shelves[path]


def _among(connection: sqlite3.Connection, columns: str, dataset_ids: Sequence[str]) -> list[Any]:
    marks = ",".join("?" * len(dataset_ids))
    wanted = f"SELECT {columns} FROM package WHERE id IN ({marks})"  # noqa: S608 - columns are ours
    return connection.execute(wanted, dataset_ids).fetchall()


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


@cache
def _mark(url: str) -> str:
    made = blake2b(f"{kaishu.__version__}\n{url}".encode(), digest_size=8)
    for pattern in MADE_BY:
        for path in sorted(PACKAGE.glob(pattern)):
            made.update(path.name.encode() + path.read_bytes())
    return made.hexdigest()

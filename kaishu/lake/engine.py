"""DuckDB over Parquet files, locked so that a query reaches nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import ids, settings

if TYPE_CHECKING:
    import duckdb

MEMORY = "256MB"
_spilling: set[str] = set()


def open_files(
    files: Sequence[Path], memory_limit: str = MEMORY, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with the view ``data`` over the files and nothing else: no other file, no network,
    no extension, no way to change these settings.  The caller closes it.

    A query that needs more memory fails, unless there is a folder to ``spill`` to.  Queries can write
    there; so give one only to queries of our own.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "temp_directory": "" if spill is None else str(spill),
        }
    )
    listed = ", ".join(quoted(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{listed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute(f"CREATE VIEW data AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def spilling(files: Sequence[Path], memory_limit: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same for long work of our own, which may use the disk where memory ends."""
    folder = settings.folder("lake") / "spill" / f"{os.getpid()}-{ids.new_id()}"
    folder.mkdir(parents=True)
    _spilling.add(folder.name)
    try:
        connection = open_files(files, memory_limit, folder)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _spilling.discard(folder.name)


def out_of_memory() -> type[Exception]:
    """What a query raises that needs more memory than it may have."""
    import duckdb

    return duckdb.OutOfMemoryException


def sweep_spills() -> int:
    """Remove the spill folders of processes that are gone; returns how many."""
    removed = 0
    for folder in (settings.home() / "lake" / "spill").glob("*-*"):
        process = int(folder.name.partition("-")[0])
        # A container's next process often has the number of the last one.
        if folder.name not in _spilling and (process == os.getpid() or not _alive(process)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""A DuckDB of its own for one fusion: bounded memory, a folder to spill to, files named and no others."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.standardisation.conversions import literal, macros

if TYPE_CHECKING:
    import duckdb

MEMORY = "2GB"


@contextmanager
def workspace(beside: Path, files: Sequence[Path]) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """The connection and a folder beside the result, which goes with it."""
    import duckdb

    folder = Path(tempfile.mkdtemp(prefix=".kaishu-fuse-", dir=beside)).resolve()
    try:
        connection = duckdb.connect(
            config={
                "threads": 2,
                "memory_limit": MEMORY,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "preserve_insertion_order": "false",
            }
        )
        try:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(f"SET allowed_paths = [{', '.join(literal(str(file)) for file in files)}]")
            connection.execute(f"SET allowed_directories = [{literal(str(folder))}]")
            connection.execute("SET enable_external_access = false")
            for statement in macros():
                connection.execute(statement)
            yield connection, folder
        finally:
            connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def named(column: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + column.replace('"', '""') + '"'

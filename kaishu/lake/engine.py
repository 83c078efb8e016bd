"""DuckDB over Parquet files, locked so that a query reaches nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import ids, settings
from kaishu.lake.layers import Layer

if TYPE_CHECKING:
    import duckdb

MEMORY = "256MB"
FILE, ROW = "\x01file", "\x01row"
_spilling: set[str] = set()


def open_files(
    files: Sequence[Path], memory_limit: str = MEMORY, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """``open_layers`` over files that are whole and not the lake's own."""
    return open_layers([Layer(file) for file in files], memory_limit, spill)


def open_layers(
    layers: Sequence[Layer], memory_limit: str = MEMORY, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with the view ``data`` over the files and nothing else: no other file, no network,
    no extension, no way to change these settings.  The caller closes it.

    A query that needs more memory fails, unless there is a folder to ``spill`` to.  Queries can write
    there; so give one only to queries of our own.
    """
    return open_views({"data": layers}, memory_limit, spill)


def open_views(
    views: Mapping[str, Sequence[Layer]],
    memory_limit: str = MEMORY,
    spill: Path | None = None,
    *,
    placed: Collection[str] = (),
) -> duckdb.DuckDBPyConnection:
    """The same with several views; those that are ``placed`` have ``FILE`` (number of the layer) and
    ``ROW`` (position in it) as columns too.
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
    listed = ", ".join(quoted(str(layer.path)) for layers in views.values() for layer in layers)
    connection.execute(f"SET allowed_paths = [{listed}]")
    connection.execute("SET enable_external_access = false")
    for name, layers in views.items():
        make_view(connection, name, layers, placed=name in placed)
    connection.execute("SET lock_configuration = true")
    return connection


def make_view(
    connection: duckdb.DuckDBPyConnection, name: str, layers: Sequence[Layer], *, placed: bool = False
) -> None:
    """A view of what is left of the files; the rows that are gone stand in a table beside it."""
    import pyarrow as pa

    gone = f"{name}_gone"
    if any(layer.gone is not None for layer in layers):
        connection.execute(f"CREATE TABLE {named(gone)} (file INTEGER, place BIGINT)")
        for number, layer in enumerate(layers):
            if layer.gone is not None:
                rows = pa.table({"place": layer.positions()})
                connection.register("_rows", rows)
                connection.execute(f"INSERT INTO {named(gone)} SELECT {number}, place FROM _rows")  # noqa: S608
                connection.unregister("_rows")
    whole = ", ".join(quoted(str(layer.path)) for layer in layers if layer.gone is None)
    parts = [f"SELECT * FROM read_parquet([{whole}])"] if whole and not placed else []  # noqa: S608
    parts += [
        _left(number, layer, gone, placed)
        for number, layer in enumerate(layers)
        if placed or layer.gone is not None
    ]
    connection.execute(f"CREATE VIEW {named(name)} AS {' UNION ALL '.join(parts)}")


def _left(number: int, layer: Layer, gone: str, placed: bool) -> str:
    extra = f", {number} AS {named(FILE)}, file_row_number AS {named(ROW)}" if placed else ""
    source = f"read_parquet([{quoted(str(layer.path))}], file_row_number = true) AS d"
    sql = f"SELECT * EXCLUDE (file_row_number){extra} FROM {source}"  # noqa: S608
    if layer.gone is not None:
        missing = f"(SELECT place FROM {named(gone)} WHERE file = {number}) AS g"  # noqa: S608
        sql += f" ANTI JOIN {missing} ON d.file_row_number = g.place"
    return sql


@contextmanager
def spilling(layers: Sequence[Layer], memory_limit: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same for long work of our own, which may use the disk where memory ends."""
    with spilling_views({"data": layers}, memory_limit) as connection:
        yield connection


@contextmanager
def spilling_views(
    views: Mapping[str, Sequence[Layer]], memory_limit: str = MEMORY, *, placed: Collection[str] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """``open_views`` with working space on the disk."""
    folder = settings.folder("lake") / "spill" / f"{os.getpid()}-{ids.new_id()}"
    folder.mkdir(parents=True)
    _spilling.add(folder.name)
    try:
        connection = open_views(views, memory_limit, folder, placed=placed)
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

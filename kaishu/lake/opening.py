"""The one opener of a version's data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.lake.errors import NothingSetAside
from kaishu.lake.folders import ASIDE, table_folder, version_folder
from kaishu.lake.log import files_of
from kaishu.lake.models import Version

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    import pyarrow as pa

BATCH_ROWS = 16_384


@dataclass(frozen=True)
class VersionData:
    """The rows of one version.  ``columns`` as in the record, without ``_id``; ``rows`` counts them."""

    table_id: str
    version_id: str
    delta_version: int
    columns: Sequence[dict[str, Any]]
    rows: int

    @cached_property
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows."""
        return list(files_of(table_folder(self.table_id), self.delta_version, self.version_id))

    def batches(
        self,
        columns: Sequence[str] | None = None,
        ids: Collection[int] | None = None,
        size: int = BATCH_ROWS,
    ) -> Iterator[pa.RecordBatch]:
        """The rows in order, at most ``size`` in a batch, in constant memory.

        ``columns`` chooses and orders (``_id`` among them if wanted; all, with ``_id``, if None);
        ``ids`` keeps only the rows with those ``_id``.
        """
        wanted = None if ids is None else sorted(ids)
        for file in self.files:
            yield from _file_batches(file, columns, wanted, size)

    def lazy(self) -> pl.LazyFrame:
        """The rows as a Polars plan, ``_id`` first."""
        import polars as pl

        return pl.scan_parquet(self.files, glob=False)

    def connection(self, memory_limit: str = "256MB") -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB with the view ``data`` and nothing else: no other file, no network, no
        extension, no way to change these settings.  The caller closes it.
        """
        return open_files(self.files, memory_limit)


def open_files(files: Sequence[Path], memory_limit: str = "256MB") -> duckdb.DuckDBPyConnection:
    """A locked-down DuckDB over Parquet files, as the view ``data``."""
    import duckdb

    connection = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "temp_directory": "",
        }
    )
    listed = ", ".join(quoted(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{listed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute(f"CREATE VIEW data AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608
    connection.execute("SET lock_configuration = true")
    return connection


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def open_version(version: Version) -> VersionData:
    """The data of a recorded version; nothing is read yet."""
    return VersionData(
        table_id=version.table_id,
        version_id=version.id,
        delta_version=version.delta_version,
        columns=version.columns,
        rows=version.rows,
    )


def set_aside_path(version: Version) -> Path:
    """The rows set aside as NDJSON, gzip-compressed.  Raises ``NothingSetAside`` if there are none."""
    path = version_folder(version.table_id, version.id) / f"{ASIDE}.gz"
    if not path.exists():
        raise NothingSetAside(file=version.file_name, number=version.number)
    return path


def _file_batches(
    file: Path, columns: Sequence[str] | None, ids: Sequence[int] | None, size: int
) -> Iterator[pa.RecordBatch]:
    from bisect import bisect_left

    from pyarrow.parquet import ParquetFile

    with ParquetFile(file, memory_map=False, pre_buffer=False) as opened:
        first = 1
        for group in range(opened.num_row_groups):
            bounds = opened.metadata.row_group(group).column(0).statistics
            if ids is not None:
                first, last = bounds.min, bounds.max
                here = ids[bisect_left(ids, first) : bisect_left(ids, last + 1)]
                if here:
                    yield from _chosen(opened, group, columns, here, first)
                continue
            for batch in opened.iter_batches(size, row_groups=[group], columns=columns, use_threads=False):
                yield batch.select(columns) if columns is not None else batch


def _chosen(opened: Any, group: int, columns: Sequence[str] | None, ids: Sequence[int], first: int) -> Any:
    table = opened.read_row_group(group, columns=columns, use_threads=False)
    taken = table.take([id - first for id in ids])
    return (taken.select(columns) if columns is not None else taken).to_batches()

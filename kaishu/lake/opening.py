"""The one opener of a version's data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import ids
from kaishu.lake.engine import MEMORY, open_files, spilling
from kaishu.lake.errors import NothingSetAside
from kaishu.lake.folders import ASIDE, table_folder, version_folder
from kaishu.lake.log import files_of
from kaishu.lake.models import Version
from kaishu.lake.reading import Plan, ReadOptions
from kaishu.lake.staging import stage

if TYPE_CHECKING:
    import duckdb
    import polars as pl
    import pyarrow as pa

BATCH_ROWS = 16_384
#: A text column that takes less than this for each value repeats itself.
_FEW_BYTES = 2.5


@dataclass(frozen=True)
class TableData(ABC):
    """Rows in Parquet files.  ``columns`` is [{name, type, ...}] without ``_id``; ``rows`` counts them."""

    columns: Sequence[dict[str, Any]]
    rows: int

    @property
    @abstractmethod
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows."""

    @property
    def stored_bytes(self) -> int:
        """Size of the files."""
        return sum(file.stat().st_size for file in self.files)

    def batches(
        self,
        columns: Sequence[str] | None = None,
        ids: Collection[int] | None = None,
        size: int = BATCH_ROWS,
        *,
        dictionaries: bool = False,
    ) -> Iterator[pa.RecordBatch]:
        """The rows in order, at most ``size`` in a batch, in constant memory.

        ``columns`` chooses and orders (``_id`` among them if wanted; all, with ``_id``, if None);
        ``ids`` keeps only the rows with those ``_id``.  With ``dictionaries`` a text column of few
        different values comes as a dictionary, which spares reading each value.
        """
        wanted = None if ids is None else sorted(set(ids))
        for file in self.files:
            yield from file_batches(file, columns, size, wanted, dictionaries=dictionaries)

    def lazy(self) -> pl.LazyFrame:
        """The rows as a Polars plan, ``_id`` first."""
        import polars as pl

        return pl.scan_parquet(self.files, glob=False)

    def connection(self, memory_limit: str = MEMORY) -> duckdb.DuckDBPyConnection:
        """A locked DuckDB with the view ``data``; see ``engine.open_files``.  The caller closes it."""
        return open_files(self.files, memory_limit)

    def working_connection(
        self, memory_limit: str = MEMORY
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The same, able to use the disk where memory ends; for queries of our own only."""
        return spilling(self.files, memory_limit)


@dataclass(frozen=True)
class VersionData(TableData):
    """The rows of one recorded version."""

    table_id: str
    version_id: str
    delta_version: int

    @cached_property
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows."""
        return list(files_of(table_folder(self.table_id), self.delta_version, self.version_id))


@dataclass(frozen=True)
class PassingData(TableData):
    """The rows of a file that was read for the moment only."""

    parts: Sequence[Path]
    plan: Plan
    notes: Sequence[dict[str, object]]
    set_aside: int

    @property
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows."""
        return list(self.parts)


@contextmanager
def passing(path: Path, name: str, options: ReadOptions | None = None) -> Iterator[PassingData]:
    """Read a file into the lake's form, use it, and forget it; needs no database."""
    staged = stage(path, name, table_id=ids.new_id(), options=options)
    try:
        yield PassingData(
            columns=staged.columns,
            rows=staged.rows,
            parts=[staged.mark.folder / part.name for part in staged.parts],
            plan=staged.plan,
            notes=staged.notes,
            set_aside=staged.set_aside,
        )
    finally:
        staged.drop()
        staged.mark.folder.parent.rmdir()


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
    """The rows set aside, as NDJSON of line, reason, zh, en, text.  Raises ``NothingSetAside``."""
    path = version_folder(version.table_id, version.id) / ASIDE
    if not path.exists():
        raise NothingSetAside(file=version.file_name, number=version.number)
    return path


def file_batches(
    file: Path,
    columns: Sequence[str] | None,
    size: int,
    ids: Sequence[int] | None = None,
    *,
    dictionaries: bool = False,
) -> Iterator[pa.RecordBatch]:
    """The rows of one Parquet file; with ``ids`` (sorted) only those: it must begin with ``_id`` then."""
    from bisect import bisect_left

    from pyarrow.parquet import ParquetFile

    repeating = _repeating(file, columns) if dictionaries else []
    with ParquetFile(file, memory_map=False, pre_buffer=False, read_dictionary=repeating) as opened:
        for group in range(opened.num_row_groups):
            if ids is not None:
                bounds = opened.metadata.row_group(group).column(0).statistics
                first, last = bounds.min, bounds.max
                here = ids[bisect_left(ids, first) : bisect_left(ids, last + 1)]
                if here:
                    yield from _chosen(opened, group, columns, here, first)
                continue
            for batch in opened.iter_batches(size, row_groups=[group], columns=columns, use_threads=False):
                yield batch.select(columns) if columns is not None else batch


def _repeating(file: Path, columns: Sequence[str] | None) -> list[str]:
    """Text columns that are stored in few bytes a value, by the first row group."""
    from pyarrow.parquet import read_metadata

    metadata = read_metadata(file)
    if not metadata.num_row_groups or not metadata.num_rows:
        return []
    group = metadata.row_group(0)
    found = []
    for place in range(group.num_columns):
        chunk = group.column(place)
        wanted = columns is None or chunk.path_in_schema in columns
        text = chunk.physical_type == "BYTE_ARRAY" and chunk.has_dictionary_page
        if wanted and text and chunk.total_uncompressed_size <= _FEW_BYTES * chunk.num_values:
            found.append(chunk.path_in_schema)
    return found


def _chosen(opened: Any, group: int, columns: Sequence[str] | None, ids: Sequence[int], first: int) -> Any:
    table = opened.read_row_group(group, columns=columns, use_threads=False)
    taken = table.take([id - first for id in ids])
    return (taken.select(columns) if columns is not None else taken).to_batches()

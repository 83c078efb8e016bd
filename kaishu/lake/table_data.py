"""Rows in Parquet files, read in order and in constant memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.lake.engine import MEMORY, open_layers, spilling
from kaishu.lake.layers import Layer, is_plain, merged

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
        """Parquet files in the order of the rows, of which ``layers`` tells what is left."""

    @property
    def layers(self) -> Sequence[Layer]:
        """The files, and the rows of each that are gone."""
        return [Layer(file, place, place) for place, file in enumerate(self.files)]

    @property
    def plain(self) -> bool:
        """Whether the files one after the other are the rows; else go through the other members."""
        return is_plain(self.layers)

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
        if not self.plain:
            yield from merged(self.layers, columns, size, wanted)
            return
        for file in self.files:
            yield from file_batches(file, columns, size, wanted, dictionaries=dictionaries)

    def lazy(self) -> pl.LazyFrame:
        """The rows as a Polars plan, ``_id`` first."""
        import polars as pl

        layers = self.layers
        if is_plain(layers):
            return pl.scan_parquet(self.files, glob=False)
        return pl.concat([_scan(layer) for layer in layers]).sort("_id")

    def connection(self, memory_limit: str = MEMORY) -> duckdb.DuckDBPyConnection:
        """A locked DuckDB with the view ``data``; see ``engine.open_layers``.  The caller closes it."""
        return open_layers(self.layers, memory_limit)

    def working_connection(
        self, memory_limit: str = MEMORY
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The same, able to use the disk where memory ends; for queries of our own only."""
        return spilling(self.layers, memory_limit)


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
                    yield from _chosen(opened, group, columns, here, (first, last))
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


def _scan(layer: Layer) -> pl.LazyFrame:
    import polars as pl

    gone = layer.positions()
    if gone is None:
        return pl.scan_parquet(layer.path, glob=False)
    place = "\x01place"
    left = pl.scan_parquet(layer.path, glob=False, row_index_name=place)
    return left.filter(~pl.col(place).is_in(pl.Series(gone, dtype=pl.UInt32).implode())).drop(place)


def _chosen(
    opened: Any, group: int, columns: Sequence[str] | None, ids: Sequence[int], bounds: tuple[int, int]
) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    first, last = bounds
    table = opened.read_row_group(group, columns=columns, use_threads=False)
    if last - first + 1 == table.num_rows:
        places: Any = [id - first for id in ids]
    else:
        # Rows that were deleted have left gaps.
        there = opened.read_row_group(group, columns=["_id"], use_threads=False)["_id"]
        places = pc.indices_nonzero(pc.is_in(there, value_set=pa.array(ids, pa.int64())))
    taken = table.take(places)
    return (taken.select(columns) if columns is not None else taken).to_batches()

"""Write a version's rows as Parquet files, in memory that does not grow with the table."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

GROUP_ROWS = 131_072
GROUP_BYTES = 48 << 20
PART_ROWS = 1_572_864
#: A column whose first rows repeat at least this much is kept as a dictionary: smaller and cheaper.
_REPEATING = 0.25
_STATISTICS_COLUMNS = 32


@dataclass(frozen=True, slots=True)
class Part:
    """One finished Parquet file; ``statistics`` is Delta's JSON."""

    name: str
    size: int
    rows: int
    statistics: str


@dataclass(slots=True)
class PartWriter:
    """Takes batches, numbers their rows in ``_id``, and cuts them into row groups and files.

    Numbers begin with ``first``; with ``numbered`` the batches bring their own.  ``level`` is that of the
    compression.
    """

    folder: Path
    schema: pa.Schema
    first: int = 1
    numbered: bool = False
    level: int = 1
    rows: int = 0
    parts: list[Part] = field(default_factory=list)
    _held: list[pa.RecordBatch] = field(default_factory=list)
    _held_rows: int = 0
    _held_bytes: int = 0
    _writer: ParquetWriter | None = None
    _part_rows: int = 0
    _dictionaries: list[str] | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the next rows, in the order of the file."""
        import pyarrow as pa

        if batch.nbytes > GROUP_BYTES and batch.num_rows > 1:
            half = batch.num_rows // 2
            self.add(batch.slice(0, half))
            self.add(batch.slice(half))
            return
        if self.numbered:
            self._held.append(batch.cast(self.schema))
        else:
            ids = pa.arange(self.first + self.rows, self.first + self.rows + batch.num_rows)
            self._held.append(pa.RecordBatch.from_arrays([ids, *batch.columns], schema=self.schema))
        self.rows += batch.num_rows
        self._held_rows += batch.num_rows
        self._held_bytes += batch.nbytes
        if self._held_rows >= GROUP_ROWS or self._held_bytes >= GROUP_BYTES:
            self._write_group()
            if self._part_rows >= PART_ROWS:
                self._end_part()

    def finish(self) -> list[Part]:
        """Write what is still held; every table has at least one file, which holds its schema."""
        if self._held or not self.parts:
            self._write_group()
        self._end_part()
        return self.parts

    def abandon(self) -> None:
        """Close what is open; the files are the caller's to remove."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._held.clear()

    def _write_group(self) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._held, schema=self.schema)
        if self._dictionaries is None:
            self._dictionaries = repeating_columns(table)
        if self._writer is None:
            self._writer = self._open(self._dictionaries)
        self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._part_rows += table.num_rows
        self._held, self._held_rows, self._held_bytes = [], 0, 0

    def _open(self, dictionaries: list[str]) -> ParquetWriter:
        from pyarrow.parquet import ParquetWriter

        return ParquetWriter(
            self.folder / self._name(),
            self.schema,
            compression="zstd",
            compression_level=self.level,
            use_dictionary=dictionaries or False,
            write_batch_size=8192,
            data_page_size=1 << 20,
        )

    def _name(self) -> str:
        return f"part-{len(self.parts):05d}.parquet"

    def _end_part(self) -> None:
        from pyarrow.parquet import read_metadata

        if self._writer is None:
            return
        self._writer.close()
        self._writer = None
        path = self.folder / self._name()
        footer = read_metadata(path)
        self.parts.append(Part(path.name, path.stat().st_size, footer.num_rows, delta_statistics(footer)))
        self._part_rows = 0


def repeating_columns(table: pa.Table) -> list[str]:
    """Columns worth a dictionary, judged by the first rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    head = table.slice(0, 20_000)
    if not head.num_rows:
        return []
    return [
        name
        for name in head.column_names
        if name != "_id"
        and not pa.types.is_boolean(head.schema.field(name).type)
        and pc.count_distinct(head[name]).as_py() <= head.num_rows * _REPEATING
    ]


def delta_statistics(footer: Any) -> str:
    """Rows, nulls, smallest and largest values of a file as Delta's log wants them.

    Bounds of text are left out: Delta cuts them to 32 characters, and nothing here prunes by them.
    """
    lows: dict[str, Any] = {}
    highs: dict[str, Any] = {}
    nulls: dict[str, int] = {}
    for position in range(min(footer.num_columns, _STATISTICS_COLUMNS)):
        name = footer.schema.column(position).path
        found = [
            footer.row_group(group).column(position).statistics for group in range(footer.num_row_groups)
        ]
        if not found or any(one is None or not one.has_null_count for one in found):
            continue
        nulls[name] = sum(one.null_count for one in found)
        bounds = [one for one in found if one.has_min_max]
        if not bounds or not isinstance(bounds[0].min, int | float) or isinstance(bounds[0].min, bool):
            continue
        low, high = min(one.min for one in bounds), max(one.max for one in bounds)
        if math.isfinite(low) and math.isfinite(high):
            lows[name], highs[name] = low, high
    return json.dumps(
        {"numRecords": footer.num_rows, "minValues": lows, "maxValues": highs, "nullCount": nulls},
        ensure_ascii=False,
    )

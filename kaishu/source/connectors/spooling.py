"""Streams of rows or Arrow batches put down as one Parquet file, a batch in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.source.connectors.kind import Fetched, Wanted, check_size
from kaishu.source.errors import room_for

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 10_000


def spool(batches: Iterable[pa.RecordBatch], schema: pa.Schema, wanted: Wanted, folder: Path) -> Fetched:
    """Write everything; rows counted, the greatest value of the marker kept."""
    from pyarrow.parquet import ParquetWriter

    name = f"{wanted.table}.parquet"
    path, rows, last = folder / "table.parquet", 0, None
    # Dictionaries only swell what is read once.
    with (
        room_for(name),
        path.open("wb") as file,
        ParquetWriter(file, schema, compression="zstd", compression_level=1, use_dictionary=False) as writer,
    ):
        for batch in batches:
            if not batch.num_rows:
                continue
            writer.write_batch(batch, row_group_size=batch.num_rows)
            rows += batch.num_rows
            check_size(wanted.table, file.tell())
            if wanted.marker:
                last = _greater(last, batch.column(wanted.marker))
    return Fetched(path, name, rows, wanted.since if last is None else marker_text(last))


def _greater(last: Any, column: pa.Array) -> Any:
    import pyarrow.compute as pc

    found = pc.max(column).as_py()
    return last if found is None or (last is not None and last >= found) else found


def marker_text(value: Any) -> str:
    """A marker's value as text that the source reads again, to the last microsecond."""
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)


def row_batches(
    rows: Iterator[Sequence[Any]], schema: pa.Schema, size: int = ROWS
) -> Iterator[pa.RecordBatch]:
    """Rows of Python values as batches; a value that does not fit its column becomes text there."""
    import pyarrow as pa

    held: list[Sequence[Any]] = []
    for row in rows:
        held.append(row)
        if len(held) >= size:
            yield _batch(held, schema, pa)
            held = []
    if held:
        yield _batch(held, schema, pa)


def _batch(rows: list[Sequence[Any]], schema: pa.Schema, pa: Any) -> Any:
    columns = zip(*rows, strict=True)
    arrays = [_array(list(values), field.type, pa) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: list[Any], type: Any, pa: Any) -> Any:
    if pa.types.is_string(type):
        return pa.array([None if value is None else as_text(value) for value in values], type)
    return pa.array(values, type)


def as_text(value: Any) -> str:
    """Any value of a database as text; bytes in hexadecimal."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        import orjson

        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return str(value)

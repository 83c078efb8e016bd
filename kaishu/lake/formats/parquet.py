"""Parquet: columns with types of their own, read by row groups."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kaishu.lake.errors import DamagedFile
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.casting import arrow_type
from kaishu.lake.reading.container import Source
from kaishu.lake.reading.notes import Note, make_note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_ROWS = 50_000
_SAMPLE = 200


@dataclass(slots=True)
class StoredBlock:
    """Some rows of a Parquet file; a line is the number of the row."""

    batch: Any
    first: int

    def line(self, row: int) -> int:
        return self.first + row

    def text(self, row: int) -> str:
        return "\t".join(str(column[row].as_py() or "") for column in self.batch.columns)


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with source.open_seekable() as file:
        try:
            yield pq.ParquetFile(file)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            detail = str(error).splitlines()[0][:200]
            raise DamagedFile(file=source.name, format="Parquet", detail=detail) from error


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """The stored types as ours, and the first rows."""
    with _opened(source) as file:
        schema = file.schema_arrow
        first = next(file.iter_batches(batch_size=_SAMPLE), None)
    stored, notes = {}, []
    for place, column in enumerate(schema):
        stored[place] = _type_of(column.type)
        notes.extend(_notes(column.name, column.type))
    rows: list[list[str | None]] = []
    if first is not None and first.num_rows:
        columns = [_texts(array).to_pylist() for array in first.columns]
        rows = [list(row) for row in zip(*columns, strict=True)]
    plan = Plan(format="parquet", width=len(schema), notes=notes)
    return Survey(plan, list(schema.names), rows, stored=stored)


def _type_of(stored: Any) -> str:
    import pyarrow as pa

    t = pa.types
    if t.is_dictionary(stored):
        return _type_of(stored.value_type)
    for test, name in (
        (t.is_boolean, "boolean"),
        (t.is_integer, "integer"),
        (t.is_floating, "number"),
        (t.is_date, "date"),
        (t.is_timestamp, "datetime"),
    ):
        if test(stored):
            return "text" if stored == pa.uint64() else name
    if t.is_decimal(stored) and stored.precision <= 15:
        return "integer" if stored.scale == 0 else "number"
    return "text"


def _notes(name: str, stored: Any) -> list[Note]:
    import pyarrow as pa

    t = pa.types
    if t.is_timestamp(stored) and stored.tz:
        return [make_note("zoned-times", column=name)]
    if t.is_binary(stored) or t.is_large_binary(stored) or t.is_fixed_size_binary(stored):
        return [make_note("binary-column", column=name)]
    if t.is_nested(stored):
        return [make_note("nested-values", column=name)]
    if t.is_decimal(stored) and stored.precision > 15:
        return [make_note("decimal-column", column=name)]
    return []


def _texts(array: Any) -> Any:
    """Any stored column as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    t = pa.types
    if t.is_dictionary(array.type):
        array = array.dictionary_decode()
    if t.is_nested(array.type):
        return pa.array([_nested(value) for value in array.to_pylist()], pa.string())
    if t.is_binary(array.type) or t.is_large_binary(array.type) or t.is_fixed_size_binary(array.type):
        return pa.array([_base64(value) for value in array.to_pylist()], pa.string())
    texts = pc.cast(array, pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _nested(value: Any) -> str | None:
    import orjson

    return (
        None if value is None else orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    )


def _base64(value: bytes | None) -> str | None:
    import base64

    return None if value is None else base64.b64encode(value).decode()


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The rows, stored types cast to ours; a column whose type a person set passes as text."""
    import pyarrow as pa

    with _opened(source) as file:
        total, row = max(file.metadata.num_rows, 1), 1
        for batch in file.iter_batches(batch_size=_ROWS):
            arrays = [
                _texts(batch.column(column.position - 1))
                if column.type == "text" or column.reason in ("set", "widened")
                else _cast(batch.column(column.position - 1), column.type)
                for column in plan.columns
            ]
            names = [column.name for column in plan.columns]
            log.taken = source.size * row // total
            yield StoredBlock(pa.RecordBatch.from_arrays(arrays, names=names), row)
            row += batch.num_rows


def _cast(array: Any, name: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_timestamp(array.type):
        if array.type.tz:
            array = pc.cast(array, pa.timestamp(array.type.unit, "UTC")).cast(pa.timestamp(array.type.unit))
        return pc.cast(array, arrow_type(name), safe=False)
    return pc.cast(array, arrow_type(name))

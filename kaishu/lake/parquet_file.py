"""A Parquet file read where it lies, if its columns are what the lake would have made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.lake.errors import DamagedFile
from kaishu.lake.table_data import BATCH_ROWS, TableData, file_batches

if TYPE_CHECKING:
    import pyarrow as pa


_MAGIC = b"PAR1"


@dataclass(frozen=True)
class DirectData(TableData):
    """The rows of one Parquet file that is not the lake's; there is no ``_id``."""

    path: Path
    types: Any

    @property
    def files(self) -> list[Path]:
        """The file itself."""
        return [self.path]

    def batches(
        self,
        columns: Sequence[str] | None = None,
        ids: Any = None,
        size: int = BATCH_ROWS,
        *,
        dictionaries: bool = False,
    ) -> Iterator[pa.RecordBatch]:
        """The rows in order.  Raises ``DamagedFile``; rows cannot be chosen by ``ids``."""
        import pyarrow as pa

        if ids is not None:
            raise ValueError("a file that is not the lake's has no ids")
        wanted = list(columns) if columns is not None else [column["name"] for column in self.columns]
        schema = pa.schema([(name, self.types[name]) for name in wanted])
        try:
            for batch in file_batches(self.path, wanted, size, dictionaries=dictionaries):
                yield _cast(batch, schema)
        except (pa.ArrowInvalid, OSError) as error:
            detail = str(error).splitlines()[0][:200]
            raise DamagedFile(file=self.path.name, format="Parquet", detail=detail) from error


def open_parquet(path: Path) -> DirectData | None:
    """A Parquet file whose columns need no other work than a wider number; None for every other file."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    with path.open("rb") as file:
        if file.read(4) != _MAGIC:
            return None
    try:
        with ParquetFile(path) as opened:
            schema, rows = opened.schema_arrow, opened.metadata.num_rows
    except (pa.ArrowInvalid, OSError):
        # What is wrong with it the reader tells better.
        return None
    kinds = [kind_of(field.type) for field in schema]
    names = list(schema.names)
    plain = len(set(names)) == len(names) and all(name and name == name.strip() for name in names)
    if not names or not plain or None in kinds or "_id" in names:
        return None
    columns = [{"name": name, "type": kind} for name, kind in zip(names, kinds, strict=True)]
    types = {name: _ARROW_OF[kind or ""]() for name, kind in zip(names, kinds, strict=True)}
    return DirectData(columns=columns, rows=rows, path=path, types=types)


def _arrow(name: str) -> Any:
    def make() -> Any:
        from kaishu.lake.reading import arrow_type

        return arrow_type(name)

    return make


_ARROW_OF = {name: _arrow(name) for name in ("text", "integer", "number", "boolean", "date", "datetime")}


def kind_of(stored: Any) -> str | None:
    """Our type of a stored one that can be read as it is."""
    import pyarrow as pa

    t = pa.types
    if t.is_dictionary(stored):
        return "text" if t.is_string(stored.value_type) else None
    if t.is_integer(stored):
        return None if stored == pa.uint64() else "integer"
    if t.is_timestamp(stored):
        return "datetime" if stored.tz is None and stored.unit in ("s", "ms", "us") else None
    for test, name in (
        (t.is_boolean, "boolean"),
        (t.is_string, "text"),
        (t.is_large_string, "text"),
        (t.is_date32, "date"),
    ):
        if test(stored):
            return name
    return "number" if t.is_float32(stored) or t.is_float64(stored) else None


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    if batch.schema.equals(schema):
        return batch
    arrays = [
        array
        if pa.types.is_dictionary(array.type) and pa.types.is_string(field.type)
        else array.cast(field.type)
        for array, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=schema.names)

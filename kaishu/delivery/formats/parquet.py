"""Apache Parquet with Zstandard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kaishu.delivery.columns import ID, Column
from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.sink import Sink
from kaishu.lake import arrow_type

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


class Parquet(Exporter):
    """Types as in the table; a row group of 131,072 rows."""

    code = "parquet"
    media_type = "application/vnd.apache.parquet"
    suffix = "parquet"
    label_zh = "Parquet 列存"
    label_en = "Parquet"
    rows = 131_072

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """A row group at a time, then the footer."""
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        schema = pa.schema([(column.name, arrow_type(column.type)) for column in shape.columns])
        sink = Sink()
        writer = None
        for frame in frames:
            table = frame.to_arrow().cast(schema)
            if writer is None:
                writer = ParquetWriter(
                    sink, schema, compression="zstd", use_dictionary=_repeating(table, shape.columns)
                )
            writer.write_table(table)
            yield from sink.taken()
        if writer is None:
            writer = ParquetWriter(sink, schema, compression="zstd")
        writer.close()
        yield from sink.taken()


def _repeating(table: pa.Table, columns: Iterable[Column]) -> Any:
    """Columns whose values repeat: for the others a dictionary is built only to be thrown away."""
    from pyarrow.compute import count_distinct

    found = []
    for number, column in enumerate(columns):
        if column.type == "boolean" or column.name == ID:
            continue
        start = table.column(number).slice(0, 8_192)
        if count_distinct(start).as_py() * 2 < len(start):
            found.append(column.name)
    return found or False

"""One JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from kaishu.delivery.columns import Column
from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.frames import MOMENT, frames

if TYPE_CHECKING:
    import pyarrow as pa


class NDJSON(Exporter):
    """Numbers as numbers, dates as ISO text, a missing value as null."""

    code = "ndjson"
    media_type = "application/x-ndjson"
    suffix = "ndjson"
    label_zh = "NDJSON（每行一个 JSON）"
    label_en = "NDJSON"

    def chunks(self, batches: Iterable[pa.RecordBatch], shape: Shape) -> Iterator[bytes]:
        """The lines of a batch at a time."""
        return lines(batches, shape.columns)


def lines(batches: Iterable[pa.RecordBatch], columns: Sequence[Column]) -> Iterator[bytes]:
    """JSON objects, each closed by a line feed; never an empty piece."""
    import polars as pl

    moments = [pl.col(column.name).dt.to_string(MOMENT) for column in columns if column.type == "datetime"]
    for frame in frames(batches):
        part = BytesIO()
        (frame.with_columns(moments) if moments else frame).write_ndjson(part)
        yield part.getvalue()

"""One JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from kaishu.delivery.columns import Column
from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.frames import MOMENT

if TYPE_CHECKING:
    import polars as pl


class NDJSON(Exporter):
    """Numbers as numbers, dates as ISO text, a missing value as null."""

    code = "ndjson"
    media_type = "application/x-ndjson"
    suffix = "ndjson"
    label_zh = "NDJSON（每行一个 JSON）"
    label_en = "NDJSON"
    rows = 16_384

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """The lines of a batch at a time."""
        return lines(frames, shape.columns)


def lines(frames: Iterable[pl.DataFrame], columns: Sequence[Column]) -> Iterator[bytes]:
    """JSON objects, each closed by a line feed; never an empty piece."""
    import polars as pl

    moments = [pl.col(column.name).dt.to_string(MOMENT) for column in columns if column.type == "datetime"]
    for frame in frames:
        part = BytesIO()
        (frame.with_columns(moments) if moments else frame).write_ndjson(part)
        yield part.getvalue()

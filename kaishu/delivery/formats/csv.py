"""Comma-separated values, RFC 4180."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.frames import MOMENT

if TYPE_CHECKING:
    import polars as pl

BOM = b"\xef\xbb\xbf"


class CSV(Exporter):
    """UTF-8, lines end in CR LF; a missing value is nothing, an empty text is ``""``."""

    code = "csv"
    media_type = "text/csv; charset=utf-8"
    suffix = "csv"
    label_zh = "CSV 表格"
    label_en = "CSV"
    separator: ClassVar[str] = ","

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """Header, then the rows of a batch at a time."""
        import polars as pl

        names = [column.name for column in shape.columns]
        options: dict[str, Any] = {
            "separator": self.separator,
            "line_terminator": "\r\n",
            "datetime_format": MOMENT,
            # A line with nothing on it would be skipped by most readers.
            "null_value": '""' if len(names) == 1 else "",
        }
        header = BytesIO()
        pl.DataFrame(schema=dict.fromkeys(names, pl.String)).write_csv(header, **options)
        yield (BOM if shape.bom else b"") + header.getvalue()
        for frame in frames:
            part = BytesIO()
            frame.write_csv(part, include_header=False, **options)
            yield part.getvalue()

"""One JSON array of objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.formats.ndjson import lines

if TYPE_CHECKING:
    import polars as pl


class JSON(Exporter):
    """As NDJSON, as one array: an object a line, commas between."""

    code = "json"
    media_type = "application/json"
    suffix = "json"
    label_zh = "JSON 数组"
    label_en = "JSON"
    rows = 16_384

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """A line feed inside a value is written as \\n, so every real one ends an object."""
        opening = b"[\n"
        for part in lines(frames, shape.columns):
            yield opening + part.rstrip(b"\n").replace(b"\n", b",\n")
            opening = b",\n"
        yield b"[]\n" if opening == b"[\n" else b"\n]\n"

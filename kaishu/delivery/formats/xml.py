"""XML: an element a row, an element a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from kaishu.delivery.columns import Column
from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.markup import FORBIDDEN, escaped, plain_text, raw

if TYPE_CHECKING:
    import polars as pl

# Letters that every edition of XML 1.0 allows in names; the later ones are refused by common parsers.
_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u0131\u3007\u3041-\u3094\u30A1-\u30FA"
    r"\u4E00-\u9FA5\uAC00-\uD7A3"
)
_BAD = re.compile(rf"[^{_START}\-.0-9\u00B7]")
_STARTS = re.compile(rf"[{_START}]")
_NIL = "http://www.w3.org/2001/XMLSchema-instance"


class XML(Exporter):
    """UTF-8.  A missing value is an element with ``xsi:nil``; a character that XML cannot hold is U+FFFD."""

    code = "xml"
    media_type = "application/xml"
    suffix = "xml"
    label_zh = "XML"
    label_en = "XML"
    rows = 2_048

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """The elements of a batch at a time."""
        import polars as pl

        names = element_names([column.name for column in shape.columns])
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rows xmlns:xsi="{_NIL}">\n'.encode()
        for frame in frames:
            cells = [
                _cells(frame[column.name], column, name)
                for column, name in zip(shape.columns, names, strict=True)
            ]
            parts = [pl.lit("<row>"), *cells, pl.lit("</row>\n")]
            yield bytes(raw(pl.select(pl.concat_str(parts)).to_series()))
        yield b"</rows>\n"


def element_names(names: Sequence[str]) -> list[str]:
    """A valid, unique element name for each column; Chinese is valid as it is."""
    made: list[str] = []
    seen: set[str] = set()
    for name in names:
        valid = _BAD.sub("_", name) or "_"
        if not _STARTS.match(valid) or valid[:3].lower() == "xml":
            valid = f"_{valid}"
        unique, number = valid, 2
        while unique in seen:
            unique, number = f"{valid}_{number}", number + 1
        seen.add(unique)
        made.append(unique)
    return made


def _cells(series: pl.Series, column: Column, name: str) -> pl.Series:
    import polars as pl

    text = plain_text(series, column.type)
    if column.type == "text":
        text = escaped(text)
        if text.str.contains(f"{FORBIDDEN}|\r").any():
            text = text.str.replace_all("\r", "&#13;", literal=True).str.replace_all(FORBIDDEN, "\ufffd")
    said = re.sub(FORBIDDEN, "\ufffd", column.name)
    attribute = "" if name == column.name else " name=" + quoteattr(said, {"\n": "&#10;", "\r": "&#13;"})
    opening, closing = f"<{name}{attribute}>", f"</{name}>"
    whole = pl.concat_str([pl.lit(opening), text, pl.lit(closing)])
    return pl.select(whole.fill_null(f'<{name}{attribute} xsi:nil="true"/>')).to_series()

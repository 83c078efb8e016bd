"""GeoJSON (RFC 7946) for tables that say where things are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kaishu.delivery.columns import Column
from kaishu.delivery.exporter import Exporter, Shape
from kaishu.delivery.formats.ndjson import lines
from kaishu.delivery.markup import raw
from kaishu.delivery.points import point_columns

if TYPE_CHECKING:
    import polars as pl


class GeoJSON(Exporter):
    """A point feature a row; without coordinates, or with impossible ones, the geometry is null."""

    code = "geojson"
    media_type = "application/geo+json"
    suffix = "geojson"
    label_zh = "GeoJSON 点位"
    label_en = "GeoJSON points"

    def fits(self, columns: Sequence[Column]) -> bool:
        """Only tables with a longitude and a latitude."""
        return point_columns(columns) is not None

    def chunks(self, frames: Iterable[pl.DataFrame], shape: Shape) -> Iterator[bytes]:
        """The features of a batch at a time; the properties are the row as in NDJSON."""
        import polars as pl

        pair = point_columns(shape.columns)
        assert pair is not None
        opening = b'{"type":"FeatureCollection","features":[\n'
        for frame in frames:
            said = b"".join(lines([frame], shape.columns)).decode().removesuffix("\n").split("\n")
            parts = [
                pl.lit('{"type":"Feature","geometry":'),
                _geometry(frame, *pair),
                pl.lit(',"properties":'),
                pl.Series(said, dtype=pl.String),
                pl.lit("},\n"),
            ]
            features = bytes(raw(pl.select(pl.concat_str(parts)).to_series()))
            yield opening + features[:-2]
            opening = b",\n"
        yield (opening if opening != b",\n" else b"") + b"\n]}\n"


def _geometry(frame: pl.DataFrame, east: Column, north: Column) -> pl.Series:
    import polars as pl

    x, y = pl.col(east.name).cast(pl.Float64), pl.col(north.name).cast(pl.Float64)
    possible = x.is_between(-180, 180) & y.is_between(-90, 90)
    point = pl.concat_str(
        [
            pl.lit('{"type":"Point","coordinates":['),
            x.cast(pl.String),
            pl.lit(","),
            y.cast(pl.String),
            pl.lit("]}"),
        ]
    )
    return frame.select(pl.when(possible).then(point).otherwise(pl.lit("null")).fill_null("null")).to_series()

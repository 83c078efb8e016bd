"""Tables with a point on the map in each row: which columns hold it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kaishu.delivery.columns import Column

_PAIRS = (
    ("lon", "lat"),
    ("lng", "lat"),
    ("long", "lat"),
    ("longitude", "latitude"),
    ("经度", "纬度"),
    ("经度坐标", "纬度坐标"),
    ("中心经度", "中心纬度"),
)
_NOISE = re.compile(r"[\s()（）°_\-]|wgs-?84|gcj-?02|bd-?09|cgcs2000|东经|北纬")


def point_columns(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """The columns of longitude and latitude, by their usual names, if both are numbers; else None."""
    numbers = {
        _NOISE.sub("", column.name.lower()): column
        for column in reversed(columns)
        if column.type in ("number", "integer")
    }
    for east, north in _PAIRS:
        if east in numbers and north in numbers:
            return numbers[east], numbers[north]
    return None

"""The box around a geometry that is written as WKT or GeoJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
PAIR = re.compile(rf"({NUMBER})\s+({NUMBER})")
WKT = re.compile(
    r"\s*(?:<[^>]*>\s*)?(?:SRID=\d+;)?\s*"
    r"(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|ENVELOPE|GEOMETRYCOLLECTION)\b",
    re.IGNORECASE,
)
LONGEST = 2_000_000


def box_of(text: str) -> list[float] | None:
    """West, south, east, north; None if it is no geometry or lies outside of the globe."""
    if len(text) > LONGEST:
        return None
    try:
        points = list(_points(json.loads(text), 0)) if text.lstrip().startswith("{") else _from_wkt(text)
        if not points:
            return None
        across, along = [point[0] for point in points], [point[1] for point in points]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError):
        return None
    box = [min(across), min(along), max(across), max(along)]
    inside = -180 <= box[0] <= box[2] <= 180 and -90 <= box[1] <= box[3] <= 90
    return box if inside else None


def _from_wkt(text: str) -> list[tuple[float, float]]:
    match = WKT.match(text)
    if match is None:
        return []
    if match[1].upper() == "ENVELOPE":
        west, east, north, south = (float(each) for each in re.findall(NUMBER, text[match.end() :]))
        return [(west, south), (east, north)]
    return [(float(x), float(y)) for x, y in PAIR.findall(text, match.end())]


def _points(shape: Any, depth: int) -> Iterator[tuple[float, float]]:
    if depth > 8:
        raise ValueError(depth)
    if isinstance(shape, dict):
        inner = shape.get("coordinates") or shape.get("geometry")
        inner = inner or [*shape.get("geometries", ()), *shape.get("features", ())]
        yield from _points(inner, depth + 1)
    elif shape and isinstance(shape[0], int | float):
        yield float(shape[0]), float(shape[1])
    else:
        for each in shape or ():
            yield from _points(each, depth + 1)

"""GeoJSON: one row a feature; points become longitude and latitude, other shapes stay GeoJSON text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaishu.lake.formats.json_records import encoding_of, opened
from kaishu.lake.formats.json_text import JsonStream, cell_of, flatten, json_text, too_deep
from kaishu.lake.formats.record_table import LOOK, Cells, Gathered, record_blocks
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.container import Source
from kaishu.lake.reading.encoding import find_encoding
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_OURS = {f"feature.{name}": name for name in ("id", "longitude", "latitude", "altitude", "geometry")}
_LAST = tuple(_OURS)[1:]


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """All properties and a sample of features."""
    encoding = find_encoding(source, options.encoding)
    gathered = Gathered()
    with opened(source, encoding, "GeoJSON") as (text, stream):
        for line, feature in _features(text):
            if isinstance(feature, dict):
                gathered.add(_cells(feature, source.name, line))
            if stream.taken > LOOK:
                break
    keys = [key for key in gathered.keys if key not in _LAST] + [key for key in _LAST if key in gathered.keys]
    gathered.keys = dict.fromkeys(keys)
    plan = Plan(format="geojson", encoding=encoding.name, record_path="features", notes=[*encoding.notes])
    found = gathered.survey(plan, _OURS)
    numbers = [place for place, key in enumerate(keys) if key in _LAST[:3]]
    found.stored = dict.fromkeys(numbers, "number")
    return found


def _features(text: JsonStream) -> Iterator[tuple[int, Any]]:
    if text.peek() == "[":
        yield from text.items()
        return
    found = False
    whole: dict[str, Any] = {}
    start = text.line
    for key in text.fields():
        if key == "features" and text.peek() == "[":
            found = True
            yield from text.items()
        else:
            whole[key] = text.value()
    if not found:
        yield start, whole


def _cells(feature: dict[str, Any], file: str, line: int) -> Cells:
    try:
        return _row(feature)
    except RecursionError:
        raise too_deep(file, line) from None


def _row(feature: dict[str, Any]) -> Cells:
    cells: Cells = {}
    if feature.get("id") is not None:
        cells["feature.id"] = cell_of(feature["id"])
    properties = feature.get("properties")
    if isinstance(properties, dict):
        cells.update(flatten(properties))
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return cells
    place = geometry.get("coordinates")
    if geometry.get("type") == "Point" and isinstance(place, list) and len(place) in (2, 3):
        cells.update(zip(_LAST[:3], map(cell_of, place), strict=False))
    else:
        cells["feature.geometry"] = json_text(geometry)
    return cells


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The features as rows."""
    with opened(source, encoding_of(source, plan), "GeoJSON") as (text, stream):
        yield from record_blocks(_rows(text, log, source.name), source, plan, log, stream)


def _rows(text: JsonStream, log: Log, file: str) -> Iterator[tuple[int, Cells]]:
    for line, feature in _features(text):
        if isinstance(feature, dict):
            yield line, _cells(feature, file, line)
        else:
            log.aside.add(line, "not-record", json_text(feature))

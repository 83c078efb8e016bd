"""Values of CKAN's extras, which are all text, as values of our fields."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kaishu import standards
from kaishu.catalogue.drafts import CODED
from kaishu.crosswalk.ckan import names

FREQUENCY, SPATIAL, BOX = "frequency", "spatial", f"{names.OURS}bbox"


def takes(key: str, value: Any) -> Any:
    """What a reader would make of an extra that is a field of ours; None if nothing."""
    try:
        if key == FREQUENCY or key in names.FREQUENCIES:
            return coded("update-frequency", value)
        if key == SPATIAL:
            return box_of(value)
        if key == BOX:
            return box(value)
        if key in names.DIRECT:
            return address(value) if key == "url" else text(value)
        return parsed(names.EXTRA_FIELDS.get(key, "title"), value)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def parsed(field: str, value: Any) -> Any:
    """A value of that field.  Raises ``ValueError`` or ``TypeError``."""
    if field in names.DATES:
        return day(value)
    if field in names.LISTS:
        listed = many(value)
        return [coded("language", each) for each in listed] if field == "languages" else listed
    if field in CODED:
        return coded(CODED[field], value)
    if field == "kind" and value not in ("dataset", "series", "service"):
        raise ValueError(value)
    if field.endswith("_url"):
        return address(value)
    return text(value)


def text(value: Any) -> str:
    """A line of text of a single value."""
    if isinstance(value, list | dict) or value is None:
        raise ValueError(value)
    return value if isinstance(value, str) else json.dumps(value)


def coded(vocabulary: str, value: Any) -> str:
    """The code that a word, a code or an address means."""
    term = standards.vocabulary(vocabulary).find(text(value))
    if term is None:
        raise ValueError(value)
    return term.code


def day(value: Any) -> str:
    """An ISO date; a moment only where it is midnight."""
    said = text(value).strip()
    tail = said[10:].removesuffix("Z").removesuffix("+00:00")
    if tail not in ("", "T00:00:00", " 00:00:00", "T00:00:00.000000"):
        raise ValueError(value)
    return date.fromisoformat(said[:10]).isoformat()


def many(value: Any) -> list[Any]:
    """A list: as such, as JSON, or as words with commas between."""
    if isinstance(value, str):
        said = value.strip()
        if not said.startswith("["):
            return [part.strip() for part in said.split(",") if part.strip()]
        value = json.loads(said)
    if not isinstance(value, list):
        raise ValueError(value)
    return value


def address(value: Any) -> str:
    """A web address without blanks."""
    said = text(value).strip()
    if not said.startswith(("http://", "https://", "ftp://", "ftps://")) or len(said.split()) != 1:
        raise ValueError(value)
    return said


def box(value: Any) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    found = json.loads(value) if isinstance(value, str) else value
    west, south, east, north = (float(each) for each in found)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(value)
    return west, south, east, north


def box_of(value: Any) -> tuple[float, float, float, float]:
    """The box around a GeoJSON geometry."""
    shape = json.loads(value) if isinstance(value, str) else value
    points = list(_points(shape["coordinates"], 0))
    across, along = [point[0] for point in points], [point[1] for point in points]
    return box([min(across), min(along), max(across), max(along)])


def _points(coordinates: Any, depth: int) -> Any:
    if depth > 6 or not isinstance(coordinates, list) or not coordinates:
        raise ValueError(coordinates)
    if not isinstance(coordinates[0], list):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for each in coordinates:
        yield from _points(each, depth + 1)

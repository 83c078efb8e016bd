"""Records of web interfaces, one line of JSON each: their columns, their marker, their file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kaishu.source.connectors.kind import Fetched, Wanted, check_size
from kaishu.source.errors import room_for

_KINDS = {bool: "boolean", int: "integer", float: "number", str: "text"}


def column_kinds(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Columns in the order in which they are met, with the one type of their values or text."""
    found: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            kind = _KINDS.get(type(value), "nested") if value is not None else ""
            known = found.setdefault(str(name), kind)
            if kind and known != kind:
                both = {known, kind}
                found[str(name)] = (
                    kind if not known else "number" if both == {"integer", "number"} else "text"
                )
    return {name: kind or "unknown" for name, kind in found.items()}


def marked(rows: Iterable[dict[str, Any]], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Only the wanted columns, and only rows whose marker is above what was seen."""
    kept = {*wanted.columns, wanted.marker} if wanted.columns else None
    for row in rows:
        if wanted.marker and wanted.since and not above(row.get(wanted.marker), wanted.since):
            continue
        yield row if kept is None else {name: value for name, value in row.items() if name in kept}


def above(value: Any, since: str) -> bool:
    """Is a marker's value above the last one?  Numbers as numbers, all else as text."""
    if value is None:
        return False
    if isinstance(value, int | float):
        try:
            return value > float(since)
        except ValueError:
            return True
    return str(value) > since


def put_down(rows: Iterable[dict[str, Any]], wanted: Wanted, folder: Path, place: str) -> Fetched:
    """Write NDJSON; the greatest marker is remembered."""
    import orjson

    name = f"{wanted.table}.ndjson"
    path, count, last = folder / "records.ndjson", 0, wanted.since
    with room_for(name), path.open("wb") as file:
        for row in rows:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
            if not count % 1000:
                check_size(place, file.tell())
            value = row.get(wanted.marker) if wanted.marker else None
            if value is not None and (not last or above(value, last)):
                last = str(value)
    return Fetched(path, name, count, last)

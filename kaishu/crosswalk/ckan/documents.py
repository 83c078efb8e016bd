"""Packages in files: one, a list, an answer of CKAN's interface, or a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from kaishu.base.errors import Invalid, Said
from kaishu.crosswalk.ckan.reading import read_package
from kaishu.crosswalk.ckan.writing import write_package
from kaishu.crosswalk.model import Entry, Reading, Site


def to_bytes(entry: Entry, site: Site) -> bytes:
    """One package as JSON."""
    return orjson.dumps(write_package(entry, site), default=str, option=orjson.OPT_INDENT_2)


def from_bytes(data: bytes) -> Iterator[Reading]:
    """All packages of a document.  Raises ``Invalid`` with the line where it is no JSON."""
    for package in _packages(data):
        yield read_package(package, ours=True)


def _packages(data: bytes) -> Iterator[Any]:
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    lines = text.split(b"\n")
    if len(lines) > 1 and lines[0].rstrip().endswith(b"}") and lines[0].lstrip().startswith(b"{"):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _json(line, number)
        return
    found = _json(text, 1)
    if isinstance(found, dict) and "result" in found and "success" in found:
        found = found["result"]
    if isinstance(found, dict) and isinstance(found.get("results"), list):
        found = found["results"]
    yield from found if isinstance(found, list) else [found]


def _json(text: bytes, line: int) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = line + error.lineno - 1
        said = Said(
            f"第{place}行第{error.colno}列不是合法的 JSON：{error.msg}",
            f"Line {place}, column {error.colno} is not valid JSON: {error.msg}",
        )
        raise Invalid({"document": [said]}) from error

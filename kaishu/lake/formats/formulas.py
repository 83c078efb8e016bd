"""Formula and error cells of an XLSX sheet: how many there are, and how many have no saved result."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import IO

from kaishu.lake.reading.container import Source
from kaishu.lake.reading.notes import Note, make_note

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_FORMULA = re.compile(rb"<f[\s/>]")
_VALUE = re.compile(rb"<(?:v|t)(?:\s[^>]*[^>/])?>\s*[^<\s]")
_PIECE = 1 << 20
_CARRY = 64 << 10  # more than a cell with its formula takes


def formula_notes(source: Source, sheet: str) -> list[Note]:
    """Notes on formula cells, of which the saved result is read, and error cells, which are empty."""
    with source.open_seekable() as file, zipfile.ZipFile(file) as archive:
        part = _part(archive, sheet)
        if part is None:
            return []
        with archive.open(part) as content:
            counts = _count(content)
    return [make_note(code, count=count) for code, count in counts.items() if count]


def _count(content: IO[bytes]) -> dict[str, int]:
    counts = {"formula-cells": 0, "formula-without-value": 0, "error-cells": 0}
    rest = b""
    while piece := content.read(_PIECE):
        *cells, rest = (rest + piece).split(b"</c>")
        rest = rest[-_CARRY:]
        for cell in cells:
            if b"<f" in cell and _FORMULA.search(cell):
                counts["formula-cells"] += 1
                counts["formula-without-value"] += _VALUE.search(cell) is None
            if b't="e"' in cell:
                counts["error-cells"] += 1
    return counts


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rb'\b%s="([^"]*)"' % name.encode(), tag)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Name of the archive member that holds a sheet."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    key = next(
        (
            _attribute(tag, "r:id")
            for tag in _SHEET.findall(archive.read("xl/workbook.xml"))
            if _attribute(tag, "name") == sheet
        ),
        None,
    )
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        if _attribute(tag, "Id") == key:
            target = _attribute(tag, "Target")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None

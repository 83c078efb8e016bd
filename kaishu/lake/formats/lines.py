"""Delimited text as records: where each begins, how many fields it has, what is in them.

The rules are those of the Arrow parser: a double quote opens a quoted field only at its beginning, two of
them inside mean one, and what follows the closing quote belongs to the field as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first line, its bytes without the line end, its fields; blank lines have none."""

    line: int
    start: int
    end: int
    fields: list[bytes]


@lru_cache(maxsize=16)
def _field(delimiter: bytes) -> re.Pattern[bytes]:
    mark = re.escape(delimiter)
    return re.compile(
        rb'(?:"((?:[^"]|"")*+)(?:"([^'
        + mark
        + rb"\r\n]*+)|\Z)|([^"
        + mark
        + rb"\r\n]*+))("
        + mark
        + rb"|\r\n|\r|\n|\Z)"
    )


@lru_cache(maxsize=16)
def _records(delimiter: bytes) -> re.Pattern[bytes]:
    """Whole records; repeats are possessive, so that a quote left open ends the match before its record."""
    mark = re.escape(delimiter)
    quoted = rb"(?<![^" + mark + rb'\r\n])"[^"]*+(?:""[^"]*+)*+"[^"\n]*+'
    literal = rb"(?<=[^" + mark + rb'\r\n])"[^"\n]*+'
    return re.compile(rb'(?:[^"\n]*+(?:' + quoted + rb"|" + literal + rb")*+\n)*+")


def whole_records(block: bytes, delimiter: bytes) -> int:
    """Length of the part of ``block`` that holds whole records; a line end inside quotes ends none."""
    if b'"' not in block:
        return block.rfind(b"\n") + 1
    found = _records(delimiter).match(block)
    return found.end() if found else 0


def walk(block: bytes, delimiter: bytes, line: int = 1) -> Iterator[Record]:
    """The records of a block that begins at a record, the first on line ``line``."""
    pattern, place, size = _field(delimiter), 0, len(block)
    while place < size:
        start, first, fields, ended = place, line, [], False
        while not ended:
            found = pattern.match(block, place)
            if found is None:  # cannot be: every alternative may be empty
                raise AssertionError(block[place : place + 80])
            inside, after, bare, end = found.groups()
            if inside is not None:
                fields.append(inside.replace(b'""', b'"') + (after or b""))
                line += line_ends(inside)
            else:
                fields.append(bare)
            place = found.end()
            ended = end != delimiter
        stop = place - len(end)
        yield Record(first, start, stop, [] if stop == start else fields)
        line += 1


def line_ends(text: bytes) -> int:
    """Lines that end in ``text``: LF, CRLF and lone CR each count once."""
    ends = text.count(b"\n")
    if b"\r" in text:
        ends += text.count(b"\r") - text.count(b"\r\n")
    return ends

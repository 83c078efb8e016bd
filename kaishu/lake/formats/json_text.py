"""JSON as a stream of text: one value after another, numbers as they are written, places for errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from kaishu.lake.errors import BrokenFile

_BLANK = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")
HALF = "half of a letter"
_CLOSE = 64  # an error so near the end of what is loaded may only mean that more is needed
_RECORD_LIMIT = 64 << 20
_TRIM = 1 << 20


class Written(str):
    """A number as it is written in the file."""

    __slots__ = ()


def _refuse(constant: str) -> Written:
    return Written(constant)


_DECODER = json.JSONDecoder(parse_float=Written, parse_int=Written, parse_constant=_refuse)


def value_of(text: str) -> Any:
    """One whole JSON text.  Raises ``json.JSONDecodeError``."""
    value = _DECODER.decode(text)
    half = half_letter(text, 0, len(text))
    if half >= 0:
        raise json.JSONDecodeError(HALF, text, half)
    return value


def half_letter(text: str, start: int, end: int) -> int:
    """Where an escape stands for half a letter, which no text can hold; -1 if none does."""
    if not _SURROGATE.search(text, start, end):
        return -1
    first = -1
    for found in _ESCAPE.finditer(text, start, end):
        code = int(found[1], 16) if found[1] else 0
        if 0xDC00 <= code < 0xE000:
            if first < 0 or found.start() != first + 6:
                return found.start() if first < 0 else first
            first = -1
        elif first >= 0:
            return first
        elif 0xD800 <= code < 0xDC00:
            first = found.start()
    return first


def cell_of(value: Any) -> str | None:
    """A JSON value as the text of a cell; nested ones as JSON text."""
    if value is None or isinstance(value, str):
        return value or None
    if value is True or value is False:
        return "true" if value else "false"
    return json_text(value) if value else None


def json_text(value: Any) -> str:
    """A value with its numbers as they were written."""
    if isinstance(value, Written):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json_text(key)}: {json_text(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def flatten(record: dict[str, Any], prefix: str = "", leave: str | None = None) -> dict[str, str | None]:
    """A record as cells: objects inside become columns ``a.b``, lists become JSON text."""
    cells: dict[str, str | None] = {}
    for key, value in record.items():
        if key == leave:
            continue
        if isinstance(value, dict) and value:
            cells.update(flatten(value, f"{prefix}{key}."))
        else:
            cells[f"{prefix}{key}"] = cell_of(value)
    return cells


def too_deep(file: str, line: int) -> BrokenFile:
    """The error for a record that is nested beyond what can be read."""
    return BrokenFile(file=file, format="JSON", line=line, column=1, detail="nested too deeply")


class JsonStream:
    """A JSON text read piece by piece; ``line`` is the line of the next value."""

    def __init__(self, blocks: Iterator[bytes], file: str, format: str = "JSON") -> None:
        self._blocks, self._file, self._format = blocks, file, format
        self._text, self._place = "", 0
        self._ended = False
        self._line, self._counted = 1, 0

    @property
    def line(self) -> int:
        """Line of the present place, 1-based."""
        self._line += self._text.count("\n", self._counted, self._place)
        self._counted = self._place
        return self._line

    def _more(self) -> bool:
        block = next(self._blocks, None)
        if block is None:
            self._ended = True
            return False
        if self._place > _TRIM:
            _ = self.line
            self._text = self._text[self._place :]
            self._place = self._counted = 0
        self._text += block.decode()
        return True

    def peek(self) -> str:
        """The next mark that is not blank, or '' at the end."""
        while True:
            found = _BLANK.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def take(self, mark: str) -> bool:
        """Step over ``mark`` if it is next."""
        if self.peek() == mark:
            self._place += 1
            return True
        return False

    def expect(self, mark: str) -> None:
        """Step over ``mark``.  Raises ``BrokenFile`` if something else stands there."""
        if not self.take(mark):
            found = self.peek()
            self.fail(f"{mark!r} expected, {found!r} found" if found else f"{mark!r} expected, the file ends")

    def value(self) -> Any:
        """The next value.  Raises ``BrokenFile`` with line and character."""
        if not self.peek():
            self.fail("the file ends")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                if self._cut_off(error) and self._more():
                    continue
                self._place = error.pos
                self.fail(error.msg)
            except RecursionError:
                self.fail("nested too deeply")
            if end == len(self._text) and not self._ended and self._more():
                continue
            half = half_letter(self._text, self._place, end)
            if half >= 0:
                self._place = half
                self.fail(HALF)
            self._place = end
            return value

    def _cut_off(self, error: json.JSONDecodeError) -> bool:
        if self._ended or len(self._text) - self._place > _RECORD_LIMIT:
            return False
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _CLOSE

    def fail(self, detail: str) -> None:
        """Raise ``BrokenFile`` at the present place."""
        start = self._text.rfind("\n", 0, self._place) + 1
        raise BrokenFile(
            file=self._file,
            format=self._format,
            line=self.line,
            column=self._place - start + 1,
            detail=detail,
        )

    def items(self) -> Iterator[tuple[int, Any]]:
        """The entries of a list, each with its line; the place must be at the list."""
        self.expect("[")
        if self.take("]"):
            return
        while True:
            self.peek()
            line = self.line
            yield line, self.value()
            if self.take("]"):
                return
            self.expect(",")

    def fields(self) -> Iterator[str]:
        """The keys of an object; whoever asks must read each value before the next key."""
        self.expect("{")
        if self.take("}"):
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                self.fail("a name in quotes expected")
            self.expect(":")
            yield key
            if self.take("}"):
                return
            self.expect(",")

"""XML: repeated elements as records; attributes and child elements are their columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kaishu.lake.errors import BrokenFile, NoRecords, NoSuchPart, UnknownEncoding
from kaishu.lake.formats.block import Block, Log, Survey
from kaishu.lake.formats.json_text import json_text
from kaishu.lake.formats.record_table import LOOK, Cells, Gathered, record_blocks
from kaishu.lake.reading.container import Source, Stream
from kaishu.lake.reading.encoding import Encoding, find_encoding, known_encoding, utf8_blocks
from kaishu.lake.reading.notes import make_note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)[\"']")
_DEPTH = 200


@dataclass(slots=True)
class _Node:
    """An open element: its cells so far and whether it has elements or attributes of its own."""

    tag: str
    line: int
    cells: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    records: int = 0
    inner: bool = False


class _Target:
    """Receives the parser's events and keeps the records that ended; memory is that of one record."""

    def __init__(self, path: str | None) -> None:
        self.path = path
        self.parser: Any = None
        self.stack: list[_Node] = []
        self.found: list[tuple[int, Cells]] = []
        self.counts: Counter[str] = Counter()
        self.lost = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self.stack:
            self.stack[-1].inner = True
        if len(self.stack) >= _DEPTH:
            raise ValueError("nested too deeply")
        node = _Node(_local(tag), self.parser.CurrentLineNumber)
        node.cells = {_local(name): value for name, value in attributes.items()}
        self.stack.append(node)

    def data(self, words: str) -> None:
        """Text inside the present element."""
        if self.stack:
            self.stack[-1].words.append(words)

    def end(self, tag: str) -> None:
        """An element ends: a record, or a cell of one, or a place above."""
        place = "/".join(node.tag for node in self.stack[1:])
        node = self.stack.pop()
        words = "".join(node.words).strip()
        if node.inner or (node.cells and not words):
            self.counts[place] += 1
        if self.path is None:
            return
        if place == self.path:
            self._record(node, words)
        elif place.startswith(f"{self.path}/") or self._is_above(place):
            self._cell(node, words)
        elif self.path.startswith(f"{place}/") and place and not node.records:
            self.lost += 1

    def _is_above(self, place: str) -> bool:
        """Whether this is a plain child of an element that holds the records."""
        above = place.rpartition("/")[0]
        return (
            bool(above)
            and self.path is not None
            and self.path.startswith(f"{above}/")
            and not (self.path.startswith(f"{place}/"))
        )

    def _record(self, node: _Node, words: str) -> None:
        for above in self.stack:
            above.records += 1
        cells: Cells = {}
        for above in self.stack[1:]:
            cells.update({f"{above.tag}.{key}": _cell(value) for key, value in above.cells.items()})
        cells.update({key: _cell(value) for key, value in node.cells.items()})
        if words and not node.inner:
            cells[node.tag] = words
        self.found.append((node.line, cells))

    def _cell(self, node: _Node, words: str) -> None:
        holder = self.stack[-1].cells
        values = {f"{node.tag}.{key}": value for key, value in node.cells.items()}
        if words or not values:
            values[node.tag] = words or None
        for key, value in values.items():
            if key not in holder:
                holder[key] = value
            elif isinstance(holder[key], list):
                holder[key].append(value)
            else:
                holder[key] = [holder[key], value]

    def close(self) -> None:
        """The document ends."""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _cell(value: Any) -> str | None:
    if isinstance(value, list):
        return json_text(value)
    return value or None


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """Where the records are, all their names, a sample of them."""
    encoding = _encoding(source, options.encoding)
    path = options.record_path
    if path is None:
        path = _find_path(source, encoding)
    path = path.strip("/")
    gathered = Gathered()
    target = _Target(path)
    with source.open() as stream:
        for _, record in _records(stream, source, encoding, target):
            gathered.add(record)
            if stream.taken > LOOK:
                break
    if not gathered.count:
        present = "、".join(place for place in target.counts if place)
        raise NoSuchPart(file=source.name, kind_zh="位置", kind_en="place", name=path, present=present or "-")
    plan = Plan(format="xml", encoding=encoding.name, record_path=path, notes=[*encoding.notes])
    if "/" in path:
        plan.notes.append(make_note("nested-records", path=path))
    if target.lost:
        plan.notes.append(make_note("parents-without-records", path=path, count=target.lost))
    return gathered.survey(plan)


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The records as rows."""
    encoding = _encoding(source, plan.options.encoding)
    if plan.encoding not in (None, encoding.name):
        encoding = Encoding(plan.encoding or "")
    with source.open() as stream:
        records = _records(stream, source, encoding, _Target(plan.record_path or ""))
        yield from record_blocks(records, source, plan, log, stream)


def _encoding(source: Source, asked: str | None) -> Encoding:
    """As for any text, but a declaration of something other than UTF-8 or GBK is believed."""
    if asked is None:
        declared = _DECLARED.match(source.head(512))
        if declared:
            name = declared[1].decode()
            try:
                known = known_encoding(name, source.name)
            except UnknownEncoding:
                known = "utf-8"
            if known not in ("utf-8", "gb18030") and not known.startswith("utf-"):
                asked = known
    return find_encoding(source, asked)


def _find_path(source: Source, encoding: Encoding) -> str:
    """The most frequent element that has attributes or children; the outer one where counts are equal."""
    target = _Target(None)
    with source.open() as stream:
        for _ in _records(stream, source, encoding, target):
            pass  # nothing is kept without a path
    places = {place: count for place, count in target.counts.items() if place}
    if not places:
        raise NoRecords(file=source.name, detail_zh="没有重复的元素", detail_en="no repeated elements")
    return max(places, key=lambda place: (places[place], -place.count("/")))


def _records(
    stream: Stream, source: Source, encoding: Encoding, target: _Target
) -> Iterator[tuple[int, Cells]]:
    """Records as they end.  Entities are refused.  Raises ``BrokenFile`` with line and character."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=False)
    target.parser = parser.parser
    line, column, detail = 1, 1, ""
    try:
        for block in utf8_blocks(stream, encoding, source.name, 1 << 18):
            parser.feed(block)
            yield from target.found
            target.found = []
        parser.close()
    except ParseError as error:
        line, column, detail = error.position[0], error.position[1] + 1, str(error).partition(":")[0]
    except DefusedXmlException:
        line, column = parser.parser.CurrentLineNumber, parser.parser.CurrentColumnNumber + 1
        detail = "entities and outside references are not accepted"
    except ValueError as error:
        line, column, detail = parser.parser.CurrentLineNumber, 1, str(error)
    if detail:
        raise BrokenFile(file=source.name, format="XML", line=line, column=column, detail=detail)
    yield from target.found
    target.found = []

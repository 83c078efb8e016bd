"""XML: repeated elements as records; attributes and child elements are their columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from defusedxml.common import DefusedXmlException, EntitiesForbidden

from kaishu.base.errors import several
from kaishu.lake.errors import BrokenFile, NoRecords, NoSuchPart, UnknownEncoding
from kaishu.lake.formats.json_records import note_lost
from kaishu.lake.formats.json_text import json_text
from kaishu.lake.formats.record_table import LOOK, Cells, Gathered, record_blocks
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.container import Source, Stream
from kaishu.lake.reading.encoding import Encoding, find_encoding, known_encoding, utf8_blocks
from kaishu.lake.reading.notes import make_note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)[\"']")
_DEPTH = 200


class _Places:
    """Counts the elements at each place that have attributes or children: which of them repeat?"""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._names: dict[tuple[str, str], str] = {}
        self._stack: list[list[Any]] = []

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        above = self._stack[-1] if self._stack else None
        place = ""
        if above is not None:
            above[1] = True
            key = (above[0], tag)
            place = self._names.get(key) or self._names.setdefault(key, f"{above[0]}/{tag}".lstrip("/"))
        self._stack.append([place, False, bool(attributes), False])

    def words(self, text: str) -> None:
        """Text inside the present element."""
        if self._stack and not text.isspace():
            self._stack[-1][3] = True

    def end(self) -> None:
        """The present element ends."""
        place, inner, attributes, words = self._stack.pop()
        if place and (inner or (attributes and not words)):
            self.counts[place] += 1


@dataclass(slots=True)
class _Node:
    """An open element on the way to a record or inside one."""

    tag: str
    cells: dict[str, Any]
    line: int = 0
    on_path: bool = False
    words: str = ""
    records: int = 0
    inner: bool = False


class _Collector:
    """Keeps the records that ended; memory is that of one record and what stands above it."""

    def __init__(self, path: str) -> None:
        self.steps = path.split("/")
        self.found: list[tuple[int, Cells]] = []
        self.lost = 0
        self._stack: list[_Node] = []

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        depth = len(self._stack)
        node = _Node(tag, attributes, line)
        if depth:
            above = self._stack[-1]
            above.inner = True
            node.on_path = (
                0 < depth <= len(self.steps)
                and tag == self.steps[depth - 1]
                and (depth == 1 or above.on_path)
            )
        self._stack.append(node)

    def words(self, text: str) -> None:
        """Text inside the present element."""
        if self._stack:
            self._stack[-1].words += text

    def end(self) -> None:
        """An element ends: a record, a cell of one, or an element above."""
        node = self._stack.pop()
        depth = len(self._stack)
        if node.on_path and depth == len(self.steps):
            self._record(node)
        elif node.on_path:
            self.lost += not node.records
        elif depth > 1 and (depth > len(self.steps) or self._stack[-1].on_path):
            _add_cell(self._stack[-1].cells, node)

    def _record(self, node: _Node) -> None:
        cells: Cells = {}
        for above in self._stack[1:]:
            above.records += 1
            cells.update({f"{above.tag}.{key}": _cell(value) for key, value in above.cells.items()})
        cells.update({key: _cell(value) for key, value in node.cells.items()})
        words = node.words.strip()
        if words and not node.inner:
            cells[node.tag] = words
        self.found.append((node.line, cells))


def _add_cell(cells: dict[str, Any], node: _Node) -> None:
    """Put a child element into its parent: its text under its name, its own cells as ``name.cell``."""
    values = {f"{node.tag}.{key}": value for key, value in node.cells.items()}
    words = node.words.strip()
    if words or not values:
        values[node.tag] = words or None
    for key, value in values.items():
        if key not in cells:
            cells[key] = value
        elif isinstance(cells[key], list):
            cells[key].append(value)
        else:
            cells[key] = [cells[key], value]


def _cell(value: Any) -> str | None:
    if isinstance(value, list):
        return json_text(value)
    return value or None


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """Where the records are, all their names, a sample of them."""
    encoding = _encoding(source, options.encoding)
    path = options.record_path or _find_path(source, encoding)
    path = path.strip("/")
    gathered = Gathered()
    collector = _Collector(path)
    with source.open() as stream:
        for _, record in _records(stream, source, encoding, collector):
            gathered.add(record)
            if stream.taken > LOOK:
                break
    if not gathered.count:
        present = several(_places(source, encoding)) or "-"
        raise NoSuchPart(file=source.name, kind_zh="位置", kind_en="place", name=path, present=present)
    plan = Plan(format="xml", encoding=encoding.name, record_path=path, notes=[*encoding.notes])
    if "/" in path:
        plan.notes.append(make_note("nested-records", path=path))
    if collector.lost:
        plan.notes.append(make_note("parents-without-records", path=path, count=collector.lost))
    return gathered.survey(plan)


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The records as rows."""
    encoding = _encoding(source, plan.options.encoding)
    if plan.encoding not in (None, encoding.name):
        encoding = Encoding(plan.encoding or "")
    with source.open() as stream:
        collector = _Collector(plan.record_path or "")
        records = _records(stream, source, encoding, collector)
        yield from record_blocks(records, source, plan, log, stream)
    note_lost(plan, log, collector.lost)


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


def _places(source: Source, encoding: Encoding) -> Counter[str]:
    """The elements that could be records, from the first 16 MiB."""
    places = _Places()
    with source.open() as stream:
        for _ in _pieces(stream, source, encoding, places):
            if stream.taken > LOOK:
                break
    return places.counts


def _find_path(source: Source, encoding: Encoding) -> str:
    """The most frequent element that has attributes or children; the outer one where counts are equal."""
    places = _places(source, encoding)
    if not places:
        raise NoRecords(file=source.name, detail_zh="没有重复的元素", detail_en="no repeated elements")
    return max(places, key=lambda place: (places[place], -place.count("/")))


def _records(
    stream: Stream, source: Source, encoding: Encoding, collector: _Collector
) -> Iterator[tuple[int, Cells]]:
    """Records as they end."""
    for _ in _pieces(stream, source, encoding, collector):
        found, collector.found = collector.found, []
        yield from found


def _pieces(
    stream: Stream, source: Source, encoding: Encoding, target: _Places | _Collector
) -> Iterator[None]:
    """Feed the file to the parser piece by piece.  Raises ``BrokenFile`` with line and character."""
    parser = _parser(target)
    detail = ""
    line, column = 1, 1
    try:
        for block in utf8_blocks(stream, encoding, source.name, 1 << 18):
            parser.Parse(block, False)
            yield None
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        line, column, detail = error.lineno, error.offset + 1, expat.ErrorString(error.code)
    except DefusedXmlException:
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        detail = "entities and outside references are not accepted"
    if detail:
        raise BrokenFile(file=source.name, format="XML", line=line, column=column, detail=detail)
    yield None


def _parser(target: _Places | _Collector) -> expat.XMLParserType:
    """Expat with the refusals of defusedxml, whose own parser is several times slower."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    depth = [0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        depth[0] += 1
        if depth[0] > _DEPTH:
            raise EntitiesForbidden("depth", None, None, None, None, None)
        if ":" in tag or attributes:
            attributes = {_local(key): value for key, value in attributes.items() if key[:5] != "xmlns"}
        target.start(_local(tag), attributes, parser.CurrentLineNumber)

    def end(tag: str) -> None:
        depth[0] -= 1
        target.end()

    def refuse(*facts: Any) -> Any:
        raise EntitiesForbidden("entity", None, None, None, None, None)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = target.words
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]

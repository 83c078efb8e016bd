"""CSV and TSV: fields between delimiters, read as a stream by the Arrow parser."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kaishu.base import settings
from kaishu.lake.errors import FieldTooLong, NoRowFits, NoSuchHeader, TooManyColumns, TypeTooNarrow
from kaishu.lake.formats.lines import Record, line_ends, walk, whole_records
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.container import Source, Stream
from kaishu.lake.reading.encoding import Encoding, find_encoding, utf8_blocks
from kaishu.lake.reading.headers import GridRow, Header, find_header
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Column, Plan

_DELIMITERS = (b",", b"\t", b";", b"|")
_SAMPLE = 2000  # records from the beginning
_SAMPLE_PACKED = 12_000  # where the middle and the end cannot be looked at
_LOOK = 1 << 20
_BLOCK = 1 << 20  # small enough to stay in the cache between its steps
_PIECE = 128 << 10  # bytes looked at in the middle and at the end
_RECORD_LIMIT = 64 << 20


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """Encoding, delimiter, header and a sample.  Raises ``BadFile`` errors with the place."""
    encoding = find_encoding(source, options.encoding)
    head, whole = _head(source, encoding, options)
    delimiter = options.delimiter.encode() if options.delimiter else find_delimiter(head)
    records = [record for record in _sample(head, delimiter, source, whole=whole) if record.fields]
    _check_size(records, source.name)
    grid = [GridRow(record.line, _cells(record)) for record in records[: max(200, options.header_row or 0)]]
    width = _modal(records)
    header = find_header(grid, width, options.header_row)
    if header is None:
        raise NoSuchHeader(file=source.name, row=options.header_row)
    data = [record for record in records if record.line > header.row]
    if header.row:
        place = next(record for record in records if record.line == header.row)
        width = _width(len(place.fields), _cells(place), data)
        header = find_header(grid, width, header.row if options.header_row else None) or header
        data = [record for record in records if record.line > header.row]
    rows = [_cells(record) for record in data if len(record.fields) == width]
    rows += _elsewhere(source, encoding, delimiter, width)
    if data and not rows:
        found = len(data[0].fields)
        raise NoRowFits(file=source.name, line=data[0].line, found=found, expected=width)
    plan = Plan(
        format="tsv" if delimiter == b"\t" else "csv",
        encoding=encoding.name,
        delimiter=delimiter.decode(),
        header_row=header.row,
        notes=[*encoding.notes, *header.notes],
        width=width,
    )
    return Survey(plan, _fitted(header, width), rows)


def _head(source: Source, encoding: Encoding, options: ReadOptions) -> tuple[bytes, bool]:
    """The first MiB as UTF-8, more where that does not hold two records, and whether it is everything."""
    with source.open() as stream:
        blocks = _texts(stream, encoding, source.name, _LOOK)
        head = next(blocks, b"")
        for block in blocks:
            delimiter = options.delimiter.encode() if options.delimiter else find_delimiter(head)
            cut = whole_records(head, delimiter)
            if head.count(b"\n", 0, cut) > 1:
                return head, False
            if len(head) - cut > settings.number("field_limit"):
                _check_rest(head[cut:], delimiter, 1 + line_ends(head[:cut]), source.name)
            head += block
        return head, True


def _texts(stream: Stream, encoding: Encoding, file: str, size: int) -> Iterator[bytes]:
    """UTF-8 blocks; files of lone carriage returns get line feeds instead."""
    old = False
    for number, block in enumerate(utf8_blocks(stream, encoding, file, size)):
        if number == 0:
            old = b"\r" in block and b"\n" not in block
        yield block.replace(b"\r", b"\n") if old else block


def find_delimiter(head: bytes) -> bytes:
    """The delimiter that gives the most even records; a comma where there is only one column."""
    best, chosen = 0.0, b","
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        for record in walk(head[: 256 << 10], delimiter):
            if record.fields:
                widths[len(record.fields)] += 1
            if widths.total() >= 100:
                break
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = (count / widths.total()) ** 2 * math.log2(width + 1) if width > 1 else 0.0
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _sample(head: bytes, delimiter: bytes, source: Source, *, whole: bool) -> Iterator[Record]:
    if not whole:
        head = head[: whole_records(head, delimiter) or len(head)]
    for count, record in enumerate(walk(head, delimiter)):
        if count >= (_SAMPLE_PACKED if source.compression else _SAMPLE):
            return
        yield record


def _cells(record: Record) -> list[str | None]:
    return [field.decode("utf-8", "replace") or None for field in record.fields]


def _modal(records: Sequence[Record]) -> int:
    widths = Counter(len(record.fields) for record in records)
    return widths.most_common(1)[0][0]


def _width(written: int, header: list[str | None], data: Sequence[Record]) -> int:
    """Fields of a row: what the header says, unless nine of ten rows agree on another number."""
    if not data:
        return written
    widths = Counter(len(record.fields) for record in data)
    width, count = widths.most_common(1)[0]
    named = max((place for place, cell in enumerate(header, 1) if cell), default=1)
    return width if width >= named and count >= 0.9 * widths.total() else max(named, written)


def _fitted(header: Header, width: int) -> list[str]:
    return (header.names + [""] * width)[:width]


def _check_size(records: Sequence[Record], file: str) -> None:
    limit, length = settings.number("column_limit"), settings.number("field_limit")
    for record in records:
        if len(record.fields) > limit:
            raise TooManyColumns(file=file, line=record.line, count=len(record.fields), limit=limit)
        _check_fields(record, file, length)


def _check_fields(record: Record, file: str, limit: int) -> None:
    for column, value in enumerate(record.fields, 1):
        if len(value) > limit:
            raise FieldTooLong(file=file, line=record.line, column=column, limit=limit)


def _elsewhere(source: Source, encoding: Encoding, delimiter: bytes, width: int) -> list[list[str | None]]:
    """Rows from the middle and the end, where a file can be read there."""
    if source.compression or encoding.name not in ("utf-8", "gb18030") or source.size < 4 * _LOOK:
        return []
    rows = []
    with open(source.path, "rb") as disk:
        for offset in (source.size // 3, source.size * 2 // 3, source.size - _PIECE):
            disk.seek(offset)
            piece = disk.read(_PIECE)
            inside = piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1]
            text = inside.decode(encoding.name, "ignore").encode()
            rows += [_cells(record) for record in walk(text, delimiter) if len(record.fields) == width]
    return rows


class DelimitedBlock:
    """Rows of one piece of the file; lines and texts are looked up only when asked for."""

    def __init__(self, batch: Any, block: bytes, first: int, delimiter: bytes) -> None:
        self.batch = batch
        self._block, self._first, self._delimiter = block, first, delimiter
        self._records: list[Record] | None = None

    def _record(self, row: int) -> Record:
        if self._records is None:
            width = len(self.batch.schema.metadata[b"width"])
            records = walk(self._block, self._delimiter, self._first)
            self._records = [record for record in records if len(record.fields) == width]
        return self._records[row]

    def line(self, row: int) -> int:
        return self._record(row).line

    def text(self, row: int) -> str:
        record = self._record(row)
        return self._block[record.start : record.end].decode("utf-8", "replace")


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """Rows as text, in pieces of about 4 MiB.  Ragged rows are set aside, blank lines counted."""
    encoding = find_encoding(source, plan.options.encoding)
    if plan.encoding and plan.encoding != encoding.name:  # widened after the beginning of the file misled
        encoding = Encoding(plan.encoding)
    parser = _Parser(plan, source.name, log)
    with source.open() as stream:
        texts = _texts(stream, encoding, source.name, _BLOCK)
        for block, line, ends in _record_blocks(texts, plan, log, source.name):
            log.taken = stream.taken
            parsed = parser.parse(block, line, ends)
            if parsed is not None:
                yield parsed


def _record_blocks(
    texts: Iterator[bytes], plan: Plan, log: Log, file: str
) -> Iterator[tuple[bytes, int, int]]:
    """Pieces of whole records, each with its first line and its number of lines, from the first row on."""
    delimiter = (plan.delimiter or ",").encode()
    line, rest, above = 1, b"", bool(plan.header_row)
    for text in texts:
        rest = rest + text if rest else text
        cut = whole_records(rest, delimiter)
        if len(rest) - cut > settings.number("field_limit"):
            _check_rest(rest[cut:], delimiter, line + line_ends(rest[:cut]), file)
        if not cut:
            continue
        block, rest = rest[:cut], rest[cut:]
        start = _below_header(block, delimiter, line, plan.header_row or 0) if above else 0
        above = start == len(block) and above
        passed = line_ends(block[:start]) if start else 0
        ends = line_ends(block) - passed
        if start < len(block):
            yield block[start:] if start else block, line + passed, ends
        line += passed + ends
    if rest:
        yield from _last_block(rest, delimiter, line, plan, log, above=above)


def _last_block(
    rest: bytes, delimiter: bytes, line: int, plan: Plan, log: Log, *, above: bool
) -> Iterator[tuple[bytes, int, int]]:
    if not rest.endswith((b"\n", b"\r")):
        rest += b"\n"
    start = _below_header(rest, delimiter, line, plan.header_row or 0) if above else 0
    cut = whole_records(rest, delimiter)
    if rest.endswith(b"\r") and b'"' not in rest[cut:]:
        cut = len(rest)
    if cut < len(rest):
        text = rest[cut:-1].decode("utf-8", "replace")
        log.aside.add(line + line_ends(rest[:cut]), "unclosed-quote", text)
    if start < cut:
        yield rest[start:cut], line + line_ends(rest[:start]), line_ends(rest[start:cut])


def _below_header(block: bytes, delimiter: bytes, line: int, header_row: int) -> int:
    for record in walk(block, delimiter, line):
        if record.line > header_row:
            return record.start
    return len(block)


def _check_rest(rest: bytes, delimiter: bytes, line: int, file: str) -> None:
    """Refuse a record that does not end within the limits (mostly a quote that is never closed)."""
    limit = settings.number("field_limit")
    record = next(walk(rest, delimiter, line))
    _check_fields(record, file, limit)
    if len(rest) > _RECORD_LIMIT:
        raise FieldTooLong(file=file, line=line, column=len(record.fields), limit=limit)


class _Parser:
    """Turns pieces of UTF-8 text into batches of strings."""

    def __init__(self, plan: Plan, file: str, log: Log) -> None:
        import pyarrow as pa
        import pyarrow.csv as csv

        self._csv, self._pa = csv, pa
        self._plan, self._file, self._log = plan, file, log
        self._delimiter = (plan.delimiter or ",").encode()
        self._fields = [str(place) for place in range(plan.width)]
        self._limit = settings.number("field_limit")
        self._strings = csv.ConvertOptions(
            column_types=dict.fromkeys(self._fields, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        )
        # Tabs between empty cells are a row where the tab delimits.
        self._blank = b" \t\n\r\v\f".replace((plan.delimiter or ",").encode(), b"")
        self._metadata = {"width": "x" * plan.width}
        self._ragged: list[tuple[int, str]] = []
        self._rules = csv.ParseOptions(
            delimiter=plan.delimiter or ",", newlines_in_values=True, invalid_row_handler=self._keep_ragged
        )

    def _keep_ragged(self, row: Any) -> str:
        self._ragged.append((row.actual_columns, row.text))
        return "skip"

    def parse(self, block: bytes, line: int, ends: int) -> DelimitedBlock | None:
        """A block of rows, or None if the piece holds none."""
        if not block.strip(self._blank):
            self._log.count("blank-lines", ends)
            return None
        self._ragged = []
        reading = self._csv.ReadOptions(
            column_names=self._fields, use_threads=False, block_size=len(block) + 1
        )
        table = self._csv.read_csv(
            self._pa.BufferReader(block),
            read_options=reading,
            parse_options=self._rules,
            convert_options=self._strings,
        ).combine_chunks()
        self._account(block, line, table.num_rows, ends)
        if not table.num_rows:
            return None
        batch = table.to_batches()[0]
        parsed = DelimitedBlock(None, block, line, self._delimiter)
        parsed.batch = self._columns(batch, parsed)
        return parsed

    def _columns(self, batch: Any, parsed: DelimitedBlock) -> Any:
        parsed.batch = batch.replace_schema_metadata(self._metadata)
        self._check_left_out(batch, parsed)
        arrays = [batch.column(column.position - 1) for column in self._plan.columns]
        names = [column.name for column in self._plan.columns]
        return self._pa.RecordBatch.from_arrays(arrays, names=names).replace_schema_metadata(self._metadata)

    def _check_left_out(self, batch: Any, parsed: DelimitedBlock) -> None:
        """A column left out as empty must be empty to the end."""
        import pyarrow.compute as pc

        kept = {column.position for column in self._plan.columns}
        for position in range(1, self._plan.width + 1):
            array = batch.column(position - 1)
            if position not in kept and array.null_count < len(array):
                row = pc.index(pc.is_valid(array), True).as_py()
                name = f"列{position}"
                raise TypeTooNarrow(
                    column=name,
                    row=parsed.line(row),
                    value=array[row].as_py(),
                    appeared=Column(name, "text", "", position, reason="widened"),
                    file=self._file,
                )

    def _account(self, block: bytes, line: int, rows: int, ends: int) -> None:
        """Set ragged rows aside with their lines, count blank lines."""
        if not self._ragged and (ends == rows or b'"' not in block):
            self._log.count("blank-lines", ends - rows)
            return
        if b'"' in block or b"\r" in block:
            for record in walk(block, self._delimiter, line):
                if len(record.fields) != self._plan.width:
                    self._put_aside(record, block[record.start : record.end])
            return
        commas = self._plan.width - 1
        for number, text in enumerate(block.split(b"\n"), line):
            if text.count(self._delimiter) != commas or not text:
                fields = text.split(self._delimiter)
                if number < line + ends or text:
                    self._put_aside(Record(number, 0, len(text), fields), text)

    def _put_aside(self, record: Record, text: bytes) -> None:
        if not text.strip():
            self._log.count("blank-lines")
            return
        _check_fields(record, self._file, self._limit)
        self._log.aside.add(
            record.line,
            "ragged-row",
            text.decode("utf-8", "replace"),
            found=len(record.fields),
            expected=self._plan.width,
        )

"""NDJSON (JSON Lines): one record a line.  A line that is no record is set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kaishu.lake.errors import BrokenFile, FieldTooLong
from kaishu.lake.formats.json_records import encoding_of
from kaishu.lake.formats.json_text import flatten, too_deep, value_of
from kaishu.lake.formats.record_table import LOOK, Cells, Gathered, record_blocks
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.container import Source
from kaishu.lake.reading.encoding import find_encoding, utf8_blocks
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan

_LINE_LIMIT = 64 << 20


def survey(source: Source, options: ReadOptions, format: str) -> Survey:
    """All names and a sample of records.  Raises ``BrokenFile`` if no line is a record."""
    encoding = find_encoding(source, options.encoding)
    gathered = Gathered()
    first: json.JSONDecodeError | None = None
    with source.open() as stream:
        for number, line in _lines(utf8_blocks(stream, encoding, source.name, 1 << 20), source.name):
            try:
                record = _record(line)
            except json.JSONDecodeError as error:
                first = first or error
                continue
            except RecursionError:
                raise too_deep(source.name, number) from None
            if isinstance(record, dict):
                gathered.add(record)
            if stream.taken > LOOK:
                break
    if not gathered.count:
        detail = first.msg if first else "no line is a record"
        column = first.colno if first else 1
        raise BrokenFile(file=source.name, format="NDJSON", line=1, column=column, detail=detail)
    return gathered.survey(Plan(format="ndjson", encoding=encoding.name, notes=[*encoding.notes]))


def _record(line: str) -> Any:
    value = value_of(line)
    return flatten(value) if isinstance(value, dict) else value


def _lines(blocks: Iterator[bytes], file: str) -> Iterator[tuple[int, str]]:
    number, rest = 0, b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            number += 1
            yield number, line.decode()
        if len(rest) > _LINE_LIMIT:
            raise FieldTooLong(file=file, line=number + 1, column=1, limit=_LINE_LIMIT)
    if rest:
        yield number + 1, rest.decode()


def blocks(source: Source, plan: Plan, log: Log) -> Iterator[Block]:
    """The records as rows, in blocks."""
    with source.open() as stream:
        texts = utf8_blocks(stream, encoding_of(source, plan), source.name, 1 << 20)
        yield from record_blocks(_records(texts, source, log), source, plan, log, stream)


def _records(texts: Iterator[bytes], source: Source, log: Log) -> Iterator[tuple[int, Cells]]:
    for number, line in _lines(texts, source.name):
        if not line.strip():
            log.count("blank-lines")
            continue
        try:
            record = _record(line)
        except json.JSONDecodeError as error:
            log.aside.add(number, "broken-json", line, detail=error.msg)
            continue
        except RecursionError:
            raise too_deep(source.name, number) from None
        if isinstance(record, dict):
            yield number, record
        else:
            log.aside.add(number, "not-record", line)

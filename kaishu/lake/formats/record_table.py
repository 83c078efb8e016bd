"""Records (names and cells) as rows of a table: for JSON, NDJSON, GeoJSON and XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.lake.errors import TypeTooNarrow
from kaishu.lake.formats.json_text import json_text
from kaishu.lake.reading.block import Block, Log, Survey
from kaishu.lake.reading.container import Source, Stream
from kaishu.lake.reading.plan import Column, Plan

Cells = dict[str, str | None]
_ROWS = 5000
_KEPT = 5000  # records whose values are looked at for types
LOOK = 16 << 20  # bytes whose keys are all collected before reading


@dataclass(slots=True)
class Gathered:
    """Keys in the order in which they appear, and a sample of records."""

    keys: dict[str, None] = field(default_factory=dict)
    records: list[Cells] = field(default_factory=list)
    count: int = 0

    def add(self, record: Cells) -> None:
        """Take one record into account."""
        self.count += 1
        self.keys.update(dict.fromkeys(record))
        if len(self.records) < _KEPT or self.count % 50 == 0:
            self.records.append(record)

    def survey(self, plan: Plan, names: dict[str, str] | None = None) -> Survey:
        """The survey of these records."""
        plan.width = len(self.keys)
        rows = [[record.get(key) for key in self.keys] for record in self.records]
        return Survey(plan, [(names or {}).get(key, key) for key in self.keys], rows, list(self.keys))


@dataclass(slots=True)
class RecordBlock:
    """A block of records."""

    batch: Any
    lines: Sequence[int]
    records: Sequence[Cells]

    def line(self, row: int) -> int:
        return self.lines[row]

    def text(self, row: int) -> str:
        return json_text({key: value for key, value in self.records[row].items() if value is not None})


def record_blocks(
    records: Iterator[tuple[int, Cells]], source: Source, plan: Plan, log: Log, stream: Stream
) -> Iterator[Block]:
    """Blocks of rows; a name that the plan does not have raises ``TypeTooNarrow`` with the new column."""
    known = {column.source_name: column.name for column in plan.columns}
    kept: list[Cells] = []
    lines: list[int] = []
    for line, record in records:
        if not record.keys() <= known.keys():
            _appeared(record, known, plan, line, source.name)
        kept.append(record)
        lines.append(line)
        if len(kept) == _ROWS:
            log.taken = stream.taken
            yield _block(kept, lines, known)
            kept, lines = [], []
    if kept:
        yield _block(kept, lines, known)


def _block(records: list[Cells], lines: list[int], known: dict[str, str]) -> RecordBlock:
    import pyarrow as pa

    arrays = [pa.array([record.get(key) for record in records], pa.string()) for key in known]
    return RecordBlock(pa.RecordBatch.from_arrays(arrays, names=list(known.values())), lines, records)


def _appeared(record: Cells, known: dict[str, str], plan: Plan, line: int, file: str) -> None:
    key = next(key for key in record if key not in known)
    if not key.strip() and record[key] is None:
        return
    taken = {column.name.lower() for column in plan.columns}
    name = key if key.strip() and key != "_id" else f"列{plan.width + 1}"
    while name.lower() in taken:
        name += "_2"
    column = Column(name, "text", key, plan.width + 1, reason="widened")
    raise TypeTooNarrow(column=name, row=line, value=record[key] or "", appeared=column, file=file)

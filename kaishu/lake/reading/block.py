"""What every format gives: a survey of the file, then blocks of text rows with their place in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kaishu.lake.reading.aside import SetAside
from kaishu.lake.reading.container import Source
from kaishu.lake.reading.notes import Note
from kaishu.lake.reading.options import ReadOptions
from kaishu.lake.reading.plan import Plan


@dataclass(slots=True)
class Survey:
    """First look at a file: a plan without columns, the names as written, sample rows as text.

    ``keys`` are what the format itself calls the columns, where that is not the name shown;
    ``stored`` maps a 0-based position to the type that the file itself states.
    """

    plan: Plan
    names: list[str]
    rows: list[list[str | None]]
    keys: list[str] = field(default_factory=list)
    stored: dict[int, str] = field(default_factory=dict)


class Block(Protocol):
    """Some rows: ``batch`` has a string column per column of the plan (or typed ones, where stored)."""

    batch: Any

    def line(self, row: int) -> int:
        """Line of a row of this block in the file, 1-based."""

    def text(self, row: int) -> str:
        """A row as it stands in the file."""


@dataclass(slots=True)
class Log:
    """What a format reports while it reads: rows set aside, counts and notes, bytes taken of the file."""

    aside: SetAside
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    taken: int = 0

    def count(self, code: str, number: int = 1) -> None:
        """Add to a counted note."""
        if number:
            self.counts[code] = self.counts.get(code, 0) + number


class TableFormat(Protocol):
    """A format that tables come in."""

    def survey(self, source: Source, options: ReadOptions, format: str) -> Survey:
        """Look at the structure and a sample."""

    def blocks(self, source: Source, plan: Plan, log: Log) -> Iterator[Block]:
        """Read the rows."""


@dataclass(slots=True)
class RowBlock:
    """A block made of rows as Python lists, for the formats that are not read by columns."""

    batch: Any
    lines: Sequence[int]
    rows: Sequence[Sequence[str | None]]

    def line(self, row: int) -> int:
        return self.lines[row]

    def text(self, row: int) -> str:
        return "\t".join(cell or "" for cell in self.rows[row])


def row_block(plan: Plan, rows: Sequence[Sequence[str | None]], lines: Sequence[int]) -> RowBlock:
    """A block from rows of ``plan.width`` cells each; only the plan's columns are kept."""
    import pyarrow as pa

    columns = list(zip(*rows, strict=True))
    arrays = [pa.array(columns[column.position - 1], pa.string()) for column in plan.columns]
    return RowBlock(
        pa.RecordBatch.from_arrays(arrays, names=[column.name for column in plan.columns]), lines, rows
    )

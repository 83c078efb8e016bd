"""One pass over a file: typed batches out, rows that do not fit set aside, everything counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from kaishu.base import settings
from kaishu.lake.errors import FieldTooLong, NoDataRows, TypeTooNarrow
from kaishu.lake.reading.aside import SetAside, is_footer
from kaishu.lake.reading.block import Block, Log
from kaishu.lake.reading.casting import Caster, arrow_type
from kaishu.lake.reading.container import find_source
from kaishu.lake.reading.inference import wider_type
from kaishu.lake.reading.notes import Note, make_note
from kaishu.lake.reading.plan import Column, Plan
from kaishu.lake.reading.registry import table_format


class Reading:
    """Reads a file once as a plan says.

    ``batches`` yields ``pyarrow.RecordBatch`` of ``schema`` in the order of the file, in bounded memory.  It
    raises ``TypeTooNarrow`` where an inferred type does not fit a value: start again with
    ``plan.widened(error)``.  Where a person set the type, the row is set aside instead.  ``rows``,
    ``set_aside_rows`` and ``notes`` are complete after the pass; ``bytes_read`` of ``bytes_total`` grows
    while it runs.  Set-aside rows go to ``set_aside`` as NDJSON: line, reason, zh, en, text.
    """

    def __init__(self, path: Path, name: str, plan: Plan, set_aside: BinaryIO) -> None:
        self.plan = plan
        self.rows = 0
        self._source = find_source(path, name, plan.member)
        self._log = Log(SetAside(set_aside))
        self._done = False
        self._limit = settings.number("field_limit")
        self._casters = [
            Caster(column.type, column.reason == "set", column.reason == "compact-dates")
            for column in plan.columns
        ]

    @property
    def schema(self) -> Any:
        """``pyarrow.Schema`` of the batches."""
        import pyarrow as pa

        return pa.schema([(column.name, arrow_type(column.type)) for column in self.plan.columns])

    @property
    def set_aside_rows(self) -> int:
        """Rows set aside so far."""
        return self._log.aside.counts.total()

    @property
    def bytes_total(self) -> int:
        """Size of the file as received."""
        return self._source.size

    @property
    def bytes_read(self) -> int:
        """How much of it was read so far."""
        return self._source.size if self._done else self._log.taken

    def batches(self) -> Iterator[Any]:
        """The rows, typed.  Raises ``TypeTooNarrow`` and the errors of a broken file, with the place."""
        for block in table_format(self.plan.format).blocks(self._source, self.plan, self._log):
            typed = self._typed(block)
            if typed.num_rows:
                self.rows += typed.num_rows
                yield typed
        self._done = True
        if not (self.rows or self.set_aside_rows or self.plan.options.may_be_empty):
            raise NoDataRows(file=self._source.name)

    def _typed(self, block: Block) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        arrays, unfit = [], None
        for column, caster, texts in zip(self.plan.columns, self._casters, block.batch.columns, strict=True):
            if not pa.types.is_string(texts.type):
                arrays.append(texts)
                continue
            self._check_length(block, column, texts)
            values, bad = caster.cast(texts)
            arrays.append(values)
            if bad is not None:
                self._judge(block, column, texts, bad)
                unfit = bad if unfit is None else pc.or_(unfit, bad)
        typed = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        if unfit is None:
            return typed
        self._put_aside(block, unfit)
        return typed.filter(pc.invert(unfit))

    def _check_length(self, block: Block, column: Column, texts: Any) -> None:
        import pyarrow.compute as pc

        if texts.nbytes <= self._limit:  # mostly: a piece of the file is as large as the limit of a field
            return
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        if longest > self._limit:
            row = pc.index(pc.binary_length(texts), longest).as_py()
            place = {"line": block.line(row), "column": column.position, "limit": self._limit}
            raise FieldTooLong(file=self._source.name, **place)

    def _judge(self, block: Block, column: Column, texts: Any, bad: Any) -> None:
        """Values that do not fit are fine where a person set the type and in section rows, else raise."""
        if column.reason == "set":
            return
        import pyarrow.compute as pc

        for row in pc.indices_nonzero(bad).to_pylist():
            if self._lone_kind(block, row) is None:
                value = texts[row].as_py()
                raise TypeTooNarrow(
                    column=column.name,
                    row=block.line(row),
                    value=value[:200],
                    narrow=column.type,
                    wider=wider_type(column.type, value),
                    file=self._source.name,
                )

    def _lone_kind(self, block: Block, row: int) -> str | None:
        """Why a row with a single filled cell is no data: a section title or a note below the table."""
        columns = block.batch.columns
        filled = [array[row].as_py() for array in columns if array[row].is_valid]
        if len(columns) < 3 or len(filled) != 1:
            return None
        return "note-row" if is_footer(str(filled[0])) else "section-row"

    def _put_aside(self, block: Block, unfit: Any) -> None:
        import pyarrow.compute as pc

        for row in pc.indices_nonzero(unfit).to_pylist():
            line, text = block.line(row), block.text(row)
            kind = self._lone_kind(block, row)
            if kind is not None:
                self._log.aside.add(line, kind, text)
                continue
            column, value = self._first_unfit(block, row)
            self._log.aside.add(line, f"not-{column.type}", text, column=column.name, value=value)

    def _first_unfit(self, block: Block, row: int) -> tuple[Column, str]:
        for column, caster, texts in zip(self.plan.columns, self._casters, block.batch.columns, strict=True):
            if column.reason == "set" and texts[row].is_valid:
                _, bad = Caster(caster.type, given=True).cast(texts.slice(row, 1))
                if bad is not None:
                    return column, texts[row].as_py()
        raise AssertionError(row)

    @property
    def notes(self) -> list[Note]:
        """The plan's notes and what this pass added."""
        found = [*self.plan.notes, *self._log.notes]
        for code, count in self._log.counts.items():
            found.append(make_note(code, count=count))
        for reason, count in self._log.aside.counts.items():
            if reason == "section-row":
                found.append(make_note("section-rows", count=count))
            else:
                found.append(make_note("set-aside", count=count, reason=reason))
        for column, caster in zip(self.plan.columns, self._casters, strict=True):
            for token, count in caster.missing.items():
                found.append(make_note("missing-token", column=column.name, token=token, count=count))
            if caster.rounded:
                found.append(make_note("rounded-number", column=column.name, count=caster.rounded))
        return found

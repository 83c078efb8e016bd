"""A delivery read into Parquet files, in the form of the table that it is for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import several
from kaishu.lake.errors import ColumnsDiffer, ColumnTypeDiffers, KeyNeeded
from kaishu.lake.folders import ASIDE, Mark
from kaishu.lake.parts import Part, PartWriter
from kaishu.lake.reading import Column, Plan, Reading, arrow_type
from kaishu.lake.update import Update

if TYPE_CHECKING:
    import pyarrow as pa

    from kaishu.lake.models import Version

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Work:
    """What a delivery is read for: ``base`` is the version that it changes."""

    path: Path
    name: str
    plan: Plan
    mark: Mark
    progress: Progress | None
    update: Update
    base: Version | None
    last: int | None = None

    @property
    def last_number(self) -> int:
        """Number of the last version that was seen."""
        return self.last if self.last is not None else self.base.number if self.base else 0

    @property
    def base_rows(self) -> int:
        """Rows that the table has."""
        return self.base.rows if self.base else 0

    @property
    def next_id(self) -> int:
        """The ``_id`` of the next new row."""
        return (self.base.next_id or self.base.rows + 1) if self.base else 1


@dataclass(slots=True)
class Arrival:
    """What was read.  ``schema`` begins with ``_id``; ``notes`` are as JSON."""

    plan: Plan
    schema: pa.Schema
    parts: list[Part]
    rows: int
    set_aside: int
    notes: list[dict[str, Any]]


def read_into(work: Work, folder: Path, first: int = 1) -> Arrival:
    """Read the delivery into that folder, its rows numbered from ``first``; rows set aside go to the
    version's folder.  Raises what reading raises, ``ColumnsDiffer``, ``ColumnTypeDiffers``, ``KeyNeeded``.
    """
    import pyarrow as pa

    plan = _fitted(work)
    with (work.mark.folder / ASIDE).open("wb") as aside:
        reading = Reading(work.path, work.name, plan, aside)
        names, types = _columns(work, plan), {one.name: one.type for one in reading.schema}
        stored = {**types, **_types(work)}
        schema = pa.schema([pa.field("_id", pa.int64()), *((name, stored[name]) for name in names)])
        writer = PartWriter(folder, schema, first=first)
        try:
            for batch in _typed(work, reading, schema):
                if batch.num_rows:
                    writer.add(batch)
                if work.progress is not None:
                    work.progress(reading.bytes_read, reading.bytes_total)
            parts = writer.finish()
        except BaseException:
            writer.abandon()
            raise
    if not reading.set_aside_rows:
        (work.mark.folder / ASIDE).unlink()
    notes = [one.to_dict() for one in reading.notes]
    return Arrival(plan, schema, parts, writer.rows, reading.set_aside_rows, notes)


def clear(folder: Path) -> None:
    """Remove what stands in a folder, to begin again."""
    for leftover in folder.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def _types(work: Work) -> dict[str, Any]:
    if work.base is None or work.update.mode == "replace":
        return {}
    return {str(each["name"]): arrow_type(str(each["type"])) for each in work.base.columns}


def _fitted(work: Work) -> Plan:
    """The plan with the table's types, where the file does not fix them; values that do not fit are set
    aside."""
    if work.base is None or work.update.mode == "replace":
        return work.plan
    known = {str(each["name"]): str(each["type"]) for each in work.base.columns}

    def fit(column: Column) -> Column:
        if column.reason == "stored" or known.get(column.name, column.type) == column.type != "text":
            reason = "compact-dates" if column.reason == "compact-dates" else column.reason
            held = column.name in known and column.reason not in ("stored", "compact-dates")
            return replace(column, reason="set" if held else reason)
        return replace(column, type=known.get(column.name, "text"), reason="set")

    return replace(work.plan, columns=[fit(column) for column in work.plan.columns])


def _columns(work: Work, plan: Plan) -> list[str]:
    """Names in the order of the table, the marker last.  Raises ``ColumnsDiffer`` and ``KeyNeeded``."""
    found = [column.name for column in plan.columns]
    update = work.update
    if update.mode == "replace":
        return found
    own = [name for name in found if name != update.marker]
    if work.base is not None:
        wanted = [str(each["name"]) for each in work.base.columns]
        missing, extra = [n for n in wanted if n not in own], [n for n in own if n not in wanted]
        if missing or extra:
            said = {"missing": several(missing) or "-", "extra": several(extra) or "-"}
            raise ColumnsDiffer(file=work.name, **said)
        own = wanted
    absent = [name for name in (*update.key, update.marker) if name and name not in found]
    if absent:
        raise KeyNeeded(file=work.name, columns=several(absent), present=several(found[:50]))
    return [*own, update.marker] if update.marker else own


def _typed(work: Work, reading: Reading, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    names = schema.names[1:]
    for batch in reading.batches():
        arrays = []
        for name in names:
            array, wanted = batch.column(name), schema.field(name).type
            try:
                arrays.append(array if array.type == wanted else array.cast(wanted))
            except pa.ArrowInvalid as error:
                raise ColumnTypeDiffers(
                    file=work.name,
                    column=name,
                    found=str(array.type),
                    expected=str(wanted),
                    detail=str(error).splitlines()[0][:100],
                ) from error
        yield pa.RecordBatch.from_arrays(arrays, names=names)

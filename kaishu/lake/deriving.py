"""A version made from the one before it, not from a file: rows batch by batch, and what belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.access import Call
from kaishu.base import ids
from kaishu.lake.folders import make_mark, version_folder
from kaishu.lake.ingesting import record_staged
from kaishu.lake.models import Table, Version
from kaishu.lake.parts import PartWriter
from kaishu.lake.reading import Column, Plan, arrow_type
from kaishu.lake.staged import Staged
from kaishu.lake.staging import settle_files
from kaishu.lake.update import Update
from kaishu.source.errors import room_for
from kaishu.source.models import Delivery

if TYPE_CHECKING:
    import polars as pl

#: Given the new version's folder, where files that belong to it can be put: the columns and the rows.
Make = Callable[[Path], tuple[Sequence[Mapping[str, str]], "Iterator[pl.DataFrame]"]]


def stage_derived(base: Version, mode: str, make: Make) -> Staged:
    """Write the rows that ``make`` gives into Parquet files that no version has yet.  Needs no database.

    ``mode`` says how the version came about.  Whatever ``make`` puts beside them is kept or removed with
    them, at any moment of a crash.  Raises what ``make`` raises; nothing is left then.
    """
    mark = make_mark(base.table_id, ids.new_id())
    try:
        with room_for(base.file_name):
            columns, frames = make(mark.folder)
            writer = _write(mark.folder, columns, frames)
        settle_files(mark.folder)
    except BaseException:
        mark.end(keep_files=False)
        raise
    return Staged(
        mark=mark,
        plan=_plan(base, columns),
        schema=writer.schema,
        parts=writer.parts,
        rows=writer.rows,
        set_aside=0,
        notes=[],
        update=Update(mode=mode),
        after=base.number,
        next_id=writer.rows + 1,
        made_of=base.id,
    )


def record_derived(call: Call, staged: Staged, base: Version) -> Version:
    """Make it the next version of its table, which came with the same delivery as ``base``.

    Raises ``VersionMoved`` if there is a later version than ``base`` by now.
    """
    delivery = call.session.get_one(Delivery, base.delivery_id)
    table = call.session.get_one(Table, base.table_id)
    return record_staged(call, staged, delivery=delivery, table=table)


def beside(version: Version, name: str) -> Path:
    """A file that was put beside the rows of a version; it may be gone if they were dropped."""
    return version_folder(version.table_id, version.id) / name


def _write(folder: Path, columns: Sequence[Mapping[str, str]], frames: Iterator[pl.DataFrame]) -> PartWriter:
    import pyarrow as pa

    own = pa.schema([pa.field(each["name"], arrow_type(each["type"])) for each in columns])
    writer = PartWriter(folder, pa.schema([pa.field("_id", pa.int64()), *own]))
    try:
        for frame in frames:
            for batch in frame.select(own.names).to_arrow().cast(own).combine_chunks().to_batches():
                writer.add(batch)
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    return writer


def _plan(base: Version, columns: Sequence[Mapping[str, str]]) -> Plan:
    """How the file was read from which the rows came at first; new columns are none of the file's."""
    known = {str(each["name"]): each for each in base.columns}
    made = []
    for each in columns:
        was = known.get(each["name"], {})
        place = (str(was.get("source_name") or ""), int(was.get("position") or 0))
        made.append(Column(each["name"], each["type"], *place, reason="set"))
    return replace(Plan.from_dict(base.plan), columns=made)

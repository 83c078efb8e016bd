"""Read a received file into Parquet files that no version has yet.  Needs no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import ids
from kaishu.lake.errors import TypeTooNarrow
from kaishu.lake.folders import ASIDE, Mark, make_mark, sync
from kaishu.lake.models import Version
from kaishu.lake.parts import Part, PartWriter
from kaishu.lake.reading import Plan, Reading, ReadOptions, make_plan
from kaishu.source.errors import room_for

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Staged:
    """A file read and stored, waiting to become a version.  Whoever made it records or drops it."""

    mark: Mark
    plan: Plan
    schema: pa.Schema
    parts: list[Part]
    rows: int
    set_aside: int
    notes: list[dict[str, object]]
    version: Version | None = None

    @property
    def stored_bytes(self) -> int:
        """Size of the Parquet files."""
        return sum(part.size for part in self.parts)

    @property
    def columns(self) -> list[dict[str, object]]:
        """The columns as stored, which the reading decides, with where each came from."""
        found = {column.name: column for column in self.plan.columns}
        return [
            {
                "name": name,
                "type": found[name].type,
                "source_name": found[name].source_name,
                "position": found[name].position,
            }
            for name in self.schema.names[1:]
        ]

    def drop(self) -> None:
        """Remove everything; harmless after it was recorded or dropped."""
        if self.mark.held:
            self.mark.end(keep_files=False)


def stage(
    path: Path,
    name: str,
    *,
    table_id: str,
    plan: Plan | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> Staged:
    """Read the whole file, in constant memory, into a new folder of the table.

    An inferred type that does not fit makes it start again with a wider one.  Raises what reading
    raises; nothing is left then.  Long work: do it outside of a write session, then ``record_staged``.
    """
    plan = plan or make_plan(path, name, options or ReadOptions())
    mark = make_mark(table_id, ids.new_id())
    try:
        while True:
            try:
                with room_for(name):
                    return _read(path, name, plan, mark, progress)
            except TypeTooNarrow as narrow:
                plan = plan.widened(narrow)
                for leftover in mark.folder.iterdir():
                    leftover.unlink()
    except BaseException:
        mark.end(keep_files=False)
        raise


def _read(path: Path, name: str, plan: Plan, mark: Mark, progress: Progress | None) -> Staged:
    import pyarrow as pa

    with (mark.folder / ASIDE).open("wb") as aside:
        reading = Reading(path, name, plan, aside)
        schema = pa.schema([pa.field("_id", pa.int64()), *reading.schema])
        writer = PartWriter(mark.folder, schema)
        try:
            for batch in reading.batches():
                if batch.num_rows:
                    writer.add(batch)
                if progress is not None:
                    progress(reading.bytes_read, reading.bytes_total)
            parts = writer.finish()
        except BaseException:
            writer.abandon()
            raise
    aside_file = mark.folder / ASIDE
    if reading.set_aside_rows:
        sync(aside_file)
    else:
        aside_file.unlink()
    for part in parts:
        (mark.folder / part.name).chmod(0o444)
        sync(mark.folder / part.name)
    sync(mark.folder)
    sync(mark.folder.parent)
    return Staged(
        mark=mark,
        plan=plan,
        schema=schema,
        parts=parts,
        rows=writer.rows,
        set_aside=reading.set_aside_rows,
        notes=[one.to_dict() for one in reading.notes],
    )

"""Read a received file into Parquet files that no version has yet.  Needs no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import ids
from kaishu.lake.arrival import Arrival, Progress, Work, clear, read_into
from kaishu.lake.errors import TypeTooNarrow
from kaishu.lake.folders import ASIDE, Mark, make_mark, sync
from kaishu.lake.models import Version
from kaishu.lake.parts import Part
from kaishu.lake.reading import Plan, ReadOptions, arrow_type, make_plan
from kaishu.lake.reading.options import TYPES
from kaishu.lake.update import Update
from kaishu.source.errors import room_for

if TYPE_CHECKING:
    import pyarrow as pa

_WHOLE = Update()


@dataclass(slots=True)
class Staged:
    """A file read and stored, waiting to become a version.  Whoever made it records or drops it.

    ``after`` is the number of the last version that was seen, None for one that stands for itself;
    ``base`` is Delta's number of the version that it changes, and ``vectors`` says what of its files is
    gone (see ``log.put_version``), None if they all are.
    """

    mark: Mark
    plan: Plan
    schema: pa.Schema
    parts: list[Part]
    rows: int
    set_aside: int
    notes: list[dict[str, object]]
    version: Version | None = None
    update: Update = _WHOLE
    after: int | None = None
    base: int | None = None
    vectors: dict[str, dict[str, Any] | None] | None = None
    counts: dict[str, int | None] = field(default_factory=dict)
    next_id: int = 0
    vector_bytes: int = 0

    @property
    def stored_bytes(self) -> int:
        """Size of the new files."""
        return sum(part.size for part in self.parts) + self.vector_bytes

    @property
    def columns(self) -> list[dict[str, object]]:
        """The columns as stored, which the reading decides, with where each came from."""
        found = {column.name: column for column in self.plan.columns}
        types = {arrow_type(name): name for name in TYPES}
        return [
            {
                "name": name,
                "type": types[self.schema.field(name).type],
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
    update: Update = _WHOLE,
    base: Version | None = None,
    last: int | None = None,
) -> Staged:
    """Read the whole file, in constant memory, into a new folder of the table.

    ``update`` other than a replacement needs ``base``, the version that it changes, unless there is none;
    ``last`` is the number of the table's last version where that is a later one, which was given up.
    An inferred type that does not fit makes it start again with a wider one.  Raises what reading
    raises, ``ColumnsDiffer`` and ``KeyNeeded``; nothing is left then.  Long work: do it outside of a write
    session, then ``record_staged``.
    """
    plan = plan or make_plan(path, name, options or ReadOptions())
    mark = make_mark(table_id, ids.new_id())
    try:
        while True:
            try:
                with room_for(name):
                    staged = _staged(Work(path, name, plan, mark, progress, update, base, last))
                _settle_files(mark.folder)
                return staged
            except TypeTooNarrow as narrow:
                plan = plan.widened(narrow)
                clear(mark.folder)
    except BaseException:
        mark.end(keep_files=False)
        raise


def _staged(work: Work) -> Staged:
    if work.update.mode == "replace":
        return _replacement(work)
    if work.update.mode == "append":
        return _addition(work)
    from kaishu.lake.patching import patch  # both need each other's words; a merge is the rarer one

    return patch(work)


def _replacement(work: Work) -> Staged:
    read = read_into(work, work.mark.folder)
    return staged_of(work, read, next_id=read.rows + 1)


def _addition(work: Work) -> Staged:
    first = work.next_id
    read = read_into(work, work.mark.folder, first)
    counts: dict[str, int | None] = {
        "inserted": read.rows,
        "updated": 0,
        "deleted": 0,
        "unchanged": work.base_rows,
    }
    staged = staged_of(work, read, next_id=first + read.rows, counts=counts)
    staged.rows += work.base_rows
    staged.vectors = {} if work.base else None
    return staged


def staged_of(
    work: Work, read: Arrival, *, next_id: int, counts: Mapping[str, int | None] | None = None
) -> Staged:
    """What was read for that work, as it is recorded."""
    changes = work.update.mode != "replace"
    return Staged(
        mark=work.mark,
        plan=read.plan,
        schema=read.schema,
        parts=read.parts,
        rows=read.rows,
        set_aside=read.set_aside,
        notes=read.notes,
        update=work.update,
        after=work.last_number if changes else None,
        base=work.base.delta_version if work.base and changes else None,
        counts=dict(counts or {}),
        next_id=next_id,
    )


def _settle_files(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != ASIDE:
            file.chmod(0o444)
        sync(file)
    sync(folder)
    sync(folder.parent)

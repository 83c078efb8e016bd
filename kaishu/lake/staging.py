"""Read a received file into Parquet files that no version has yet.  Needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import ids
from kaishu.lake.arrival import Progress, Work, clear, read_into
from kaishu.lake.errors import TypeTooNarrow
from kaishu.lake.folders import ASIDE, make_mark, sync
from kaishu.lake.patching import patch
from kaishu.lake.reading import Plan, ReadOptions, make_plan
from kaishu.lake.staged import Staged, staged_of
from kaishu.lake.update import Update
from kaishu.source.errors import room_for

if TYPE_CHECKING:
    from kaishu.lake.models import Version

_WHOLE = Update()


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
                settle_files(mark.folder)
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


def settle_files(folder: Path) -> None:
    """Make a new version's files unchangeable, and force them to the disk."""
    for file in folder.iterdir():
        if file.name != ASIDE:
            file.chmod(0o444)
        sync(file)
    sync(folder)
    sync(folder.parent)

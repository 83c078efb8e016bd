"""After an interruption: what no recorded version owns is removed.  Run at every start."""

from __future__ import annotations

import shutil

from sqlalchemy import select

from kaishu.access import Call, Permission, require
from kaishu.lake.engine import sweep_spills
from kaishu.lake.folders import LOG, Mark, table_folder, taken_marks
from kaishu.lake.log import forget_after
from kaishu.lake.models import Table, Version
from kaishu.lake.queries import last_numbers
from kaishu.lake.retention import clear_dropped, tables_to_clear
from kaishu.source import sweep_originals


def sweep(call: Call) -> dict[str, int]:
    """Remove leftovers of interrupted receipts and ingests.

    Returns counts: ``originals`` (half-received files), ``spills`` (working space of dead processes),
    ``folders`` (staged files without a version), ``commits`` (of Delta's log, that no version records).
    Files of versions that were dropped are removed too, if that was broken off.
    Ingests that are running now, in this or another process, are left alone.
    """
    require(call, Permission.lake_ingest)
    counts = {"originals": sweep_originals(), "spills": sweep_spills(), "folders": 0, "commits": 0}
    with taken_marks() as marks:
        for mark in marks:
            recorded = call.session.scalar(select(Version.id).where(Version.id == mark.version_id))
            if recorded is None and mark.folder.exists():
                counts["folders"] += 1
            counts["commits"] += _take_back(call, mark.table_id)
            mark.end(keep_files=recorded is not None)
            _remove_if_empty(call, mark)
    for table_id in tables_to_clear(call.session):
        clear_dropped(call, table_id)
    return counts


def _take_back(call: Call, table_id: str) -> int:
    # The row lock keeps an ingest of another process from committing meanwhile (PostgreSQL; SQLite has
    # one writer, and that is us).
    call.session.scalars(select(Table.id).where(Table.id == table_id).with_for_update()).all()
    return forget_after(table_id, last_numbers(call.session, table_id)[1])


def _remove_if_empty(call: Call, mark: Mark) -> None:
    folder = table_folder(mark.table_id)
    if not folder.exists() or call.session.get(Table, mark.table_id) is not None:
        return
    if all(path.name == LOG for path in folder.iterdir()):
        shutil.rmtree(folder)

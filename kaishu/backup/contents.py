"""Which files of the home a backup must hold: those that the records of the same moment own.

Serving copies, finished exports and the search index are left out; they are made again.  So is what an
ingest is just writing: no record owns it yet.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.base import settings
from kaishu.lake.models import Version
from kaishu.source.models import Delivery

#: Small files at the root of the home that belong to it.
MARKS = ("demo.json", "demo-accounts.json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file by its path in the home; ``sha256`` where the records know it."""

    path: str
    sha256: str | None = None
    settled: bool = True


def wanted_files(session: Session) -> Iterator[Wanted]:
    """Every file, in a stable order; ``settled`` files never change once they are there."""
    for sha256 in session.scalars(select(Delivery.sha256).distinct().order_by(Delivery.sha256)):
        yield Wanted(f"originals/{sha256[:2]}/{sha256}", sha256)
    newest: dict[str, int] = defaultdict(lambda: -1)
    rows = session.execute(
        select(Version.table_id, Version.id, Version.delta_version).order_by(Version.table_id, Version.number)
    )
    for table_id, version_id, delta_version in rows:
        newest[table_id] = max(newest[table_id], delta_version)
        yield from _in(f"lake/tables/{table_id}/{version_id}")
    for table_id, number in sorted(newest.items()):
        yield from _log(f"lake/tables/{table_id}/_delta_log", number)
    for name in MARKS:
        if (settings.home() / name).is_file():
            yield Wanted(name, settled=False)


def _in(folder: str) -> Iterator[Wanted]:
    root = settings.home()
    for path in sorted((root / folder).rglob("*")):
        if path.is_file():
            yield Wanted(path.relative_to(root).as_posix())


def _log(folder: str, newest: int) -> Iterator[Wanted]:
    """Delta's log up to the newest recorded version."""
    for wanted in _in(folder):
        name = Path(wanted.path).name
        head = name.partition(".")[0]
        if head.isdigit() and int(head) <= newest:
            yield wanted
        elif name == "_last_checkpoint" and _checkpoint(wanted.path) <= newest:
            yield Wanted(wanted.path, settled=False)


def _checkpoint(path: str) -> int:
    return int(json.loads((settings.home() / path).read_text(encoding="utf-8")).get("version", 0))

"""Make a backup: records in one transaction, then the files that those records own."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import kaishu
from kaishu import ledger, migrations
from kaishu.access import Call, Permission, note, require
from kaishu.backup.contents import Wanted, wanted_files
from kaishu.backup.errors import NoBackup, SourceDamaged
from kaishu.backup.manifest import CHUNK, Kept, Manifest, Progress, inside, read_manifest, sha256_of
from kaishu.backup.rows import write_rows
from kaishu.base import clock, ids, settings
from kaishu.tables import METADATA


@dataclass(frozen=True, slots=True)
class Made:
    """What the backup holds; ``new_files`` were written now, the others were there."""

    tables: int
    records: int
    files: int
    new_files: int
    size: int


def note_backup(call: Call, folder: Path) -> None:
    """Enter in the ledger that a backup is being made; before it, so that it is part of it."""
    require(call, Permission.home_backup)
    note(call, "home.backup", ("home", str(settings.home())), folder=str(folder.absolute()))


def make_backup(call: Call, folder: Path, progress: Progress | None = None) -> Made:
    """Write or renew the backup in ``folder``.  ``call`` must be a fresh reading transaction.

    ``progress`` gets (done, total) bytes of files.  Raises ``SourceDamaged``; the older backup in the
    folder stays whole until the new one is.
    """
    require(call, Permission.home_backup)
    session = call.session
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    folder.mkdir(parents=True, exist_ok=True)
    before = _before(folder)
    last = ledger.last_entry(session)
    manifest = Manifest(
        version=kaishu.__version__,
        revision=migrations.newest(),
        made_at=clock.now().isoformat(),
        ledger_entries=last.number if last else 0,
        ledger_head=last.hash if last else "",
    )
    records = folder / f"records-{ids.new_id()}"
    records.mkdir()
    for table in METADATA.sorted_tables:
        path = records / f"{table.name}.ndjson.gz"
        rows = write_rows(session, table, path)
        manifest.records[table.name] = _kept(folder, path, rows)
    wanted = list(wanted_files(session))
    session.rollback()  # files of recorded versions never change, so no snapshot is held for them
    new = _copy_all(folder, wanted, manifest, before, progress)
    manifest.write(folder)
    for old in folder.glob("records-*"):
        if old != records:
            shutil.rmtree(old)
    return Made(
        tables=len(manifest.records),
        records=sum(kept.rows or 0 for kept in manifest.records.values()),
        files=len(manifest.files),
        new_files=new,
        size=sum(kept.size for kept in manifest.all_files()),
    )


def _before(folder: Path) -> dict[str, Kept]:
    try:
        return {kept.path: kept for kept in read_manifest(folder).files}
    except NoBackup:
        return {}


def _kept(folder: Path, path: Path, rows: int | None = None) -> Kept:
    return Kept(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path), rows)


def _copy_all(
    folder: Path,
    wanted: list[Wanted],
    manifest: Manifest,
    before: dict[str, Kept],
    progress: Progress | None,
) -> int:
    root = settings.home()
    total = sum((root / each.path).stat().st_size for each in wanted)
    done = new = 0
    for each in wanted:
        known = before.get(f"home/{each.path}")
        target = inside(folder, f"home/{each.path}")
        if each.settled and known and target.is_file() and sha256_of(target) == known.sha256:
            kept = known
        else:
            kept = _copy(root / each.path, target, folder, each)
            new += 1
        manifest.files.append(kept)
        done += kept.size
        if progress:
            progress(done, total)
    return new


def _copy(source: Path, target: Path, folder: Path, wanted: Wanted) -> Kept:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.part")
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream, fresh.open("wb") as copy:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
            size += len(chunk)
    found = digest.hexdigest()
    if wanted.sha256 not in (None, found):
        fresh.unlink()
        raise SourceDamaged(file=wanted.path)
    fresh.replace(target)
    return Kept(target.relative_to(folder).as_posix(), size, found)

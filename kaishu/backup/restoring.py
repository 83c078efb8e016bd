"""Put a backup back: check it, fill an empty home, verify the ledger, make again what is made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from kaishu import catalogue, delivery, ledger, migrations
from kaishu.access import SYSTEM, Call, Permission, note, require
from kaishu.backup.errors import LedgerBroken, NotEmpty, OtherVersion
from kaishu.backup.manifest import Manifest, Progress, check, inside, read_manifest
from kaishu.backup.rows import read_rows
from kaishu.base import clock, ids, settings
from kaishu.db import engine, forget_engines, session_scope
from kaishu.tables import METADATA

#: In a home that a restore is filling; a home with it in was never finished and may be cleared.
MARK = "restoring"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; ``moved_aside`` is where the old content went, if there was any."""

    records: int
    files: int
    ledger_entries: int
    moved_aside: Path | None


def restore_backup(folder: Path, *, force: bool = False, progress: Progress | None = None) -> Restored:
    """Restore into the home and database of the settings, with no server running.

    Needs no call: there is nobody to ask in an empty home; what was done is entered in the restored
    ledger.  Raises ``NoBackup``, ``Damaged``, ``OtherVersion``, ``NotEmpty``, ``LedgerBroken``.
    """
    manifest = read_manifest(folder)
    if manifest.revision != migrations.newest():
        raise OtherVersion(version=manifest.version, revision=manifest.revision, present=migrations.newest())
    check(folder, manifest, _first_half(progress))
    aside = _make_room(force)
    _copy_files(folder, manifest, _second_half(progress))
    migrations.upgrade()
    records = _fill_tables(folder, manifest)
    entries = _verify_ledger(manifest)
    _serve_again()
    (settings.home() / MARK).unlink()
    return Restored(records, len(manifest.files), entries, aside)


def _make_room(force: bool) -> Path | None:
    home = settings.home()
    if (home / MARK).exists():
        forget_engines()
        shutil.rmtree(home)
    aside = None
    if home.exists() and any(home.iterdir()):
        if not force:
            raise NotEmpty(place=str(home))
        forget_engines()
        aside = home.with_name(f"{home.name}.before-restore-{clock.now():%Y%m%d-%H%M%S}")
        home.rename(aside)
    if settings.text("database") and _has_rows():
        if aside:
            aside.rename(home)
        raise NotEmpty(place="KAISHU_DATABASE")
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).touch()
    return aside


def _has_rows() -> bool:
    present = set(inspect(engine()).get_table_names())
    with session_scope(write=False) as session:
        return any(
            session.scalar(select(func.count()).select_from(table))
            for table in METADATA.sorted_tables
            if table.name in present
        )


def _copy_files(folder: Path, manifest: Manifest, progress: Progress | None) -> None:
    home = settings.home()
    total, done = sum(kept.size for kept in manifest.files), 0
    for kept in manifest.files:
        target = inside(home, kept.path.removeprefix("home/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / kept.path, target)
        done += kept.size
        if progress:
            progress(done, total)


def _fill_tables(folder: Path, manifest: Manifest) -> int:
    with session_scope() as session:
        return sum(
            read_rows(session, table, folder / manifest.records[table.name].path)
            for table in METADATA.sorted_tables
            if table.name in manifest.records
        )


def _verify_ledger(manifest: Manifest) -> int:
    with session_scope() as session:
        verdict = ledger.verify(session)
        if not verdict.ok:
            raise LedgerBroken(entry=verdict.broken_at or 0, reason=verdict.reason)
        last = ledger.last_entry(session)
        if last and (last.number, last.hash) != (manifest.ledger_entries, manifest.ledger_head):
            raise LedgerBroken(entry=last.number, reason="head")
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        require(call, Permission.home_backup)
        note(call, "home.restore", ("home", str(settings.home())), made_at=manifest.made_at)
    with session_scope(write=False) as session:
        ledger.write_anchor(session)
    return verdict.entries


def _serve_again() -> None:
    with session_scope(write=False) as session:
        call = Call(session, SYSTEM, clock.now(), ids.new_id())
        for version_id in _published(session):
            delivery.build_serving_copy(call, version_id)


def _published(session: Session) -> Iterator[str]:
    after = ""
    while page := catalogue.published_after(session, after):
        after = page[-1].id
        for dataset in page:
            for entry in catalogue.resources_of(dataset):
                if entry.version_id:
                    yield entry.version_id


def _first_half(progress: Progress | None) -> Progress | None:
    return (lambda done, total: progress(done, total * 2)) if progress else None


def _second_half(progress: Progress | None) -> Progress | None:
    return (lambda done, total: progress(done + total, total * 2)) if progress else None

"""Which batches of a table are kept: a rule proposes, a person confirms, then files are removed.

The row decides here too: a version is dropped when its row says so, and its files follow.  A process that
dies in between leaves files without a version that needs them, which the next start removes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kaishu.access import Call, Permission, note, require
from kaishu.base.errors import Invalid, Said
from kaishu.lake.errors import KeptVersion
from kaishu.lake.folders import version_folder
from kaishu.lake.models import Table, Version
from kaishu.lake.opening import open_version
from kaishu.lake.queries import table_by_id, versions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What is kept: the ``last`` so many batches, those of the last ``days``, the last of every month where
    ``month_ends``.  What one of them keeps is kept; with none of them all is.  Where ``published``, whatever
    was once published stays too; whoever asks ``propose`` knows which those are.
    """

    last: int = 0
    days: int = 0
    month_ends: bool = False
    published: bool = True

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Retention:
        """From plain JSON or a form.  Raises ``Invalid``."""
        numbers: dict[str, int] = {}
        problems: dict[str, list[Said | str]] = {}
        for name in ("last", "days"):
            text = str(given.get(name) or "0").strip()
            if text.isascii() and text.isdigit() and int(text) <= 100_000:
                numbers[name] = int(text)
            else:
                problems[name] = [Said("应为 0 到 100000 的整数", "must be a whole number from 0 to 100000")]
        if problems:
            raise Invalid(problems)
        yes = (True, "true", "on", "1")
        published = given.get("published", True) in yes
        return cls(month_ends=given.get("month_ends") in yes, published=published, **numbers)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; ``from_dict`` turns it back."""
        return {
            "last": self.last,
            "days": self.days,
            "month_ends": self.month_ends,
            "published": self.published,
        }

    @property
    def bounded(self) -> bool:
        """Can anything be dropped by it at all?"""
        return bool(self.last or self.days or self.month_ends)

    def kept(self, batches: Sequence[tuple[int, datetime]], now: datetime) -> set[int]:
        """Numbers of the batches (number, time) that are kept; the newest always is."""
        ordered = sorted(batches)
        if not self.bounded:
            return {number for number, _ in ordered}
        found = {number for number, _ in ordered[-max(self.last, 1) :]}
        if self.days:
            found |= {number for number, at in ordered if at >= now - timedelta(days=self.days)}
        if self.month_ends:
            found |= set({(at.year, at.month): number for number, at in ordered}.values())
        return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """A batch that would be dropped, and the bytes that only it and older ones hold."""

    version: Version
    bytes: int


def propose(
    session: Session, table: Table, rule: Retention, *, shown: Collection[str], now: datetime
) -> list[Proposal]:
    """What the rule would drop, oldest first.  ``shown`` are ids of versions that something needs."""
    there = [version for version in versions_of(session, table.id) if version.dropped_at is None]
    kept = rule.kept([(version.number, version.created_at) for version in there], now)
    going = [version for version in there if version.number not in kept and version.id not in shown]
    staying = [version for version in there if version not in going]
    needed = _files(staying)
    found = []
    seen: set[Path] = set()
    for version in going:  # newest first: a file counts for the last batch that needs it
        own = _files([version]) - needed - seen
        seen |= own
        found.append(Proposal(version, sum(_size(path) for path in own)))
    return found[::-1]


def set_retention(call: Call, table: Table, rule: Retention) -> None:
    """Set the rule of a table; nothing is dropped by it alone."""
    require(call, Permission.lake_ingest, office=table.office_id)
    table.retention = rule.to_dict()
    note(call, "lake.retention.set", ("table", table.id), **rule.to_dict())


def drop_versions(call: Call, table: Table, numbers: Collection[int], *, shown: Collection[str]) -> None:
    """Give up the rows of these versions; ``clear_dropped`` removes the files afterwards.

    Raises ``KeptVersion`` for the newest one and those in ``shown``.  Original files stay.
    """
    require(call, Permission.lake_ingest, office=table.office_id)
    call.session.scalars(select(Table.id).where(Table.id == table.id).with_for_update()).one()
    known = versions_of(call.session, table.id)
    chosen = [version for version in known if version.number in set(numbers) and version.dropped_at is None]
    for version in chosen:
        if version.id == known[0].id or version.id in shown:
            raise KeptVersion(number=version.number)
        version.dropped_at, version.dropped_by = call.now, call.actor.name or call.actor.id
    call.session.flush()
    if chosen:
        dropped = sorted(version.number for version in chosen)
        note(call, "lake.retention.drop", ("table", table.id), numbers=dropped)


def clear_dropped(call: Call, table_id: str) -> int:
    """Remove the files that no version needs any more; returns the bytes.  Safe to be broken off."""
    table = table_by_id(call.session, table_id)
    require(call, Permission.lake_ingest, office=table.office_id)
    known = versions_of(call.session, table_id)
    needed = _files([version for version in known if version.dropped_at is None])
    freed = 0
    for version in known:
        if version.dropped_at is None:
            continue
        folder, own = version_folder(table_id, version.id), 0
        for path in folder.iterdir() if folder.exists() else ():
            if path not in needed:
                own += path.stat().st_size
                path.unlink()
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
        version.freed_bytes = (version.freed_bytes or 0) + own
        freed += own
    if freed:
        note(call, "lake.retention.clear", ("table", table_id), bytes=freed)
    return freed


def tables_to_clear(session: Session) -> Sequence[str]:
    """Tables of which versions were dropped and whose files may still be there."""
    return session.scalars(
        select(Version.table_id)
        .where(Version.dropped_at.is_not(None), Version.freed_bytes.is_(None))
        .distinct()
    ).all()


def _files(versions: Sequence[Version]) -> set[Path]:
    found: set[Path] = set()
    for version in versions:
        for layer in open_version(version).layers:
            found.add(layer.path)
            if layer.gone is not None:
                found.add(layer.gone.file)
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0

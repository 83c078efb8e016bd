"""What folders have in common, here or elsewhere: files by pattern, the newest of a pattern."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from kaishu.source.connectors.kind import MOST_TABLES, FoundTable, Wanted
from kaishu.source.errors import NoSuchRemoteTable, NothingNew


@dataclass(frozen=True, slots=True, order=True)
class FoundFile:
    """A file; ``changed`` in seconds since 1970."""

    changed: int
    name: str
    size: int

    @property
    def mark(self) -> str:
        """When it was changed, and its name: sorts by time."""
        return f"{self.changed:012d} {self.name}"


def fitting(files: Iterable[FoundFile], pattern: str) -> list[FoundFile]:
    """Files that fit, newest first; files that begin with a dot are still being written."""
    kept = [
        each
        for each in files
        if fnmatch.fnmatchcase(each.name, pattern or "*") and not each.name.startswith(".")
    ]
    return sorted(kept, reverse=True)


def as_tables(files: list[FoundFile]) -> list[FoundTable]:
    """Files as tables: what is inside only reading tells."""
    return [FoundTable(each.name) for each in files[:MOST_TABLES]]


def picked(files: list[FoundFile], wanted: Wanted) -> FoundFile:
    """The file of that name, or the newest that fits; raises ``NothingNew`` if it was taken already."""
    fits = [f for f in files if f.name == wanted.table] or fitting(files, wanted.table)
    if not fits:
        raise NoSuchRemoteTable(kind="文件 file", name=wanted.table[:300])
    if wanted.since and fits[0].mark <= wanted.since:
        raise NothingNew(table=wanted.table)
    return fits[0]

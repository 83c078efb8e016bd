"""What every kind of source has in common: what is asked for, what is found, what is brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from kaishu.base import settings
from kaishu.source.errors import ExtraMissing, NoSuchRemoteTable, SourceUnreadable

#: Tables and columns that a look at a source lists at most.
MOST_TABLES, MOST_COLUMNS = 2_000, 40_000


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to be told about a source; a ``secret`` one is kept encrypted and never shown again."""

    name: str
    zh: str
    en: str
    needed: bool = False
    secret: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read: the options as given, and the secrets, which no text of this object shows."""

    kind: str
    options: Mapping[str, str]
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)

    def option(self, name: str, default: str = "") -> str:
        """One option, or the default if nobody gave it."""
        return self.options.get(name) or default

    def number(self, name: str, default: int) -> int:
        """One option as a whole number.  Raises ``SourceUnreadable``."""
        value = self.option(name)
        if not value:
            return default
        if not value.isdecimal() or len(value) > 9:
            said = f"{name}={value[:40]}"
            raise SourceUnreadable(
                place=self.kind, reason=f"{said} 应为整数", reason_en=f"{said}: not a number"
            )
        return int(value)

    def plain(self, error: BaseException | str) -> str:
        """The words of an error without any secret of this place, in one line of at most 300 characters."""
        words = " ".join(str(error).split()) or type(error).__name__
        for value in sorted((v for v in self.secret.values() if v), key=len, reverse=True):
            words = words.replace(value, "•••")
        return words[:300].rstrip("。.")


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column as the source calls it; ``type`` in the source's own words."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table or file; ``rows`` as the source counts or guesses (``exact``), None if it does not say."""

    name: str
    columns: tuple[FoundColumn, ...] = ()
    rows: int | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to bring: all columns if none are named; with ``marker`` only rows above ``since``."""

    table: str
    columns: tuple[str, ...] = ()
    marker: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file brought whole; ``rows`` None if only the lake can count them; ``last`` of the marker."""

    path: Path
    name: str
    rows: int | None = None
    last: str = ""


class Connector(Protocol):
    """An open way to one source."""

    def tables(self) -> list[FoundTable]:
        """What it has, at most ``MOST_TABLES``."""

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns of one table.  Raises ``NoSuchRemoteTable``."""

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """Bring what is wanted into a file of that folder, in bounded memory, whole or not at all."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source."""

    name: str
    zh: str
    en: str
    options: tuple[Option, ...]
    open: Callable[[Place], Connector]
    virtual: bool = False


@contextmanager
def opened(kind: Kind, place: Place) -> Iterator[Connector]:
    """A connector that is closed whatever happens."""
    connector = kind.open(place)
    try:
        yield connector
    finally:
        connector.close()


def needed(module: str, package: str, extra: str) -> Any:
    """Import a library of an extra.  Raises ``ExtraMissing``."""
    try:
        return import_module(module)
    except ImportError:
        raise ExtraMissing(package=package, extra=extra) from None


def table_named(found: list[FoundTable], name: str) -> FoundTable:
    """The table of that name.  Raises ``NoSuchRemoteTable``."""
    for table in found:
        if table.name == name:
            return table
    raise NoSuchRemoteTable(kind="表 table", name=name[:300])


def chosen(table: FoundTable, wanted: Wanted) -> tuple[FoundColumn, ...]:
    """The columns that are wanted, in the table's order.  Raises ``NoSuchRemoteTable``."""
    known = {column.name for column in table.columns}
    for name in (*wanted.columns, *((wanted.marker,) if wanted.marker else ())):
        if name not in known:
            raise NoSuchRemoteTable(kind="列 column", name=f"{table.name}.{name}"[:300])
    if not wanted.columns:
        return table.columns
    kept = {*wanted.columns, wanted.marker}
    return tuple(column for column in table.columns if column.name in kept)


def check_size(place: str, size: int) -> None:
    """Raise ``SourceUnreadable`` for more bytes than ``pull_limit``."""
    limit = settings.number("pull_limit")
    if size > limit:
        raise SourceUnreadable(place=place, reason=f"超过{limit}字节", reason_en=f"more than {limit} bytes")

"""The one opener of a version's data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kaishu.base import ids
from kaishu.lake.errors import NothingSetAside
from kaishu.lake.folders import ASIDE, table_folder, version_folder
from kaishu.lake.log import files_of
from kaishu.lake.models import Version
from kaishu.lake.reading import Plan, ReadOptions
from kaishu.lake.staging import stage
from kaishu.lake.table_data import TableData


@dataclass(frozen=True)
class VersionData(TableData):
    """The rows of one recorded version."""

    table_id: str
    version_id: str
    delta_version: int

    @cached_property
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows."""
        return list(files_of(table_folder(self.table_id), self.delta_version, self.version_id))


@dataclass(frozen=True)
class PassingData(TableData):
    """The rows of a file that was read for the moment only."""

    parts: Sequence[Path]
    plan: Plan
    notes: Sequence[dict[str, object]]
    set_aside: int

    @property
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows."""
        return list(self.parts)


@contextmanager
def passing(path: Path, name: str, options: ReadOptions | None = None) -> Iterator[PassingData]:
    """Read a file into the lake's form, use it, and forget it; needs no database."""
    staged = stage(path, name, table_id=ids.new_id(), options=options)
    try:
        yield PassingData(
            columns=staged.columns,
            rows=staged.rows,
            parts=[staged.mark.folder / part.name for part in staged.parts],
            plan=staged.plan,
            notes=staged.notes,
            set_aside=staged.set_aside,
        )
    finally:
        staged.drop()
        staged.mark.folder.parent.rmdir()


def open_version(version: Version) -> VersionData:
    """The data of a recorded version; nothing is read yet."""
    return VersionData(
        table_id=version.table_id,
        version_id=version.id,
        delta_version=version.delta_version,
        columns=version.columns,
        rows=version.rows,
    )


def set_aside_path(version: Version) -> Path:
    """The rows set aside, as NDJSON of line, reason, zh, en, text.  Raises ``NothingSetAside``."""
    path = version_folder(version.table_id, version.id) / ASIDE
    if not path.exists():
        raise NothingSetAside(file=version.file_name, number=version.number)
    return path

"""The one opener of a version's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.lake.content import layers_of
from kaishu.lake.errors import NothingSetAside, RowsDropped
from kaishu.lake.folders import ASIDE, table_folder, version_folder
from kaishu.lake.layers import Layer
from kaishu.lake.table_data import TableData

if TYPE_CHECKING:
    from kaishu.lake.models import Version


@dataclass(frozen=True)
class VersionData(TableData):
    """The rows of one recorded version."""

    table_id: str
    version_id: str
    delta_version: int

    next_id: int = 0

    @property
    def files(self) -> list[Path]:
        """Parquet files in the order of the rows, of which ``layers`` tells what is left."""
        return [layer.path for layer in self.layers]

    @cached_property
    def layers(self) -> Sequence[Layer]:
        """The files, and the rows of each that are gone."""
        return layers_of(table_folder(self.table_id), self.delta_version, self.version_id)


def open_version(version: Version) -> VersionData:
    """The data of a recorded version; nothing is read yet.  Raises ``RowsDropped``."""
    _check_there(version)
    return VersionData(
        table_id=version.table_id,
        version_id=version.id,
        delta_version=version.delta_version,
        columns=version.columns,
        rows=version.rows,
        next_id=version.next_id or version.rows + 1,
    )


def set_aside_path(version: Version) -> Path:
    """The rows set aside, as NDJSON of line, reason, zh, en, text.  Raises ``NothingSetAside``."""
    _check_there(version)
    path = version_folder(version.table_id, version.id) / ASIDE
    if not path.exists():
        raise NothingSetAside(file=version.file_name, number=version.number)
    return path


def _check_there(version: Version) -> None:
    if version.dropped_at is not None:
        when = f"{version.dropped_at:%Y-%m-%d %H:%M}"
        raise RowsDropped(number=version.number, when=when, by=version.dropped_by)

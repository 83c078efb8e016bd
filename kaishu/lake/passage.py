"""Files read for the moment: the same form as a version's, and gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kaishu.base import ids
from kaishu.lake.reading import Plan, ReadOptions
from kaishu.lake.staging import stage
from kaishu.lake.table_data import TableData


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

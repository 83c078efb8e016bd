"""Cleaned rows and the record of changes back to the rows as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.quality.cleansing.changes import CHANGED, REMOVED, About, about_changes, from_json
from kaishu.quality.cleansing.treatments import restored
from kaishu.quality.errors import NotTheseChanges

if TYPE_CHECKING:
    import polars as pl

_ROWS = 65_536
_NUMBER, _OLD = "\x01row", "\x01old"


def undo(cleaned: Iterable[pl.DataFrame], changes: Path) -> Iterator[pl.DataFrame]:
    """The rows before cleansing, in their order and with their columns.  Raises ``NotTheseChanges``.

    ``cleaned`` are the rows as cleansing left them.  Memory: a batch, and eight bytes for each removed row.
    """
    about = about_changes(changes)
    return _undo(_Cut(cleaned, about), changes, about)


def _undo(cleaned: _Cut, changes: Path, about: About) -> Iterator[pl.DataFrame]:
    import polars as pl

    record = pl.scan_parquet(changes, glob=False)
    gone = record.filter(pl.col("kind") == REMOVED).select("row").collect()["row"].sort()
    for first in range(1, about.rows + 1, _ROWS):
        end = min(first + _ROWS, about.rows + 1)
        here = record.filter(pl.col("row").is_between(first, end - 1)).collect()
        low, high = gone.search_sorted(first), gone.search_sorted(end)
        numbers = pl.int_range(first, end, eager=True)
        stayed = numbers.filter(~numbers.is_in(gone.slice(low, high - low).implode()))
        rows = cleaned.take(stayed.len()).with_columns(stayed.alias(_NUMBER))
        rows = rows.select(*about.before, _NUMBER)
        yield _cells_back(_rows_back(rows, here, about), here, about).drop(_NUMBER)
    cleaned.end()


def _rows_back(rows: pl.DataFrame, here: pl.DataFrame, about: About) -> pl.DataFrame:
    import polars as pl

    removed = here.filter(pl.col("kind") == REMOVED)
    if not removed.height:
        return rows
    texts = from_json(removed["old"], list(about.before))
    typed = [restored(texts[name], type).alias(name) for name, type in about.before.items()]
    back = pl.DataFrame([*typed, removed["row"].alias(_NUMBER)])
    return pl.concat([rows, back]).sort(_NUMBER)


def _cells_back(rows: pl.DataFrame, here: pl.DataFrame, about: About) -> pl.DataFrame:
    """The oldest value of each changed cell: what it was before the first step that touched it."""
    import polars as pl

    changed = here.filter((pl.col("kind") == CHANGED) & pl.col("column").is_in(list(about.before)))
    oldest = changed.unique(["row", "column"], keep="first", maintain_order=True)
    for (column,), cells in oldest.group_by("column"):
        places = cells["row"] - rows[_NUMBER][0]
        values = restored(cells["old"], about.before[str(column)])
        rows = rows.with_columns(rows[str(column)].scatter(places, values).alias(str(column)))
    return rows


class _Cut:
    """Takes so many rows at a time from frames of any height."""

    def __init__(self, frames: Iterable[pl.DataFrame], about: About) -> None:
        self._frames, self._about = iter(frames), about
        self._held: pl.DataFrame | None = None

    def take(self, rows: int) -> pl.DataFrame:
        """Exactly so many."""
        import polars as pl

        from kaishu.quality.cleansing.treatments import dtype_of

        types = {name: dtype_of(type) for name, type in self._about.after.items()}
        parts = [pl.DataFrame(schema=types)]
        while rows:
            if self._held is None or not self._held.height:
                self._held = self._next()
            parts.append(self._held.head(rows))
            self._held = self._held.slice(rows)
            rows -= parts[-1].height
        return pl.concat(parts)

    def end(self) -> None:
        """Nothing may be left."""
        if (self._held is not None and self._held.height) or any(frame.height for frame in self._frames):
            raise self._wrong("行比清洗后多", "it has more rows than cleansing left")

    def _next(self) -> pl.DataFrame:
        for frame in self._frames:
            if not set(self._about.after) <= set(frame.columns):
                raise self._wrong("列不相同", "its columns are others")
            return frame.select(list(self._about.after))
        raise self._wrong("行比清洗后少", "it has fewer rows than cleansing left")

    def _wrong(self, zh: str, en: str) -> NotTheseChanges:
        return NotTheseChanges(reason_zh=zh, reason_en=en)

"""The record of changes: a Parquet file with a row for each changed cell and each row taken out.

``kind`` is changed, removed, refused or tolerated.  Values are text; of a removed row ``old`` is the whole
row as JSON of texts, as the steps before had left it.  Rows are counted from 1 in the table before
cleansing, and stand in that order batch by batch.  The file's metadata keep the columns before and after.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import Said
from kaishu.quality.cleansing.treatments import written
from kaishu.quality.errors import NotChanges

if TYPE_CHECKING:
    import polars as pl

CHANGED, REMOVED, REFUSED, TOLERATED = "changed", "removed", "refused", "tolerated"
META = b"kaishu.cleansing"
_TEXTS = ("kind", "step", "key", "column", "old", "new", "reason_zh", "reason_en")
_FLUSH = 1 << 18


@dataclass(frozen=True, slots=True)
class About:
    """What a record of changes says of itself: columns before and after with their types, rows."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    rows: int
    left: int


class ChangesFile:
    """Writes the record batch by batch.  Nothing is left if the work breaks off."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        self._waiting: list[pl.DataFrame] = []
        self._held = 0
        self._writer: Any = None

    def __enter__(self) -> ChangesFile:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        text = pa.string()
        self._schema = pa.schema(
            [
                ("kind", text),
                ("step", text),
                ("row", pa.int64()),
                *((name, text) for name in _TEXTS[2:]),
                ("at", pa.timestamp("us", "UTC")),
            ]
        )
        self._writer = ParquetWriter(self._part, self._schema, compression="zstd", compression_level=1)
        return self

    def add(self, frame: pl.DataFrame) -> None:
        """Rows of the record, those of one batch one after the other."""
        self._waiting.append(frame)
        self._held += frame.height

    def end_batch(self) -> None:
        """Write what has come if it is enough; a row group never holds half a batch of rows."""
        if self._held >= _FLUSH:
            self._flush()

    def finish(self, about: About) -> None:
        """Say what the record belongs to."""
        told = {"before": about.before, "after": about.after, "rows": about.rows, "left": about.left}
        self._writer.add_key_value_metadata({META: json.dumps(told, ensure_ascii=False).encode()})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()
            if kind is not None:
                self._part.unlink(missing_ok=True)
        if kind is None:
            self._part.replace(self.path)

    def _flush(self) -> None:
        import polars as pl

        if self._waiting:
            self._writer.write_table(pl.concat(self._waiting).to_arrow().cast(self._schema))
            self._waiting, self._held = [], 0


def change_rows(
    kind: str,
    step: str,
    at: datetime,
    *,
    rows: pl.Series,
    keys: pl.Series,
    column: str | None = None,
    old: pl.Series | None = None,
    new: pl.Series | None = None,
    why: Said | pl.Series | None = None,
) -> pl.DataFrame:
    """Rows of the record that are alike but for row, key and values."""
    import polars as pl

    number, text = rows.len(), pl.String

    def same(value: str | None) -> pl.Series:
        return pl.Series([value], dtype=text).new_from_index(0, number)

    zh, en = same(None), same(None)
    if isinstance(why, Said):
        zh, en = same(str(why)), same(why.en)
    elif why is not None:
        both = why.str.split("\n")
        zh, en = both.list.get(0), both.list.get(1)
    return pl.DataFrame(
        {
            "kind": same(kind),
            "step": same(step),
            "row": rows,
            "key": keys,
            "column": same(column),
            "old": same(None) if old is None else written(old),
            "new": same(None) if new is None else written(new),
            "reason_zh": zh,
            "reason_en": en,
            "at": pl.Series([at]).cast(pl.Datetime("us", "UTC")).new_from_index(0, number),
        }
    )


def as_json(frame: pl.DataFrame) -> pl.Series:
    """Each row as JSON of texts, from which ``from_json`` makes it again."""
    import polars as pl

    texts = pl.DataFrame({f"c{place}": written(column) for place, column in enumerate(frame.get_columns())})
    named = texts.rename(dict(zip(texts.columns, frame.columns, strict=True)))
    return named.select(pl.struct(pl.all()).struct.json_encode()).to_series()


def from_json(rows: pl.Series, columns: Sequence[str]) -> pl.DataFrame:
    """The rows as texts."""
    import polars as pl

    form = pl.Struct({name: pl.String() for name in columns})
    return rows.str.json_decode(form).struct.unnest()


def about_changes(path: Path) -> About:
    """What a record says of itself.  Raises ``NotChanges``."""
    import pyarrow as pa
    from pyarrow.parquet import read_metadata

    try:
        said = (read_metadata(path).metadata or {}).get(META)
    except (pa.ArrowInvalid, OSError) as error:
        raise NotChanges(file=path.name) from error
    if said is None:
        raise NotChanges(file=path.name)
    return About(**json.loads(said))

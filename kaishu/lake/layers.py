"""Files that lie over one another: a version is what is left of each, together in the order of ``_id``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.lake.deletion import Gone

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_ID = "_id"


@dataclass(frozen=True, slots=True)
class Layer:
    """One Parquet file, its smallest and largest ``_id``, and the rows of it that are gone: where they are
    listed, or their positions themselves."""

    path: Path
    first: int = 0
    last: int = -1
    gone: Gone | Any = None
    rows: int = 0

    def positions(self) -> np.ndarray[Any, Any] | None:
        """Positions of the rows that are gone, ascending; None if all are there."""
        return self.gone.positions() if isinstance(self.gone, Gone) else self.gone

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, for another process; ``from_dict`` turns it back."""
        gone = None
        if self.gone is not None:
            assert isinstance(self.gone, Gone)
            gone = [str(self.gone.file), self.gone.offset, self.gone.size, self.gone.rows]
        return {
            "path": str(self.path),
            "first": self.first,
            "last": self.last,
            "rows": self.rows,
            "gone": gone,
        }

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Layer:
        """Reverse of ``to_dict``."""
        gone = given["gone"]
        listed = Gone(Path(gone[0]), *gone[1:]) if gone else None
        return cls(Path(given["path"]), given["first"], given["last"], listed, given["rows"])

    @property
    def gone_rows(self) -> int:
        """How many rows are gone."""
        if self.gone is None:
            return 0
        return self.gone.rows if isinstance(self.gone, Gone) else len(self.gone)


def is_plain(layers: Sequence[Layer]) -> bool:
    """Whether the files one after the other are the rows, in order."""
    if any(layer.gone is not None for layer in layers):
        return False
    return all(one.last < next_one.first for one, next_one in pairwise(layers))


def merged(
    layers: Sequence[Layer], columns: Sequence[str] | None, size: int, ids: Sequence[int] | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows that are left, in the order of ``_id``; memory is bounded by the number of files.

    ``ids`` (sorted) keeps only those.
    """
    wanted = None if columns is None else list(columns)
    read = None if wanted is None else list(dict.fromkeys([_ID, *wanted]))
    for batch in _in_order(sorted(layers, key=lambda layer: layer.first), read, size, ids):
        chosen = batch if wanted is None else batch.select(wanted)
        for start in range(0, chosen.num_rows, size):
            yield chosen.slice(start, size)


def _in_order(
    layers: list[Layer], read: list[str] | None, size: int, ids: Sequence[int] | None
) -> Iterator[pa.RecordBatch]:
    waiting = layers[::-1]
    heads: list[tuple[Any, Any]] = []
    while waiting or heads:
        while waiting and (not heads or waiting[-1].first <= _bound(heads)):
            _advance(heads, _left(waiting.pop(), read, size, ids))
        if not heads:
            continue
        bound, pieces, held, heads = _bound(heads), [], heads, []
        for batch, source in held:
            count = _up_to(batch, bound)
            if count:
                pieces.append(batch.slice(0, count))
            if count < batch.num_rows:
                heads.append((batch.slice(count), source))
            else:
                _advance(heads, source)
        yield _together(pieces)


def _bound(heads: list[tuple[Any, Any]]) -> int:
    """Up to this ``_id`` nothing more can come from the files that are open."""
    return min(int(batch.column(0)[batch.num_rows - 1].as_py()) for batch, _ in heads)


def _up_to(batch: pa.RecordBatch, bound: int) -> int:
    import numpy as np

    return int(np.searchsorted(batch.column(0).to_numpy(zero_copy_only=False), bound, side="right"))


def _advance(heads: list[tuple[Any, Any]], source: Iterator[Any]) -> None:
    for batch in source:
        if batch.num_rows:
            heads.append((batch, source))
            return


def _together(pieces: list[Any]) -> pa.RecordBatch:
    import pyarrow as pa

    if len(pieces) == 1:
        return pieces[0]
    table = pa.Table.from_batches(pieces).sort_by(_ID).combine_chunks()
    return table.to_batches()[0]


def _left(
    layer: Layer, columns: list[str] | None, size: int, ids: Sequence[int] | None
) -> Iterator[pa.RecordBatch]:
    """What is left of one file, ``_id`` first."""
    from pyarrow.parquet import ParquetFile

    gone = layer.positions()
    with ParquetFile(layer.path, memory_map=False, pre_buffer=False) as opened:
        place = 0
        for group in range(opened.num_row_groups):
            rows = opened.metadata.row_group(group).num_rows
            if ids is not None and not _any_here(opened, group, ids):
                place += rows
                continue
            for batch in opened.iter_batches(size, row_groups=[group], columns=columns, use_threads=False):
                ordered = batch if columns is None else batch.select(columns)
                yield _kept(ordered, place, gone, ids)
                place += batch.num_rows


def _any_here(opened: Any, group: int, ids: Sequence[int]) -> bool:
    bounds = opened.metadata.row_group(group).column(0).statistics
    if bounds is None or not bounds.has_min_max:
        return True
    return bisect_left(ids, bounds.min) < bisect_left(ids, bounds.max + 1)


def _kept(batch: Any, place: int, gone: np.ndarray[Any, Any] | None, ids: Sequence[int] | None) -> Any:
    import numpy as np
    import pyarrow as pa

    keep = np.ones(batch.num_rows, bool)
    if gone is not None:
        begin, end = np.searchsorted(gone, (place, place + batch.num_rows))
        keep[gone[begin:end] - place] = False
    if ids is not None:
        keep &= np.isin(batch.column(0).to_numpy(zero_copy_only=False), np.asarray(ids, np.int64))
    return batch if keep.all() else batch.filter(pa.array(keep))

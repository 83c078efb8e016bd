"""Defects put into a made-up table: which rows, what is written over them, and the truth that is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class Sheet:
    """Columns of one group of rows while defects are put in.  No row gets two of them."""

    def __init__(self, columns: Mapping[str, pa.Array], first: int, seed: int) -> None:
        self.columns = dict(columns)
        self.first = first
        self.rows = len(next(iter(columns.values())))
        self.random = np.random.default_rng((seed, first, 1))
        self._free = np.ones(self.rows, bool)
        self._order = self.random.permutation(self.rows)
        self.truth: dict[str, Any] = {}

    @property
    def share(self) -> int:
        """Rows of each kind: one in a thousand, at least one."""
        return max(self.rows // 1000, 1)

    def pick(self, kind: str, among: Any = None) -> Any:
        """Rows for a defect, out of those that have none yet and, if given, are true in ``among``."""
        wanted = self._free if among is None else self._free & among
        chosen = np.sort(self._order[wanted[self._order]][: self.share])
        if len(chosen) < self.share:
            raise ValueError(f"only {len(chosen)} of {self.share} rows can carry the defect {kind}")
        self._free[chosen] = False
        self.truth[kind] = chosen + self.first
        return chosen

    def write(self, name: str, rows: Any, values: Sequence[Any] | pa.Array) -> None:
        """Write over one column in those rows."""
        column = self.columns[name]
        mask = np.zeros(self.rows, bool)
        mask[rows] = True
        new = values if isinstance(values, pa.Array) else pa.array(values, column.type)
        self.columns[name] = pc.replace_with_mask(column, mask, new)

    def each(self, kind: str, name: str, change: Callable[[Any], Any], among: Any = None) -> None:
        """Change one cell in each row that is picked."""
        rows = self.pick(kind, among)
        self.write(name, rows, [change(value) for value in self.columns[name].take(rows).to_pylist()])

    def present(self, name: str) -> Any:
        """Where a column is not null."""
        return self.columns[name].is_valid().to_numpy(zero_copy_only=False)

    def table(self) -> pa.Table:
        """The columns as they are now."""
        return pa.table(self.columns)


def write_truth(path: Path, rows: int, truth: Mapping[str, Sequence[Any]]) -> None:
    """Counts in a JSON file beside the table, rows' numbers (from 0) of every kind in a Parquet file."""
    from pyarrow import parquet

    joined = {kind: np.concatenate(parts) for kind, parts in truth.items()}
    counts = {"rows": rows, "kinds": {kind: len(found) for kind, found in joined.items()}}
    path.with_suffix(".truth.json").write_text(json.dumps(counts, ensure_ascii=False, indent=1) + "\n")
    kinds = np.repeat(list(joined), [len(found) for found in joined.values()])
    table = pa.table({"kind": kinds, "row": np.concatenate(list(joined.values()))})
    parquet.write_table(table, path.with_suffix(".truth.parquet"))


def write_groups(
    path: Path, rows: int, group: int, make: Callable[[int, int], Sheet]
) -> dict[str, list[Any]]:
    """Stream a table to Parquet, a row group at a time; the truth beside it.  Returns the truth."""
    from pyarrow import parquet

    truth: dict[str, list[Any]] = {}
    writer = None
    try:
        for first in range(0, rows, group):
            sheet = make(first, min(group, rows - first))
            table = sheet.table()
            writer = writer or parquet.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table, row_group_size=group)
            for kind, found in sheet.truth.items():
                truth.setdefault(kind, []).append(found)
    finally:
        if writer:
            writer.close()
    write_truth(path, rows, truth)
    return truth

"""Rows handed to the checks without a file, cut into batches and coded as dictionaries at will."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kaishu.lake import arrow_type


@dataclass
class RowsInMemory:
    types: dict[str, str]
    values: dict[str, list[Any]]
    cut: int = 65_536
    coded: frozenset[str] = frozenset()

    @property
    def columns(self) -> Sequence[dict[str, str]]:
        return [{"name": name, "type": type} for name, type in self.types.items()]

    @property
    def rows(self) -> int:
        return len(next(iter(self.values.values())))

    def batches(self, columns: Sequence[str], *, size: int, dictionaries: bool) -> Iterable[pa.RecordBatch]:
        arrays = {name: pa.array(self.values[name], arrow_type(self.types[name])) for name in columns}
        arrays |= {name: arrays[name].dictionary_encode() for name in self.coded if name in arrays}
        return pa.table(arrays).to_batches(max_chunksize=self.cut)

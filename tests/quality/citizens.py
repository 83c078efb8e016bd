"""A small register of citizens and one of their enterprises, made once for all tests that ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyarrow import Table, parquet

from benchmarks.citizens import enterprises_for, make_citizens
from benchmarks.enterprises import make_enterprises

ROWS = 20_000


@dataclass(frozen=True)
class Register:
    """A Parquet file, its table, and the numbers of the rows (from 0) that carry each kind of defect."""

    path: Path
    table: Table
    truth: dict[str, set[int]]

    def rows(self, *kinds: str) -> set[int]:
        """Rows that carry any of these defects."""
        return set().union(*(self.truth[kind] for kind in kinds))


@cache
def citizens() -> Register:
    """20,000 citizens, 20 rows of each kind of defect, in two row groups."""
    path = _folder() / "citizens.parquet"
    return _register(path, make_citizens(path, ROWS, group=ROWS // 2))


@cache
def enterprises() -> Register:
    """The 1,000 enterprises that they work for, one row of each kind of defect."""
    path = _folder() / "enterprises.parquet"
    return _register(path, make_enterprises(path, enterprises_for(ROWS)))


def _folder() -> Path:
    return Path(_made().name)


@cache
def _made() -> TemporaryDirectory[str]:
    """Removed when the process ends."""
    return TemporaryDirectory(prefix="kaishu-citizens-")


def _register(path: Path, truth: dict[str, list[Any]]) -> Register:
    numbers = {kind: {int(row) for part in parts for row in part} for kind, parts in truth.items()}
    return Register(path, parquet.read_table(path), numbers)

"""A column of citizen ids read into numbers: CPU against the matrix product that one would write by hand.

    python -m benchmarks citizen_ids [--rows N] [--rounds K]

The peer takes the ids of the right length as rows of 18 bytes, and computes form, check digit and month and
day by numpy; it knows no division, no leap year, no number and no reason.  The column is held in memory;
reading it is left out.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.citizens import ID, make_citizens
from benchmarks.measure import line, measured, paired


def main(rows: int = 1_000_000, rounds: int = 3) -> list[dict[str, Any]]:
    """Run everything; one line of the report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "citizens.parquet"
        make_citizens(path, rows)
        done = paired("citizen_ids", {name: [str(path)] for name in _WAYS}, rounds)
    return [line("citizen ids", done["kaishu"], ("numpy", done["numpy"].cpu), 0.5, None)]


def kaishu(path: Path) -> None:
    """Form, division, date, check, number, birth and sex."""
    from kaishu.quality.kernels import read_citizen_ids

    chunks = _column(path)
    measured(lambda: None if all(read_citizen_ids(chunk).ok.any() for chunk in chunks) else 1.0)


def by_hand(path: Path) -> None:
    """Form, check digit, month and day."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    weights = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.float32)
    checks = np.frombuffer(b"10X98765432", np.uint8)
    chunks = _column(path)

    def work() -> None:
        for chunk in chunks:
            whole = chunk.filter(pc.equal(pc.binary_length(chunk), 18)).cast(pa.binary(18))
            cells = np.frombuffer(whole.buffers()[1], np.uint8).reshape(-1, 18)
            digits = cells[:, :17] - np.uint8(48)
            form = digits.max(axis=1) < 10
            total = (digits.astype(np.float32) @ weights).astype(np.int64)
            check = checks[total % 11] == cells[:, 17]
            month = digits[:, 10] * 10 + digits[:, 11]
            day = digits[:, 12] * 10 + digits[:, 13]
            assert (form & check & (month <= 12) & (day <= 31)).any()

    measured(work)


def _column(path: Path) -> list[Any]:
    from pyarrow import parquet

    return [batch.column(0) for batch in parquet.ParquetFile(path).iter_batches(1 << 16, columns=[ID])]


_WAYS = {"kaishu": kaishu, "numpy": by_hand}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        _WAYS[sys.argv[2]](Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:3]))

"""Files whose rows, one after the other, are a table's: those of the table, or copies where rows are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from kaishu.quality.checking import RowSource

#: Rows of one copied file: so many that a worker has something to do, so few that all workers have.
FILE_ROWS = 1_000_000
_BATCH_ROWS = 131_072


class FileSource(RowSource, Protocol):
    """Rows that lie in Parquet files; ``lake.TableData`` is one."""

    @property
    def files(self) -> Sequence[Path]:
        """The files in the order of the rows."""

    @property
    def plain(self) -> bool:
        """Whether the files one after the other are the rows."""


@contextmanager
def whole_files(data: FileSource, columns: Sequence[str]) -> Iterator[Sequence[Path]]:
    """The table's own files, or copies of these columns of the rows that are left, gone with the block.

    Copies lie in the folder for temporary files, which all machines of a cluster must see (``TMPDIR``).
    """
    if data.plain:
        yield data.files
        return
    with TemporaryDirectory(prefix="kaishu-spark-") as folder:
        yield _copies(data, columns, Path(folder))


def _copies(data: FileSource, columns: Sequence[str], folder: Path) -> list[Path]:
    from pyarrow.parquet import ParquetWriter

    made: list[Path] = []
    writer, room = None, 0
    try:
        for batch in data.batches(columns, size=_BATCH_ROWS, dictionaries=False):
            if room <= 0 and writer is not None:
                writer.close()
                writer = None
            if writer is None:
                made.append(folder / f"{len(made):06d}.parquet")
                writer, room = ParquetWriter(made[-1], batch.schema, compression="zstd"), FILE_ROWS
            writer.write_batch(batch)
            room -= batch.num_rows
    finally:
        if writer is not None:
            writer.close()
    return made

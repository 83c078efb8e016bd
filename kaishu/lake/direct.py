"""Files read for the moment: where they lie if possible, else in the lake's form; nothing is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.lake.parquet_file import DirectData, open_parquet

if TYPE_CHECKING:
    from kaishu.lake.parquet_folder import FolderData, LakeFolderData
    from kaishu.lake.passage import PassingData
    from kaishu.lake.reading import ReadOptions


@contextmanager
def reading_file(
    path: Path, options: ReadOptions | None = None, *, version: int | None = None
) -> Iterator[PassingData | DirectData | FolderData | LakeFolderData]:
    """The rows of any file: where it lies if possible, else read into the lake's form for the moment.

    A folder of Parquet files, or of a Delta table (as of a ``version``), is read where it lies.
    """
    if path.is_dir() or version is not None:
        from kaishu.lake.parquet_folder import open_folder

        yield open_folder(path, version)
        return
    direct = open_parquet(path) if options is None or options == type(options)() else None
    if direct is not None:
        yield direct
        return
    from kaishu.lake.passage import passing

    with passing(path, path.name, options) as data:
        yield data

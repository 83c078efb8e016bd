"""Columns of another file that rules refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kaishu.lake import reading_file
from kaishu.quality.errors import ReferenceColumnMissing, ReferenceMissing


@contextmanager
def reference_batches(folder: Path, file: str, columns: Sequence[str]) -> Iterator[Iterator[Any]]:
    """The columns of a file in batches; its path counts from the folder.

    Raises ``ReferenceMissing``, ``ReferenceColumnMissing`` and what reading raises.
    """
    path = folder / file
    if not path.is_file():
        raise ReferenceMissing(file=file)
    with reading_file(path) as data:
        known = [column["name"] for column in data.columns]
        for column in columns:
            if column not in known:
                raise ReferenceColumnMissing(file=file, column=column, known=", ".join(known))
        yield data.batches(list(dict.fromkeys(columns)))

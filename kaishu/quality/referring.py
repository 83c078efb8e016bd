"""Tables that rules of the platform refer to: datasets by name, never files of the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kaishu.base.errors import Said
from kaishu.lake import TableData, arrow_type
from kaishu.quality.errors import Problem
from kaishu.quality.marked import Marked, read_marked

#: Parameters of checks that name another table.
_KEYS = ("reference", "totals")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_BATCH = 65_536


def references(text: str, file: str = "rules") -> dict[str, int]:
    """Every table that the rules refer to, with the first line that does."""
    found: dict[str, int] = {}
    for name, line in _named(read_marked(text, file)):
        found.setdefault(name, line)
    return found


def reference_problems(text: str, file: str) -> list[Problem]:
    """References that are not the name of a dataset."""
    said = Said(
        "这里应写被参照数据集的标识（字母、数字和 - _），不是文件。",
        "The name of a dataset (letters, digits, - and _) stands here, not a file.",
    )
    return [
        Problem(line, "reference", said)
        for name, line in references(text, file).items()
        if not _NAME.fullmatch(name)
    ]


def put_references(folder: Path, tables: Mapping[str, TableData]) -> None:
    """Write the tables where rules look for files of these names."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    for name, data in tables.items():
        types = [(str(each["name"]), arrow_type(str(each["type"]))) for each in data.columns]
        schema = pa.schema(types)  # of the columns, so that a table without rows has them too
        with ParquetWriter(folder / name, schema) as writer:
            for batch in data.batches(schema.names, size=_BATCH):
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))


def _named(entry: Marked) -> Iterator[tuple[str, int]]:
    if isinstance(entry.value, dict):
        for key, value in entry.value.items():
            if key in _KEYS and not isinstance(value.value, dict | list):
                yield value.text, value.line
            yield from _named(value)
    elif isinstance(entry.value, list):
        for each in entry.value:
            yield from _named(each)

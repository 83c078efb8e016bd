"""A folder of Parquet files, or a Delta table as of one of its versions, read where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import Terminal
from kaishu.lake.parquet_file import DirectData, open_parquet
from kaishu.lake.table_data import BATCH_ROWS, TableData

if TYPE_CHECKING:
    import pyarrow as pa

_LOG = "_delta_log"


class FolderUnusable(Terminal):
    """A folder whose Parquet files cannot be read as one table."""

    code = "lake.folder-unusable"
    zh = "文件夹“{folder}”不能当作一张表读取：{reason}。"
    en = 'The folder "{folder}" cannot be read as a table: {reason_en}.'
    next_zh = "文件夹里应直接放着列相同的 Parquet 文件，或是不分区、没有删除向量的 Delta 表。"
    next_en = "Parquet files with the same columns, or a Delta table without partitions and deletion vectors."


class NoSuchFolderVersion(Terminal):
    """A folder does not have this version."""

    code = "lake.no-such-folder-version"
    zh = "“{folder}”没有第{version}版；只有 Delta 表的文件夹才有版本。"
    en = '"{folder}" has no version {version}; only folders of Delta tables have versions.'
    next_zh = "请核对版本号，或去掉 --version 读取最新的数据。"
    next_en = "Check the number, or leave out --version to read the newest data."


@dataclass(frozen=True)
class FolderData(TableData):
    """The rows of several Parquet files one after the other; there is no ``_id``."""

    parts: Sequence[DirectData]

    @property
    def files(self) -> list[Path]:
        """The files in the order of the rows."""
        return [part.path for part in self.parts]

    def batches(
        self,
        columns: Sequence[str] | None = None,
        ids: Any = None,
        size: int = BATCH_ROWS,
        *,
        dictionaries: bool = False,
    ) -> Iterator[pa.RecordBatch]:
        """The rows in order.  Raises ``DamagedFile``; rows cannot be chosen by ``ids``."""
        wanted = [str(column["name"]) for column in self.columns] if columns is None else columns
        for part in self.parts:
            yield from part.batches(wanted, ids, size, dictionaries=dictionaries)


def open_folder(path: Path, version: int | None = None) -> FolderData:
    """Parquet files by their names; of a Delta table those of a version (the newest if None).

    Raises ``FolderUnusable`` where files cannot be read where they lie or do not fit together, and
    ``NoSuchFolderVersion``.
    """
    if (path / _LOG).is_dir():
        files = _delta_files(path, version)
    elif version is not None:
        raise NoSuchFolderVersion(folder=path.name, version=version)
    else:
        files = sorted(file for file in path.glob("*.parquet") if file.is_file() and file.name[0] not in "._")
    if not files:
        raise _unusable(path, "", "其中没有 Parquet 文件", "it holds no Parquet file")
    parts = []
    for file in files:
        part = open_parquet(file)
        if part is None:
            raise _unusable(
                path, file.name, "的列不能直接读取", "has columns that cannot be read as they are"
            )
        parts.append(part)
    kinds = [{each["name"]: each["type"] for each in part.columns} for part in parts]
    for part, kind in zip(parts, kinds, strict=True):
        if kind != kinds[0]:
            raise _unusable(
                path, part.path.name, "与第一个文件的列不同", "has other columns than the first file"
            )
    return FolderData(columns=parts[0].columns, rows=sum(part.rows for part in parts), parts=parts)


def _delta_files(path: Path, version: int | None) -> list[Path]:
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        table = DeltaTable(str(path.absolute()), version=version)
    except (DeltaError, OSError, ValueError) as error:
        if version is None:
            raise _unusable(path, _LOG, "读不出", "cannot be read") from error
        raise NoSuchFolderVersion(folder=path.name, version=version) from error
    features = table.protocol().reader_features or ()
    if table.metadata().partition_columns or set(features) - {"timestampNtz"}:
        raise _unusable(
            path,
            "",
            "是分区的表，或含有删除向量等特性",
            "is partitioned, or has deletion vectors or the like",
        )
    return sorted(Path(each) for each in table.file_uris())


def _unusable(path: Path, file: str, zh: str, en: str) -> FolderUnusable:
    return FolderUnusable(folder=path.name, reason=f"{file}{zh}", reason_en=f"{file} {en}".strip())

"""A folder of Parquet files, or a Delta table as of one of its versions, read where it lies.

Of a table of a platform's lake, rows that later deliveries deleted or changed are gone, and the others come
in the order of ``_id``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import Terminal
from kaishu.lake.content import layers_of
from kaishu.lake.layers import Layer
from kaishu.lake.parquet_file import DirectData, kind_of, open_parquet
from kaishu.lake.table_data import BATCH_ROWS, TableData

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

_LOG = "_delta_log"
ID = "_id"


class FolderUnusable(Terminal):
    """A folder whose Parquet files cannot be read as one table."""

    code = "lake.folder-unusable"
    zh = "文件夹“{folder}”不能当作一张表读取：{reason}。"
    en = 'The folder "{folder}" cannot be read as a table: {reason_en}.'
    next_zh = "应是列相同的 Parquet 文件、平台数据湖里的表，或不分区、没有删除向量的 Delta 表。"
    next_en = (
        "Readable: Parquet files with the same columns, a table of a platform's lake, and Delta tables"
        " without partitions and deletion vectors."
    )


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


@dataclass(frozen=True)
class LakeFolderData(TableData):
    """What is left of the files of a platform's table, in the order of ``_id``, which is not shown."""

    left: Sequence[Layer]

    @property
    def layers(self) -> Sequence[Layer]:
        """The files, and the rows of each that are gone."""
        return self.left

    @property
    def files(self) -> list[Path]:
        """The files, of which ``layers`` tells what is left."""
        return [layer.path for layer in self.layers]

    def batches(
        self,
        columns: Sequence[str] | None = None,
        ids: Any = None,
        size: int = BATCH_ROWS,
        *,
        dictionaries: bool = False,
    ) -> Iterator[pa.RecordBatch]:
        """The rows in order.  Raises ``DamagedFile``."""
        wanted = [str(column["name"]) for column in self.columns] if columns is None else columns
        yield from super().batches(wanted, ids, size, dictionaries=dictionaries)


def open_folder(path: Path, version: int | None = None) -> FolderData | LakeFolderData:
    """Parquet files by their names; of a Delta table those of a version (the newest if None).

    Raises ``FolderUnusable`` where files cannot be read where they lie or do not fit together, and
    ``NoSuchFolderVersion``.
    """
    if (path / _LOG).is_dir():
        table = _delta_table(path, version)
        if _of_a_lake(table):
            return _lake_folder(path, table)
        files = _delta_files(path, table)
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


def _delta_table(path: Path, version: int | None) -> DeltaTable:
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        return DeltaTable(str(path.absolute()), version=version)
    except (DeltaError, OSError, ValueError) as error:
        if version is None:
            raise _unusable(path, _LOG, "读不出", "cannot be read") from error
        raise NoSuchFolderVersion(folder=path.name, version=version) from error


def _of_a_lake(table: DeltaTable) -> bool:
    """Whether a lake of ours wrote the table: it alone numbers the rows and says so in every commit."""
    fields = table.schema().fields
    commits = table.history(limit=1)
    return bool(fields and fields[0].name == ID and commits and "kaishuVersion" in commits[0])


def _lake_folder(path: Path, table: DeltaTable) -> LakeFolderData:
    from pyarrow.parquet import read_schema

    number = table.version()
    layers = layers_of(path.absolute(), number, "")
    if not layers:
        raise _unusable(path, "", "其中没有行", "it holds no rows")
    columns = [
        {"name": field.name, "type": kind_of(field.type)}
        for field in read_schema(layers[-1].path)
        if field.name != ID
    ]
    return LakeFolderData(
        columns=columns, rows=sum(layer.rows - layer.gone_rows for layer in layers), left=layers
    )


def _delta_files(path: Path, table: DeltaTable) -> list[Path]:
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

"""A table's Parquet files as one Spark frame whose rows have the numbers they have in the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kaishu.quality.engines.errors import SparkFailed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TYPES = {
    "text": "string",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp_ntz",
}
_GLOB = "\\{}[]*?"
NUMBER = "row"


class TableFrame:
    """Makes frames of some of a table's columns; the files are read by Spark, not by this process."""

    def __init__(self, spark: SparkSession, files: Sequence[Path], types: dict[str, str]) -> None:
        self.spark, self.types = spark, types
        self.first, self.groups = _numbered([file.absolute() for file in files])

    def of(self, columns: Sequence[str]) -> DataFrame:
        """``row``, from 1, and the columns under plain names, ``c0``, ``c1`` …, in the lake's types."""
        found: DataFrame | None = None
        for files in self.groups:
            part = self._read(files, columns)
            found = part if found is None else found.unionAll(part)
        if found is None:
            held = "".join(f", c{at} {_TYPES[self.types[name]]}" for at, name in enumerate(columns))
            return self.spark.createDataFrame([], f"{NUMBER} bigint{held}")
        return found

    def _read(self, files: Sequence[Path], columns: Sequence[str]) -> DataFrame:
        from pyspark.sql import functions as F  # noqa: N812

        frame = self.spark.read.parquet(*(_literal(file) for file in files))
        hidden = frame.metadataColumn("_metadata")
        wanted = [
            F.col(f"`{name.replace('`', '``')}`").cast(_TYPES[self.types[name]]).alias(f"c{at}")
            for at, name in enumerate(columns)
        ]
        index = hidden.getField("row_index")
        if len(files) == 1:
            return frame.select((index + F.lit(self.first[files[0]])).alias(NUMBER), *wanted)
        place = hidden.getField("file_path").alias("place")
        numbered = frame.select(place, index.alias("number"), *wanted)
        return numbered.join(F.broadcast(self._starts(frame, files)), "place").select(
            (F.col("number") + F.col("first")).alias(NUMBER), *(f"c{at}" for at in range(len(columns)))
        )

    def _starts(self, frame: DataFrame, files: Sequence[Path]) -> DataFrame:
        """Where each file begins, by the address that Spark gives it."""
        starts: list[Any] = []
        for address in frame.inputFiles():
            short = address.replace("file:///", "file:/", 1)
            starts.append((short, self.first[Path(unquote(short.removeprefix("file:")))]))
        if len(starts) != len(files):
            raise SparkFailed(reason=f"{len(starts)} of {len(files)} files were found")
        return self.spark.createDataFrame(starts, "place string, first bigint")


def _numbered(files: Sequence[Path]) -> tuple[dict[Path, int], list[list[Path]]]:
    """The number of each file's first row; files with rows grouped by how their columns are stored."""
    from pyarrow.parquet import ParquetFile

    first: dict[Path, int] = {}
    groups: list[tuple[Any, list[Path]]] = []
    number = 1
    for file in files:
        with ParquetFile(file) as opened:
            rows, schema = opened.metadata.num_rows, opened.schema_arrow.remove_metadata()
        first[file] = number
        number += rows
        if not rows:
            continue
        for known, held in groups:
            if known.equals(schema):
                held.append(file)
                break
        else:
            groups.append((schema, [file]))
    return first, [held for _, held in groups]


def _literal(file: Path) -> str:
    """The address of a local path in which no sign stands for other signs."""
    return "file:" + "".join(f"\\{sign}" if sign in _GLOB else sign for sign in str(file))

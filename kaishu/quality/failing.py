"""Failing rows with their keys and values: a few as a sample, all of them to a Parquet file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kaishu.quality.checks import Rows
from kaishu.quality.places import arrow_places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

_FLUSH = 65_536
_BETWEEN = "; "


class FailingFile:
    """Writes (rule, row, key, value), all but the row as text.  Nothing is left if the work breaks off."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self.path = path
        text = pa.string()
        self.schema = pa.schema([("rule", text), ("row", pa.int64()), ("key", text), ("value", text)])
        self._parts: list[Any] = []
        self._held = 0
        self._writer: Any = None

    def __enter__(self) -> FailingFile:
        from pyarrow.parquet import ParquetWriter

        self._part = self.path.with_name(f".{self.path.name}.part")
        self._writer = ParquetWriter(self._part, self.schema, compression="zstd")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()
            if kind is not None:
                self._part.unlink(missing_ok=True)
        if kind is None:
            self._part.replace(self.path)

    def add(self, rule: str, rows: Rows, places: Places, key: Sequence[str], columns: Sequence[str]) -> None:
        """The rows at these places of a batch."""
        import pyarrow as pa

        where = arrow_places(places)
        arrays = [
            pa.repeat(rule, len(places)),
            arrow_places(places + rows.first),
            written(rows, where, key),
            written(rows, where, columns),
        ]
        self.take(arrays)

    def add_examples(self, rule: str, examples: Sequence[Any]) -> None:
        """What failed without a row of its own."""
        import pyarrow as pa

        self.take(
            [
                pa.repeat(rule, len(examples)),
                pa.nulls(len(examples), pa.int64()),
                pa.array([each["key"] for each in examples], pa.string()),
                pa.array([each["value"] for each in examples], pa.string()),
            ]
        )

    def take(self, arrays: list[Any]) -> None:
        """Columns of the file, in its order."""
        import pyarrow as pa

        arrays = [each.cast(type) for each, type in zip(arrays, self.schema.types, strict=True)]
        self._parts.append(pa.record_batch(arrays, schema=self.schema))
        self._held += len(arrays[0])
        if self._held >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._parts:
            self._writer.write_table(pa.Table.from_batches(self._parts))
            self._parts, self._held = [], 0


def sample_of(rows: Rows, places: Places, key: Sequence[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    """{row, key, value} of the rows at these places."""
    where = arrow_places(places)
    keys, values = (written(rows, where, each).to_pylist() for each in (key, columns))
    found = zip(places.tolist(), keys, values, strict=True)
    return [{"row": place + rows.first, "key": one, "value": value} for place, one, value in found]


def written(rows: Rows, where: Any, columns: Sequence[str]) -> Any:
    """The columns' values as one text a row: the value itself, or ``a=1; b=2`` of several."""
    import pyarrow as pa
    import pyarrow.compute as pc

    taken = [_text(rows.array(column).take(where)) for column in columns]
    if not taken:
        return pa.nulls(len(where), pa.string())
    if len(taken) == 1:
        return taken[0]
    parts = [
        pc.binary_join_element_wise(f"{column}=", each, "", null_handling="replace", null_replacement="")
        for column, each in zip(columns, taken, strict=True)
    ]
    return pc.binary_join_element_wise(*parts, _BETWEEN)


def _text(array: Any) -> Any:
    import pyarrow as pa

    from kaishu.quality.checks import as_text

    plain = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    return as_text(plain).cast(pa.string())

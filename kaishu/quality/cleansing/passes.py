"""How far a cleansing is that reads its table more than once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaishu.quality.checking import RowSource
from kaishu.quality.cleansing.running import Progress
from kaishu.quality.cleansing.steps import StepList
from kaishu.quality.cleansing.treatments import TableTreatment


class Passes:
    """A table whose rows are counted as they are read; ``progress`` gets rows of all passes.

    A step that looks at the whole table reads it once, and once more if something occurs twice.
    """

    def __init__(self, data: RowSource, steps: StepList, progress: Progress | None) -> None:
        self._data, self._progress = data, progress
        whole = sum(isinstance(step.treatment, TableTreatment) for step in steps.steps)
        self._total, self._done = data.rows * (1 + 2 * whole), 0

    @property
    def columns(self) -> Sequence[Mapping[str, Any]]:
        """[{name, type}]."""
        return self._data.columns

    @property
    def rows(self) -> int:
        """How many rows."""
        return self._data.rows

    def batches(self, columns: Sequence[str], *, size: int, dictionaries: bool) -> Iterator[Any]:
        """The same as the table's own."""
        for batch in self._data.batches(columns, size=size, dictionaries=dictionaries):
            yield batch
            self._done += batch.num_rows
            if self._progress is not None:
                self._progress(min(self._done, self._total), self._total)

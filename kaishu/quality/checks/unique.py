"""No two rows have the same values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.quality.checks.check import Memory, Outcome, Rows, TableCheck, Tally, all_present
from kaishu.quality.checks.given import Given
from kaishu.quality.checks.not_null import filled
from kaishu.quality.hashing import Known, combined, repeated

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

_STRETCH = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique(TableCheck):
    """Every row of a group with the same values fails, or all but the first; a null or blank text leaves
    its row out."""

    kind: ClassVar[str] = "unique"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "唯一"
    en: ClassVar[str] = "is unique"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "columns": ("几列合起来", "columns taken together"),
        "first": (
            "fails（默认）或 passes：重复组的第一行算不算",
            "fails (default) or passes: the first row of a group",
        ),
    }
    columns: tuple[str, ...]
    first: str = "fails"

    @classmethod
    def read(cls, given: Given) -> Unique:
        return cls(columns=given.columns(), first=given.choice("first", ("fails", "passes"), "fails"))

    @property
    def reads(self) -> tuple[str, ...]:
        return self.columns

    def tally(self, memory: Memory, rule: str) -> Repeats:
        return Repeats(self.columns, nulls_count=False, spare_first=self.first == "passes")


def _filled(rows: Rows, columns: Sequence[str]) -> Mask | None:
    """Rows with something in every one of the columns; None if all have."""
    found = all_present(rows, columns)
    for column in columns:
        if rows.types[column] == "text":
            here = rows.by_value(column, "filled", filled)
            if not here.all():
                found = here if found is None else found & here
    return found


class Repeats(Tally):
    """Eight bytes for each row that is looked at, and its number where some were left out."""

    def __init__(self, columns: Sequence[str], *, nulls_count: bool, spare_first: bool) -> None:
        self.columns, self.nulls_count, self.spare_first = columns, nulls_count, spare_first
        self._codes: list[npt.NDArray[np.uint64]] = []
        self._spans: list[tuple[int, Numbers | None]] = []

    def add(self, rows: Rows, chosen: Mask | None) -> None:
        import numpy as np

        codes, here = self.codes(rows), self.here(rows, chosen)
        if here is None:
            self._codes.append(codes)
            self._spans.append((rows.first, None))
        else:
            self._codes.append(codes[here])
            self._spans.append((rows.first, np.flatnonzero(here).astype(np.int32)))

    def codes(self, rows: Rows) -> npt.NDArray[np.uint64]:
        """What must not repeat, as 64 bits a row."""
        return rows.once(
            ("codes", *self.columns), lambda: combined([rows.codes(column) for column in self.columns])
        )

    def here(self, rows: Rows, chosen: Mask | None) -> Mask | None:
        """Which of the chosen rows are compared; None: all."""
        if self.nulls_count or (there := _filled(rows, self.columns)) is None:
            return chosen
        return there if chosen is None else chosen & there

    def finish(self) -> Outcome:
        import numpy as np

        checked = sum(map(len, self._codes))
        if not checked:
            return Outcome(0, 0, np.zeros(0, np.int64))
        twice = Known(repeated(np.concatenate(self._codes)))
        numbers, codes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
        for held, (first, places) in zip(self._codes, self._spans, strict=True):
            hit = np.flatnonzero(twice.holds(held))
            if len(hit):
                numbers.append((hit if places is None else places[hit]).astype(np.int64) + first)
                codes.append(held[hit])
        found = np.concatenate(numbers)
        if self.spare_first and len(found):
            _, firsts = np.unique(np.concatenate(codes), return_index=True)
            found = np.delete(found, firsts)
        return Outcome(checked, len(found), found)

"""How many rows the table has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import Memory, Outcome, Rows, TableCheck, Tally
from kaishu.quality.checks.given import Given

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount(TableCheck):
    """The number of rows (those of ``when``) lies between two bounds, both included."""

    kind: ClassVar[str] = "row-count"
    dimension: ClassVar[str] = "completeness"
    zh: ClassVar[str] = "行数"
    en: ClassVar[str] = "has so many rows"
    parameters: ClassVar = {"min": ("至少", "at least"), "max": ("至多", "at most")}
    min: int | None = None
    max: int | None = None

    @classmethod
    def read(cls, given: Given) -> RowCount:
        given.need("min", "max")
        low, high = given.whole("min"), given.whole("max")
        if low is not None and high is not None and low > high:
            raise given.wrong("max", "max 小于 min", "max is less than min")
        return cls(min=low, max=high)

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def tally(self, memory: Memory, rule: str) -> _Count:
        return _Count(self)


class _Count(Tally):
    def __init__(self, check: RowCount) -> None:
        self.check, self.rows = check, 0

    def add(self, rows: Rows, chosen: Mask | None) -> None:
        self.rows += rows.length if chosen is None else int(chosen.sum())

    def finish(self) -> Outcome:
        low, high = self.check.min, self.check.max
        good = (low is None or self.rows >= low) and (high is None or self.rows <= high)
        examples = () if good else ({"key": None, "value": str(self.rows)},)
        note = Said(f"共{self.rows}行", f"{self.rows} rows")
        return Outcome(1, 0 if good else 1, examples=examples, notes=(note,), measures={"rows": self.rows})

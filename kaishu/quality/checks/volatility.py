"""A measure of the table has not moved too far since earlier checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import Memory, Outcome, Rows, TableCheck, Tally
from kaishu.quality.checks.given import Given

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

MEASURES = ("rows", "sum", "mean", "nulls", "distribution")
CLASSES = 1000
#: Stands for all classes after so many.
REST = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatility(TableCheck):
    """Compares with the mean of earlier measures; a distribution by the share that would have to move.

    Without an earlier measure nothing is checked.  The measure itself comes with the result.
    """

    kind: ClassVar[str] = "volatility"
    dimension: ClassVar[str] = "consistency"
    zh: ClassVar[str] = "波动"
    en: ClassVar[str] = "has not moved too far"
    parameters: ClassVar = {
        "measure": (f"{'、'.join(MEASURES)}，默认 rows", f"{', '.join(MEASURES)}; rows if left out"),
        "column": ("除 rows 外都需要", "a column, for all but rows"),
        "by": ("最多变动多少，如 20%", "how far it may move, as 20%"),
        "earlier": (
            "以往的数，新近的在后；平台上由以往检查给出",
            "earlier numbers, the latest last; a platform hands them in",
        ),
    }
    measure: str
    by: float
    column: str = ""
    earlier: tuple[float, ...] = ()

    @classmethod
    def read(cls, given: Given) -> Volatility:
        given.need("by")
        measure = given.choice("measure", MEASURES, "rows")
        columns = given.columns(most=1, optional=measure == "rows")
        by = given.number("by") or 0.0
        if by < 0:
            raise given.wrong("by", "不能小于0", "cannot be less than 0")
        try:
            earlier = tuple(float(each) for each in given.texts("earlier"))
        except ValueError as error:
            raise given.wrong("earlier", "应为数的列表", "should be a list of numbers") from error
        return cls(measure=measure, column=columns[0] if columns else "", by=by, earlier=earlier)

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,) if self.column else ()

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        if self.measure in ("sum", "mean") and types[self.column] not in ("integer", "number"):
            yield Said(f"“{self.column}”列不是数", f'column "{self.column}" holds no numbers')

    def tally(self, memory: Memory, rule: str) -> _Measure:
        handed = [each[self.measure] for each in memory.setting.earlier.get(rule, ()) if self.measure in each]
        return _Measure(self, [*self.earlier, *handed])


class _Measure(Tally):
    def __init__(self, check: Volatility, earlier: list[Any]) -> None:
        self.check, self.earlier = check, earlier
        self.rows = self.present = 0
        self.sum: int | float = 0
        self.classes: dict[str, int] = {}

    def add(self, rows: Rows, chosen: Mask | None) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        self.rows += rows.length if chosen is None else int(chosen.sum())
        if not self.check.column:
            return
        array = rows.plain(self.check.column)
        array = array if chosen is None else array.filter(pa.array(chosen))
        self.present += len(array) - array.null_count
        if self.check.measure in ("sum", "mean"):
            try:
                self.sum += pc.sum(array).as_py() or 0
            except pa.ArrowInvalid:
                self.sum += sum(each for each in array.to_pylist() if each is not None)
        elif self.check.measure == "distribution":
            self._count(array)

    def _count(self, array: Any) -> None:
        from kaishu.quality.checks.check import as_text

        for each in as_text(array).drop_null().value_counts():
            name = str(each["values"].as_py())
            if name not in self.classes and len(self.classes) >= CLASSES:
                name = REST
            self.classes[name] = self.classes.get(name, 0) + each["counts"].as_py()

    def measured(self) -> Any:
        """The measure; None of nothing."""
        if self.check.measure == "rows":
            return self.rows
        if self.check.measure == "sum":
            return self.sum
        if self.check.measure == "nulls":
            return (self.rows - self.present) / self.rows if self.rows else None
        if self.check.measure == "mean":
            return self.sum / self.present if self.present else None
        return dict(self.classes)

    def finish(self) -> Outcome:
        now = self.measured()
        measures = {self.check.measure: now}
        if not self.earlier or now is None:
            note = Said("没有以往的数可比", "there is nothing earlier to compare with")
            return Outcome(0, 0, notes=(note,), measures=measures)
        if self.check.measure == "distribution":
            moved = _distance(now, self.earlier[-1])
        else:
            before = sum(self.earlier) / len(self.earlier)
            moved = abs(now - before) if self.check.measure == "nulls" else _change(before, now)
        good = moved <= self.check.by
        note = Said(
            f"变动{moved:.2%}，允许{self.check.by:.2%}", f"moved by {moved:.2%}, {self.check.by:.2%} allowed"
        )
        shown = f"{moved:.2%}" if self.check.measure == "distribution" else str(now)
        examples = () if good else ({"key": None, "value": shown},)
        return Outcome(1, 0 if good else 1, examples=examples, notes=(note,), measures=measures)


def _change(before: float, now: float) -> float:
    if before == now:
        return 0.0
    return abs(now - before) / abs(before) if before else float("inf")


def _distance(now: Mapping[str, int], before: Mapping[str, int]) -> float:
    """Half the sum of differences of shares: 0 the same, 1 nothing in common."""
    whole, earlier = sum(now.values()) or 1, sum(before.values()) or 1
    names = {*now, *before}
    return sum(abs(now.get(name, 0) / whole - before.get(name, 0) / earlier) for name in names) / 2

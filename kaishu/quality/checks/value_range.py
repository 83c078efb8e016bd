"""The value lies between two bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import RowCheck, Rows, Verdict, failing
from kaishu.quality.checks.given import Given
from kaishu.quality.days import days_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

Bound = int | float | str | date | datetime | None
TODAY = "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(RowCheck):
    """Numbers, dates, times or texts; the bounds belong to the range unless ``exclusive``.

    Text under bounds that are numbers or dates is read as such; what cannot be read is not in the range.
    """

    kind: ClassVar[str] = "range"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "值域"
    en: ClassVar[str] = "lies in a range"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "min": ("下限：数、日期、文字或 today", "lower bound: a number, a date, a text or today"),
        "max": ("上限，写法相同", "upper bound, written the same way"),
        "exclusive": ("true：不含两端", "true: the bounds are outside"),
    }
    column: str
    min: Bound = None
    max: Bound = None
    exclusive: bool = False

    @classmethod
    def read(cls, given: Given) -> Range:
        given.need("min", "max")
        low, high = given.bound("min"), given.bound("max")
        found = {_family(each) for each in (low, high) if each is not None}
        if len(found) > 1:
            raise given.wrong("max", "min 与 max 不是同一类值", "min and max are not of one kind")
        return cls(column=given.column(), min=low, max=high, exclusive=given.flag("exclusive"))

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def family(self) -> str:
        """number, date or text."""
        return _family(self.min if self.min is not None else self.max)

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        stored = types[self.column]
        fits = {
            "number": ("text", "integer", "number"),
            "date": ("text", "date", "datetime"),
            "text": ("text",),
        }[self.family]
        if stored not in fits:
            yield Said(
                f"“{self.column}”列是 {stored}，界限却是 {self.family}",
                f'column "{self.column}" is {stored}, its bounds are {self.family}',
            )

    def judge(self, rows: Rows) -> Verdict:
        import numpy as np

        values, good = self._values(rows)
        with np.errstate(invalid="ignore"):
            for bound, sign in ((self.min, 1), (self.max, -1)):
                if bound is not None:
                    good = good & self._compare(values, self._bound(bound, rows), sign)
        return failing(good, rows.present(self.column))

    def _values(self, rows: Rows) -> tuple[Any, Mask]:
        import numpy as np
        import pyarrow as pa

        stored, column = rows.types[self.column], self.column
        good = np.ones(rows.length, bool)
        if self.family == "text":
            return rows.text(column), good
        array = rows.plain(column)
        if stored == "text" and self.family == "date":
            return rows.once(("days", column), lambda: days_of(array))
        if stored == "text":
            return rows.once(("numbers", column), lambda: _numbers(array))
        if stored in ("date", "datetime"):
            unit = pa.int32() if stored == "date" else pa.int64()
            days = array.view(unit).fill_null(0).to_numpy(zero_copy_only=False)
            return (days if stored == "date" else days // 86_400_000_000), good
        return array.fill_null(0).to_numpy(zero_copy_only=False), good

    def _bound(self, bound: Bound, rows: Rows) -> Any:
        if bound == TODAY:
            bound = rows.today
        if isinstance(bound, datetime):
            bound = bound.date()
        return (bound - date(1970, 1, 1)).days if isinstance(bound, date) else bound

    def _compare(self, values: Any, bound: Any, sign: int) -> Mask:
        if isinstance(bound, str):
            import pyarrow.compute as pc

            names = {1: ("greater_equal", "greater"), -1: ("less_equal", "less")}
            found = getattr(pc, names[sign][self.exclusive])(values, bound)
            texts: Mask = found.fill_null(False).to_numpy(zero_copy_only=False)
            return texts
        if sign == 1:
            least: Mask = values > bound if self.exclusive else values >= bound
            return least
        most: Mask = values < bound if self.exclusive else values <= bound
        return most


def _family(bound: Bound) -> str:
    if bound == TODAY or isinstance(bound, date):
        return "date"
    return "text" if isinstance(bound, str) else "number"


def _numbers(texts: Any) -> tuple[Any, Mask]:
    import numpy as np

    from kaishu.quality.expressions import numbers_of

    found = numbers_of(texts)
    good = found.is_valid().to_numpy(zero_copy_only=False)
    return np.asarray(found.fill_null(0).to_numpy(zero_copy_only=False)), good

"""The newest date is recent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import Memory, Outcome, Rows, TableCheck, Tally, present
from kaishu.quality.checks.given import Given
from kaishu.quality.days import days_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness(TableCheck):
    """The newest date of a column, days after today left out, is at most so many days old."""

    kind: ClassVar[str] = "freshness"
    dimension: ClassVar[str] = "timeliness"
    zh: ClassVar[str] = "时效"
    en: ClassVar[str] = "is fresh"
    parameters: ClassVar = {
        "column": ("日期列", "a column of dates"),
        "days": ("最多几天前", "at most so many days ago"),
    }
    column: str
    days: int

    @classmethod
    def read(cls, given: Given) -> Freshness:
        given.need("days")
        return cls(column=given.column(), days=given.whole("days") or 0)

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        if types[self.column] not in ("text", "date", "datetime"):
            yield Said(f"“{self.column}”列不是日期", f'column "{self.column}" holds no dates')

    def tally(self, memory: Memory, rule: str) -> _Newest:
        return _Newest(self, (memory.setting.today - date(1970, 1, 1)).days)


class _Newest(Tally):
    def __init__(self, check: Freshness, today: int) -> None:
        self.check, self.today = check, today
        self.newest: int | None = None

    def add(self, rows: Rows, chosen: Mask | None) -> None:
        import numpy as np
        import pyarrow as pa

        array, stored = rows.plain(self.check.column), rows.types[self.check.column]
        if stored == "text":
            days, good = days_of(array)
        else:
            here = present(array)
            good = np.ones(len(array), bool) if here is None else here
            numbers = array.view(pa.int32() if stored == "date" else pa.int64()).fill_null(0)
            days = numbers.to_numpy(zero_copy_only=False)
            days = days if stored == "date" else days // 86_400_000_000
        good = good & (days <= self.today) if chosen is None else good & (days <= self.today) & chosen
        if good.any():
            self.newest = max(int(days[good].max()), -(1 << 40) if self.newest is None else self.newest)

    def finish(self) -> Outcome:
        if self.newest is None:
            note = Said("没有今天以前的日期", "there is no date up to today")
            return Outcome(1, 1, examples=({"key": None, "value": None},), notes=(note,))
        age = self.today - self.newest
        newest = (date(1970, 1, 1) + timedelta(self.newest)).isoformat()
        good = age <= self.check.days
        note = Said(f"最新日期{newest}，{age}天前", f"the newest date is {newest}, {age} days ago")
        examples = () if good else ({"key": None, "value": newest},)
        return Outcome(1, 0 if good else 1, examples=examples, notes=(note,), measures={"newest": newest})

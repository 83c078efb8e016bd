"""No row is there twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.check import Memory, TableCheck
from kaishu.quality.checks.given import Given
from kaishu.quality.checks.unique import Repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueRow(TableCheck):
    """All columns taken together, but for those left out; two nulls are the same here."""

    kind: ClassVar[str] = "unique-row"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "整行不重复"
    en: ClassVar[str] = "is not a repeated row"
    parameters: ClassVar = {
        "except": ("不比较的列，如序号", "columns that are not compared, such as a serial number"),
        "first": (
            "fails（默认）或 passes：重复组的第一行算不算",
            "fails (default) or passes: the first row of a group",
        ),
    }
    without: tuple[str, ...] = ()
    first: str = "fails"

    @classmethod
    def read(cls, given: Given) -> UniqueRow:
        return cls(without=given.texts("except"), first=given.choice("first", ("fails", "passes"), "fails"))

    @property
    def reads(self) -> tuple[str, ...]:
        return self.without

    def needs(self, types: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(column for column in types if column not in self.without)

    def tally(self, memory: Memory, rule: str) -> Repeats:
        columns = self.needs(memory.setting.types)
        return Repeats(columns, nulls_count=True, spare_first=self.first == "passes")

"""A rule made of other rules, one of which must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.all_of import OF
from kaishu.quality.checks.check import RowCheck, Rows, Verdict, columns_together, problems_together
from kaishu.quality.checks.given import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(RowCheck):
    """A row fails if every rule that looks at it fails; where none looks it is not looked at."""

    kind: ClassVar[str] = "any-of"
    dimension: ClassVar[str] = "conformity"
    zh: ClassVar[str] = "满足其一"
    en: ClassVar[str] = "fulfils one of several rules"
    parameters: ClassVar = {"of": OF}
    of: tuple[RowCheck, ...]

    @classmethod
    def read(cls, given: Given) -> AnyOf:
        members = given.rules("of")
        if any(not isinstance(each, RowCheck) for each in members):
            raise given.wrong(
                "of", "这里只能用逐行的规则", "only rules about rows by themselves can stand here"
            )
        return cls(of=tuple(each for each in members if isinstance(each, RowCheck)))

    @property
    def reads(self) -> tuple[str, ...]:
        return columns_together(self.of)

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        yield from problems_together(self.of, types)

    def judge(self, rows: Rows) -> Verdict:
        import numpy as np

        looked, fails = np.zeros(rows.length, bool), np.ones(rows.length, bool)
        for each in self.of:
            verdict = each.judge(rows)
            looked |= True if verdict.looked is None else verdict.looked
            fails &= verdict.fails if verdict.looked is None else verdict.fails | ~verdict.looked
        return Verdict(fails & looked, looked)

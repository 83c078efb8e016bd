"""The text has a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kaishu.quality.checks.check import RowCheck, Rows, Verdict, failing
from kaishu.quality.checks.given import Given
from kaishu.quality.patterns import matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(RowCheck):
    """The whole value fits a pattern (or holds it anywhere); ``negated``: it must not."""

    kind: ClassVar[str] = "pattern"
    dimension: ClassVar[str] = "accuracy"
    zh: ClassVar[str] = "格式"
    en: ClassVar[str] = "fits a pattern"
    parameters: ClassVar = {
        "column": ("一列", "a column"),
        "pattern": ("RE2 语法的模式，对整个值", "a pattern in RE2's syntax, for the whole value"),
        "anywhere": ("true：出现在任何位置即可", "true: anywhere inside the value will do"),
        "negated": ("true：不得出现", "true: it must not fit"),
    }
    column: str
    pattern: str
    anywhere: bool = False
    negated: bool = False

    @classmethod
    def read(cls, given: Given) -> Pattern:
        given.need("pattern")
        return cls(
            column=given.column(),
            pattern=given.pattern("pattern"),
            anywhere=given.flag("anywhere"),
            negated=given.flag("negated"),
        )

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.column,)

    def judge(self, rows: Rows) -> Verdict:
        key = (self.kind, self.pattern, self.anywhere)
        fits = rows.by_value(
            self.column,
            key,
            lambda texts: (
                matches(texts, self.pattern, anywhere=self.anywhere)
                .fill_null(True)
                .to_numpy(zero_copy_only=False)
            ),
        )
        return failing(~fits if self.negated else fits, rows.present(self.column))

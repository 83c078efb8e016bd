"""A condition between the columns of a row holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks.check import RowCheck, Rows, Verdict
from kaishu.quality.checks.given import Given
from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions import Expression, columns_of, truth, type_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds(RowCheck):
    """A row fails if the condition is false; where it is unknown because of a null the row is not looked at.

    A row in which something is divided by zero fails, and the finding says so.
    """

    kind: ClassVar[str] = "expression"
    dimension: ClassVar[str] = "consistency"
    zh: ClassVar[str] = "列间关系"
    en: ClassVar[str] = "fulfils a condition"
    parameters: ClassVar = {
        "expression": ("列之间的条件", "a condition between columns"),
    }
    expression: Expression

    @classmethod
    def read(cls, given: Given) -> Holds:
        given.need("expression")
        return cls(expression=given.expression("expression"))

    @property
    def reads(self) -> tuple[str, ...]:
        return columns_of(self.expression)

    def unsuitable(self, types: Mapping[str, str]) -> Iterator[Said]:
        yield from condition_problems(self.expression, types)

    def judge(self, rows: Rows) -> Verdict:
        true, known, troubled = rows.once(("truth", self.expression), lambda: truth(self.expression, rows))
        fails = known & ~true
        if troubled is None:
            return Verdict(fails, known)
        return Verdict(fails | troubled, known | troubled, troubled)


def condition_problems(expression: Expression, types: Mapping[str, str]) -> Iterator[Said]:
    """Why an expression is no condition over columns of these types."""
    try:
        found = type_of(expression, types)
    except BadExpression as error:
        yield error.said
        return
    if found not in ("boolean", "null"):
        yield Said("表达式应得出成立或不成立", "the expression should be true or false")

"""What treatments of whole rows share: a condition, or a check that rows fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import CHECKS, Check, Given, RowCheck, Wrong, condition_problems
from kaishu.quality.cleansing.treatments.treatment import RowTreatment, Types, View
from kaishu.quality.expressions import Expression, columns_of, truth

if TYPE_CHECKING:
    from typing import Self

    import polars as pl

    from kaishu.quality.marked import Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing(RowTreatment):
    """Rows for which a condition is true, or that fail a check."""

    parameters: ClassVar = {
        "condition": ("条件，写法同规则的 expression", "a condition, as the expression of a rule"),
        "failing": (
            "一项检查，写法同规则，如 {check: citizen-id, column: 号码}：不合格的行",
            "a check as in a rule, such as {check: citizen-id, column: id}: the rows that fail it",
        ),
    }
    condition: Expression | None = None
    failing: RowCheck | None = None

    @classmethod
    def read(cls, given: Given) -> Self:
        given.need("condition", "failing")
        if given.has("condition") and given.has("failing"):
            raise given.wrong("failing", "condition 与 failing 只能写一个", "either condition or failing")
        if given.has("condition"):
            return cls(condition=given.expression("condition"))
        return cls(failing=_row_check(given.entries["failing"]))

    def reads(self, types: Types) -> tuple[str, ...]:
        if self.condition is not None:
            return columns_of(self.condition)
        assert self.failing is not None
        named = self.failing.reads
        return named if any(each not in types for each in named) else self.failing.needs(types)

    def unsuitable(self, types: Types) -> Iterator[Said]:
        if self.condition is not None:
            yield from condition_problems(self.condition, types)
        elif self.failing is not None:
            yield from self.failing.unsuitable(types)

    def chooses(self, view: View) -> pl.Series:
        import polars as pl

        if self.condition is not None:
            return pl.Series(truth(self.condition, view)[0])
        assert self.failing is not None
        return pl.Series(self.failing.judge(view.rows).fails)


def _row_check(entry: Marked) -> RowCheck:
    found = _check(entry)
    if not isinstance(found, RowCheck):
        raise Wrong(
            entry.line,
            "failing",
            f"{found.kind} 要看其他行，不能用在这里",
            f"{found.kind} looks at other rows and cannot stand here",
        )
    return found


def _check(entry: Marked) -> Check:
    if not isinstance(entry.value, dict):
        raise Wrong(entry.line, "failing", "应为一项检查", "should be a check")
    given = Given(entry.value, entry.line, _check)
    given.need("check")
    kind = given.choice("check", tuple(CHECKS))
    for name, each in entry.value.items():
        if name not in ("check", *CHECKS[kind].parameters):
            raise Wrong(each.line, f"failing.{name}", "没有这个键", "unknown key")
    return CHECKS[kind].read(given)

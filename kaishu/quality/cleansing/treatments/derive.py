"""A column from others, by an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from kaishu.base.errors import Said
from kaishu.quality.checks import Given
from kaishu.quality.cleansing.treatments.treatment import CellTreatment, Outcome, Types, View, dtype_of, where
from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions import Expression, columns_of, type_of
from kaishu.quality.expressions.values import Running

_NOTHING = Said("表达式得不出值", "the expression gives no value")
_ZERO = Said("除以了零", "something is divided by zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Derive(CellTreatment):
    """What an expression gives, into a new column or one that is there.

    A cell that has a value stays, and is listed, where the expression gives none.
    """

    kind: ClassVar[str] = "derive"
    zh: ClassVar[str] = "推算"
    en: ClassVar[str] = "a column from others"
    parameters: ClassVar = {
        "column": ("得出的列，可以是新列", "the column that comes of it; it may be new"),
        "expression": ("列之间的表达式，写法同规则", "an expression between columns, as in rules"),
    }
    column: str
    expression: Expression

    @classmethod
    def read(cls, given: Given) -> Derive:
        given.need("expression")
        return cls(column=given.column(), expression=given.expression("expression"))

    def reads(self, types: Types) -> tuple[str, ...]:
        own = [self.column] if self.column in types else []
        return tuple(dict.fromkeys((*columns_of(self.expression), *own)))

    def writes(self, types: Types) -> dict[str, str]:
        if self.column in types:
            return {self.column: types[self.column]}
        found = type_of(self.expression, types)
        return {self.column: "text" if found == "null" else found}

    def unsuitable(self, types: Types) -> Iterator[Said]:
        try:
            found = type_of(self.expression, types)
        except BadExpression as error:
            yield error.said
            return
        there = types.get(self.column, found)
        if found not in ("null", "number" if there == "integer" else there):
            yield Said(
                f"表达式得出 {found}，而“{self.column}”列是 {there}；可用 text()、number()、date() 转换",
                f'the expression gives {found}, and the column "{self.column}" is {there}; text(), '
                "number() and date() convert",
            )

    def apply(self, view: View) -> Mapping[str, Outcome]:
        import polars as pl
        import pyarrow as pa

        running = Running(view)
        value = running.value(self.expression.root)
        if isinstance(value, pa.Scalar):
            value = pa.repeat(value, view.length)
        type = self.writes(view.types)[self.column]
        new = pl.Series(value).cast(dtype_of(type), strict=False)
        if type == "integer" and pa.types.is_floating(value.type):
            exact = (pl.Series(value) == new.cast(pl.Float64)).fill_null(False)
            new = new.set(~exact, None)
        nothing = new.is_null() | (new.is_nan() if type == "number" else new.is_null())
        zeros = pl.Series(running.zeros) if running.zeros is not None else None
        if self.column not in view.frame.columns:
            cells = new.set(nothing, None)
            return {self.column: Outcome(cells, None if zeros is None else zeros & nothing, _ZERO)}
        old = view.frame[self.column]
        refused = nothing & old.is_not_null()
        return {self.column: Outcome(where(nothing, old, new), refused, _NOTHING)}

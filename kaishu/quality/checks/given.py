"""The parameters of one check as they were written in a rule."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import Said
from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions import Expression, parse_expression
from kaishu.quality.marked import Marked
from kaishu.quality.patterns import pattern_problem

if TYPE_CHECKING:
    from kaishu.quality.checks.check import Check


class Wrong(Exception):
    """Something is wrong at this line and key; never leaves the parsing of rules."""

    def __init__(self, line: int, key: str, zh: str, en: str) -> None:
        self.line, self.key, self.said = line, key, Said(zh, en)
        super().__init__(en)


class Given:
    """Reads parameters one by one; raises ``Wrong`` with the line.  ``nested`` reads a rule in a rule."""

    def __init__(
        self, entries: dict[str, Marked], line: int, nested: Callable[[Marked], Check] | None = None
    ) -> None:
        self.entries, self.line, self._nested = entries, line, nested

    def has(self, name: str) -> bool:
        """Was it written, and not as null?"""
        return name in self.entries and self.entries[name].value is not None

    def wrong(self, name: str, zh: str, en: str) -> Wrong:
        """An error at a parameter."""
        entry = self.entries.get(name)
        return Wrong(entry.line if entry else self.line, name, zh, en)

    def need(self, *names: str) -> None:
        """At least one of them must be there."""
        if not any(self.has(name) for name in names):
            listed = "、".join(names)
            raise Wrong(self.line, names[0], f"缺少 {listed}", f"{' or '.join(names)} is missing")

    def text(self, name: str, default: str = "") -> str:
        """A text as written."""
        if not self.has(name):
            return default
        entry = self.entries[name]
        if isinstance(entry.value, dict | list):
            raise self.wrong(name, "应为一个值", "one value should stand here")
        return entry.text

    def choice(self, name: str, among: Sequence[str], default: str = "") -> str:
        """One of a few words."""
        found = self.text(name, default)
        if found not in among and (found or self.has(name)):
            raise self.wrong(name, f"应为 {'、'.join(among)} 之一", f"should be one of {', '.join(among)}")
        return found

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        if not self.has(name):
            return default
        found = self.entries[name].value
        if not isinstance(found, bool):
            raise self.wrong(name, "应为 true 或 false", "should be true or false")
        return found

    def whole(self, name: str, default: int | None = None) -> int | None:
        """A whole number, not negative."""
        if not self.has(name):
            return default
        found = self.entries[name].value
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 1 << 62:
            raise self.wrong(name, "应为不小于0的整数", "should be a whole number, 0 or more")
        return found

    def number(self, name: str, default: float | None = None) -> float | None:
        """A finite number; ``5%`` is 0.05."""
        if not self.has(name):
            return default
        found = share_or_number(self.entries[name])
        if found is None:
            raise self.wrong(name, "应为数", "should be a number")
        return found

    def bound(self, name: str) -> int | float | date | datetime | str | None:
        """A number, a date, a time or a text to compare with."""
        if not self.has(name):
            return None
        found = self.entries[name].value
        if isinstance(found, str | int | float | date) and not isinstance(found, bool):
            return found
        raise self.wrong(name, "应为数、日期或文字", "should be a number, a date or a text")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts as written, or a single one."""
        if not self.has(name):
            return ()
        entry = self.entries[name]
        listed = entry.value if isinstance(entry.value, list) else [entry]
        if not listed or any(isinstance(each.value, dict | list) or each.value is None for each in listed):
            raise self.wrong(name, "应为值的列表", "should be a list of values")
        return tuple(each.text for each in listed)

    def columns(self, *, most: int | None = None, optional: bool = False) -> tuple[str, ...]:
        """The columns, written as ``column`` or ``columns``."""
        if self.has("column") and self.has("columns"):
            raise self.wrong("columns", "column 与 columns 只能写一个", "either column or columns, not both")
        if not optional:
            self.need("column", "columns")
        found = self.texts("columns" if self.has("columns") else "column")
        name = "columns" if self.has("columns") else "column"
        if len(set(found)) != len(found):
            raise self.wrong(name, "列有重复", "a column is repeated")
        if most is not None and len(found) > most:
            raise self.wrong(name, f"最多{most}列", f"at most {most} columns")
        return found

    def column(self) -> str:
        """The only column."""
        return self.columns(most=1)[0]

    def pattern(self, name: str) -> str:
        """A pattern in RE2's syntax."""
        found = self.text(name)
        if self.has(name) and (problem := pattern_problem(found)):
            raise self.wrong(name, str(problem), problem.en)
        return found

    def expression(self, name: str) -> Expression:
        """An expression."""
        try:
            return parse_expression(self.text(name))
        except BadExpression as error:
            raise self.wrong(name, str(error.said), error.said.en) from error

    def rules(self, name: str) -> tuple[Check, ...]:
        """Rules inside this one, written out or named by id."""
        self.need(name)
        listed = self.entries[name].value
        if not isinstance(listed, list) or not listed or self._nested is None:
            raise self.wrong(name, "应为规则的列表", "should be a list of rules")
        return tuple(self._nested(each) for each in listed)


def share_or_number(entry: Marked) -> float | None:
    """``5%`` as 0.05, a number as it is, anything else None."""
    value: Any = entry.value
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d+(\.\d+)?\s*[%％]\s*", value):
        return float(value.strip().rstrip("%％")) / 100
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)

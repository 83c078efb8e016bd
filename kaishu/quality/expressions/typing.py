"""Which type an expression has; what cannot be compared is found before any row is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce

from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions.functions import FUNCTIONS
from kaishu.quality.expressions.tree import Expression, Literal, Name, Node, Operation

Types = Mapping[str, str]
_WORDS = {
    "text": ("文字", "text"),
    "number": ("数", "a number"),
    "date": ("日期", "a date"),
    "datetime": ("时间", "a time"),
    "boolean": ("是否", "true or false"),
    "null": ("空", "null"),
}
_OF_COLUMN = {"integer": "number"}


def type_of(expression: Expression, columns: Types) -> str:
    """text, number, date, datetime, boolean or null.  Raises ``BadExpression``.

    ``columns`` gives the lake's types; every column the expression names must be among them.
    """
    return _Checker(expression.text, columns).type(expression.root)


def kind_of(node: Node, columns: Types) -> str:
    """The same of one node that is known to be right."""
    return _Checker("", columns).type(node)


def met(left: str, right: str) -> str | None:
    """The type in which values of both are compared: text is read as what the other one is."""
    for one, other in ((left, right), (right, left)):
        if one in ("null", other):
            return other
        if one == "text" and other in ("number", "date", "datetime"):
            return other
        if (one, other) == ("date", "datetime"):
            return "datetime"
    return None


class _Checker:
    def __init__(self, text: str, columns: Types) -> None:
        self.text, self.columns = text, columns

    def wrong(self, node: Node, zh: str, en: str) -> BadExpression:
        return BadExpression(text=self.text, place=node.place, reason_zh=zh, reason_en=en)

    def type(self, node: Node) -> str:
        if isinstance(node, Literal):
            return _literal(node.value)
        if isinstance(node, Name):
            stored = self.columns[node.column]
            return _OF_COLUMN.get(stored, stored)
        types = [self.type(each) for each in node.of]
        if node.name in FUNCTIONS:
            return self.function(node, types)
        return self.operator(node, types)

    def operator(self, node: Operation, types: Sequence[str]) -> str:
        name = node.name
        if name in ("and", "or", "not"):
            self.all(node, "boolean")
        elif name == "matches":
            self.all(Operation(name, node.of[:1], node.place), "text")
            self.pattern(node)
        elif name in ("+", "-", "*", "/", "%", "negative"):
            return self.arithmetic(node, types)
        elif name not in ("is null", "is not null"):
            self.compared(node.of)
        return "boolean"

    def arithmetic(self, node: Operation, types: Sequence[str]) -> str:
        times = ("date", "datetime")
        if node.name == "-" and types[0] in times and types[1] in times:
            return "number"
        if node.name in ("+", "-") and types[0] in times and types[1] == "number":
            return "date"
        self.all(node, "number")
        return "number"

    def function(self, node: Operation, types: Sequence[str]) -> str:
        function = FUNCTIONS[node.name]
        same: list[Node] = []
        for place, each in enumerate(node.of):
            wanted = function.takes[min(place, len(function.takes) - 1)]
            if wanted == "same":
                same.append(each)
            elif wanted != "any":
                self.all(Operation(node.name, (each,), node.place), wanted)
        shared = self.compared(same) if same else ""
        return shared if function.gives == "same" else function.gives

    def all(self, node: Operation, wanted: str) -> None:
        for each in node.of:
            found = self.type(each)
            fits = found in (wanted, "null") or (wanted == "date" and found in ("datetime", "text"))
            if not fits and not (wanted == "number" and found == "text"):
                zh, en = _WORDS[found]
                raise self.wrong(
                    each,
                    f"此处应为{_WORDS[wanted][0]}，却是{zh}",
                    f"{_WORDS[wanted][1]} should stand here, not {en}",
                )
            self.readable(each, wanted)

    def compared(self, of: Sequence[Node]) -> str:
        """The one type in which all are compared."""
        shared = "null"
        for each in of:
            found = self.type(each)
            both = met(shared, found)
            if both is None:
                one, other = _WORDS[shared], _WORDS[found]
                raise self.wrong(
                    each, f"{one[0]}不能与{other[0]}相比", f"{one[1]} cannot be compared with {other[1]}"
                )
            shared = both
        for each in of:
            self.readable(each, shared)
        return shared

    def readable(self, node: Node, wanted: str) -> None:
        """A text written out where a number or a date is wanted must be one."""
        if (
            isinstance(node, Literal)
            and isinstance(node.value, str)
            and read_literal(node.value, wanted) is None
        ):
            zh, en = _WORDS[wanted]
            raise self.wrong(node, f"“{node.value}”不是{zh}", f'"{node.value}" is not {en}')

    def pattern(self, node: Operation) -> None:
        pattern = node.of[1]
        assert isinstance(pattern, Literal)
        from kaishu.quality.patterns import pattern_problem

        if problem := pattern_problem(str(pattern.value)):
            raise self.wrong(pattern, str(problem), problem.en)


def shared_type(of: Sequence[Node], columns: Types) -> str:
    """The type in which the nodes are compared."""
    return reduce(lambda one, other: met(one, other) or one, (kind_of(each, columns) for each in of), "null")


def read_literal(text: str, wanted: str) -> str | float | int | date | None:
    """A text as a number or a date, if that is wanted; None if it cannot be read."""
    if wanted == "number":
        if re.fullmatch(r"[+-]?\d{1,18}", text):
            return int(text)
        try:
            return float(text)
        except ValueError:
            return None
    if wanted in ("date", "datetime"):
        try:
            return datetime.fromisoformat(text) if wanted == "datetime" else date.fromisoformat(text[:10])
        except ValueError:
            return None
    return text


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "date"

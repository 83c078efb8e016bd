"""CKAN's filters of a table: values, lists, ranges, and ``$and`` and ``$or`` inside one another.

An object holds where all its parts hold, a list of objects where one does.  A column takes a value, a list
of values (any of them), or an object of comparisons; a column whose name begins with ``$`` is written with
``$$``.  CKAN has the comparisons since 2.12.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kaishu.base.errors import several
from kaishu.delivery.columns import Column, Columns
from kaishu.delivery.errors import BadParameter, UnknownOperator
from kaishu.delivery.filters import Filter, Group
from kaishu.delivery.values import typed

MOST = 100
DEEPEST = 10
LONGEST_LIST = 1_000
#: CKAN's comparisons to ours.
COMPARISONS = {"eq": "eq", "in": "in", "gt": "gt", "gte": "ge", "lt": "lt", "lte": "le"}
OPERATORS = ("$and", "$or")


def nested_filters(
    columns: Columns, given: Any, suits: Callable[[Column, str], None]
) -> tuple[Filter | Group, ...]:
    """The conditions, all of which must hold.  Raises ``BadQuery`` and its kin; ``suits`` refuses a
    comparison that a column cannot have.
    """
    if not given:
        return ()
    found = _Reader(columns, suits).whole(given)
    return found.parts if isinstance(found, Group) and found.op == "and" else (found,)


@dataclass(slots=True)
class _Reader:
    columns: Columns
    suits: Callable[[Column, str], None]
    count: int = field(default=0)

    def whole(self, given: Any, depth: int = 0) -> Filter | Group:
        """An object, or a list of them."""
        if depth > DEEPEST or not given:
            raise _bad(given)
        if isinstance(given, list):
            return _joined("or", [self.whole(each, depth + 1) for each in self._objects(given)])
        if not isinstance(given, dict):
            raise _bad(given)
        return _joined("and", [self.part(str(key), value, depth) for key, value in given.items()])

    def part(self, key: str, value: Any, depth: int) -> Filter | Group:
        """One key of an object."""
        if key in OPERATORS:
            parts = [self.whole(each, depth + 1) for each in self._objects(value)]
            if not parts:
                raise _bad({key: value})
            return _joined(key[1:], parts)
        return self.about(self.columns.named(key[1:] if key.startswith("$$") else key), value)

    def about(self, column: Column, value: Any) -> Filter | Group:
        """What is asked of one column."""
        if isinstance(value, dict):
            if not value:
                raise _bad({column.name: value})
            return _joined("and", [self.compared(column, str(op), each) for op, each in value.items()])
        if not isinstance(value, list):
            return self.compared(column, "eq", value)
        objects = [self.about(column, each) for each in value if isinstance(each, dict)]
        plain = [each for each in value if not isinstance(each, dict)]
        if objects and not plain:
            return _joined("or", objects)
        return _joined("or", [self.compared(column, "in", plain), *objects])

    def compared(self, column: Column, op: str, value: Any) -> Filter | Group:
        """One comparison.  A missing value is found by null."""
        self.count += 1
        if self.count > MOST:
            raise _bad(f"> {MOST}")
        if op not in COMPARISONS:
            known = several(COMPARISONS)
            raise UnknownOperator(column=column.name, operator=op[:50], existing=known)
        own = COMPARISONS[op]
        if own == "in":
            return self._among(column, value)
        if own == "eq":
            return (
                Filter(column.name, "isnull")
                if value is None
                else Filter(column.name, "eq", typed(column, value))
            )
        self.suits(column, own)
        return Filter(column.name, own, typed(column, value))

    def _among(self, column: Column, value: Any) -> Filter | Group:
        if not isinstance(value, list):
            raise _bad(value)
        if len(value) > LONGEST_LIST:
            raise _bad(f"{column.name}: {len(value)}")
        there = Filter(column.name, "in", tuple(typed(column, each) for each in value if each is not None))
        if None not in value:
            return there
        return Group("or", (there, Filter(column.name, "isnull")))

    def _objects(self, given: Any) -> list[Any]:
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise _bad(given)
        return given


def _joined(op: str, parts: list[Filter | Group]) -> Filter | Group:
    """One condition of several; what is joined in the same way is not nested."""
    flat: list[Filter | Group] = []
    for part in parts:
        flat += part.parts if isinstance(part, Group) and part.op == op else [part]
    return flat[0] if len(flat) == 1 else Group(op, tuple(flat))


def _bad(value: Any) -> BadParameter:
    return BadParameter(
        parameter="filters",
        value=str(value)[:200],
        wanted_zh=f"对象（列名到值、列表或比较），至多{MOST}个条件、{DEEPEST}层，列表至多{LONGEST_LIST}个值",
        wanted_en=(
            "an object of columns with a value, a list or comparisons, "
            f"at most {MOST} conditions, {DEEPEST} levels and {LONGEST_LIST} values in a list"
        ),
    )

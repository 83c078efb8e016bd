"""A formula over the tables: exact fractions throughout, so that a limit is met or not met, never nearly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from kaishu.base.errors import Said
from kaishu.evaluation.auditing.errors import BadFormula
from kaishu.evaluation.auditing.formulas.applying import APPLY
from kaishu.evaluation.auditing.formulas.tree import (
    Extreme,
    Formula,
    Joined,
    Literal,
    Node,
    Operation,
    Source,
    Where,
)
from kaishu.evaluation.auditing.formulas.values import (
    Rows,
    Span,
    Value,
    Values,
    in_order,
    key_of,
    read_number,
)

#: Rows a join may give before it is a mistake.
MOST_ROWS = 2_000_000


class Shelf(Protocol):
    """Where tables are found."""

    def named(self, name: str, preferred: Sequence[str] = ()) -> list[str]:
        """Paths that the name may mean."""

    def rows(self, path: str) -> Rows:
        """The table of one path."""


@dataclass(slots=True)
class Computed:
    """What a formula gives, the paths of the tables it read, and what should be known about it."""

    value: Value
    tables: tuple[str, ...]
    notes: list[Said] = field(default_factory=list)


def compute(formula: Formula, shelf: Shelf, preferred: Sequence[str] = ()) -> Computed:
    """Run a formula; names mean the ``preferred`` tables first.

    Raises ``BadFormula`` with the character, ``TableUnreadable``.
    """
    running = Running(formula.text, shelf, preferred)
    value = running.value(formula.root)
    return Computed(value, tuple(running.used), running.notes)


class Running:
    """The state of one run: the row being looked at, variables, tables used."""

    def __init__(self, text: str, shelf: Shelf, preferred: Sequence[str]) -> None:
        self.text, self.shelf, self.preferred = text, shelf, preferred
        self.used: dict[str, None] = {}
        self.notes: list[Said] = []
        self.variables: dict[str, Fraction] = {}
        self.row: tuple[Mapping[str, int], tuple[str, ...]] | None = None
        self._kept: dict[int, Value] = {}
        self._members: dict[int, frozenset[Value]] = {}

    def wrong(self, node: Node, zh: str, en: str) -> BadFormula:
        """An error at the node's character."""
        return BadFormula(text=self.text, place=node.place, reason_zh=zh, reason_en=en)

    def value(self, node: Node) -> Value:
        """What a node gives for the present row and variables."""
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Operation):
            return APPLY[node.name](self, node)
        return self._named(node)

    def _named(self, node: Source) -> Value:
        if not node.clauses:
            name = node.table if node.column is None else f"{node.table}.{node.column}"
            if self.row is not None and name in self.row[0]:
                return self.row[1][self.row[0][name]] or None
            if name in self.variables:
                return self.variables[name]
        if id(node) in self._kept:
            return self._kept[id(node)]
        with self.on(None):
            rows = self._table(node, node.table)
            for clause in node.clauses:
                rows = self._cut(rows, clause, node)
        found: Value = rows
        if node.column is not None:
            place = self._place(rows, node.column, node)
            found = Values(tuple(row[place] or None for row in rows.rows))
        if not self.variables:
            self._kept[id(node)] = found
        return found

    def members(self, node: Node) -> frozenset[Value]:
        """What a list holds, for asking whether something is in it; those of a column are kept."""
        if id(node) in self._members:
            return self._members[id(node)]
        found = frozenset(key_of(each) for each in self.items(node, self.value(node)))
        if id(node) in self._kept:
            self._members[id(node)] = found
        return found

    @contextmanager
    def on(self, row: tuple[Mapping[str, int], tuple[str, ...]] | None) -> Iterator[None]:
        """Look at one row, or at none, for a while."""
        before, self.row = self.row, row
        try:
            yield
        finally:
            self.row = before

    def each(self, rows: Rows, node: Node) -> list[Value]:
        """What the node gives in every row."""
        found = []
        with self.on(None):
            for row in rows.rows:
                self.row = (rows.columns, row)
                found.append(self.value(node))
        return found

    def _table(self, node: Node, name: str) -> Rows:
        paths = self.shelf.named(name, self.preferred)
        if len(paths) == 1:
            self.used[paths[0]] = None
            return self.shelf.rows(paths[0])
        if paths:
            known = ", ".join(f"`{path}`" for path in paths)
            raise self.wrong(node, f"“{name}”可指：{known}", f'"{name}" may mean {known}')
        if self.row is not None or not self.preferred:
            raise self.wrong(node, f"没有“{name}”这张表或这一列", f'there is no table or column "{name}"')
        raise self.wrong(node, f"没有“{name}”这张表", f'there is no table "{name}"')

    def _place(self, rows: Rows, column: str, node: Node) -> int:
        if column in rows.columns:
            return rows.columns[column]
        known = ", ".join(name for name in rows.columns if "." not in name)
        raise self.wrong(
            node,
            f"“{rows.name}”没有“{column}”列；有：{known}",
            f'"{rows.name}" has no column "{column}", but {known}',
        )

    def _cut(self, rows: Rows, clause: Where | Joined | Extreme, node: Node) -> Rows:
        if isinstance(clause, Joined):
            return self._joined(rows, clause, node)
        if isinstance(clause, Where):
            keep = [
                at
                for at, true in enumerate(self.each(rows, clause.condition))
                if self.truth(clause.condition, true)
            ]
        else:
            keep = self._extreme(rows, clause)
        return Rows(rows.name, rows.columns, [rows.rows[at] for at in keep], [rows.lines[at] for at in keep])

    def _extreme(self, rows: Rows, clause: Extreme) -> list[int]:
        by = [self.number_or_none(clause.by, each) for each in self.each(rows, clause.by)]
        known = [(at, each) for at, each in enumerate(by) if each is not None]
        known.sort(key=lambda pair: in_order(pair[1]), reverse=clause.top)
        if 0 < clause.number < len(known) and known[clause.number - 1][1] == known[clause.number][1]:
            self.notes.append(
                Said(
                    f"第{clause.number}名并列，取表中在前的",
                    f"place {clause.number} is shared; the earlier in the table is taken",
                )
            )
        return [at for at, _ in known[: clause.number]]

    def _joined(self, rows: Rows, clause: Joined, node: Node) -> Rows:
        other = self._table(node, clause.table)
        left, right = self._place(rows, clause.left, node), self._place(other, clause.right, node)
        partners: dict[Value, list[int]] = {}
        for at, row in enumerate(other.rows):
            if row[right]:
                partners.setdefault(key_of(row[right]), []).append(at)
        found: list[tuple[str, ...]] = []
        lines: list[int] = []
        for row, line in zip(rows.rows, rows.lines, strict=True):
            for at in partners.get(key_of(row[left]), ()) if row[left] else ():
                found.append(row + other.rows[at])
                lines.append(line)
            if len(found) > MOST_ROWS:
                raise self.wrong(node, f"连接多于{MOST_ROWS}行", f"the join has more than {MOST_ROWS} rows")
        width = len(rows.rows[0]) if rows.rows else 1 + max(rows.columns.values())
        columns = {name: width + place for name, place in other.columns.items()} | dict(rows.columns)
        return Rows(rows.name, columns, found, lines)

    def truth(self, node: Node, value: Value) -> bool:
        """True or not; an empty value is not.  Raises ``BadFormula`` for anything else."""
        value = self.single(node, value)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(node, "此处应为条件", "a condition should stand here")

    def single(self, node: Node, value: Value) -> Value:
        """A list of one as what is in it; rows and longer lists are refused."""
        if isinstance(value, Rows):
            raise self.wrong(node, "此处要一个值，却是一张表", "one value is needed here, not a table")
        if not isinstance(value, Values):
            return value
        if len(value.items) != 1:
            raise self.wrong(
                node,
                f"此处要一个值，却有{len(value.items)}个",
                f"one value is needed here, not {len(value.items)}",
            )
        return value.items[0]

    def number_or_none(self, node: Node, value: Value) -> Fraction | None:
        """A number without doubt, or None for an empty one."""
        found = self.number(node, value)
        if isinstance(found, Span):
            raise self.wrong(node, "此处要确定的数", "a number without bounds is needed here")
        return found

    def number(self, node: Node, value: Value) -> Fraction | Span | None:
        """A number or a span, or None for an empty one.  Raises ``BadFormula`` for text that is no number."""
        value = self.single(node, value)
        if value is None or isinstance(value, Fraction | Span):
            return value
        found = read_number(value) if isinstance(value, str) else None
        if found is None:
            raise self.wrong(node, f"“{value}”不是数", f'"{value}" is no number')
        return found

    def needed(self, node: Node, value: Value) -> Fraction | Span:
        """The same; an empty one is refused."""
        found = self.number(node, value)
        if found is None:
            raise self.wrong(node, "此处的值为空", "the value here is empty")
        return found

    def items(self, node: Node, value: Value) -> tuple[Value, ...]:
        """The values of a list that are not empty; a single value is a list of one."""
        if isinstance(value, Rows):
            raise self.wrong(
                node, "此处要一列，却是一张表；写作 表.列", "a column is needed here: write table.column"
            )
        found = value.items if isinstance(value, Values) else (value,)
        return tuple(each for each in found if each is not None)

    def numbers(self, node: Node, value: Value) -> list[Fraction | Span]:
        """The same as numbers."""
        return [self.needed(node, each) for each in self.items(node, value)]

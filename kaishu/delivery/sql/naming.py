"""What a column without a name is called: as PostgreSQL calls it, since clients look for it there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp

NAMELESS = "?column?"
CALLED = re.compile(r"[A-Za-z_]\w*(?=\()")


def name_columns(tree: exp.Query) -> None:
    """Give every column of every SELECT that has no name the one by which PostgreSQL would hand it out."""
    from sqlglot import exp

    outermost = {id(each) for each in tree.selects}
    for select in list(tree.find_all(exp.Select)):
        for column in list(select.expressions):
            if isinstance(column, exp.Alias | exp.Column | exp.CurrentDate) or column.is_star:
                continue
            name = _name(column) or (NAMELESS if id(column) in outermost else "")
            if name:
                column.replace(exp.alias_(column.copy(), name, quoted=True))


def _name(node: Any) -> str:
    """The name of an expression; empty where it has none of its own."""
    from sqlglot import exp

    if isinstance(node, exp.Column | exp.Alias):
        return str(node.alias_or_name)
    if isinstance(node, exp.Paren | exp.Window | exp.Filter | exp.WithinGroup):
        return _name(node.this)
    if isinstance(node, exp.Subquery):
        return _name(node.selects[0]) if node.selects else ""
    if isinstance(node, exp.Cast):
        return _name(node.this) or str(node.to.sql(dialect="postgres")).partition("(")[0].strip().lower()
    if isinstance(node, exp.Case):
        return _name(node.args.get("default")) or "case"
    if isinstance(node, exp.Anonymous):
        return str(node.name).lower()
    if isinstance(node, exp.Func) and not isinstance(node, exp.Binary):
        called = CALLED.match(node.sql(dialect="postgres"))
        return called[0].lower() if called else ""
    return ""


def distinct(names: list[str]) -> list[str]:
    """Two columns of one name would hide each other: the second gets a number."""
    used: dict[str, int] = {}
    found = []
    for name in names:
        used[name] = used.get(name, 0) + 1
        found.append(name if used[name] == 1 else f"{name}_{used[name]}")
    return found

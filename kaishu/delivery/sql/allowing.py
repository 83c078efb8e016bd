"""What a statement of a stranger may consist of, from ``allowed.yaml``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp

Problem = tuple[str, str]
REFUSED_CLAUSES = (
    "into",
    "locks",
    "sample",
    "hint",
    "laterals",
    "pivots",
    "match",
    "connect",
    "settings",
    "format",
    "for_",
    "kind",
    "operation_modifiers",
    "prewhere",
    "qualify",
    "windows",
)


@cache
def listed(name: str) -> frozenset[str]:
    """One of the lists of the file."""
    import yaml

    written = yaml.safe_load((Path(__file__).parent / "allowed.yaml").read_text(encoding="utf-8"))
    return frozenset(str(each) for each in written[name])


@cache
def allowed() -> frozenset[type[exp.Expr]]:
    """The kinds of nodes."""
    from sqlglot import exp

    names = listed("structure") | listed("operators") | listed("functions")
    return frozenset(getattr(exp, name) for name in names)


def problem_of(node: Any) -> Problem | None:
    """What is wrong with a node of an allowed kind, in two languages; None if nothing is."""
    look = _looks().get(type(node))
    return look(node) if look else None


@cache
def _looks() -> dict[type[Any], Callable[[Any], Problem | None]]:
    from sqlglot import exp

    clauses = dict.fromkeys((exp.Select, exp.Subquery, exp.Union, exp.Intersect, exp.Except), _clauses)
    return {
        exp.Table: _table,
        exp.Column: _column,
        exp.DataType: _data_type,
        exp.Var: _var,
        exp.With: _with,
        exp.Join: _join,
        **clauses,
    }


def _table(node: Any) -> Problem | None:
    from sqlglot import exp

    said = {key for key, value in node.args.items() if value}
    if isinstance(node.this, exp.Identifier) and said <= {"this", "alias", "joins"}:
        return None
    return "只能写资源的标识", "only the identifier of a resource can be read from"


def _column(node: Any) -> Problem | None:
    named = node.args.get("db") or node.args.get("catalog")
    return ("不能写模式名", "no schema can be named") if named else None


def _data_type(node: Any) -> Problem | None:
    fine = node.this.name in listed("types") and not node.args.get("nested")
    return None if fine else ("不能转换成这种类型", "a value cannot be cast to this type")


def _var(node: Any) -> Problem | None:
    return None if node.name.upper() in listed("units") else ("不认识的单位", "an unknown unit")


def _with(node: Any) -> Problem | None:
    return ("不能用递归", "recursion is not allowed") if node.args.get("recursive") else None


def _join(node: Any) -> Problem | None:
    words = {str(node.args.get(key) or "").upper() for key in ("side", "kind", "method")}
    return None if words <= listed("joins") else ("不支持这种连接", "this kind of join is not allowed")


def _clauses(node: Any) -> Problem | None:
    for clause in REFUSED_CLAUSES:
        if node.args.get(clause):
            word = clause.strip("_").upper()
            return f"不能用 {word}", f"{word} is not allowed"
    return None

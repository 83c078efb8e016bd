"""From what a stranger wrote to a statement of ours: allowed parts, named tables, a bounded answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.delivery.errors import SqlNotAllowed, SqlNotUnderstood
from kaishu.delivery.sql.allowing import allowed, problem_of
from kaishu.delivery.sql.naming import name_columns

if TYPE_CHECKING:
    from sqlglot import exp

LONGEST = 20_000  # characters of a statement
MOST_PARTS = 4_000
MOST_TABLES = 10
#: The engine's planner cannot be stopped and grows faster than its input: operators one inside the other,
#: and tables that are joined, where a common table expression counts as often as it is used.
MOST_DEEP = 100
MOST_JOINED = 24


@dataclass(frozen=True, slots=True)
class Statement:
    """What will be run.  ``tables`` are the names asked for; the first stands in ``sql`` as ``_t0``."""

    sql: str
    tables: tuple[str, ...]
    limit: int


def parse(text: str, most_rows: int) -> Statement:
    """One SELECT in PostgreSQL's words, rewritten for the engine; gives at most ``most_rows`` and one more.

    Raises ``SqlNotUnderstood`` with line and column, ``SqlNotAllowed`` with what is not allowed.
    """
    tree = _tree(text)
    _check(tree)
    name_columns(tree)
    tables = _rename(tree)
    limit = _bound(tree, most_rows)
    try:
        sql = tree.sql(dialect="duckdb", identify=True, comments=False)
    except RecursionError:
        raise SqlNotAllowed(part="", reason="嵌套太深", reason_en="nested too deeply") from None
    return Statement(sql, tables, limit)


def _tree(text: str) -> exp.Query:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if len(text) > LONGEST:
        raise SqlNotAllowed(
            part=text[:60], reason=f"最多{LONGEST}个字符", reason_en=f"at most {LONGEST} characters"
        )
    if "\x00" in text or not text.strip():
        raise SqlNotUnderstood(line=1, column=1, near=text[:40].replace("\x00", "�"), reason="empty or NUL")
    try:
        trees = [tree for tree in sqlglot.parse(text, read="postgres") if tree is not None]
    except RecursionError:
        raise SqlNotAllowed(part="", reason="嵌套太深", reason_en="nested too deeply") from None
    except SqlglotError as error:
        raise _not_understood(error) from None
    except (ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        raise SqlNotUnderstood(line=1, column=1, near=text[:40], reason=type(error).__name__) from None
    if len(trees) != 1:
        raise SqlNotAllowed(part=";", reason="只能有一条语句", reason_en="only one statement is run")
    tree: Any = trees[0]
    if not isinstance(tree, exp.Select | exp.SetOperation | exp.Subquery):
        raise SqlNotAllowed(part=_word(tree), reason="只能用 SELECT", reason_en="only SELECT is run")
    return tree


def _not_understood(error: Any) -> SqlNotUnderstood:
    first = (getattr(error, "errors", None) or [{}])[0]
    return SqlNotUnderstood(
        line=first.get("line") or 1,
        column=first.get("col") or 1,
        near=str(first.get("highlight") or "")[:60],
        reason=str(first.get("description") or error).split("\n")[0][:200],
    )


def _check(tree: exp.Query) -> None:
    """Every node must be of an allowed kind and carry nothing that is not."""
    known = allowed()
    _plannable(tree)
    for number, node in enumerate(tree.walk()):
        if number > MOST_PARTS:
            raise SqlNotAllowed(part="", reason="语句太长", reason_en="the statement has too many parts")
        if type(node) not in known:
            raise SqlNotAllowed(
                part=_word(node), reason="不在允许之列", reason_en="not among what is allowed"
            )
        problem = problem_of(node)
        if problem:
            raise SqlNotAllowed(part=_word(node), reason=problem[0], reason_en=problem[1])


def _plannable(tree: exp.Query) -> None:
    """Refuse what the planner would take minutes for."""
    from sqlglot import exp

    flat = (exp.Connector, exp.Paren, exp.SetOperation)  # planned side by side, not one in the other
    waiting: list[tuple[Any, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MOST_DEEP:
            raise SqlNotAllowed(
                part="", reason=f"嵌套太深，最多{MOST_DEEP}层", reason_en=f"nested deeper than {MOST_DEEP}"
            )
        deeper = depth if isinstance(node, flat) else depth + 1
        waiting += [(each, deeper) for each in node.iter_expressions()]
    if _joined(tree) > MOST_JOINED:
        raise SqlNotAllowed(
            part="JOIN",
            reason=f"一条语句里的表最多出现{MOST_JOINED}次",
            reason_en=f"at most {MOST_JOINED} tables may stand in a statement, also by repetition",
        )


def _joined(tree: exp.Query) -> int:
    """Tables that stand side by side, also in subqueries, with common table expressions written out.

    Of what UNION and its like put together the largest part counts.
    """
    from sqlglot import exp

    ctes = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}
    weights: dict[str, int] = {}

    def weight(name: str) -> int:
        if name not in weights:
            weights[name] = 1  # also of one that refers to itself
            weights[name] = count(ctes[name]) if name in ctes else 1
        return weights[name]

    def count(part: Any) -> int:
        total, waiting = 0, [part]
        while waiting:
            node = waiting.pop()
            if isinstance(node, exp.Table):
                total += weight(node.name)
            elif isinstance(node, exp.SetOperation):
                total += max(count(branch) for branch in _branches(node))
            elif not isinstance(node, exp.With):
                waiting += node.iter_expressions()
        return total

    return count(tree)


def _branches(node: Any) -> list[Any]:
    from sqlglot import exp

    found, waiting = [], [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, exp.SetOperation):
            waiting += [each.this, each.expression]
        else:
            found.append(each)
    return found


def _rename(tree: exp.Query) -> tuple[str, ...]:
    """Tables and common table expressions get names of ours, so that no other name can be reached."""
    from sqlglot import exp

    own: dict[str, str] = {}
    for cte in tree.find_all(exp.CTE):
        own.setdefault(cte.alias, f"_w{len(own)}")
    tables: dict[str, str] = {}
    for table in list(tree.find_all(exp.Table)):
        name = table.name
        new = own.get(name) or tables.setdefault(name, f"_t{len(tables)}")
        if not table.args.get("alias"):
            table.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        table.set("this", exp.to_identifier(new, quoted=True))
    for cte in tree.find_all(exp.CTE):
        cte.args["alias"].set("this", exp.to_identifier(own[cte.alias], quoted=True))
    if len(tables) > MOST_TABLES:
        raise SqlNotAllowed(
            part=str(len(tables)), reason=f"最多{MOST_TABLES}张表", reason_en=f"at most {MOST_TABLES} tables"
        )
    return tuple(tables)


def _bound(tree: exp.Query, most: int) -> int:
    """The outermost LIMIT: a plain number, made smaller than ``most`` and one more if it is not."""
    from sqlglot import exp

    wanted = most
    limit = tree.args.get("limit")
    if limit is not None:
        number: Any = getattr(limit, "expression", None)
        plain = isinstance(number, exp.Literal) and not number.is_string and number.name.isdigit()
        if not isinstance(limit, exp.Limit) or not plain:
            raise SqlNotAllowed(
                part=_word(limit), reason="LIMIT 应为整数", reason_en="LIMIT takes a whole number"
            )
        wanted = min(int(number.name), most)
    bounded = wanted if limit is not None and wanted < most else most + 1
    tree.set("limit", exp.Limit(expression=exp.Literal.number(bounded)))
    return wanted


def _word(node: Any) -> str:
    """How the part reads, for the message."""
    try:
        return str(node.sql(dialect="postgres"))[:80]
    except Exception:  # a part that cannot be written down is still refused, by its kind
        return type(node).__name__

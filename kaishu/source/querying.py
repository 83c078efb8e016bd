"""Virtual entries: a registered query that runs at the source when somebody asks, and reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kaishu.access import Call, Permission, note, require
from kaishu.base import ids, settings
from kaishu.base.errors import Invalid, Said
from kaishu.source.connectors import KINDS, Place, opened
from kaishu.source.errors import ContractPaused, NotCertified, QueryRefused, SourceNameTaken
from kaishu.source.models import Contract, Source
from kaishu.source.queries import contract_by_name, source_by_name
from kaishu.source.registering import NAME, place_of
from kaishu.source.timetable import local_day

DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite"}
LONGEST, DEEPEST = 4_000, 40
#: Everything that a query may consist of (names of sqlglot's classes); all else is refused.
_PARTS = frozenset(
    (
        "Select",
        "From",
        "Where",
        "Group",
        "Having",
        "Order",
        "Ordered",
        "Limit",
        "Offset",
        "Join",
        "Table",
        "TableAlias",
        "Identifier",
        "Column",
        "Alias",
        "Star",
        "Literal",
        "Boolean",
        "Null",
        "Paren",
        "Tuple",
        "Subquery",
        "Union",
        "Intersect",
        "Except",
        "CTE",
        "With",
        "Distinct",
        "And",
        "Or",
        "Not",
        "EQ",
        "NEQ",
        "GT",
        "GTE",
        "LT",
        "LTE",
        "Is",
        "In",
        "Between",
        "Like",
        "ILike",
        "Exists",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Mod",
        "IntDiv",
        "Neg",
        "Case",
        "If",
        "Cast",
        "DataType",
        "DataTypeParam",
        "Interval",
        "Var",
        "Window",
        "WindowSpec",
        "DPipe",
        "Escape",
        "Count",
        "Sum",
        "Avg",
        "Min",
        "Max",
        "Coalesce",
        "Nullif",
        "Round",
        "Abs",
        "Floor",
        "Ceil",
        "Lower",
        "Upper",
        "Length",
        "Trim",
        "Substring",
        "Left",
        "Right",
        "Concat",
        "ConcatWs",
        "Replace",
        "CurrentDate",
        "CurrentTimestamp",
        "Extract",
        "Year",
        "Month",
        "Day",
        "Date",
        "RowNumber",
        "Rank",
        "DenseRank",
        "Stddev",
        "Variance",
        "TimestampTrunc",
        "DateTrunc",
        "TsOrDsToDate",
    )
)
#: Schemas and tables of the server itself.
_OWN = ("pg_", "sqlite_", "information_schema", "performance_schema", "mysql", "sys")


@dataclass(frozen=True, slots=True)
class VirtualRows:
    """What the source answered; ``more`` tells that there is more than is shown."""

    columns: list[str]
    rows: list[list[Any]]
    more: bool


def register_query(call: Call, *, name: str, source: str, query: str) -> Contract:
    """A virtual entry of the source's office.  Raises ``Invalid``, ``QueryRefused``, ``SourceNameTaken``."""
    found = source_by_name(call, source)
    require(call, Permission.source_manage, office=found.office_id)
    if not NAME.fullmatch(name):
        said = Said(
            "用小写字母、数字和连字符，2至60个字符。", "Use 2 to 60 lower-case letters, digits, hyphens."
        )
        raise Invalid({"name": [said]})
    bounded(query, found.kind, 1)
    if call.session.scalars(select(Contract.id).where(Contract.name == name)).first():
        raise SourceNameTaken(name=name)
    made = Contract(
        id=ids.new_id(),
        name=name,
        office_id=found.office_id,
        way="virtual",
        source_id=found.id,
        query=query.strip(),
        starts_on=local_day(call.now),
        update={},
        created_at=call.now,
        created_by=call.actor.id,
    )
    call.session.add(made)
    call.session.flush()
    note(call, "source.query.register", ("contract", made.id), name=name, source=found.id)
    return made


def query_to_run(call: Call, name: str) -> tuple[Place, str]:
    """Where and what to ask, noted in the ledger.  Raises ``NotCertified``, ``ContractPaused``."""
    contract = contract_by_name(call, name)
    require(call, Permission.source_read, office=contract.office_id)
    if contract.way != "virtual" or contract.state != "active":
        raise ContractPaused(name=contract.name, way=contract.way, state=contract.state)
    source = call.session.get_one(Source, contract.source_id)
    if source.state != "certified":
        raise NotCertified(name=source.name)
    note(call, "source.query.run", ("contract", contract.id), name=contract.name)
    return place_of(source), contract.query


def run_query(place: Place, query: str) -> VirtualRows:
    """Ask the source now, for at most ``virtual_rows`` rows and ``virtual_seconds``; needs no database."""
    limit = settings.number("virtual_rows")
    sql = bounded(query, place.kind, limit + 1)
    with opened(KINDS[place.kind], place) as connector:
        names, rows = connector.query(sql, limit + 1, settings.number("virtual_seconds"))  # type: ignore[attr-defined]
    return VirtualRows(names, rows[:limit], len(rows) > limit)


def bounded(query: str, kind: str, limit: int) -> str:
    """The query with a limit, if it is one SELECT made of known parts only.  Raises ``QueryRefused``."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    if kind not in DIALECTS:
        raise QueryRefused(reason=f"来源类型“{kind}”不支持查询", reason_en=f"{kind} cannot be asked")
    if len(query) > LONGEST:
        raise QueryRefused(reason=f"超过{LONGEST}字", reason_en=f"more than {LONGEST} characters")
    if _deepest(query) > DEEPEST:
        raise QueryRefused(reason="括号套得太深", reason_en="its brackets are too deep")
    try:
        trees = [tree for tree in sqlglot.parse(query, read=DIALECTS[kind]) if tree is not None]
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, LookupError) as error:
        said = " ".join(str(error).split())[:120]
        raise QueryRefused(reason=f"不能解析（{said}）", reason_en=f"it cannot be parsed ({said})") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise QueryRefused(reason="只能是一句 SELECT", reason_en="it must be one SELECT")
    tree: Any = trees[0]
    for node in tree.walk():
        _check(node, exp)
    given = tree.args.get("limit")
    number = given.expression if given is not None else None
    if not (isinstance(number, exp.Literal) and number.name.isdecimal() and int(number.name) <= limit):
        tree = tree.limit(limit)
    try:
        return str(tree.sql(dialect=DIALECTS[kind], comments=False))
    except RecursionError:
        raise QueryRefused(reason="嵌套太深", reason_en="it is nested too deeply") from None


def _deepest(query: str) -> int:
    """How deep brackets stand in brackets, those in text counted too."""
    deepest = depth = 0
    for letter in query:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _check(node: Any, exp: Any) -> None:
    name = type(node).__name__
    if name not in _PARTS:
        said = node.sql()[:60]
        raise QueryRefused(reason=f"不许用“{said}”", reason_en=f'"{said}" ({name}) is not allowed')
    if isinstance(node, exp.Table):
        parts = [part.name.lower() for part in node.parts]
        if not isinstance(node.this, exp.Identifier) or any(part.startswith(_OWN[:2]) for part in parts):
            raise QueryRefused(
                reason=f"不许读“{node.sql()[:60]}”", reason_en=f'"{node.sql()[:60]}" is not read'
            )
        if any(part in _OWN for part in parts[:-1]):
            raise QueryRefused(
                reason=f"不许读“{node.sql()[:60]}”", reason_en=f'"{node.sql()[:60]}" is not read'
            )
    if isinstance(node, exp.Select) and (node.args.get("into") or node.args.get("locks")):
        raise QueryRefused(reason="不许写入或加锁", reason_en="it must neither write nor lock")

"""A list of statements with its tables, from the file's name to the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from kaishu.base.errors import Said
from kaishu.evaluation.auditing.auditing import Audit, audit
from kaishu.evaluation.auditing.explaining import read_explanations
from kaishu.evaluation.auditing.statements import Statement, read_statements
from kaishu.evaluation.auditing.tables import Tables

#: The list that is shipped: what five published reports say, over their own tables.
BUILT_IN = "five-reports"
_HERE = Path(__file__).parent
_LIST, _TABLES = _HERE / "data" / f"{BUILT_IN}.csv", _HERE.parent / "tables"


def audit_figures(file: Path | str = BUILT_IN, data: Path | None = None) -> Audit:
    """Audit the statements of a CSV file over the CSV files below ``data``, by default the file's folder.

    ``five-reports`` is the shipped list.  Statements of those reports that come without a formula borrow the
    formula of the shipped list, never its verdict.  Raises ``BadStatements``, ``TableUnreadable``.

    >>> audit_figures().counts["yes"] > 100
    True
    """
    path = Path(file)
    if str(file) == BUILT_IN and not path.exists():
        path, data = _LIST, data or _TABLES
    statements = [_with_formula(each) for each in read_statements(path)]
    explained = path.with_suffix(".explained.yaml")
    if any(each.borrowed for each in statements) and not explained.exists():
        explanations = _explanations_for(statements)
    else:
        explanations = read_explanations(explained, statements)
    return audit(statements, Tables(data or path.parent), path.name, explanations, lent=Tables(_TABLES))


@cache
def _shipped() -> dict[tuple[str, str, str], Statement]:
    return {(each.source, each.place, each.text): each for each in read_statements(_LIST)}


def _with_formula(statement: Statement) -> Statement:
    known = _shipped().get((statement.source, statement.place, statement.text))
    if known is None or statement.written or statement.base is not None or not (known.written or known.base):
        return statement
    relation = known.printed.relation if statement.printed.relation == "exact" else statement.printed.relation
    return replace(
        known,
        line=statement.line,
        printed=replace(statement.printed, relation=relation),
        unit=statement.unit,
        agrees=statement.agrees,
        note=statement.note,
        borrowed=True,
    )


def _explanations_for(statements: Sequence[Statement]) -> dict[int, Said]:
    """Those of the shipped list, for the same statements in another."""
    shipped = _shipped()
    said = read_explanations(_LIST.with_suffix(".explained.yaml"), list(shipped.values()))
    by_words = {key: said[each.line] for key, each in shipped.items() if each.line in said}
    lines = {each.line: by_words.get((each.source, each.place, each.text)) for each in statements}
    return {line: words for line, words in lines.items() if words is not None}

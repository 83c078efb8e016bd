"""Every statement recomputed and judged, and what the statements say of one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from kaishu.base.errors import Said
from kaishu.base.problems import CellProblem
from kaishu.evaluation.auditing.errors import BadFormula, BadStatements, TableUnreadable
from kaishu.evaluation.auditing.formulas import Choices, Formula, Value, compute, whole_parts
from kaishu.evaluation.auditing.hints import hints
from kaishu.evaluation.auditing.scanning import Finding, scan_tables
from kaishu.evaluation.auditing.statements import Statement
from kaishu.evaluation.auditing.tables import Tables
from kaishu.evaluation.auditing.verdicts import NO, PARTLY, UNCHECKED, VERDICTS, YES, Verdict, judge

#: What a verdict stands on, the strongest first.
VERDICT_BASES: dict[str, tuple[str, str]] = {
    "tables": ("按数据表重算", "recomputed from tables"),
    "quoted": ("按报告自己写出的数", "from figures that the report itself quotes"),
    "arithmetic": ("按算式里写的数", "from numbers written in the formula"),
    "whole": ("找整数分子", "by looking for a whole numerator"),
    "none": ("无从核对", "nothing to check with"),
}


BORROWED = Said("算式取自自带的清单", "the formula is that of the shipped list")
#: A table or figure is a context of its own: "largest number" may differ from one to the next.
_OWN = re.compile(r"表|图|附录|table|figure|fig\.|appendix", re.I)


@dataclass(frozen=True, slots=True)
class Result:
    """A statement with its verdict, what it stands on (of ``VERDICT_BASES``) and the formula that decided."""

    statement: Statement
    verdict: Verdict
    basis: str
    formula: str
    notes: tuple[Said, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        said, one = self.verdict, self.statement
        return {
            "line": one.line,
            "source": one.source,
            "place": one.place,
            "statement": one.text,
            "printed": one.printed.text,
            "unit": one.unit,
            "computed": said.found,
            "verdict": said.word,
            "why": {"zh": str(said.why), "en": said.why.en},
            "basis": self.basis,
            "formula": self.formula,
            "notes": [{"zh": str(note), "en": note.en} for note in self.notes],
            "recorded": one.agrees or None,
            "note": one.note,
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """All results in the order of the file, contradictions between statements, findings in the tables."""

    file: str
    results: Sequence[Result]
    conflicts: Sequence[Sequence[Statement]]
    findings: Sequence[Finding]
    explanations: Mapping[int, Said] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Verdict to number of statements."""
        found = Counter(each.verdict.word for each in self.results)
        return {word: found[word] for word in VERDICTS}

    @property
    def bases(self) -> dict[str, int]:
        """What verdicts stand on, to number of statements."""
        found = Counter(each.basis for each in self.results)
        return {name: found[name] for name in VERDICT_BASES}

    @property
    def confusion(self) -> dict[tuple[str, str], int]:
        """(verdict given in the file, verdict computed) to number of statements that have both."""
        return dict(
            Counter(
                (each.statement.agrees, each.verdict.word) for each in self.results if each.statement.agrees
            )
        )

    @property
    def differences(self) -> list[Result]:
        """Results that are not what the file says."""
        return [each for each in self.results if each.statement.agrees not in ("", each.verdict.word)]

    def _explained(self, result: Result) -> dict[str, Any]:
        said = self.explanations.get(result.statement.line)
        return {"explanation": {"zh": str(said), "en": said.en} if said else None}

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "file": self.file,
            "counts": self.counts,
            "bases": self.bases,
            "recorded": [
                {"recorded": recorded, "computed": computed, "statements": number}
                for (recorded, computed), number in sorted(self.confusion.items())
            ],
            "statements": [each.as_dict() | self._explained(each) for each in self.results],
            "conflicts": [
                [{"line": one.line, "statement": one.text, "printed": one.printed.text} for one in group]
                for group in self.conflicts
            ],
            "tables": [each.as_dict() for each in self.findings],
        }


def audit(
    statements: Sequence[Statement],
    tables: Tables,
    file: str = "",
    explanations: Mapping[int, Said] | None = None,
    *,
    lent: Tables | None = None,
) -> Audit:
    """Judge every statement.  Raises ``BadStatements`` where a formula cannot be computed over the tables.

    ``explanations`` are words for lines whose verdict differs from the one given; they change no verdict.
    ``lent`` are tables for borrowed formulas, where ``tables`` lack those that such a formula is about.
    """
    results, problems = [], []
    for each in statements:
        try:
            here = lent if lent and each.borrowed and not set(each.tables) & set(tables.files) else tables
            results.append(check_statement(each, here))
        except BadFormula as error:
            column = "compute" if each.formula and error.facts["text"] == each.formula.text else "otherwise"
            problems.append(CellProblem(each.line, column, error.said))
        except TableUnreadable as error:
            problems.append(
                CellProblem(each.line, "compute", Said(error.sentence("zh"), error.sentence("en")))
            )
    if problems:
        raise BadStatements(file, problems)
    return Audit(file, results, conflicting(statements), scan_tables(tables), explanations or {})


def check_statement(statement: Statement, tables: Tables) -> Result:
    """Judge one.  Raises ``BadFormula``, ``TableUnreadable``."""
    if statement.formula is not None:
        return _by_formula(statement, statement.formula, tables)
    if statement.base is not None:
        first = _by_base(statement, statement.base)
        return _otherwise(statement, tables, first) if first.verdict.word == NO else first
    why = Said("没有算式，文字里也没有可核对的算术", "no formula, and no arithmetic in the words to check")
    return Result(statement, Verdict(UNCHECKED, why, ""), "none", "")


def _by_formula(statement: Statement, formula: Formula, tables: Tables) -> Result:
    try:
        found = compute(formula, tables, statement.tables)
    except BadFormula as error:
        if statement.written:
            raise
        return Result(statement, Verdict(UNCHECKED, error.said, ""), "none", formula.text)
    notes = [BORROWED] if statement.borrowed else []
    if statement.reason and not statement.otherwise:
        notes.append(Said(statement.reason, statement.reason))
    basis, verdict = _basis(found.tables, tables, found.value), judge(statement.printed, found.value)
    result = Result(statement, verdict, basis, formula.text, (*found.notes, *notes))
    if verdict.word == NO:
        result = _otherwise(statement, tables, result)
    if result.verdict.word == NO:
        more = hints(statement.printed, found.value, formula, tables, statement.tables)
        return replace(result, notes=(*result.notes, *more))
    return result


def _by_base(statement: Statement, base: int) -> Result:
    verdict = judge(statement.printed, shares_of(statement, base))
    notes = (BORROWED,) if statement.borrowed else ()
    return Result(statement, verdict, "whole", f"k/{base}", notes)


def shares_of(statement: Statement, base: int) -> Choices:
    """Percentages of ``base`` near the printed one: those that print so, else the two beside it."""
    number, decimals = statement.printed.number or Fraction(0), statement.printed.decimals
    fitting = whole_parts(number, decimals, base) or whole_parts(number, decimals, base, cut=True)
    beside = int(number * base / 100)
    near = fitting or [k for k in (beside, beside + 1) if 0 <= k <= base] or [0, base]
    return Choices({k: Fraction(100 * k, base) for k in near})


def _otherwise(statement: Statement, tables: Tables, first: Result) -> Result:
    """Another reckoning that agrees turns ``no`` into ``partly``; the file must say why it may be made."""
    for formula in statement.otherwise:
        found = compute(formula, tables, statement.tables)
        judged = judge(statement.printed, found.value)
        if judged.word == YES:
            return Result(
                statement, _partly(first, judged, statement.reason, formula), first.basis, first.formula
            )
    for base in statement.other_bases:
        judged = judge(statement.printed, shares_of(statement, base))
        if judged.word == YES:
            why = Said(f"分母为{base}才成立：{judged.why}", f"only of {base}: {judged.why.en}")
            return Result(statement, Verdict(PARTLY, why, judged.found), "whole", f"k/{base}")
    return first


def _partly(first: Result, judged: Verdict, reason: str, formula: Formula) -> Verdict:
    words = reason or formula.text
    why = Said(f"另算得{judged.found}：{words}", f"reckoned otherwise it is {judged.found}: {words}")
    return Verdict(PARTLY, why, first.verdict.found)


def _basis(used: Sequence[str], tables: Tables, value: Value) -> str:
    if isinstance(value, Choices):
        return "whole"
    if not used:
        return "arithmetic"
    return "quoted" if all("quote" in tables.rows(path).columns for path in used) else "tables"


def conflicting(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Statements of one source in the same words and unit that print different numbers."""
    groups: dict[tuple[str, str, str], list[Statement]] = {}
    for each in statements:
        words = "".join(each.text.split())
        if _OWN.match(each.place):
            words += each.place
        if words and each.printed.number is not None:
            groups.setdefault((each.source, words, each.unit), []).append(each)
    return [group for group in groups.values() if len({one.printed.number for one in group}) > 1]

"""Which strategy for which defect, as a declared table; steps drafted for a person from rules that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.checks import Check, Given, RowCheck, Wrong
from kaishu.quality.cleansing.treatments import STRATEGIES
from kaishu.quality.expressions import Expression
from kaishu.quality.marked import mark
from kaishu.quality.results import RuleResult, TableResult
from kaishu.quality.rules import Rule, RuleSet

IMPORTANCE = ("high", "medium", "low")
#: Importance of the field and severity of the defect to the strategy.  What matters most is mended; what is
#: gravely wrong in a field of less weight is set apart; what is slight there is left and listed.
MATRIX: Mapping[str, Mapping[str, str]] = {
    "high": {"critical": "complete", "error": "complete", "warning": "complete"},
    "medium": {"critical": "filter", "error": "complete", "warning": "tolerate"},
    "low": {"critical": "filter", "error": "tolerate", "warning": "tolerate"},
}
_DECIDE = Said("需要人来决定怎样修正", "a person has to decide how it is mended")
_WHOLE = Said("这条规则不是关于单独的行的", "the rule is not about single rows")
_LOOK = Said("请核对后再用", "look at it before it is used")


@dataclass(frozen=True, slots=True)
class Proposal:
    """For one failed rule: the strategy, and the steps drafted, as a file of steps writes them; none where
    only a person can tell.  ``said`` is what the person has to look at."""

    rule: str
    importance: str
    severity: str
    strategy: str
    steps: Sequence[Mapping[str, Any]]
    said: Said


def propose(
    rules: RuleSet,
    findings: TableResult,
    *,
    importance: Mapping[str, str] | None = None,
    columns: Sequence[str] = (),
) -> list[Proposal]:
    """A draft for a person, gravest rules first.  ``importance`` of columns, medium if not said; ``columns``:
    all of the table, for rules about whole rows."""
    made = [
        _proposal(each, rules, importance or {}, columns) for each in findings.rules if each.level is not None
    ]
    return sorted(made, key=lambda each: ("critical", "error", "warning").index(each.severity))


def steps_text(proposals: Sequence[Proposal], rules: RuleSet) -> str:
    """The draft as a file of steps, with a remark before each of them."""
    import yaml

    lines = []
    for each in proposals:
        zh, en = STRATEGIES[each.strategy]
        lines.append(f"  # {each.rule}: {each.importance}, {each.severity}: {zh} · {en}")
        lines.append(f"  # {each.said} · {each.said.en}")
        for step in each.steps:
            written = yaml.safe_dump(dict(step), allow_unicode=True, sort_keys=False, width=1000)
            first, *rest = written.splitlines()
            lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    head = yaml.safe_dump({"key": list(rules.key)}, allow_unicode=True) if rules.key else ""
    empty = "" if any(each.steps for each in proposals) else " []"
    return f"{head}steps:{empty}\n" + "".join(f"{line}\n" for line in lines)


def _proposal(
    result: RuleResult, rules: RuleSet, importance: Mapping[str, str], columns: Sequence[str]
) -> Proposal:
    rule, severity = result.rule, str(result.level)
    ranks = [importance[column] for column in rule.check.reads if column in importance]
    rank = min(ranks, key=IMPORTANCE.index, default="medium")
    strategy = MATRIX[rank][severity]
    if rule.check.kind in ("unique", "unique-row"):
        # Only taking all but one of them out ends duplicates.
        strategy = "tolerate" if strategy == "tolerate" else "filter"
        drafts, said = _duplicates(rule, columns), _LOOK
        if strategy == "tolerate":
            drafts, said = [], _WHOLE
    elif strategy == "complete":
        drafts = list(_MEND.get(rule.check.kind, _nothing)(rule, rules))
        said = _LOOK if drafts else _DECIDE
    else:
        drafts = list(_choosing(rule, strategy))
        said = _LOOK if drafts else _WHOLE if not isinstance(rule.check, RowCheck) else _DECIDE
    named = [_named(rule, strategy, place, draft) for place, draft in enumerate(drafts, 1)]
    return Proposal(rule.id, rank, severity, strategy, named, said)


def _named(rule: Rule, strategy: str, place: int, draft: Mapping[str, Any]) -> dict[str, Any]:
    when = {"when": rule.when.text} if rule.when else {}
    return {"id": f"{rule.id[:90]}-{place}", **draft, **when, "strategy": strategy}


def _duplicates(rule: Rule, columns: Sequence[str]) -> list[dict[str, Any]]:
    if rule.check.kind == "unique":
        return [{"step": "deduplicate", "columns": list(rule.check.reads), "keep": "first"}]
    left_out = getattr(rule.check, "without", ())
    kept = [column for column in columns if column not in left_out]
    return [{"step": "deduplicate", "columns": kept, "keep": "first"}] if kept else []


def _choosing(rule: Rule, strategy: str) -> Iterator[dict[str, Any]]:
    kind = "filter" if strategy == "filter" else "tolerate"
    if rule.check.kind == "expression":
        expression: Expression = rule.check.expression  # type: ignore[attr-defined]
        yield {"step": kind, "condition": f"not ({expression.text})"}
    elif isinstance(rule.check, RowCheck) and (entry := _as_written(rule.check)):
        yield {"step": kind, "failing": entry}


def _as_written(check: Check) -> dict[str, Any] | None:
    """The check as a rule writes it; None if that does not read as the same check again."""
    entry: dict[str, Any] = {"check": check.kind}
    for name in check.parameters:
        value = getattr(check, name.replace("-", "_"), None)
        if isinstance(value, Expression):
            entry[name] = value.text
        elif isinstance(value, tuple) and value and all(isinstance(each, str) for each in value):
            entry[name] = list(value)
        elif value not in (None, "", False, ()):
            entry[name] = value
    try:
        marked = mark(entry)
        same = type(check).read(Given(marked.value, 0)) == check
    except (Wrong, AttributeError, TypeError):
        return None
    return entry if same else None


def _nothing(rule: Rule, rules: RuleSet) -> Iterator[dict[str, Any]]:
    return iter(())


def _missing(rule: Rule, rules: RuleSet) -> Iterator[dict[str, Any]]:
    """Birth date and sex, where another rule says which id they agree with."""
    for column in rule.check.reads:
        for other in rules.rules:
            if other.check.kind == "citizen-id":
                for part in ("birth", "sex"):
                    if getattr(other.check, part) == column:
                        id: str = other.check.column  # type: ignore[attr-defined]
                        yield {"step": "fill", "column": column, "citizen-id": id, "part": part}


def _code(*more: Mapping[str, Any]) -> Callable[[Rule, RuleSet], Iterator[dict[str, Any]]]:
    """Blanks and full-width letters, which is what most often is wrong with a code, and what else is said."""

    def steps(rule: Rule, rules: RuleSet) -> Iterator[dict[str, Any]]:
        column = rule.check.reads[0]
        for draft in ({"step": "trim"}, {"step": "width"}, *more):
            yield {"step": draft["step"], "column": column, **draft}

    return steps


def _listed(rule: Rule, rules: RuleSet) -> Iterator[dict[str, Any]]:
    codes: str = rule.check.codes  # type: ignore[attr-defined]
    if codes:
        yield {"step": "map", "column": rule.check.reads[0], "codes": codes}


def _ranged(rule: Rule, rules: RuleSet) -> Iterator[dict[str, Any]]:
    kinds = {"date": "dates", "number": "numbers"}
    family: str = rule.check.family  # type: ignore[attr-defined]
    if family in kinds:
        yield {"step": kinds[family], "column": rule.check.reads[0]}


_CAPITALS = {"step": "case", "to": "upper"}
_MEND: Mapping[str, Callable[[Rule, RuleSet], Iterator[dict[str, Any]]]] = {
    "not-null": _missing,
    "citizen-id": _code(_CAPITALS),
    "credit-code": _code(_CAPITALS),
    "organisation-code": _code(_CAPITALS),
    "plate": _code(_CAPITALS),
    "division": _code({"step": "map", "codes": "gb-t-2260", "to": "successor"}),
    "mobile": _code(),
    "phone": _code(),
    "bank-card": _code(),
    "postal-code": _code(),
    "email": _code(),
    "person-name": _code(),
    "pattern": _code({"step": "spaces"}),
    "length": _code({"step": "spaces"}),
    "characters": _code({"step": "spaces"}),
    "in": _listed,
    "range": _ranged,
}

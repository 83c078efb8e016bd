"""Holding a rule set against the columns of a table, before any row is read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from kaishu.base.errors import Said
from kaishu.quality.checks import condition_problems
from kaishu.quality.errors import BadRules, Problem
from kaishu.quality.expressions import columns_of
from kaishu.quality.rules.rule import Rule, RuleSet

SHOWN = 12


def bind(rules: RuleSet, types: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that the rules read, in the table's order.  Raises ``BadRules``."""
    problems = [*_missing(rules.key, rules.lines.get("key", 0), "key", types)]
    needed: set[str] = set()
    for place, rule in enumerate(rules.rules):
        found = list(_problems(rule, f"rules[{place + 1}]", types))
        problems += found
        if not found:
            needed.update(rule.check.needs(types))
            needed.update(columns_of(rule.when) if rule.when else ())
    if problems:
        raise BadRules(rules.file, problems)
    return tuple(column for column in types if column in needed)


def _problems(rule: Rule, path: str, types: Mapping[str, str]) -> Iterator[Problem]:
    line = next(
        (rule.lines[name] for name in ("column", "columns", "expression", "of") if name in rule.lines),
        rule.line,
    )
    missing = list(_missing(rule.check.reads, line, path, types))
    when_line = rule.lines.get("when", rule.line)
    if rule.when:
        missing += _missing(columns_of(rule.when), when_line, f"{path}.when", types)
    yield from missing
    if missing:
        return
    for said in rule.check.unsuitable(types):
        yield Problem(line, path, said)
    if rule.when:
        for said in condition_problems(rule.when, types):
            yield Problem(when_line, f"{path}.when", said)


def _missing(columns: tuple[str, ...], line: int, key: str, types: Mapping[str, str]) -> Iterator[Problem]:
    for column in columns:
        if column not in types:
            near = difflib.get_close_matches(column, types, 1, 0.5)
            known = list(types)[:SHOWN]
            more = "…" if len(types) > SHOWN else ""
            zh = f"表里没有“{column}”列；" + (
                f"是不是“{near[0]}”？" if near else f"有：{'、'.join(known)}{more}"
            )
            en = f'the table has no column "{column}"; ' + (
                f'did you mean "{near[0]}"?' if near else f"it has {', '.join(known)}{more}"
            )
            yield Problem(line, key, Said(zh, en))

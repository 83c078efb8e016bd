"""A rule file to a rule set, with every problem at its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.checks import CHECKS, DIMENSIONS, Check, Given, Wrong, share_or_number
from kaishu.quality.errors import BadRules, Problem
from kaishu.quality.expressions import Expression
from kaishu.quality.marked import Marked, mark, read_marked
from kaishu.quality.rules.rule import LEVELS, Limits, Rule, RuleSet

_TOP = ("table", "key", "level", "levels", "weights", "rules")
_RULE = (
    "id",
    "check",
    "level",
    "levels",
    "dimension",
    "weight",
    "when",
    "title",
    "title-en",
    "note",
    "owner",
)
_NESTED = ("check",)
_ID = re.compile(r"[\w.\-:]{1,100}")


def parse_rules(written: str | Mapping[str, Any], file: str = "rules") -> RuleSet:
    """Parse YAML text, or the same as a mapping.  Raises ``BadRules`` with all problems found."""
    root = read_marked(written, file) if isinstance(written, str) else mark(written)
    return _Parser(file).parse(root)


class _Parser:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.by_id: dict[str, Marked] = {}
        self.open: list[str] = []

    def parse(self, root: Marked) -> RuleSet:
        if not isinstance(root.value, dict):
            raise BadRules(
                self.file, [_problem(root.line, "", "应为“键: 值”", 'should be "key: value" lines')]
            )
        top = Given(root.value, root.line)
        self.unknown(top.entries, _TOP, "")
        limits = self.guarded("", lambda: _limits(top)) or Limits()
        key = self.guarded("", lambda: top.texts("key")) or ()
        weights = self.guarded("", lambda: _weights(top)) or {}
        listed = top.entries.get("rules", Marked(None, root.line))
        if not isinstance(listed.value, list) or not listed.value:
            self.problems.append(
                _problem(listed.line, "rules", "缺少规则的列表", "a list of rules is missing")
            )
            raise BadRules(self.file, self.problems)
        self.collect_ids(listed.value)
        rules = [self.rule(place, each, limits) for place, each in enumerate(listed.value)]
        if self.problems:
            raise BadRules(self.file, sorted(self.problems, key=lambda each: each.line))
        return RuleSet(
            rules=tuple(each for each in rules if each is not None),
            key=key,
            table=top.text("table"),
            weights=weights,
            file=self.file,
            lines={name: entry.line for name, entry in top.entries.items()},
        )

    def collect_ids(self, listed: Iterable[Marked]) -> None:
        for each in listed:
            if isinstance(each.value, dict) and "id" in each.value:
                self.by_id.setdefault(each.value["id"].text, each)

    def guarded(self, path: str, read: Any) -> Any:
        """What ``read`` gives, or None with its problem noted."""
        try:
            return read()
        except Wrong as wrong:
            key = ".".join(part for part in (path, wrong.key) if part)
            self.problems.append(Problem(wrong.line, key, wrong.said))
            return None

    def unknown(self, entries: Mapping[str, Marked], known: Iterable[str], path: str) -> None:
        names = list(known)
        for name, entry in entries.items():
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                key = ".".join(part for part in (path, name) if part)
                zh = f"没有这个键；是不是“{near[0]}”？" if near else f"没有这个键；有：{'、'.join(names)}"
                en = (
                    f'unknown key; did you mean "{near[0]}"?'
                    if near
                    else f"unknown key; known are {', '.join(names)}"
                )
                self.problems.append(_problem(entry.line, key, zh, en))

    def rule(self, place: int, entry: Marked, limits: Limits) -> Rule | None:
        path = f"rules[{place + 1}]"
        if not isinstance(entry.value, dict):
            self.problems.append(_problem(entry.line, path, "应为一条规则", "should be a rule"))
            return None
        given = Given(entry.value, entry.line, partial(self.nested, path))
        return self.guarded(path, lambda: self.read_rule(given, path, place, limits))  # type: ignore[no-any-return]

    def read_rule(self, given: Given, path: str, place: int, limits: Limits) -> Rule:
        check = self.check(given, path, _RULE)
        id = given.text("id") or f"{place + 1}-{check.kind}"
        if not _ID.fullmatch(id):
            raise given.wrong("id", "只能用文字、数字和 . - : _", "letters, digits and . - : _ only")
        if given.has("id") and self.by_id[id].line != given.line:
            line = self.by_id[id].line
            raise given.wrong("id", f"编号与第{line}行的规则相同", f"the rule on line {line} has the same id")
        weight = given.number("weight", 1.0)
        if weight is None or weight < 0:
            raise given.wrong("weight", "不能小于0", "cannot be less than 0")
        when: Expression | None = given.expression("when") if given.has("when") else None
        return Rule(
            id=id,
            check=check,
            limits=_limits(given) or limits,
            dimension=given.choice("dimension", DIMENSIONS, check.dimension),
            weight=weight,
            when=when,
            title=given.text("title"),
            title_en=given.text("title-en"),
            note=given.text("note"),
            owner=given.text("owner"),
            line=given.line,
            lines={name: each.line for name, each in given.entries.items()},
        )

    def check(self, given: Given, path: str, beside: tuple[str, ...]) -> Check:
        given.need("check")
        kind = given.text("check")
        if kind not in CHECKS:
            near = difflib.get_close_matches(kind, CHECKS, 1)
            zh = f"没有检查“{kind}”" + (f"；是不是“{near[0]}”？" if near else f"；有：{'、'.join(CHECKS)}")
            en = f'there is no check "{kind}"' + (
                f'; did you mean "{near[0]}"?' if near else f"; there are {', '.join(CHECKS)}"
            )
            raise given.wrong("check", zh, en)
        self.unknown(given.entries, (*beside, *CHECKS[kind].parameters), path)
        return CHECKS[kind].read(given)

    def nested(self, path: str, entry: Marked) -> Check:
        """A rule inside a rule: written out, or the check of another one by its id."""
        if isinstance(entry.value, dict):
            return self.check(Given(entry.value, entry.line, partial(self.nested, path)), path, _NESTED)
        id = entry.text
        if id not in self.by_id:
            raise Wrong(entry.line, "of", f"本文件没有规则“{id}”", f'there is no rule "{id}" in this file')
        if id in self.open:
            raise Wrong(entry.line, "of", f"规则“{id}”包含了自己", f'the rule "{id}" contains itself')
        self.open.append(id)
        try:
            other = self.by_id[id]
            return self.check(Given(other.value, other.line, partial(self.nested, path)), path, (*_RULE,))
        finally:
            self.open.pop()


def _limits(given: Given) -> Limits | None:
    if given.has("level") and given.has("levels"):
        raise given.wrong("levels", "level 与 levels 只能写一个", "either level or levels, not both")
    if given.has("level"):
        return Limits({given.choice("level", LEVELS): 0})
    if not given.has("levels"):
        return None
    entry = given.entries["levels"]
    if not isinstance(entry.value, dict) or not entry.value:
        raise given.wrong("levels", "应为“级别: 限度”", 'should be "level: limit" lines')
    found: dict[str, int | float] = {}
    for name, limit in entry.value.items():
        if name not in LEVELS:
            listed = ", ".join(LEVELS)
            raise Wrong(
                limit.line,
                f"levels.{name}",
                f"没有这个级别；有：{listed}",
                f"unknown level; there are {listed}",
            )
        found[name] = _limit(name, limit)
    return Limits(found)


def _limit(name: str, entry: Marked) -> int | float:
    """``5%`` and 0.05 are shares, 20 and 0 are rows."""
    found = share_or_number(entry)
    whole = isinstance(entry.value, int)
    if found is None or found < 0 or (not whole and found > 1):
        raise Wrong(
            entry.line,
            f"levels.{name}",
            "应为行数（整数）或比例（如 5% 或 0.05）",
            "should be a number of rows (whole) or a share (as 5% or 0.05)",
        )
    return int(found) if whole else found


def _weights(given: Given) -> dict[str, float]:
    if not given.has("weights"):
        return {}
    entry = given.entries["weights"]
    if not isinstance(entry.value, dict):
        raise given.wrong("weights", "应为“维度: 权重”", 'should be "dimension: weight" lines')
    inner = Given(entry.value, entry.line)
    found = {}
    for name in inner.entries:
        if name not in DIMENSIONS:
            listed = ", ".join(DIMENSIONS)
            raise inner.wrong(name, f"没有这个维度；有：{listed}", f"unknown dimension; there are {listed}")
        weight = inner.number(name)
        if weight is None or weight < 0:
            raise inner.wrong(name, "不能小于0", "cannot be less than 0")
        found[name] = weight
    return found


def _problem(line: int, key: str, zh: str, en: str) -> Problem:
    return Problem(line, key, Said(zh, en))

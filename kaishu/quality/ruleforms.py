"""Rules made in a form: their kinds and fields from the registry of checks, added to the rules' text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.checks import CHECKS
from kaishu.quality.errors import BadRules, Problem

FILE = "rules.yaml"
_LISTS = re.compile(r"[,，、]\s*")
_MANY = ("columns", "values", "reference-columns", "by", "except", "parts")
_PLAIN = re.compile(r"-?\d+(\.\d+)?%?|true|false")


@dataclass(frozen=True, slots=True)
class RuleKind:
    """One kind with the parameters that a form asks for: name to (zh, en)."""

    kind: str
    zh: str
    en: str
    parameters: Mapping[str, tuple[str, str]]


def kinds_of_rules() -> list[RuleKind]:
    """Every kind that can be made in a form; compositions are written as text."""
    return [
        RuleKind(kind, check.zh, check.en, check.parameters)
        for kind, check in CHECKS.items()
        if "of" not in check.parameters
    ]


def add_rule(text: str, rule: Mapping[str, str]) -> str:
    """The text with one more rule, of a form's fields, at the end of the list; what stands there already
    stays as it is written.

    Raises ``BadRules`` if the text has no list of rules to add to.
    """
    return _added(text, _lines(rule))


def add_rules(text: str, rules: Sequence[Mapping[str, Any]]) -> str:
    """The same with several rules, of values as a rule file has them."""
    return _added(text, [line for rule in rules for line in _written(rule)])


def _added(text: str, lines: Sequence[str]) -> str:
    import yaml

    if not text.strip():
        return "rules:\n" + "".join(f"  {line}\n" for line in lines)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadRules(
            FILE, [Problem(0, "", Said("规则不是合法的 YAML。", "The rules are not YAML."))]
        ) from error
    found = None
    if isinstance(root, yaml.MappingNode):
        found = next((value for key, value in root.value if key.value == "rules"), None)
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        said = Said("没有可以添加的规则列表（rules:）。", "There is no list of rules (rules:) to add to.")
        raise BadRules(FILE, [Problem(0, "rules", said)])
    written = text.splitlines()
    last = found.value[-1].end_mark
    end = last.line if last.column == 0 or last.line >= len(written) else last.line + 1
    while end and not written[end - 1].strip():
        end -= 1
    indent = " " * found.start_mark.column
    added = [indent + line for line in lines]
    return "\n".join([*written[:end], *added, *written[end:]]) + "\n"


def _lines(rule: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for name, value in rule.items():
        if value.strip():
            found.append(f"{'  ' if found else '- '}{name}: {_value(name, value.strip())}")
    return found


def _written(rule: Mapping[str, Any]) -> list[str]:
    """One line for each key; texts in quotes, so that codes stay texts."""
    import yaml

    lines: list[str] = []
    for name, value in rule.items():
        if isinstance(value, str) and value.isprintable():
            said = _quoted(value)
        else:
            dumped = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=math.inf)
            said = dumped.removesuffix("\n").removesuffix("\n...")
        lines.append(f"{'  ' if lines else '- '}{name}: {said}")
    return lines


def _value(name: str, value: str) -> str:
    if name in _MANY:
        return "[" + ", ".join(_quoted(part) for part in _LISTS.split(value) if part) + "]"
    return value if _PLAIN.fullmatch(value) and name not in ("id", "title", "note") else _quoted(value)


def _quoted(value: str) -> str:
    """In single quotes, which YAML takes as they are."""
    return "'" + value.replace("'", "''").replace("\n", " ").replace("\r", " ") + "'"

"""Rules made in a form: their kinds and fields from the registry of checks, added to the rules' text."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.checks import CHECKS
from kaishu.quality.errors import BadRules, Problem

FILE = "rules.yaml"
_LISTS = re.compile(r"[,，、]\s*")
_MANY = ("columns", "values", "reference-columns", "by", "except", "parts")
_TEXTS = ("id", "title", "title-en", "note")
_PLAIN = re.compile(r"-?\d+(\.\d+)?%?|true|false")


@dataclass(frozen=True, slots=True)
class EntryKind:
    """One kind of rule or of step, with the parameters that a form asks for: name to (zh, en)."""

    kind: str
    zh: str
    en: str
    parameters: Mapping[str, tuple[str, str]]


def kinds_of_rules() -> list[EntryKind]:
    """Every kind that can be made in a form; compositions are written as text."""
    return [
        EntryKind(kind, check.zh, check.en, check.parameters)
        for kind, check in CHECKS.items()
        if "of" not in check.parameters
    ]


def add_rule(text: str, rule: Mapping[str, str]) -> str:
    """The text with one more rule, of a form's fields, at the end of the list; what stands there already
    stays as it is written.

    Raises ``BadRules`` if the text has no list of rules to add to.
    """
    return add_entries(text, form_lines(rule, _MANY))


def add_rules(text: str, rules: Sequence[Mapping[str, Any]]) -> str:
    """The same with several rules, of values as a rule file has them."""
    return add_entries(text, [line for rule in rules for line in entry_lines(rule)])


def add_entries(text: str, lines: Sequence[str], key: str = "rules") -> str:
    """The text with these lines at the end of the list of that key.  Raises ``BadRules``."""
    import yaml

    if not text.strip():
        return f"{key}:\n" + "".join(f"  {line}\n" for line in lines)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadRules(
            FILE, [Problem(0, "", Said("这段文字不是合法的 YAML。", "The text is not YAML."))]
        ) from error
    found = None
    if isinstance(root, yaml.MappingNode):
        found = next((value for name, value in root.value if name.value == key), None)
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        said = Said(f"没有可以添加的列表（{key}:）。", f"There is no list ({key}:) to add to.")
        raise BadRules(FILE, [Problem(0, key, said)])
    written = text.splitlines()
    last = found.value[-1].end_mark
    end = last.line if last.column == 0 or last.line >= len(written) else last.line + 1
    while end and not written[end - 1].strip():
        end -= 1
    indent = " " * found.start_mark.column
    added = [indent + line for line in lines]
    return "\n".join([*written[:end], *added, *written[end:]]) + "\n"


def form_lines(entry: Mapping[str, str], many: Collection[str]) -> list[str]:
    """An entry of a form's fields, of which those in ``many`` are lists; empty ones are left out."""
    found: list[str] = []
    for name, value in entry.items():
        if value.strip():
            found.append(f"{'  ' if found else '- '}{name}: {_value(name, value.strip(), many)}")
    return found


def entry_lines(rule: Mapping[str, Any]) -> list[str]:
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


def _value(name: str, value: str, many: Collection[str]) -> str:
    if name in many:
        return "[" + ", ".join(_quoted(part) for part in _LISTS.split(value) if part) + "]"
    return value if _PLAIN.fullmatch(value) and name not in _TEXTS else _quoted(value)


def _quoted(value: str) -> str:
    """In single quotes, which YAML takes as they are."""
    return "'" + value.replace("'", "''").replace("\n", " ").replace("\r", " ") + "'"

"""What pydantic found wrong, in the words of a passport."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from kaishu.base.errors import Said
from kaishu.evaluation.system.lines import Path
from kaishu.evaluation.system.scalars import Strict

_OURS = {
    "number": ("应为数字", "should be a number"),
    "whole": ("应为整数", "should be a whole number"),
    "truth": ("应为 true 或 false", "should be true or false"),
    "text": ("应为文字", "should be a text"),
    "weight": (
        "权重应为不小于0的数，如 0.28、1/3 或 28%",
        "a weight is a number of at least 0, as 0.28, 1/3 or 28%",
    ),
}
_LIMITS = {
    "greater_than_equal": ("ge", "不能小于{0}", "cannot be less than {0}"),
    "greater_than": ("gt", "应大于{0}", "should be more than {0}"),
    "less_than_equal": ("le", "不能大于{0}", "cannot be more than {0}"),
    "less_than": ("lt", "应小于{0}", "should be less than {0}"),
    "too_short": ("min_length", "至少要有{0}项", "needs at least {0} entries"),
    "too_long": ("max_length", "最多{0}项", "takes at most {0} entries"),
    "string_too_short": ("min_length", "至少{0}个字符", "needs at least {0} characters"),
    "string_too_long": ("max_length", "最多{0}个字符", "takes at most {0} characters"),
}
_PLAIN = {
    "missing": ("缺少这个键", "this key is missing"),
    "string_type": _OURS["text"],
    "int_parsing": _OURS["whole"],
    "int_type": _OURS["whole"],
    "none_required": ("应为空", "should be empty"),
    "string_pattern_mismatch": (
        "只能用文字、数字和 . - : _ ·（体系的 id：小写字母、数字和连字符）",
        "letters, digits and . - : _ · only (id of a system: lower case, digits, hyphens)",
    ),
}


def known_keys() -> list[str]:
    """Every key that a passport can hold."""
    found: set[str] = set()
    waiting: list[type[Strict]] = [Strict]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            found.update(str(field.alias or name) for name, field in kind.model_fields.items())
    return sorted(found)


def place_of(loc: Iterable[str | int], data: Any) -> Path:
    """The path in what was written; marks of chosen alternatives, which pydantic puts between, left out."""
    path: list[str | int] = []
    parts = list(loc)
    for position, part in enumerate(parts):
        there = isinstance(data, dict) and part in data
        if there or (isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)):
            data = data[part]
            path.append(part)
        elif position == len(parts) - 1 and isinstance(data, dict):
            path.append(part)
    return tuple(path)


def said_of(error: Mapping[str, Any], path: Path) -> Said:
    """One error of pydantic in two languages."""
    kind, facts = str(error["type"]), error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]) if path else "")
    if kind in ("union_tag_invalid", "union_tag_not_found", "literal_error"):
        return _choices(error, facts)
    if kind in _LIMITS:
        name, zh, en = _LIMITS[kind]
        limit = facts.get(name, "")
        limit = int(limit) if isinstance(limit, float) and limit.is_integer() else limit
        return Said(zh.format(limit), en.format(limit))
    if kind == "value_error" and str(facts.get("error")) in _OURS:
        return Said(*_OURS[str(facts["error"])])
    if kind in _PLAIN:
        return Said(*_PLAIN[kind])
    if kind in ("tuple_type", "list_type"):
        return Said("应为列表", "should be a list")
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return Said("应为“键: 值”", 'should be "key: value" lines')
    text = str(error.get("msg", ""))
    return Said(f"不能这样写（{text}）", f"cannot be written so ({text})")


def _unknown(name: str) -> Said:
    near = difflib.get_close_matches(name, known_keys(), 1)
    if near and near[0] != name:
        return Said(f"这里没有这个键；是不是“{near[0]}”？", f'unknown key here; did you mean "{near[0]}"?')
    return Said("这里没有这个键", "unknown key here")


def _choices(error: Mapping[str, Any], facts: Mapping[str, Any]) -> Said:
    written = str(facts.get("tag", error.get("input", "")))[:60]
    listed = str(facts.get("expected", facts.get("expected_tags", ""))).replace(" or ", ", ")
    choices = [each.strip().strip("'") for each in listed.split(",")]
    shown = [each for each in choices if each and each not in ("word", "list")]
    near = difflib.get_close_matches(written, shown, 1)
    hint_zh, hint_en = (f"；是不是“{near[0]}”？", f'; did you mean "{near[0]}"?') if near else ("", "")
    return Said(
        f"没有“{written}”这个选择；可以是：{'、'.join(shown)}{hint_zh}",
        f'"{written}" is no choice here; there are {", ".join(shown)}{hint_en}',
    )

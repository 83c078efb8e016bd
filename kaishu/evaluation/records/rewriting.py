"""Single values changed in a YAML text; everything else, comments and order among it, stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import yaml

from kaishu.base.errors import Said
from kaishu.evaluation.system.errors import BadSystem, Problem
from kaishu.evaluation.system.lines import shown

Path = Sequence[str | int]
_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./%-_"  # what needs no quotes
)


def with_value(text: str, path: Path, value: str) -> str:
    """The text with one single value changed, or added where its mapping is there.

    >>> print(with_value("a: 1  # why\\ntree:\\n  - {code: P, weight: 0.5}\\n", ("tree", 0, "weight"), "0.7"))
    a: 1  # why
    tree:
      - {code: P, weight: 0.7}
    <BLANKLINE>
    >>> with_value("a: 1\\n", ("b",), "大")
    'b: "大"\\na: 1\\n'

    Raises ``BadSystem`` where the path leads nowhere or the value there is not a single one.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for depth, part in enumerate(path[:-1]):
        node = _below(node, part)
        if node is None:
            raise _nowhere(path[: depth + 1])
    key = path[-1]
    there = _below(node, key)
    if isinstance(there, yaml.ScalarNode):
        return text[: there.start_mark.index] + scalar(value) + text[there.end_mark.index :]
    if there is not None or not isinstance(node, yaml.MappingNode):
        raise _nowhere(path)
    start = node.start_mark.index
    if node.flow_style:
        inside = ", " if node.value else ""
        return f"{text[: start + 1]}{key}: {scalar(value)}{inside}{text[start + 1 :]}"
    return f"{text[:start]}{key}: {scalar(value)}\n{' ' * node.start_mark.column}{text[start:]}"


def with_values(text: str, changes: Mapping[tuple[str | int, ...], str]) -> str:
    """The text with several values changed.  Raises ``BadSystem``."""
    for path, value in changes.items():
        text = with_value(text, path, value)
    return text


def scalar(value: str) -> str:
    """A value as YAML: bare where that is plain enough, else between quotes."""
    return (
        value
        if value and set(value) <= _PLAIN and value[0] not in "-%"
        else json.dumps(value, ensure_ascii=False)
    )


def _below(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode) and isinstance(part, str):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None


def _nowhere(path: Path) -> BadSystem:
    said = Said("这里不能用表单改，请改全文", "this cannot be changed in the form; change the text")
    return BadSystem("system.yaml", [Problem(0, shown(path), said)])

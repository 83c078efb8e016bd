"""YAML to plain values beside the line of each, so that a mistake can be shown where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from kaishu.base.errors import Said
from kaishu.evaluation.system.errors import BadSystem, Problem
from kaishu.evaluation.system.scalars import Plain

MOST_CHARACTERS = 2_000_000
MOST_VALUES = 100_000
MOST_DEPTH = 80

Path = tuple[str | int, ...]
_NULL = re.compile(r"~|null|Null|NULL|")


class Lines:
    """Line of the value at a path; of the nearest one above it where there is none."""

    def __init__(self) -> None:
        self._lines: dict[Path, int] = {}

    def put(self, path: Path, line: int) -> None:
        """Remember a line."""
        self._lines[path] = line

    def at(self, path: Path) -> int:
        """The line, from 1; 0 if nothing is known."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 0


def shown(path: Sequence[str | int]) -> str:
    """A path as people read it, positions from 1.

    >>> shown(("tree", 0, "children", 1, "weight"))
    'tree[1].children[2].weight'
    """
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_lines(text: str, file: str) -> tuple[Any, Lines]:
    """Parse YAML.  Raises ``BadSystem``: no YAML, a key twice, a cycle of references, too much of it."""
    if len(text) > MOST_CHARACTERS:
        said = Said("文件太大。", "The file is too large.")
        raise BadSystem(file, [Problem(0, "", said)])
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or error).splitlines()[0]
        said = Said(f"不是合法的 YAML：{why}", f"This is not YAML: {why}")
        raise BadSystem(file, [Problem(mark.line + 1 if mark else 0, "", said)]) from error
    builder = _Builder(file)
    return (builder.build(node, ()) if node is not None else {}), builder.lines


class _Builder:
    def __init__(self, file: str) -> None:
        self.file, self.count, self.lines = file, 0, Lines()
        self.open: list[int] = []

    def build(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.count += 1
        if self.count > MOST_VALUES or len(path) > MOST_DEPTH:
            raise self.wrong(
                line, path, "内容太多或层次太深。", "There is too much of it, or it is too deep."
            )
        if id(node) in self.open:
            raise self.wrong(
                line,
                path,
                "引用绕成了圈：这一项包含它自己。",
                "The references form a cycle: this contains itself.",
            )
        self.lines.put(path, line)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        self.open.append(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.build(each, (*path, place)) for place, each in enumerate(node.value)]
            return self.mapping(node, path)
        finally:
            self.open.pop()

    @staticmethod
    def scalar(node: yaml.ScalarNode) -> Any:
        if node.style:
            return str(node.value)
        return None if _NULL.fullmatch(node.value) else Plain(node.value)

    def mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                raise self.wrong(line, path, "键应为文字。", "A key should be a text.")
            if name in found:
                raise self.wrong(line, (*path, name), "这个键写了两次。", "This key is written twice.")
            found[name] = self.build(value, (*path, name))
            # What people look for is the key; a list or mapping begins on a line below.
            self.lines.put((*path, name), line)
        return found

    def wrong(self, line: int, path: Path, zh: str, en: str) -> BadSystem:
        return BadSystem(self.file, [Problem(line, shown(path), Said(zh, en))])

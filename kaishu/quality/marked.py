"""YAML with the line of every value, and a scalar as it was written beside what YAML makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kaishu.base.errors import Said
from kaishu.quality.errors import BadRules, Problem

MOST_BYTES = 4 << 20
MOST_NODES = 100_000


@dataclass(frozen=True, slots=True)
class Marked:
    """A value of a file: a dict or list of ``Marked``, or a scalar, whose ``text`` is as written.

    The text keeps what YAML would lose: ``01`` is the number 1 for YAML, and a code for us.
    """

    value: Any
    line: int = 0
    text: str = ""


def read_marked(text: str, file: str) -> Marked:
    """Parse a YAML document.  Raises ``BadRules`` with the line."""
    import yaml

    if len(text.encode()) > MOST_BYTES:
        raise BadRules(file, [Problem(0, "", Said("规则文件超过4 MiB。", "The file is larger than 4 MiB."))])
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        return Marked({}) if node is None else _Builder(file, loader).build(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or error).splitlines()[0]
        line = mark.line + 1 if mark else 0
        said = Said(f"不是合法的 YAML：{why}", f"This is not YAML: {why}")
        raise BadRules(file, [Problem(line, "", said)]) from error
    except (ValueError, RecursionError) as error:
        # A date such as 2024-02-30, or brackets nested a thousand deep.
        said = Said(f"值无法读取：{error}", f"A value cannot be read: {error}")
        raise BadRules(file, [Problem(0, "", said)]) from error
    finally:
        loader.dispose()


def mark(value: Any) -> Marked:
    """The same form of a value that came from elsewhere than a file."""
    if isinstance(value, Mapping):
        return Marked({str(key): mark(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        return Marked([mark(each) for each in value])
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return Marked(value, 0, text)


class _Builder:
    def __init__(self, file: str, loader: Any) -> None:
        self.file, self.loader, self.count = file, loader, 0

    def build(self, node: Any) -> Marked:
        import yaml

        line = node.start_mark.line + 1
        self.count += 1
        if self.count > MOST_NODES:
            # References to references grow without end.
            raise BadRules(self.file, [Problem(line, "", Said("值太多。", "There are too many values."))])
        if isinstance(node, yaml.MappingNode):
            return Marked(self._mapping(node), line)
        if isinstance(node, yaml.SequenceNode):
            return Marked([self.build(each) for each in node.value], line)
        return Marked(self.loader.construct_object(node), line, node.value)

    def _mapping(self, node: Any) -> dict[str, Marked]:
        found: dict[str, Marked] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key.value, str) else ""
            if not name or name in found:
                said = Said(f"键“{name}”重复或不是文字。", f'The key "{name}" is repeated or is not text.')
                raise BadRules(self.file, [Problem(key.start_mark.line + 1, name, said)])
            # A list begins a line below its key; the key is what people look for.
            found[name] = replace(self.build(value), line=key.start_mark.line + 1)
        return found

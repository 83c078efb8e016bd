"""What of a system's text can be changed in a form: titles, weights and policies that are single values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaishu.evaluation.records.rewriting import with_values
from kaishu.evaluation.system.lines import read_lines

Path = tuple[str | int, ...]
#: Policies with bare words to choose from; the first is what holds where nothing is written.
POLICIES: Mapping[str, tuple[str, ...]] = {
    "missing": ("skip", "zero", "lowest", "propagate"),
    "constant": ("leave-out", "full", "zero", "middle"),
    "normalise": (
        *("min-max", "z-score", "rank", "borda", "percentile", "to-maximum", "share", "binary", "direct"),
    ),
    "weights": ("given", "equal", "entropy", "critic", "cv", "pca"),
    "aggregate": (
        *("arithmetic", "sum", "geometric", "harmonic", "median", "minimum"),
        *("copeland", "topsis", "mazziotta-pareto"),
    ),
    "outliers": ("none", "log"),
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One value: where it stands, what is written there ("" for nothing), and what may be chosen.

    ``name`` is that of the form's field; ``code`` and ``level`` are those of a node, "" and 0 for the whole.
    """

    name: str
    path: Path
    value: str
    key: str
    code: str = ""
    level: int = 0
    choices: tuple[str, ...] = ()


def form_fields(text: str) -> list[FormField]:
    """The fields of a text: of the whole, then of each node in the order of the tree.

    Raises ``BadSystem`` for what is no YAML.
    """
    data = read_lines(text, "system.yaml")[0]
    if not isinstance(data, dict):
        return []
    found = [*_titles(data, (), "", 0)]
    for key in ("edition", "digits"):
        if _single(data.get(key)):
            found.append(FormField(key, (key,), str(data.get(key) or ""), key))
    for key, choices in POLICIES.items():
        value = data.get(key)
        if value is None or str(value) in choices:
            found.append(FormField(key, (key,), str(value or choices[0]), key, choices=choices))
    _walk(data.get("tree"), ("tree",), 1, found)
    return found


def with_form(text: str, given: Mapping[str, str]) -> str:
    """The text with what a form gives instead; what is the same stays as it is written.

    Raises ``BadSystem``.
    """
    changes: dict[Path, str] = {}
    for field in form_fields(text):
        value = given.get(field.name, field.value).strip()
        if value != field.value:
            changes[field.path] = value
    return with_values(text, changes)


def _walk(nodes: Any, path: Path, level: int, found: list[FormField]) -> None:
    if not isinstance(nodes, list):
        return
    for place, node in enumerate(nodes):
        if not isinstance(node, dict):
            continue
        here, code = (*path, place), str(node.get("code") or "")
        name = ".".join(map(str, here[1:]))
        found += _titles(node, here, code, level, name)
        weight = node.get("weight")
        if weight is not None and _single(weight):
            found.append(FormField(f"weight.{name}", (*here, "weight"), str(weight), "weight", code, level))
        _walk(node.get("children"), (*here, "children"), level + 1, found)


def _titles(node: Mapping[str, Any], path: Path, code: str, level: int, name: str = "") -> list[FormField]:
    title, end = node.get("title"), f".{name}" if name else ""
    if isinstance(title, dict):
        return [
            FormField(
                f"title-{word}{end}",
                (*path, "title", word),
                str(title.get(word) or ""),
                f"title-{word}",
                code,
                level,
            )
            for word in ("zh", "en")
        ]
    if not _single(title):
        return []
    return [FormField(f"title-zh{end}", (*path, "title"), str(title or ""), "title-zh", code, level)]


def _single(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)

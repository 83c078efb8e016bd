"""Codes that stand one above another, drawn as a tree that is open along one path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaishu.elements import Code


@dataclass(frozen=True, slots=True)
class Branch:
    """One code with its present name, those of before, and what stands below if it is open.

    ``past`` are codes below that are not in force any more; ``below`` counts all.
    """

    code: Code
    earlier: Sequence[Code]
    below: int
    open: bool
    present: Sequence[Branch] = ()
    past: Sequence[Branch] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """The highest codes, in force and not."""

    present: Sequence[Branch]
    past: Sequence[Branch]


def tree_of(items: Iterable[Code], path: Sequence[str]) -> Tree:
    """The codes of a set, open along the path."""
    rows: dict[str, list[Code]] = defaultdict(list)
    for item in items:
        rows[item.code].append(item)
    below: dict[str, list[str]] = defaultdict(list)
    for code, each in rows.items():
        below[each[-1].parent].append(code)
    return Tree(*_level("", rows, below, frozenset(path)))


def _level(
    under: str, rows: Mapping[str, list[Code]], below: Mapping[str, list[str]], path: frozenset[str]
) -> tuple[list[Branch], list[Branch]]:
    present: list[Branch] = []
    past: list[Branch] = []
    for code in below.get(under, ()):
        *earlier, newest = sorted(rows[code], key=lambda row: row.valid_from)
        inner = _level(code, rows, below, path) if code in path else ([], [])
        branch = Branch(newest, earlier, len(below.get(code, ())), code in path, *inner)
        (past if newest.valid_to else present).append(branch)
    return present, past


def widest(items: Iterable[Code], path: Sequence[str]) -> int:
    """How many codes stand on the fullest level that the tree would show."""
    shown = {"", *path}
    counts: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.parent in shown:
            counts[item.parent].add(item.code)
    return max((len(each) for each in counts.values()), default=0)

"""What a formula is made of.  Every node knows the character where it begins, from 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true, false or null."""

    value: Fraction | str | bool | None
    place: int


@dataclass(frozen=True, slots=True)
class Where:
    """Only rows for which the condition is true."""

    condition: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """Each row with the rows of another table in which ``right`` equals its ``left``."""

    table: str
    left: str
    right: str
    place: int


@dataclass(frozen=True, slots=True)
class Extreme:
    """The ``number`` rows with the largest (``top``) or smallest (``bottom``) value."""

    top: bool
    number: int
    by: Node


Clause: TypeAlias = Where | Joined | Extreme


@dataclass(frozen=True, slots=True)
class Source:
    """A table or one column of it, cut down by clauses; a bare name may also be a column or a variable."""

    table: str
    column: str | None
    clauses: tuple[Clause, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function with what it is applied to."""

    name: str
    of: tuple[Node, ...]
    place: int


Node: TypeAlias = Literal | Source | Operation


@dataclass(frozen=True, slots=True)
class Formula:
    """The text as written and the tree of it."""

    text: str
    root: Node


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    if isinstance(node, Operation):
        for each in node.of:
            yield from nodes(each)
    elif isinstance(node, Source):
        for clause in node.clauses:
            if isinstance(clause, Where):
                yield from nodes(clause.condition)
            elif isinstance(clause, Extreme):
                yield from nodes(clause.by)

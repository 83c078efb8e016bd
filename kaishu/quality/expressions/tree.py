"""What an expression is made of.  Every node knows the character where it begins, from 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, a date, true, false or null."""

    value: int | float | str | date | bool | None
    place: int


@dataclass(frozen=True, slots=True)
class Name:
    """A column."""

    column: str
    place: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function with what it is applied to."""

    name: str
    of: tuple[Node, ...]
    place: int


Node: TypeAlias = Literal | Name | Operation


@dataclass(frozen=True, slots=True)
class Expression:
    """The text as written and the tree of it."""

    text: str
    root: Node


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    if isinstance(node, Operation):
        for each in node.of:
            yield from nodes(each)


def columns_of(expression: Expression) -> tuple[str, ...]:
    """The columns it names, each once, in their order."""
    return tuple(dict.fromkeys(each.column for each in nodes(expression.root) if isinstance(each, Name)))

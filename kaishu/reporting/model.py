"""What a report is made of, before anybody knows whether it becomes a page, Word or PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a section; ``level`` is 1 below the title, or 2 below that."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a word and what it is."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """``heads`` name the columns; those in ``numbers`` (from 0) are set to the right.

    A ``folded`` one shows its title only on a page, and opens when that is clicked.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """``part`` of 1, from 0 to 1; ``said`` is the number as it is read; ``mark`` a second part, as a line."""

    label: str
    part: float
    said: str
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of lying bars; the title says what is seen in it."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Tile:
    """A place in a grid, from 0; the more of 1 ``part`` is, the darker; None where nothing is known."""

    label: str
    column: int
    row: int
    part: float | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A map-like chart: each place is a tile of the same size."""

    title: str
    tiles: Sequence[Tile]


Block = Heading | Paragraph | Note | Facts | Table | Bars | Tiles


@dataclass(frozen=True, slots=True)
class Document:
    """A report in ``zh`` or ``en``."""

    title: str
    language: str
    blocks: Sequence[Block]


def printable(text: str) -> str:
    """The text with a mark in place of characters that XML and pages cannot hold."""
    return _UNPRINTABLE.sub("\ufffd", text)

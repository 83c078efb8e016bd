"""Standard entities: what a golden record has, and by what it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Kinds of a field: how values are cleaned and compared.
KINDS = ("text", "name", "code", "citizen-id", "credit-code", "date", "number", "address")
TEMPLATES = ("person", "enterprise", "place", "licence")


@dataclass(frozen=True, slots=True)
class Field:
    """One item of a standard entity.  ``standard``: the national standard that lays it down, if one does."""

    name: str
    title: str = ""
    title_en: str = ""
    kind: str = "text"
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probable:
    """How rows without a common key are compared.

    ``compare``: fields; ``blocks``: fields that a pair must share to be looked at, ``name:1`` being the
    first letter of a name; ``sure`` and ``review``: probabilities; ``expected``: the share of the rows
    left over by the keys that are thought to have a partner.
    """

    compare: tuple[str, ...]
    blocks: tuple[tuple[tuple[str, int], ...], ...]
    sure: float = 0.99
    review: float = 0.5
    expected: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A standard entity.  ``keys``: fields that together name one, the most trusted first."""

    name: str
    title: str
    title_en: str
    fields: Mapping[str, Field]
    keys: tuple[tuple[str, ...], ...]
    probable: Probable | None = None


def template_path(name: str) -> Path:
    """Where a shipped entity stands."""
    return Path(__file__).with_name("data") / f"{name}.yaml"

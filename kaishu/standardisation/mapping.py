"""A mapping: which columns of which sources make up a standard entity, and whose value counts."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field

from kaishu.standardisation.entity import Entity

STEPS = ("authority", "newest", "longest", "vote", "condition")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a source as a field: ``values`` maps codes, others stand; ``kind`` is how it is cleaned."""

    column: str
    kind: str
    values: Lookup[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A register: a file, or a table of the lake as ``table`` and perhaps ``version`` name it.

    ``unique``: nobody is in it twice; ``id``: its own name of a row; ``updated``: when it was last true.
    """

    name: str
    columns: Lookup[str, Column]
    file: str = ""
    table: str = ""
    version: int | None = None
    title: str = ""
    office: str = ""
    unique: bool = False
    id: str = ""
    updated: str = ""
    line: int = 0
    lines: Lookup[str, int] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where its rows are, as the mapping names it."""
        return self.file or self.table


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule: its word, with an order of sources, or a field and the values that are wanted."""

    rule: str
    order: tuple[str, ...] = ()
    field: str = ""
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survivorship:
    """Whose value of a field counts: each step breaks the ties of the one before.

    ``strict``: only the sources of the first step may give it; where they are silent it stays empty.
    """

    steps: tuple[Step, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """All of a mapping file."""

    entity: Entity
    sources: tuple[Source, ...]
    rules: Lookup[str, Survivorship]
    file: str = ""

    @property
    def fields(self) -> list[str]:
        """Fields that any source gives, in the entity's order."""
        given = {name for source in self.sources for name in source.columns}
        return [name for name in self.entity.fields if name in given]

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Keys whose fields are given."""
        return [key for key in self.entity.keys if set(key) <= set(self.fields)]

"""The columns of one version, under the names that the serving copy gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kaishu.base.errors import Said, several
from kaishu.delivery.errors import UnknownColumn

ID = "_id"


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is the column's name in SQL: ``c1``, ``c2`` …, never the user's words."""

    name: str
    type: str
    key: str


ID_COLUMN = Column(ID, "integer", ID)


@dataclass(frozen=True, slots=True)
class Columns:
    """``_id`` first, then the table's own, in their order."""

    all: tuple[Column, ...]
    by_name: Mapping[str, Column] = field(hash=False, compare=False)

    @classmethod
    def of(cls, columns: Iterable[Mapping[str, Any]]) -> Columns:
        """From the ``columns`` of a lake version: [{name, type}]."""
        own = [column for column in columns if column["name"] != ID]
        made = (
            ID_COLUMN,
            *(Column(str(c["name"]), str(c["type"]), f"c{n}") for n, c in enumerate(own, 1)),
        )
        return cls(made, {column.name: column for column in made})

    @property
    def own(self) -> tuple[Column, ...]:
        """Without ``_id``."""
        return self.all[1:]

    def named(self, name: str) -> Column:
        """The column of that name.  Raises ``UnknownColumn``, which lists those that exist."""
        try:
            return self.by_name[name]
        except KeyError:
            raise UnknownColumn(column=name[:200], existing=self.listing()) from None

    def chosen(self, names: Sequence[str] | None) -> tuple[Column, ...]:
        """Those columns in that order; all of them for None."""
        return self.all if names is None else tuple(self.named(name) for name in names)

    def listing(self) -> Said:
        """The names for a message, the first hundred."""
        names = [column.name for column in self.all]
        return several(names, 100)

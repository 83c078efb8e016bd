"""What sites that answer JSON page by page have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kaishu.source.connectors.asking import shown
from kaishu.source.connectors.kind import Fetched, FoundColumn, FoundTable, Place, Wanted, chosen
from kaishu.source.connectors.records import marked, put_down


class JsonSite(ABC):
    """One site; a kind of its own says what its tables, their columns and their rows are."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.url = place.option("url")
        self.name = shown(self.url)

    @abstractmethod
    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns in their order."""

    @abstractmethod
    def rows(self, table: str) -> Iterable[dict[str, Any]]:
        """Every row, page by page."""

    def fetch(self, wanted: Wanted, folder: Path) -> Fetched:
        """Every row as one line of JSON."""
        if wanted.columns or wanted.marker:
            chosen(FoundTable(wanted.table, self.columns(wanted.table)), wanted)
        return put_down(marked(self.rows(wanted.table), wanted), wanted, folder, self.name)

    def close(self) -> None:  # noqa: B027 - most sites hold nothing open
        """Nothing is held open."""

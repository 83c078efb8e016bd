"""What databases on a server have in common: the way there, and a list of tables that is asked for once."""

from __future__ import annotations

from abc import ABC, abstractmethod

from kaishu.source.connectors.kind import (
    MOST_TABLES,
    FoundColumn,
    FoundTable,
    Option,
    Place,
    Wanted,
    chosen,
    table_named,
)


class Database(ABC):
    """One database; a kind of its own says how to look for its tables."""

    def __init__(self, place: Place, port: int) -> None:
        self.place = place
        self.host, self.port = place.option("host"), place.number("port", port)
        self.name = f"{self.host}:{self.port}/{place.option('database')}"
        self._known: list[FoundTable] | None = None

    def tables(self) -> list[FoundTable]:
        """Tables and views that this account may read; rows as the server guesses them."""
        if self._known is None:
            self._known = self.look()
        return self._known[:MOST_TABLES]

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns in their order."""
        return table_named(self.tables(), table).columns

    def wanted(self, wanted: Wanted) -> tuple[FoundTable, tuple[FoundColumn, ...]]:
        """The table and its columns that are wanted.  Raises ``NoSuchRemoteTable``."""
        table = table_named(self.tables(), wanted.table)
        return table, chosen(table, wanted)

    @abstractmethod
    def look(self) -> list[FoundTable]:
        """Ask the server."""


def server_options(port: int, *more: Option) -> tuple[Option, ...]:
    """What has to be told of a database on a server, and what only this kind asks."""
    return (
        Option("host", "主机", "Host", needed=True),
        Option("port", "端口", "Port", default=str(port)),
        Option("database", "数据库", "Database", needed=True),
        Option("user", "账号", "Account", needed=True),
        Option("password", "口令", "Password", secret=True),
        *more,
    )

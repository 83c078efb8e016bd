"""Tables in the datastore of a CKAN, page by page in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from kaishu.source.connectors.asking import ask_json, shown
from kaishu.source.connectors.kind import MOST_TABLES, FoundColumn, FoundTable, Kind, Option, Place
from kaishu.source.connectors.site import JsonSite
from kaishu.source.errors import SourceUnreadable

PAGE = 10_000


class CkanDatastore(JsonSite):
    """One portal."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.root = self.url.rstrip("/")
        self.name = shown(self.root)

    def tables(self) -> list[FoundTable]:
        """The resource that was named, or every table that the datastore lists."""
        if self.place.option("resource"):
            return [self._table(self.place.option("resource"))]
        found = self._ask("_table_metadata", limit=MOST_TABLES, sort="name")
        names = [str(row["name"]) for row in found.get("records", []) if not str(row["name"]).startswith("_")]
        return [FoundTable(name) for name in names]

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns without CKAN's own ``_id``."""
        return self._table(table).columns

    def _table(self, table: str) -> FoundTable:
        found = self._ask(table, limit=0)
        columns = tuple(
            FoundColumn(str(each["id"]), str(each.get("type", "")))
            for each in found.get("fields", [])
            if each.get("id") != "_id"
        )
        return FoundTable(table, columns, found.get("total"), exact=True)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """In the order of their ids."""
        start = 0
        while True:
            found = self._ask(table, limit=PAGE, offset=start, sort="_id")
            rows = found.get("records", [])
            for row in rows:
                row.pop("_id", None)
                yield row
            start += len(rows)
            # A portal may give fewer than were asked for; only an empty page is the end.
            if not rows or (isinstance(found.get("total"), int) and start >= found["total"]):
                return

    def _ask(self, table: str, **asked: Any) -> dict[str, Any]:
        query = urlencode({"resource_id": table, **asked})
        token = self.place.secret.get("token")
        url = f"{self.root}/api/3/action/datastore_search?{query}"
        body, _ = ask_json(self.place, url, {"Authorization": token} if token else {})
        result = body.get("result") if isinstance(body, dict) else None
        if not isinstance(result, dict) or not isinstance(result.get("records", []), list):
            raise SourceUnreadable(
                place=self.name, reason="不是 CKAN 的回答", reason_en="it is no answer of a CKAN"
            )
        return result


KIND = Kind(
    "ckan",
    "CKAN 数据表",
    "CKAN datastore",
    (
        Option("url", "CKAN 地址", "Address of the CKAN", needed=True),
        Option("resource", "资源编号（不填则列出全部）", "Resource id (all are listed without it)"),
        Option("token", "令牌", "Token", secret=True),
    ),
    CkanDatastore,
)

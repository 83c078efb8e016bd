"""Another Kaishu, by its interface for programs: rows page by page, each page from where the last ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from kaishu.source.connectors.asking import ask_json, shown
from kaishu.source.connectors.kind import MOST_TABLES, FoundColumn, FoundTable, Kind, Option, Place
from kaishu.source.connectors.site import JsonSite
from kaishu.source.errors import SourceUnreadable

PAGE = 5_000


class AnotherKaishu(JsonSite):
    """One site."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.root = self.url.rstrip("/")
        self.name = shown(self.root)

    def tables(self) -> list[FoundTable]:
        """Datasets that this account may read, without their columns."""
        found: list[FoundTable] = []
        asked: dict[str, Any] = {"limit": 100}
        while len(found) < MOST_TABLES:
            body = self._ask(f"/datasets?{urlencode(asked)}")
            found += [FoundTable(str(row["name"])) for row in body.get("datasets", [])]
            if not body.get("next"):
                break
            asked["cursor"] = body["next"]
        return found[:MOST_TABLES]

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns of the dataset's first table."""
        body = self._ask(f"/datasets/{quote(table)}/rows?_limit=1&_count=false")
        return tuple(FoundColumn(str(each["name"]), str(each.get("type", ""))) for each in body["columns"])

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Each page from where the last ended."""
        asked: dict[str, Any] = {"_limit": PAGE, "_count": "false"}
        while True:
            body = self._ask(f"/datasets/{quote(table)}/rows?{urlencode(asked)}")
            for row in body["rows"]:
                row.pop("_id", None)
                yield row
            if not body.get("next"):
                return
            asked["_cursor"] = body["next"]

    def _ask(self, path: str) -> dict[str, Any]:
        token = self.place.secret.get("token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body, _ = ask_json(self.place, f"{self.root}/api/v1{path}", headers)
        if not isinstance(body, dict) or ("rows" in path and not isinstance(body.get("rows"), list)):
            raise SourceUnreadable(
                place=self.name, reason="不是开数平台的回答", reason_en="it is no answer of a Kaishu"
            )
        return body


KIND = Kind(
    "kaishu",
    "另一个开数平台",
    "Another Kaishu",
    (
        Option("url", "平台地址", "Address of the site", needed=True),
        Option("token", "令牌", "Token", secret=True),
    ),
    AnotherKaishu,
)

"""A web interface that answers JSON in pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from kaishu.source.connectors.asking import ask_json
from kaishu.source.connectors.kind import FoundColumn, FoundTable, Kind, Option, Place
from kaishu.source.connectors.records import column_kinds
from kaishu.source.connectors.site import JsonSite
from kaishu.source.errors import SourceUnreadable

MOST_PAGES = 100_000
PAGINGS = ("none", "page", "offset", "cursor", "next")
TABLE = "records"


class HttpJson(JsonSite):
    """One address and how its pages are turned."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.paging = place.option("paging", "none")
        self.size = place.number("page_size", 1000)
        if self.paging not in PAGINGS:
            said = ", ".join(PAGINGS)
            raise SourceUnreadable(place=self.name, reason=f"翻页方式：{said}", reason_en=f"paging: {said}")

    def tables(self) -> list[FoundTable]:
        """One table, whose columns are those of the first page."""
        rows = next(self._pages(), [])
        return [FoundTable(TABLE, tuple(FoundColumn(*each) for each in column_kinds(rows).items()))]

    def columns(self, table: str) -> tuple[FoundColumn, ...]:
        """Columns of the first page."""
        return self.tables()[0].columns

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The records of every page."""
        return (row for page in self._pages() for row in page)

    def _pages(self) -> Iterator[list[dict[str, Any]]]:
        url, number, before = self._first(), 0, None
        for number in range(MOST_PAGES):
            body, headers = ask_json(self.place, url, self._headers())
            rows = self._rows(body)
            if number and rows and rows == before:
                raise SourceUnreadable(
                    place=self.name, reason="每页内容都一样，翻页设置不对", reason_en="every page is the same"
                )
            yield rows
            before, following = rows, self._next(body, headers, number + 1, len(rows), url)
            if not rows or not following:
                return
            url = following
        raise SourceUnreadable(
            place=self.name, reason=f"超过{MOST_PAGES}页", reason_en=f"more than {MOST_PAGES} pages"
        )

    def _first(self) -> str:
        start = {"page": self.place.option("first_page", "1"), "offset": "0"}.get(self.paging)
        return self.url if start is None else self._with(start)

    def _with(self, value: str) -> str:
        parts = urlsplit(self.url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked[self.place.option("page_param", self.paging)] = value
        if self.place.option("size_param"):
            asked[self.place.option("size_param")] = str(self.size)
        return parts._replace(query=urlencode(asked)).geturl()

    def _headers(self) -> dict[str, str]:
        token = self.place.secret.get("token")
        if not token:
            return {}
        return {self.place.option("token_header", "Authorization"): self.place.option("token_prefix") + token}

    def _rows(self, body: Any) -> list[dict[str, Any]]:
        found = at_path(body, self.place.option("rows_path"))
        if not isinstance(found, list) or any(not isinstance(row, dict) for row in found):
            where = self.place.option("rows_path") or "."
            raise SourceUnreadable(
                place=self.name,
                reason=f"“{where}”处不是一组记录",
                reason_en=f'there is no list of records at "{where}"',
            )
        return found

    def _next(self, body: Any, headers: Any, number: int, rows: int, url: str) -> str:
        if self.paging == "page" or self.paging == "offset":
            if rows < self.size:
                return ""
            first = self.place.number("first_page", 1)
            return self._with(str(first + number if self.paging == "page" else number * self.size))
        if self.paging == "cursor":
            cursor = at_path(body, self.place.option("cursor_path"))
            return self._with(str(cursor)) if cursor else ""
        if self.paging == "next":
            path = self.place.option("cursor_path")
            link = at_path(body, path) if path else _link(headers.get("link", ""))
            return urljoin(url, str(link)) if link else ""
        return ""


def at_path(body: Any, path: str) -> Any:
    """What stands at a path such as ``data.items``; None if nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(body, list) and part.isdecimal() and int(part) < len(body):
            body = body[int(part)]
        elif isinstance(body, dict):
            body = body.get(part)
        else:
            return None
    return body


def _link(header: str) -> str:
    """The next page of a Link header (RFC 8288)."""
    for each in header.split(","):
        address, _, rest = each.partition(";")
        if 'rel="next"' in rest or "rel=next" in rest:
            return address.strip().strip("<>")
    return ""


KIND = Kind(
    "http-json",
    "HTTP 接口（JSON）",
    "Web interface (JSON)",
    (
        Option("url", "地址", "Address", needed=True),
        Option("rows_path", "记录所在的路径，如 data.items", "Path to the records, such as data.items"),
        Option(
            "paging",
            "翻页：none、page、offset、cursor、next",
            "Paging: none, page, offset, cursor or next",
            default="none",
        ),
        Option("page_param", "页码、偏移或游标的参数名", "Parameter of page, offset or cursor"),
        Option("size_param", "每页条数的参数名", "Parameter of the page's size"),
        Option("page_size", "每页条数", "Records of a page", default="1000"),
        Option("first_page", "第一页的页码", "Number of the first page", default="1"),
        Option(
            "cursor_path",
            "下一页游标或地址所在的路径",
            "Path to the next cursor or address",
        ),
        Option("token_header", "令牌放在哪个请求头", "Header for the token", default="Authorization"),
        Option("token_prefix", "令牌前的文字，如“Bearer ”", 'Text before the token, such as "Bearer "'),
        Option("token", "令牌", "Token", secret=True),
    ),
    HttpJson,
)

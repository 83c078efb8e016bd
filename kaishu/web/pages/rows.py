"""Browsing the rows of a version: conditions, sort and paging in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from kaishu import catalogue, delivery, http, ledger
from kaishu.access import Permission, allowed
from kaishu.base.errors import KaishuError
from kaishu.delivery.errors import BadValue, OperatorNotForType
from kaishu.lake.models import Version
from kaishu.web import addresses
from kaishu.web.contexts import Download, FilterLine, RowsPage
from kaishu.web.grids import grid_of, type_name
from kaishu.web.pages import exploration
from kaishu.web.rendering import render
from kaishu.web.routing import Visit, page, said
from kaishu.web.words import _, language, pick

SIZE = 50
LINES = 3
MOST_FILTERS = 20
EMPTY = frozenset({"isnull", "notnull"})


def browse(visit: Visit) -> Response:
    """Rows that meet the conditions; a condition that cannot be used is said beside the form."""
    wanted = visit.query("version")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else None
    dataset, resource, version = catalogue.readable_version(
        visit.call, visit.part("name"), visit.query("resource") or None, number
    )
    asked = _Asked(visit, version)
    kept = [("resource", resource.id)] + ([("version", str(number))] if number else [])
    action = addresses.dataset_path(dataset.name) + "/rows"
    site = http.site_url(visit.request)
    shown = RowsPage(
        dataset=dataset,
        title=pick(dataset.title, dataset.title_en),
        version=version,
        columns=version.columns,
        action=action,
        kept=kept,
        q=asked.q,
        filters=asked.filters,
        filter_lines=asked.lines(),
        operators=_operators(),
        sort=asked.sort,
        reset=f"{action}?{urlencode(kept)}",
        curl=f'curl "{site}{addresses.api_rows(dataset.name, resource.id, number, asked.api_pairs())}"',
        downloads=_downloads(dataset.name, resource.id, number, asked),
    )
    try:
        found = delivery.query_rows(visit.call, version, asked.query())
    except KaishuError as error:
        wrong = str(error.facts.get("column", ""))
        failed = replace(shown, trouble=_trouble(error), wrong=wrong)
        return render("dataset/rows.html", visit.shell, failed, error.status)
    if not allowed(visit.call, Permission.dataset_read_draft, office=dataset.office_id):
        ledger.tally(visit.call.actor.row, "catalogue.view", ("dataset", dataset.id), "rows")
    here = f"{action}?{urlencode([*kept, *asked.pairs()])}"
    last = asked.start + len(found.rows)
    onward = urlencode([("cursor", found.next), ("from", last)])
    context = replace(
        shown,
        view=grid_of(found.columns, found.rows, asked.head(action, kept)),
        total=found.total,
        first=asked.start + 1 if found.rows else 0,
        last=last,
        start=here if asked.start else "",
        next=f"{here}&{onward}" if found.next else "",
    )
    return render("dataset/rows.html", visit.shell, context)


def _trouble(error: KaishuError) -> tuple[str, str]:
    """The interface's errors in the words of this form."""
    facts = error.facts
    if isinstance(error, BadValue):
        kind, example = type_name(facts["type"]), facts["example"]
        return (
            _(
                "“{column}”列是{type}，“{value}”不是。",
                column=facts["column"],
                type=kind,
                value=facts["value"],
            ),
            _("请写成 {example} 的样子；要找空值，请把条件换成“为空”。", example=example),
        )
    if isinstance(error, OperatorNotForType):
        titles = dict(_operators())
        fit = ", " if language() == "en" else "、"
        return (
            _(
                "“{column}”列是{type}，不能用“{operator}”。",
                column=facts["column"],
                type=type_name(facts["type"]),
                operator=titles.get(facts["operator"], facts["operator"]),
            ),
            _(
                "可用的条件：{names}。",
                names=fit.join(titles.get(op, op) for op in facts["existing"].split("、")),
            ),
        )
    return said(error)


class _Asked:
    """What the address asks for."""

    def __init__(self, visit: Visit, version: Version) -> None:
        params = visit.request.query_params
        self.version = version
        self.names = [column["name"] for column in version.columns]
        self.q = visit.query("q")[:500]
        self.sort = visit.query("sort")
        self.cursor = visit.query("cursor") or None
        start = visit.query("from")
        self.start = int(start) if self.cursor and start.isascii() and start.isdigit() else 0
        triples = zip(params.getlist("column"), params.getlist("op"), params.getlist("value"), strict=False)
        self.filters = [
            FilterLine(column, op, value.strip())
            for column, op, value in triples
            if column and (value.strip() or op in EMPTY)
        ][:MOST_FILTERS]

    def lines(self) -> list[FilterLine]:
        """The conditions and some empty lines for more."""
        return [*self.filters, *[FilterLine("", "eq", "")] * max(1, LINES - len(self.filters))]

    def query(self) -> delivery.RowQuery:
        """For the row interface."""
        pairs = [*self.api_pairs(), ("_limit", str(SIZE))]
        made = delivery.RowQuery.from_params(self.version.columns, pairs)
        return replace(made, columns=tuple(self.names), cursor=self.cursor)

    def pairs(self) -> list[tuple[str, str]]:
        """The same as pairs of this page's address."""
        found = [("q", self.q)] if self.q else []
        for line in self.filters:
            found += [("column", line.column), ("op", line.op), ("value", line.value)]
        return found + ([("sort", self.sort)] if self.sort else [])

    def api_pairs(self) -> list[tuple[str, str]]:
        """The same in the programs' interface."""
        found = [
            (f"{line.column}__{line.op}", "true" if line.op in EMPTY else line.value) for line in self.filters
        ]
        found += [("_search", self.q)] if self.q else []
        return found + ([("_sort", self.sort)] if self.sort else [])

    def head(self, action: str, kept: list[tuple[str, str]]) -> Callable[[str], tuple[str, str]]:
        """For a column's head: the address that sorts by it, and how it is sorted now."""

        def link(name: str) -> tuple[str, str]:
            direction = {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")
            following = f"-{name}" if direction == "ascending" else name
            pairs = [pair for pair in self.pairs() if pair[0] != "sort"]
            return f"{action}?{urlencode([*kept, *pairs, ('sort', following)])}", direction

        return link


def _downloads(name: str, resource: str, number: int | None, asked: _Asked) -> list[Download]:
    """The rows that meet the conditions as files."""
    base = addresses.api_rows(name, resource, number, asked.api_pairs())
    path, _mark, query = base.partition("?")
    return [Download(code, code, f"{path}.{code}?{query}") for code in ("csv", "json", "ndjson", "parquet")]


def _operators() -> list[tuple[str, str]]:
    return [
        ("eq", _("等于")),
        ("ne", _("不等于")),
        ("contains", _("包含")),
        ("startswith", _("开头是")),
        ("gt", _("大于")),
        ("ge", _("大于等于")),
        ("lt", _("小于")),
        ("le", _("小于等于")),
        ("in", _("是其中之一（逗号隔开）")),
        ("isnull", _("为空")),
        ("notnull", _("不为空")),
    ]


ROUTES: list[Route] = [page("/datasets/{name}/rows", browse), *exploration.ROUTES]

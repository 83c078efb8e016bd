"""What a search page is asked: all of it stands in the address, and every link changes one thing about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from kaishu import discovery
from kaishu.discovery import Condition
from kaishu.web.search_contexts import Chip, Choice, Facet, Limits
from kaishu.web.words import _

FILTERS = ("theme", "office", "format", "open_class", "harvest", "division", "tag", "kind", "year")
LIMITS = ("bbox", "from", "to")
LONGEST = 500
MOST_CHOSEN = 20
SHOWN, MOST = 8, 40

Names = Callable[[str, str], str]


@dataclass(frozen=True)
class Asked:
    """Words, chosen values by filter, limits of space and time, and the order if one was chosen."""

    q: str
    chosen: Mapping[str, Sequence[str]]
    limits: Mapping[str, str]
    sort: str
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def pairs(
        self, chosen: Mapping[str, Sequence[str]] | None = None, but: str = ""
    ) -> list[tuple[str, str]]:
        """The filters and limits as pairs of the address."""
        filters = self.chosen if chosen is None else chosen
        pairs = [(name, value) for name, values in filters.items() for value in values]
        return [*pairs, *((name, value) for name, value in self.limits.items() if value and name != but)]

    def href(
        self, chosen: Mapping[str, Sequence[str]] | None = None, page: int = 1, but: str = "", q: str = ""
    ) -> str:
        """An address with other filters, other words, another page, or without a limit."""
        pairs = [("q", q or self.q)] if q or self.q else []
        pairs += self.pairs(chosen, but)
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(page))] if page > 1 else []
        return "/datasets" + ("?" + urlencode(pairs) if pairs else "")

    def toggled(self, name: str, value: str, alone: bool = False) -> str:
        """The address with this value chosen, or let go if it was; ``alone`` instead of the others."""
        values = list(self.chosen.get(name, []))
        kept = [] if alone else values
        values = [v for v in values if v != value] if value in values else [*kept, value]
        changed = {**self.chosen, name: values}
        return self.href({key: each for key, each in changed.items() if each})

    def without(self, name: str) -> str:
        """The address without one filter or limit."""
        return self.href({key: each for key, each in self.chosen.items() if key != name}, but=name)

    def facet(
        self, title: str, name: str, counts: Sequence[tuple[str, int]], names: Names, alone: bool = False
    ) -> Facet:
        """One facet, the chosen values first."""
        picked = list(self.chosen.get(name, []))
        known = dict(counts)
        values = [*picked, *(value for value, _count in counts if value not in picked)][:MOST]
        choices = [
            Choice(names(name, value), known.get(value, 0), self.toggled(name, value, alone), value in picked)
            for value in values
        ]
        shown = max(SHOWN, len(picked))
        return Facet(title, choices[:shown], choices[shown:])

    def chips(self, names: Names) -> list[Chip]:
        """The filters and limits in force."""
        chips = [
            Chip(names(name, value), self.toggled(name, value))
            for name, values in self.chosen.items()
            for value in values
        ]
        titles = {"bbox": _("范围"), "from": _("数据不早于"), "to": _("数据不晚于")}
        chips += [
            Chip(f"{titles[name]} {value}", self.href(but=name))
            for name, value in self.limits.items()
            if value
        ]
        return chips

    def filters(self) -> dict[str, list[str]]:
        """The filters for discovery."""
        return {name: list(values) for name, values in self.chosen.items() if name != "year"}

    def where(self) -> Condition | None:
        """What the filters of discovery cannot say."""
        found: list[Condition] = []
        if years := self.chosen.get("year"):
            found.append(discovery.Any([discovery.Prefix("month", year) for year in years]))
        if box := self.limits.get("bbox"):
            found.append(discovery.in_box(*_sides(box)))
        if self.limits.get("from") or self.limits.get("to"):
            found.append(discovery.during(self.limits.get("from") or None, self.limits.get("to") or None))
        return discovery.All(found) if found else None

    def form(self, given: Mapping[str, str]) -> Limits:
        """What stands in the form: what was given, right or wrong."""
        names = "、".join(discovery.division_title(code) for code in self.chosen.get("division", ()))
        wrong = given.get("division", "") if "division" in self.problems else names
        return Limits(given.get("bbox", ""), wrong, given.get("from", ""), given.get("to", ""), self.problems)


def asked(given: Callable[[str], Sequence[str]], sorts: Sequence[str]) -> Asked:
    """Read the address; what it cannot mean is left out and named in ``problems``."""

    def first(name: str) -> str:
        return next(iter(given(name)), "").strip()[:LONGEST]

    problems: dict[str, list[str]] = {}
    chosen: dict[str, list[str]] = {}
    for name in FILTERS:
        values = list(dict.fromkeys(value.strip()[:LONGEST] for value in given(name) if value.strip()))
        if name == "division":
            values = _codes(values, problems)
        if name == "year":
            values = [value for value in values if value.isascii() and value.isdigit() and len(value) == 4]
        if values:
            chosen[name] = values[:MOST_CHOSEN]
    limits = {}
    for name, right in (("bbox", _is_box), ("from", _is_day), ("to", _is_day)):
        value = first(name)
        if value and right(value):
            limits[name] = value
        elif value:
            problems[name] = [_("看不懂“{value}”。", value=value[:60])]
    if limits.get("from", "") > limits.get("to", "9999"):
        problems["to"] = [_("结束早于开始。")]
        limits.pop("to")
    sort = first("sort")
    return Asked(first("q"), chosen, limits, sort if sort in sorts else "", problems)


def _codes(values: Sequence[str], problems: dict[str, list[str]]) -> list[str]:
    codes = []
    for value in values:
        code = discovery.division_code(value)
        if code:
            codes.append(code)
        else:
            problems["division"] = [_("没有“{value}”这个行政区划。", value=value[:60])]
    return list(dict.fromkeys(codes))


def _sides(text: str) -> tuple[float, float, float, float]:
    west, south, east, north = (float(side) for side in text.replace("，", ",").split(","))
    return west, south, east, north


def _is_box(text: str) -> bool:
    try:
        west, south, east, north = _sides(text)
    except ValueError:
        return False
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year > 0
    except ValueError:
        return False

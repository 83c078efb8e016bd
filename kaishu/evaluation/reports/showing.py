"""Numbers and names as a report shows them, in one language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kaishu.evaluation.building.result import Result
from kaishu.evaluation.building.table import Array
from kaishu.evaluation.methods import round_half_away
from kaishu.evaluation.system.model import Node
from kaishu.reporting import Table

NOTHING = "—"


@dataclass(frozen=True)
class Showing:
    """A result, the language, and an earlier result of the same units where there is one."""

    result: Result
    language: str = "zh"
    before: Result | None = None

    def say(self, zh: str, en: str) -> str:
        """One of two."""
        return en if self.language == "en" else zh

    def listed(self, names: Iterable[str], most: int = 5) -> str:
        """Names joined; the first few of many."""
        every = list(names)
        head, more = every[:most], len(every) - most
        if self.language == "en":
            return ", ".join(head) + (f" and {more} more" if more > 0 else "")
        return "、".join(head) + (f"等{len(every)}个" if more > 0 else "")

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A score with the digits of the system, half away from zero."""
        if value is None or not math.isfinite(value):
            return NOTHING
        places = self.result.passport.digits if digits is None else digits
        return f"{float(round_half_away(value, places)) + 0.0:,.{places}f}"

    def raw(self, value: float | None) -> str:
        """A value of the data: up to six significant digits, whole numbers whole."""
        if value is None or not math.isfinite(value):
            return NOTHING
        if value == int(value) and abs(value) < 1e15:
            return f"{int(value):,}"
        return f"{value:,.6g}"

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share of 1."""
        if share is None or not math.isfinite(share):
            return NOTHING
        return f"{float(round_half_away(100 * share, digits)):.{digits}f}%"

    def rank(self, row: int) -> str:
        """Place of a unit."""
        value = self.result.rank[row]
        return NOTHING if math.isnan(value) else f"{value:g}"

    def title(self, node: Node) -> str:
        """Of a node."""
        return node.title.said(self.language) or node.code

    def named(self, code: str) -> str:
        """Title of a node by its code."""
        return self.title(self.result.nodes[code][0])

    def name(self, row: int) -> str:
        """Of a unit."""
        return self.result.table.names[row]

    @property
    def of_system(self) -> str:
        """Title of the system."""
        passport = self.result.passport
        return passport.title.said(self.language) or passport.system

    def grade(self, grade: str | None) -> str:
        """A grade with its title, if it has one of its own in this language."""
        return self.result.passport.mark_said(grade, self.language) or NOTHING

    def stage(self, stage: str | None) -> str:
        """A stage with its title."""
        return self.result.passport.mark_said(stage, self.language) or NOTHING

    # ---- which units a report speaks of

    @cached_property
    def rows(self) -> list[int]:
        """Rows of the last period; all, where there is only one."""
        periods = self.result.table.periods
        last = max((each for each in periods if each is not None), default=None)
        return [row for row, each in enumerate(periods) if last is None or each == last]

    @cached_property
    def period(self) -> str:
        """The last period, empty without periods."""
        return self.result.table.periods[self.rows[0]] or "" if self.rows else ""

    @cached_property
    def grouped(self) -> bool:
        """Are ranks given inside of groups?"""
        return self.result.passport.rank.within == "group" and len(self.groups) > 1

    @cached_property
    def groups(self) -> list[str]:
        """Groups of the units, in the order of the data."""
        named = (self.result.table.groups[row] for row in self.rows)
        return list(dict.fromkeys(each for each in named if each is not None))

    @cached_property
    def ordered(self) -> list[int]:
        """Rows by group where ranked so, then rank; by stage, highest first, where there are stages."""
        result, table = self.result, self.result.table
        if result.stages:
            places = {stage.stage: place for place, stage in enumerate(result.passport.stages)}
            return sorted(self.rows, key=lambda row: -places.get(result.stages[row] or "", -1))
        group = {name: place for place, name in enumerate(self.groups)} if self.grouped else {}
        return sorted(
            self.rows,
            key=lambda row: (
                group.get(table.groups[row] or "", -1),
                np.nan_to_num(result.rank[row], nan=1e9),
            ),
        )

    def peers(self, row: int) -> list[int]:
        """Rows of the same group, the unit itself among them; all, where some unit would be alone."""
        own = self.result.table.groups[row]
        if not self.has_peer_groups or row not in self.rows:
            return self.rows
        return [each for each in self.rows if self.result.table.groups[each] == own]

    @cached_property
    def has_peer_groups(self) -> bool:
        """Has every unit a group, with somebody else in it?"""
        named = [self.result.table.groups[row] for row in self.rows]
        return len(set(named)) > 1 and None not in named and all(named.count(each) > 1 for each in set(named))

    def scores(self, code: str = "") -> Array:
        """Scores of the units spoken of, of a node or of the index."""
        return self.result.scores[self.rows, self.result.places[code] if code else 0]

    @cached_property
    def leaves(self) -> list[Node]:
        """Nodes with an indicator."""
        return self.result.passport.leaves()


def without_empty(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Iterable[int],
    title: str = "",
    folded: bool = False,
) -> Table:
    """A table without the columns in which nothing is written."""
    kept = [at for at in range(len(heads)) if at == 0 or any(row[at] for row in rows)]
    wanted = set(numbers)
    return Table(
        title,
        [heads[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        frozenset(new for new, at in enumerate(kept) if at in wanted),
        folded,
    )


def mean(values: Array) -> float | None:
    """Of the numbers that are there."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None

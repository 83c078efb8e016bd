"""What is remembered of one state of the index: counts by facet, and places far down in an order."""

from __future__ import annotations

import threading
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.discovery import shape

if TYPE_CHECKING:
    import tantivy

Counts = dict[str, list[tuple[str, int]]]

#: Values of facets kept in all, some 200 bytes each.
MOST_VALUES = 150_000
#: Questions whose places are kept, and places of each.
MOST_TRAILS, MOST_PLACES = 50, 2000
#: From here on a page is looked for from the nearest place that is known.
FAR = 500
#: Numbers that every dataset has.
STEADY = frozenset({"id_order", "modified_order", "updated", "issued", "created", "uses"})


@dataclass
class Trail:
    """Places in the order of one question: how many values lie before one, ascending, and how many in all."""

    total: int
    places: list[tuple[int, int]] = field(default_factory=list)

    def before(self, offset: int) -> tuple[int, int] | None:
        """The nearest place at or before this one: its number and its value."""
        found = bisect_right(self.places, offset, key=lambda place: place[0])
        return self.places[found - 1] if found else None

    def mark(self, offset: int, values: Sequence[int]) -> None:
        """Remember the last value of a page that is not the one before it."""
        for place in range(len(values) - 1, 0, -1):
            if values[place] != values[place - 1]:
                known = (offset + place, values[place])
                if len(self.places) < MOST_PLACES and self.before(known[0]) != known:
                    insort(self.places, known)
                return


class State:
    """One state of the index, and what was found out about it; another state begins with nothing."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, Counts] = OrderedDict()
        self._values = 0
        self._trails: OrderedDict[str, Trail] = OrderedDict()

    def counted(self, key: str, count: Callable[[], Counts]) -> Counts:
        """Counts by facet: what everybody asks for is counted once."""
        with self._lock:
            found = self._counts.get(key)
            if found is not None:
                self._counts.move_to_end(key)
        if found is None:
            found = count()
            with self._lock:
                if key not in self._counts:
                    self._counts[key] = found
                    self._values += _size(found)
                while self._values > MOST_VALUES:
                    self._values -= _size(self._counts.popitem(last=False)[1])
        return {name: list(values) for name, values in found.items()}

    def page(
        self, key: str, everything: tantivy.Query, order: tuple[str, bool], limit: int, offset: int
    ) -> tuple[int, list[Any]]:
        """How many there are, and the hits of a page in the order of a field (name, largest first)."""
        from tantivy import Order

        name, down = order
        way = Order.Desc if down else Order.Asc
        trail = self._trail(key) if name in STEADY and offset >= FAR else None
        place = trail.before(offset) if trail else None
        if trail is None or place is None:
            found: Any = self.searcher.search(
                everything, limit, offset=offset, order_by_field=name, order=way
            )
            total, hits = found.count, found.hits
        else:
            rest = _from(everything, name, place[1], down)
            found = self.searcher.search(
                rest, limit, count=False, offset=offset - place[0], order_by_field=name, order=way
            )
            total, hits = trail.total, found.hits
        if name in STEADY and offset + limit >= FAR:
            self._mark(key, total, offset, [value for value, _ in hits])
        return total, hits

    def _trail(self, key: str) -> Trail | None:
        with self._lock:
            found = self._trails.get(key)
            if found is not None:
                self._trails.move_to_end(key)
            return found

    def _mark(self, key: str, total: int, offset: int, values: Sequence[int]) -> None:
        with self._lock:
            trail = self._trails.setdefault(key, Trail(total))
            trail.mark(offset, values)
            while len(self._trails) > MOST_TRAILS:
                self._trails.popitem(last=False)


def _from(everything: tantivy.Query, name: str, value: int, down: bool) -> tantivy.Query:
    """The same from one value on."""
    from tantivy import FieldType, Occur, Query

    low, high = (None, value) if down else (value, None)
    span = Query.range_query(shape.schema(), name, FieldType.Integer, low, high)
    return Query.boolean_query([(Occur.Must, everything), (Occur.Must, span)])


def _size(counts: Counts) -> int:
    return 1 + sum(len(values) for values in counts.values())

"""Tallies of table checks in pieces: what one batch adds, and the sum of all batches as one tally again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from kaishu.quality.checks import Memory, Outcome, Rows, TableCheck
from kaishu.quality.checks.freshness import Freshness
from kaishu.quality.checks.row_count import RowCount
from kaishu.quality.checks.sums import Sums
from kaishu.quality.checks.volatility import CLASSES, REST, Volatility
from kaishu.quality.plan import chosen
from kaishu.quality.rules import Rule


@dataclass(frozen=True, slots=True)
class Partial:
    """Numbers of one batch, to be added up by rule, part and keys; of ``top`` the largest is kept, ``value``
    is a whole number of any size.  ``after``: how far from the batch's first row the group is first seen."""

    rule: int
    part: int = 0
    keys: Sequence[str | None] | None = None
    a: float = 0.0
    b: float = 0.0
    m: int = 0
    n: int = 0
    o: int = 0
    top: int | None = None
    value: str | None = None
    after: int = 0


#: The sum of partials: the names of ``Partial`` without rule and part.
Summed = Mapping[str, Any]
_CLASSES = 1


def partials(place: int, rule: Rule, rows: Rows) -> Iterator[Partial]:
    """What one batch adds to the tally of a table check."""
    assert isinstance(rule.check, TableCheck)
    tally = rule.check.tally(rows.memory, rule.id)
    tally.add(rows, chosen(rule, rows))
    yield from _pieces(rule.check, tally, place)


def outcome_of(rule: Rule, memory: Memory, parts: Mapping[int, Sequence[Summed]]) -> Outcome:
    """The result of a table check from its parts, each in the order in which groups are first seen."""
    assert isinstance(rule.check, TableCheck)
    tally = rule.check.tally(memory, rule.id)
    if parts:
        _refill(rule.check, tally, parts)
    return tally.finish()


def known(check: TableCheck) -> bool:
    """Whether the tally of this kind can be had in pieces."""
    return _pieces.dispatch(type(check)) is not _pieces.dispatch(TableCheck)


@singledispatch
def _pieces(check: TableCheck, tally: Any, place: int) -> Iterator[Partial]:
    raise TypeError(f"{check.kind} has no pieces")


@singledispatch
def _refill(check: TableCheck, tally: Any, parts: Mapping[int, Sequence[Summed]]) -> None:
    raise TypeError(f"{check.kind} has no pieces")


@_pieces.register
def _(check: RowCount, tally: Any, place: int) -> Iterator[Partial]:
    yield Partial(place, m=tally.rows)


@_refill.register
def _(check: RowCount, tally: Any, parts: Mapping[int, Sequence[Summed]]) -> None:
    tally.rows = parts[0][0]["m"]


@_pieces.register
def _(check: Freshness, tally: Any, place: int) -> Iterator[Partial]:
    yield Partial(place, top=tally.newest)


@_refill.register
def _(check: Freshness, tally: Any, parts: Mapping[int, Sequence[Summed]]) -> None:
    tally.newest = parts[0][0]["top"]


@_pieces.register
def _(check: Volatility, tally: Any, place: int) -> Iterator[Partial]:
    whole = isinstance(tally.sum, int)
    amount: dict[str, Any] = {"value": str(tally.sum)} if whole else {"a": tally.sum}
    yield Partial(place, m=tally.rows, n=tally.present, **amount)
    for after, (name, count) in enumerate(tally.classes.items()):
        yield Partial(place, part=_CLASSES, keys=[name], m=count, after=after)


@_refill.register
def _(check: Volatility, tally: Any, parts: Mapping[int, Sequence[Summed]]) -> None:
    total = parts[0][0]
    tally.rows, tally.present = total["m"], total["n"]
    tally.sum = int(total["value"] or 0) + (total["a"] or 0)
    for each in parts.get(_CLASSES, ()):
        name = each["keys"][0]
        if name not in tally.classes and len(tally.classes) >= CLASSES:
            name = REST
        tally.classes[name] = tally.classes.get(name, 0) + each["m"]


@_pieces.register
def _(check: Sums, tally: Any, place: int) -> Iterator[Partial]:
    groups = tally.groups()
    for after, group in enumerate([] if groups is None else groups.to_pylist()):
        keys = [group[f"k{at}"] for at in range(len(check.by))]
        yield Partial(
            place,
            keys=keys,
            a=group["d"],
            b=group["t"],
            m=group["dn"],
            n=group["tn"],
            after=after,
        )


@_refill.register
def _(check: Sums, tally: Any, parts: Mapping[int, Sequence[Summed]]) -> None:
    import pyarrow as pa

    groups = parts.get(0, ())
    columns: dict[str, Any] = {
        f"k{at}": pa.array([each["keys"][at] for each in groups], pa.string()) for at in range(len(check.by))
    }
    for name, held, type in (("d", "a", pa.float64()), ("t", "b", pa.float64())):
        columns[name] = pa.array([each[held] for each in groups], type)
    for name, held in (("dn", "m"), ("tn", "n")):
        columns[name] = pa.array([each[held] for each in groups], pa.int64())
    tally.put(pa.table(columns))

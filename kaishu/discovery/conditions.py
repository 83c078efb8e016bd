"""Exact conditions, put together like sentences; CKAN's ``fq`` and a page's filters become these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kaishu.discovery import shape
from kaishu.discovery.documents import format_code, microseconds
from kaishu.discovery.errors import BadValue, NoRange, UnknownField

if TYPE_CHECKING:
    import tantivy


@dataclass(frozen=True, slots=True)
class Is:
    """The field has one of these values."""

    field: str
    values: Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A value of the field begins with this."""

    field: str
    start: str


@dataclass(frozen=True, slots=True)
class Between:
    """A value of the field lies between these; None is open, times may be moments or ISO text."""

    field: str
    low: str | int | datetime | None = None
    high: str | int | datetime | None = None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Has:
    """The field has any value."""

    field: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words are found, as the search box would."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The other way round."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these; none at all is always true."""

    conditions: Sequence[Condition]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these; none at all is never true."""

    conditions: Sequence[Condition]


Condition = Is | Prefix | Between | Has | Words | Not | All | Any


def field_of(name: str) -> str:
    """Our name of a field.  Raises ``UnknownField``."""
    own = shape.field(name)
    if own is None:
        known = sorted({*shape.VALUES, *shape.NUMBERS, *shape.ALIASES})
        raise UnknownField(field=name, known=", ".join(known))
    return own


def value_of(own: str, value: str | int | datetime) -> str | int:
    """A value as the index has it.  Raises ``BadValue``."""
    try:
        if own in shape.TIMES and not isinstance(value, int):
            return microseconds(value)
        if own in shape.NUMBERS:
            return int(str(value))
    except ValueError as error:
        raise BadValue(field=own, value=str(value)) from error
    return format_code(str(value)) if own == "format" else str(value)


def compiled(condition: Condition, searcher: tantivy.Searcher) -> tantivy.Query:
    """The condition for Tantivy."""
    from tantivy import Occur, Query

    from kaishu.discovery.matching import matching

    if isinstance(condition, Words):
        return matching(condition.text, searcher) or Query.all_query()
    if isinstance(condition, Not):
        inner = compiled(condition.condition, searcher)
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, inner)])
    if isinstance(condition, All | Any):
        occur = Occur.Must if isinstance(condition, All) else Occur.Should
        parts = [(occur, compiled(part, searcher)) for part in condition.conditions]
        if not parts:
            return Query.all_query() if isinstance(condition, All) else Query.empty_query()
        return Query.boolean_query(parts)
    return _leaf(condition)


def _leaf(condition: Is | Prefix | Between | Has) -> tantivy.Query:
    from tantivy import Query

    own = field_of(condition.field)
    if isinstance(condition, Is):
        values = [value_of(own, value) for value in condition.values]
        return Query.term_set_query(shape.schema(), own, values) if values else Query.empty_query()
    if isinstance(condition, Prefix):
        return Query.regex_query(shape.schema(), own, re.escape(condition.start) + ".*")
    if isinstance(condition, Has):
        return Query.exists_query(own)
    return _span(own, condition)


def _span(own: str, span: Between) -> tantivy.Query:
    from tantivy import FieldType, Query

    if own not in shape.NUMBERS:
        raise NoRange(field=span.field, known=", ".join(shape.NUMBERS))
    low = None if span.low is None else value_of(own, span.low)
    high = None if span.high is None else value_of(own, span.high)
    if low is None and high is None:
        return Query.exists_query(own)
    return Query.range_query(
        shape.schema(),
        own,
        FieldType.Integer,
        low,
        high,
        include_lower=span.with_low,
        include_upper=span.with_high,
    )

"""Exact conditions, put together like sentences; CKAN's ``fq`` and a page's filters become these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kaishu.discovery import shape
from kaishu.discovery.documents import microseconds, millionths
from kaishu.discovery.errors import BadValue, NoRange, UnknownField
from kaishu.discovery.formats import format_code
from kaishu.discovery.words import NONE, Synonyms

if TYPE_CHECKING:
    import tantivy

FIRST, LAST = "\x01", "\U0010ffff"
MOST_LETTERS = 60
FEW_WAYS = 4
LONGEST_START = 300


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


#: Another name for the same question.
Exists = Has


@dataclass(frozen=True, slots=True)
class Words:
    """The words are found, as the search box would; in ``fields`` only, if some are named.

    Fields of words are title, notes (also called description), who (tags, themes, department),
    fields (names of columns) and values.
    """

    text: str
    fields: Sequence[str] = ()


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
        known = sorted({*shape.VALUES, *shape.NUMBERS, *shape.ALIASES, *shape.TEXTS})
        raise UnknownField(field=name, known=", ".join(known))
    return own


def value_of(own: str, value: str | int | datetime) -> str | int:
    """A value as the index has it.  Raises ``BadValue``."""
    try:
        if own in shape.TIMES and not isinstance(value, int):
            return microseconds(value)
        if own in shape.DEGREES:
            return millionths(float(str(value)))
        if own in shape.NUMBERS:
            return int(str(value))
    except ValueError as error:
        raise BadValue(field=own, value=str(value)) from error
    return format_code(str(value)) if own == "format" else str(value)


def compiled(condition: Condition, searcher: tantivy.Searcher, synonyms: Synonyms = NONE) -> tantivy.Query:
    """The condition for Tantivy."""
    from tantivy import Occur, Query

    from kaishu.discovery.matching import matching

    if isinstance(condition, Words):
        if not condition.fields:
            return matching(condition.text, searcher, synonyms) or Query.all_query()
        among = {own for name in condition.fields for own in _texts(name)}
        return matching(condition.text, searcher, synonyms, among) or Query.all_query()
    if isinstance(condition, Not):
        inner = compiled(condition.condition, searcher, synonyms)
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, inner)])
    if isinstance(condition, All | Any):
        occur = Occur.Must if isinstance(condition, All) else Occur.Should
        parts = [(occur, compiled(part, searcher, synonyms)) for part in condition.conditions]
        if not parts:
            return Query.all_query() if isinstance(condition, All) else Query.empty_query()
        return Query.boolean_query(parts)
    return _leaf(condition)


def in_box(west: float, south: float, east: float, north: float) -> Condition:
    """Datasets whose box touches this one; degrees."""
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadValue(field="bbox", value=f"{west},{south},{east},{north}")
    sides = (("west", None, east), ("east", west, None), ("south", None, north), ("north", south, None))
    return All([Between(name, _degrees(low), _degrees(high)) for name, low, high in sides])


def during(start: str | datetime | None, end: str | datetime | None) -> Condition:
    """Datasets that say something of the time between these; None is open."""
    return All([Between("begins", None, end), Between("ends", start, None)])


def _degrees(value: float | None) -> str | None:
    return None if value is None else str(value)


def _texts(name: str) -> tuple[str, ...]:
    found = shape.texts(name)
    if found is None:
        raise UnknownField(field=name, known=", ".join(shape.TEXTS))
    return found


def _leaf(condition: Is | Prefix | Between | Has) -> tantivy.Query:
    from tantivy import Query

    if isinstance(condition, Has) and shape.field(condition.field) is None:
        return _any_word(condition.field)
    own = field_of(condition.field)
    if isinstance(condition, Is):
        values = [value_of(own, value) for value in condition.values]
        return _among(own, values) if values else Query.empty_query()
    if isinstance(condition, Prefix):
        if len(condition.start) > LONGEST_START:  # no value is as long
            return Query.empty_query()
        return Query.regex_query(shape.schema(), own, re.escape(condition.start) + ".*")
    if isinstance(condition, Has):
        return Query.exists_query(own)
    if own in shape.VALUES:
        return _letters(own, condition)
    return _span(own, condition)


def _among(own: str, values: Sequence[str | int]) -> tantivy.Query:
    from tantivy import FieldType, Occur, Query

    if own in shape.VALUES:
        return Query.term_set_query(shape.schema(), own, values)
    each = [Query.range_query(shape.schema(), own, FieldType.Integer, value, value) for value in values]
    return Query.boolean_query([(Occur.Should, one) for one in each])


def _any_word(name: str) -> tantivy.Query:
    from tantivy import Occur, Query

    if shape.texts(name) is None:
        field_of(name)
    each = [Query.regex_query(shape.schema(), own, ".+") for own in _texts(name) if own in shape.WORDS]
    return Query.boolean_query([(Occur.Should, one) for one in each])


def _letters(own: str, span: Between) -> tantivy.Query:
    """A range of names by the order of characters, said as patterns: the index has no other way."""
    from tantivy import Occur, Query

    if own in shape.SEVERAL:
        raise NoRange(field=span.field, known=", ".join((*shape.NUMBERS, "name", "title_sort")))
    patterns = []
    if span.low is not None and str(span.low):
        patterns.append(_not_before(str(value_of(own, str(span.low)))[:MOST_LETTERS], span.with_low))
    if span.high is not None:
        patterns.append(_not_after(str(value_of(own, str(span.high)))[:MOST_LETTERS], span.with_high))
    if not patterns:
        return Query.exists_query(own)
    return Query.boolean_query([(Occur.Must, _one_of(own, ways)) for ways in patterns])


def _one_of(own: str, ways: list[str]) -> tantivy.Query:
    """One of these patterns, a few at a time: all in one would be larger than the index takes."""
    from tantivy import Occur, Query

    few = ["|".join(ways[at : at + FEW_WAYS]) for at in range(0, len(ways), FEW_WAYS)]
    return Query.boolean_query([(Occur.Should, Query.regex_query(shape.schema(), own, each)) for each in few])


def _not_before(low: str, itself: bool) -> list[str]:
    ways = [re.escape(low) + (".*" if itself else ".+")]
    for place, letter in enumerate(low):
        if letter < LAST:
            ways.append(f"{re.escape(low[:place])}[{_class(chr(ord(letter) + 1))}-{LAST}].*")
    return ways


def _not_after(high: str, itself: bool) -> list[str]:
    ways = [re.escape(high)] if itself and high else []
    ways += [re.escape(high[:place]) for place in range(1, len(high))]
    for place, letter in enumerate(high):
        if letter > FIRST:
            ways.append(f"{re.escape(high[:place])}[{FIRST}-{_class(chr(ord(letter) - 1))}].*")
    return ways


def _class(letter: str) -> str:
    """A letter inside brackets; what is no character steps aside to its neighbour."""
    if 0xD800 <= ord(letter) <= 0xDFFF:
        letter = "\uffff"
    return re.escape(letter)


def _span(own: str, span: Between) -> tantivy.Query:
    from tantivy import FieldType, Query

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

"""From the query language to the conditions that the index knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from kaishu import discovery, standards
from kaishu.access import Call, offices
from kaishu.api.ckan.errors import SearchQueryError
from kaishu.api.ckan.grammar import And, Everything, Node, Not, Or, Range, Term
from kaishu.catalogue import own_ids

#: Fields with values that can be compared exactly, also counted as facets.
EXACT = (
    "organization",
    "groups",
    "tags",
    "res_format",
    "license_id",
    "open_class",
    "name",
    "id",
    "frequency",
    "share_class",
    "language",
    "spatial_code",
)
FACETS = EXACT[:6]
TIMES = ("metadata_created", "metadata_modified")
#: What holds for everything that can be found here.
CONSTANT = {
    "state": "active",
    "type": "dataset",
    "dataset_type": "dataset",
    "entity_type": "package",
    "capacity": "public",
    "private": "false",
}
#: CKAN's fields of words that the index keeps apart, and those that it does not.
WORDED = ("title", "notes", "description")
KNOWN = (*EXACT, *WORDED, "owner_org", *TIMES, *CONSTANT, "text")
UNSPECIFIED = "unspecified"
UNKNOWN = frozenset({"author", "maintainer", "res_name", "res_description", "url"})
#: Letters of all ranges of names in a query: each is a pattern, and this many keep the index half a second.
MOST_RANGE_LETTERS = 400
NOTHING = discovery.Any(())
EVERYTHING = discovery.All(())


class Translator:
    """One query's translation.  ``lenient`` takes an unknown field for part of the words, as ``q`` must;
    ``constant`` is what holds for everything that is searched.
    """

    def __init__(self, call: Call, *, lenient: bool = False, constant: Mapping[str, str] = CONSTANT) -> None:
        self.call = call
        self.lenient = lenient
        self.constant = constant
        self.range_letters = 0
        self._offices: dict[str, str] | None = None
        self._own: dict[str, str] = {}

    def condition(self, node: Node) -> discovery.Condition:
        """The condition of a tree.  Raises ``SearchQueryError``."""
        if isinstance(node, Everything):
            return EVERYTHING
        if isinstance(node, And | Or):
            self._know(node.parts)
        if isinstance(node, And):
            return discovery.All([self.condition(part) for part in node.parts])
        if isinstance(node, Or):
            return discovery.Any([self.condition(part) for part in node.parts])
        if isinstance(node, Not):
            return discovery.Not(self.condition(node.part))
        if isinstance(node, Range):
            return self._range(node)
        return self._term(node)

    def _know(self, parts: Sequence[Node]) -> None:
        """Read at once which of our ids stand for the foreign ones among the parts."""
        said = {part.value for part in parts if isinstance(part, Term) and part.field == "id"}
        if new := said - self._own.keys():
            self._own |= {value: value for value in new} | own_ids(self.call.session, new)

    def scored(self, node: Node) -> tuple[str, discovery.Condition]:
        """The words that relevance is reckoned by, and what must hold besides."""
        parts = node.parts if isinstance(node, And) else (node,)
        words = [part.value for part in parts if isinstance(part, Term) and self._bare(part)]
        rest = [part for part in parts if not (isinstance(part, Term) and self._bare(part))]
        return " ".join(words), discovery.All([self.condition(part) for part in rest])

    def _bare(self, term: Term) -> bool:
        return term.field in ("", "text") and not term.prefix

    def _term(self, term: Term) -> discovery.Condition:
        name = term.field
        if name in ("", "text"):
            if term.prefix and not term.value:
                return EVERYTHING
            return discovery.Words(term.value)
        if name in CONSTANT:
            there = self.constant[name]
            fits = there.startswith(term.value) if term.prefix else there == term.value
            return EVERYTHING if fits else NOTHING
        if name in TIMES:
            if term.prefix:
                raise SearchQueryError(reason=f'"{name}" takes a date or a range, not a beginning')
            return self._range(Range(name, term.value, term.value))
        if name == "owner_org":
            return self._owner(term)
        if name in WORDED:
            return discovery.Words(term.value, fields=(name,)) if term.value else EVERYTHING
        if name not in EXACT:
            return self._unknown(term)
        if term.prefix:
            return discovery.Prefix(name, term.value) if term.value else discovery.Has(name)
        if name == "id":
            self._know([term])
        value = _value(name, self._own[term.value] if name == "id" else term.value)
        exactly = discovery.Is(name, [value])
        if name == "license_id" and value == UNSPECIFIED:  # packages without a licence say so too
            return discovery.Any([exactly, discovery.Not(discovery.Has(name))])
        return exactly

    def _owner(self, term: Term) -> discovery.Condition:
        if term.prefix:
            return EVERYTHING if not term.value else self._refuse("owner_org takes a whole id")
        if self._offices is None:
            self._offices = {
                known: row.name for row in offices(self.call.session) for known in (row.id, row.name)
            }
        name = self._offices.get(term.value)
        return discovery.Is("organization", [name] if name else [])

    def _unknown(self, term: Term) -> discovery.Condition:
        if term.field in UNKNOWN or not self.lenient:
            self._refuse(f'undefined field "{term.field}"; known: {", ".join(sorted(KNOWN))}')
        return discovery.Words(f"{term.field} {term.value}")

    def _range(self, span: Range) -> discovery.Condition:
        if span.field in TIMES:
            low, high = _moment(span.low), _moment(span.high, end=True)
        elif span.field in EXACT:
            self.range_letters += len(span.low or "") + len(span.high or "")
            if self.range_letters > MOST_RANGE_LETTERS:
                self._refuse(f"ranges of names with more than {MOST_RANGE_LETTERS} letters in all")
            return discovery.Between(span.field, span.low, span.high, span.with_low, span.with_high)
        else:
            self._refuse(f'"{span.field}" has no ranges; {", ".join((*EXACT, *TIMES))} have')
        return discovery.Between(span.field, low, high, span.with_low, span.with_high)

    def _refuse(self, reason: str) -> discovery.Condition:
        raise SearchQueryError(reason=reason)


def _value(field: str, value: str) -> str:
    """The index's word for CKAN's: licences and themes may be written in several ways."""
    vocabulary = {
        "license_id": "licence",
        "groups": "theme",
        "frequency": "update-frequency",
        "language": "language",
    }.get(field)
    term = standards.vocabulary(vocabulary).find(value) if vocabulary else None
    return term.code if term else value


def _moment(text: str | None, *, end: bool = False) -> datetime | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z?)?", text):
        raise SearchQueryError(reason=f'"{text}" is not a date; write 2026-11-21 or 2026-11-21T08:00:00Z')
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError as error:
        raise SearchQueryError(reason=f'"{text}" is not a date') from error
    if end and len(text) == 10:
        return moment + timedelta(days=1, microseconds=-1)
    if end and "." not in text:
        return moment + timedelta(seconds=1, microseconds=-1)
    return moment

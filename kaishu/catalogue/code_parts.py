"""A resource code taken apart for people: each part with its digits, what they mean, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaishu import standards
from kaishu.base.credit_code import is_credit_code
from kaishu.base.errors import Said
from kaishu.catalogue.categories import ITEM, SUBJECT, Categories, categories, classes, part_of
from kaishu.catalogue.codes import NOBODY, apart, parse

#: How sure the meaning of a part is.
STATED, INFERRED, REGIONAL, UNLISTED = "stated", "inferred", "regional", "unlisted"
OFFICE, FORM = "office", "form"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a code; ``meaning`` is empty where nothing tells it."""

    name: Said
    digits: str
    meaning: Said
    certainty: str


def parts_of(text: str, office_code: str = "", offices: Mapping[str, str] | None = None) -> list[Part]:
    """The parts in order; none if the text has not the form of a code.

    ``office_code`` is the provider's as far as it is known, ``offices`` the names of offices by their codes.
    See ``codes.apart``.
    """
    offices = offices or {}
    code = parse(text)
    if code is None:
        return []
    known = categories()
    category, provider = apart(code, office_code, offices)
    parts = [_class(code.digit), *_category(code.digit, category, known)]
    if provider:
        parts.append(_provider(provider, offices))
    parts.append(Part(Said("顺序码", "serial"), code.serial, Said("", ""), STATED))
    return parts


def _class(digit: str) -> Part:
    name = classes().get(digit, "")
    term = standards.vocabulary("resource-class").term(name) if name else None
    meaning = Said(term.zh, term.en) if term else Said("", "")
    return Part(Said("类", "class"), digit, meaning, STATED if term else UNLISTED)


def _category(digit: str, digits: str, known: Categories) -> list[Part]:
    whole, parts, start = digit + digits, [], 1
    for end in (ITEM, SUBJECT, len(whole)):
        if start >= len(whole) or end <= start:
            continue
        here = whole[:end]
        found = known.known.get(here)
        certainty = UNLISTED
        if found:
            certainty = REGIONAL if known.regional else INFERRED
        meaning = Said(found.zh, found.en or found.zh) if found else Said("", "")
        parts.append(Part(part_of(here), here[start:], meaning, certainty))
        start = end
    return parts


def _provider(provider: str, offices: Mapping[str, str]) -> Part:
    meaning, certainty = Said("", ""), UNLISTED
    if provider in offices:
        meaning, certainty = Said(offices[provider], offices[provider]), OFFICE
    elif provider == NOBODY:
        meaning, certainty = Said("没有部门代码", "no office code"), FORM
    elif is_credit_code(provider):
        meaning, certainty = Said("统一社会信用代码", "unified social credit code"), FORM
    return Part(Said("提供方", "provider"), provider, meaning, certainty)

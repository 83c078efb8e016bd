"""A resource code taken apart for people: each part with its digits, what they mean, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu import standards
from kaishu.base.credit_code import LENGTH, is_credit_code
from kaishu.base.errors import Said
from kaishu.catalogue.categories import ITEM, SUBJECT, Categories, categories, part_of
from kaishu.catalogue.codes import NOBODY, ResourceCode, classes, parse

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


def parts_of(text: str, office: tuple[str, str] = ("", "")) -> list[Part]:
    """The parts in order; none if the text has not the form of a code.  ``office``: code and name.

    Between class and stroke stand a category, a provider, or both: what ends with the office's code, has
    letters or is a credit code is the provider; digits are a category where a listed item begins them.
    """
    code = parse(text)
    if code is None:
        return []
    known = categories()
    category, provider = _apart(code, office[0], known)
    parts = [_class(code.digit), *_category(code.digit, category, known)]
    if provider:
        parts.append(_provider(provider, office))
    parts.append(Part(Said("顺序码", "serial"), code.serial, Said("", ""), STATED))
    return parts


def _apart(code: ResourceCode, office_code: str, known: Categories) -> tuple[str, str]:
    rest = code.rest
    if office_code and rest.endswith(office_code):
        return rest[: len(rest) - len(office_code)], office_code
    if len(rest) >= LENGTH and is_credit_code(rest[-LENGTH:]):
        return rest[:-LENGTH], rest[-LENGTH:]
    if rest == NOBODY or not rest.isdigit():
        return "", rest
    if known.nearest(code.digit + rest) or len(rest) < ITEM:
        return rest, ""
    return "", rest


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


def _provider(provider: str, office: tuple[str, str]) -> Part:
    meaning, certainty = Said("", ""), UNLISTED
    if provider == office[0]:
        meaning, certainty = Said(office[1], office[1]), OFFICE
    elif provider == NOBODY:
        meaning, certainty = Said("没有部门代码", "no office code"), FORM
    elif is_credit_code(provider):
        meaning, certainty = Said("统一社会信用代码", "unified social credit code"), FORM
    return Part(Said("提供方", "provider"), provider, meaning, certainty)

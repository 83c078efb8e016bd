"""Does the library have an element like this one already?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kaishu.elements.definition import Element

SAME_NAME, SAME_WORDS, SAME_FORM = "name", "synonym", "representation"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An element of the library and why it may be the same: ``name``, ``synonym`` or ``representation``."""

    code: str
    name: str
    why: str


def duplicates(proposed: Element, among: Iterable[Element]) -> list[Duplicate]:
    """Elements that carry the same name, share a synonym, or say the same of the same thing.

    The gravest reason of each is given.  An element is no duplicate of its own earlier version.
    """
    name = folded(proposed.name)
    words = {folded(word) for word in (proposed.name, proposed.name_en, *proposed.synonyms) if word}
    found = []
    for each in among:
        if each.code == proposed.code:
            continue
        others = {folded(word) for word in (each.name, each.name_en, *each.synonyms) if word}
        if folded(each.name) == name:
            found.append(Duplicate(each.code, each.name, SAME_NAME))
        elif words & others:
            found.append(Duplicate(each.code, each.name, SAME_WORDS))
        elif _same_form(proposed, each):
            found.append(Duplicate(each.code, each.name, SAME_FORM))
    return sorted(found, key=lambda each: (SAME_NAME, SAME_WORDS, SAME_FORM).index(each.why))


def folded(text: str) -> str:
    """One spelling: NFKC, small letters, without blanks and signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _same_form(one: Element, other: Element) -> bool:
    if str(one.form) != str(other.form):
        return False
    if one.code_set:
        return one.code_set == other.code_set
    meant = (one.object_class, one.feature)
    return all(meant) and meant == (other.object_class, other.feature)

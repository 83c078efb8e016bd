"""A term has a code, a word in each language, an address if a body gives it one, and what else it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

#: Further facts of a term by which others call it.
IDENTIFIERS = ("period", "spdx", "ckan", "media_type", "iso_639_3")

#: Letters of a text whose folded form is remembered: the same few are looked for again and again.
SHORT = 100


@dataclass(frozen=True, slots=True)
class Term:
    """One entry.  ``aliases`` are other ways of writing it that are found in the wild."""

    code: str
    zh: str
    en: str
    uri: str = ""
    aliases: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def label(self, language: str) -> str:
        """The word in ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class Vocabulary:
    """A code list with the body that keeps it, the edition, and where it is written down."""

    name: str
    zh: str
    en: str
    body: str
    edition: str
    source: str
    licence: str
    terms: tuple[Term, ...]

    @cached_property
    def codes(self) -> Mapping[str, Term]:
        """Code to term, in the file's order."""
        return MappingProxyType({term.code: term for term in self.terms})

    @cached_property
    def _said(self) -> Mapping[str, Term]:
        said: dict[str, Term] = {}
        for spelling in (_aliases, _labels, _codes):
            for term in self.terms:
                said.update((fold(text), term) for text in spelling(term) if text)
        return said

    def term(self, code: str) -> Term:
        """The term of a code.  Raises ``KeyError``."""
        return self.codes[code]

    def find(self, text: str) -> Term | None:
        """The term meant by a code, a label, an address or an alias, however it is written; else None."""
        return self._said.get(fold(text))


def fold(text: str) -> str:
    """One spelling for looking up: NFKC, lower case, no blanks, hyphens or underscores."""
    return _fold_short(text) if len(text) <= SHORT else _fold(text)


def _fold(text: str) -> str:
    import unicodedata

    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter not in " \t\r\n-_　")


_fold_short = lru_cache(maxsize=8192)(_fold)


def _codes(term: Term) -> tuple[str, ...]:
    return (term.code,)


def _labels(term: Term) -> tuple[str, ...]:
    return term.zh, term.en, term.uri


def _aliases(term: Term) -> tuple[str, ...]:
    identifiers = (term.extra.get(key) for key in IDENTIFIERS)
    return *term.aliases, *(str(identifier) for identifier in identifiers if identifier)

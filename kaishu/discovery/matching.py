"""The words of a query for Tantivy: which fields may hold them, and how much each is worth."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kaishu.discovery import pinyin, shape
from kaishu.discovery.words import (
    LATIN,
    LONGEST_TEXT,
    NONE,
    RUN,
    Synonyms,
    Word,
    pieces_of,
    plain,
    query_words,
)

if TYPE_CHECKING:
    import tantivy

TIE = 0.1
WHOLE_RUN = 2.0
PIECES = 0.9
SOUND, INITIALS = 0.9, 0.3
LONGEST_INITIALS = 12
SAME = 0.7  # a word that means the same, beside the word itself
FOREIGN = 0.35  # the same in another script
MOST_OTHERS = 8


def matching(
    text: str,
    searcher: tantivy.Searcher,
    synonyms: Synonyms = NONE,
    among: Collection[str] | None = None,
    needed: int | None = None,
) -> tantivy.Query | None:
    """What a person meant by ``text``; None if there is no word in it.

    All words must be found, of four or more most of them; each may be found in any field, or in those
    ``among`` only.  ``needed`` is another number of words that must be found.
    """
    words = query_words(text, synonyms)
    return Matcher(searcher, among).query(text, words, needed) if words else None


def enough(words: int) -> int:
    """How many of the words must be found."""
    if words <= 3:
        return words
    return words - 1 if words <= 5 else math.ceil(words * 0.7)


class Matcher:
    """Makes queries for one searcher, over all fields of words or some of them."""

    def __init__(self, searcher: tantivy.Searcher, among: Collection[str] | None = None) -> None:
        self.searcher = searcher
        self.words, self.parts, self.pairs = (
            {name: boost for name, boost in fields.items() if among is None or name in among}
            for fields in (shape.WORDS, shape.PARTS, shape.PAIRS_ONLY)
        )
        self.sounds = among is None

    def query(self, text: str, words: Sequence[Word], needed: int | None = None) -> tantivy.Query:
        """All of the words, or as many as are needed."""
        from tantivy import Occur, Query

        must: list[tantivy.Query] = []
        may: list[tantivy.Query] = []
        for word in words:
            # a single character beside words sharpens the order but does not shut anything out
            target = may if word.kind == "letter" and len(words) > 1 else must
            target.append(self.options(word))
        if not must:
            must, may = may, []
        found = Query.boolean_query([(Occur.Should, option) for option in must], needed or enough(len(must)))
        may += self._whole_runs(text, words)
        may += self._spelled_runs(words) if self.sounds else []
        if not may:
            return found
        return Query.boolean_query([(Occur.Must, found), *((Occur.Should, option) for option in may)])

    def options(self, word: Word) -> tantivy.Query:
        """Everywhere that one word may stand, itself or what means the same."""
        from tantivy import Query

        options = self._latin(word.text) if word.kind == "latin" else self._han(word)
        for other in word.others[:MOST_OTHERS]:
            foreign = bool(RUN.search(other)) != bool(RUN.search(word.text))
            share = FOREIGN if foreign else SAME
            options += [Query.boost_query(way, share) for way in self.other(other, foreign)]
        return Query.disjunction_max_query(options, TIE) if options else Query.empty_query()

    def _han(self, word: Word) -> list[tantivy.Query]:
        options = self._in_words(word.text) if word.kind == "word" else []
        if len(word.text) == 1:
            options += [_term(name, word.text, boost) for name, boost in self.parts.items()]
        else:
            options += [
                _every(name, _pairs(word.text), boost) for name, boost in {**self.parts, **self.pairs}.items()
            ]
        if len(word.text) > 3:
            options += self._in_pieces(word.text)
        return options

    def other(self, text: str, foreign: bool) -> list[tantivy.Query]:
        """A synonym, as words and as parts; in another script not in mere descriptions."""
        from tantivy import Occur, Query

        text = plain(text)
        if RUN.fullmatch(text):
            options = self._in_words(text)
            if len(text) > 2:
                fields = {**self.parts, **self.pairs}
                options += [_every(name, _pairs(text), boost) for name, boost in fields.items()]
            return options + (self._in_pieces(text) if len(text) > 3 else [])
        but = "text" if foreign else ""
        each = [
            Query.disjunction_max_query(self._in_words(self._stem(piece), but), TIE)
            for piece in LATIN.findall(text) + RUN.findall(text)
        ]
        return [Query.boolean_query([(Occur.Must, one) for one in each])] if each else []

    def _in_words(self, text: str, but: str = "") -> list[tantivy.Query]:
        return [_term(name, text, boost) for name, boost in self.words.items() if name != but]

    def _in_pieces(self, text: str) -> list[tantivy.Query]:
        """A long word by the shorter ones in it, apart from each other: 北京地铁 in 北京市地铁站."""
        from tantivy import Occur, Query

        pieces = [piece for piece in pieces_of(text) if piece != text]
        if len(pieces) < 2:
            return []
        each = [Query.disjunction_max_query(self._in_words(piece), TIE) for piece in pieces]
        both = Query.boolean_query([(Occur.Must, piece) for piece in each])
        return [Query.boost_query(both, PIECES / len(pieces))]

    def _stem(self, text: str) -> str:
        return (shape.analysers()["words"].analyze(text) or [text])[0]

    def _latin(self, text: str) -> list[tantivy.Query]:
        stem = self._stem(text)
        options = self._in_words(stem)
        if not self.sounds:
            return options
        is_a_word = any(self.searcher.doc_freq(name, stem) for name in shape.WORDS)
        for reading in pinyin.readings(text):
            if len(reading) > 1:
                options.append(_every("pinyin", [a + b for a, b in pairwise(reading)], SOUND))
            elif not is_a_word:
                options.append(_term("pinyin", reading[0], SOUND))
        if not is_a_word and text.isascii() and text.isalpha() and 2 <= len(text) <= LONGEST_INITIALS:
            size = min(4, len(text))
            pieces = [text[start : start + size] for start in range(len(text) - size + 1)]
            options.append(_every("initials", pieces, INITIALS))
        return options

    def _whole_runs(self, text: str, words: Sequence[Word]) -> list[tantivy.Query]:
        """Titles that hold a run of Chinese as it was typed come first."""
        if "part_title" not in self.parts:
            return []
        runs = [run for run in RUN.findall(plain(text[:LONGEST_TEXT])) if len(run) > 2]
        known = {word.text for word in words}
        return [_every("part_title", _pairs(run), WHOLE_RUN) for run in runs if run not in known]

    def _spelled_runs(self, words: Sequence[Word]) -> list[tantivy.Query]:
        """``di tie zhan`` sounds more like 地铁站 than the three syllables anywhere."""
        from tantivy import Query

        texts = [word.text for word in words]
        readings = [pinyin.readings(text) for text in texts]
        if len(texts) < 2 or not all(found and len(found[0]) == 1 for found in readings):
            return []
        return [Query.boost_query(_term("pinyin", a + b, SOUND), 2.0) for a, b in pairwise(texts)]


def _pairs(text: str) -> list[str]:
    return list(dict.fromkeys(a + b for a, b in pairwise(text)))


def _term(name: str, text: str, boost: float) -> tantivy.Query:
    from tantivy import Query

    return Query.boost_query(Query.term_query(shape.schema(), name, text, "freq"), boost)


def _every(name: str, terms: Sequence[str], boost: float) -> tantivy.Query:
    """All terms in one field; together worth as much as one."""
    from tantivy import Occur, Query

    if len(terms) == 1:
        return _term(name, terms[0], boost)
    share = boost / len(terms)
    return Query.boolean_query([(Occur.Must, _term(name, term, share)) for term in terms])

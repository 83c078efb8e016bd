"""Which datasets a query finds, without an order: fewer places to look at than where a score comes from.

What is a word of a field is also, in pairs of characters, in that field's parts; so of Chinese words only the
parts and the values need asking, and the words inside a word only whether they are there at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from kaishu.discovery import shape
from kaishu.discovery.matching import MOST_OTHERS, Matcher, enough
from kaishu.discovery.words import NONE, RUN, Synonyms, Word, pieces_of, plain, query_words

if TYPE_CHECKING:
    import tantivy

#: Fields and terms that must all be there.
Way = frozenset[tuple[str, str]]


def finding(text: str, searcher: tantivy.Searcher, synonyms: Synonyms = NONE) -> tantivy.Query | None:
    """Finds exactly what ``matching`` finds, with no useful score."""
    from tantivy import Occur, Query

    words = query_words(text, synonyms)
    asked = [word for word in words if word.kind != "letter" or len(words) == 1] or words
    if not asked:
        return None
    matcher = Matcher(searcher)
    each = [(Occur.Should, _anywhere(word, matcher)) for word in asked]
    return each[0][1] if len(each) == 1 else Query.boolean_query(each, enough(len(each)))


def _anywhere(word: Word, matcher: Matcher) -> tantivy.Query:
    from tantivy import Occur, Query

    if word.kind == "latin":
        return matcher.options(word)
    ways = set(_parts(word.text, among_words=word.kind == "word"))
    rest: list[tantivy.Query] = []
    for other in map(plain, word.others[:MOST_OTHERS]):
        if RUN.fullmatch(other):
            ways |= set(_parts(other) if len(other) > 2 else [_words([other])])
        else:
            rest += matcher.other(other, foreign=not RUN.search(other))
    options = [_every(way) for way in _shortest(ways)] + rest
    return options[0] if len(options) == 1 else Query.boolean_query([(Occur.Should, one) for one in options])


def _parts(text: str, among_words: bool = True) -> Iterable[Way]:
    """The ways to find a Chinese word or a part of one."""
    fields = [*shape.PARTS, *shape.PAIRS_ONLY] if len(text) > 1 else [*shape.PARTS]
    terms = [a + b for a, b in pairwise(text)] or [text]
    yield from (frozenset((name, term) for term in terms) for name in fields)
    if among_words:
        yield _words([text]) if len(text) == 1 else frozenset([("value", text)])
    pieces = [piece for piece in pieces_of(text) if piece != text] if len(text) > 3 else []
    if len(pieces) > 1:
        yield _words(pieces)


def _words(texts: Iterable[str]) -> Way:
    return frozenset((shape.WORD, text) for text in texts)


def _shortest(ways: set[Way]) -> list[Way]:
    """Without those that ask for all that another asks for, and more."""
    kept = [way for way in ways if not any(other < way for other in ways)]
    return sorted(kept, key=sorted)


def _every(way: Way) -> tantivy.Query:
    from tantivy import Occur, Query

    terms = [Query.term_query(shape.schema(), name, text, "basic") for name, text in sorted(way)]
    return terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Must, term) for term in terms])

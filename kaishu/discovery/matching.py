"""The words of a query for Tantivy: which fields may hold them, and how much each is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kaishu.discovery import pinyin, shape
from kaishu.discovery.words import LONGEST_TEXT, RUN, Word, pieces_of, plain, query_words

if TYPE_CHECKING:
    import tantivy

TIE = 0.1
WHOLE_RUN = 2.0
PIECES = 0.9
SOUND, INITIALS = 0.9, 0.3
LONGEST_INITIALS = 12


def matching(text: str, searcher: tantivy.Searcher) -> tantivy.Query | None:
    """What a person meant by ``text``; None if there is no word in it.

    All words must be found, of four or more most of them; each may be found in any field.
    """
    from tantivy import Occur, Query

    words = query_words(text)
    if not words:
        return None
    must: list[tantivy.Query] = []
    may: list[tantivy.Query] = []
    for word in words:
        # a single character beside words sharpens the order but does not shut anything out
        target = may if word.kind == "letter" and len(words) > 1 else must
        target.append(_options(word, searcher))
    if not must:
        must, may = may, []
    needed = enough(len(must))
    found = Query.boolean_query([(Occur.Should, option) for option in must], needed)
    may += _whole_runs(text, words) + _spelled_runs(words)
    if not may:
        return found
    return Query.boolean_query([(Occur.Must, found), *((Occur.Should, option) for option in may)])


def enough(words: int) -> int:
    """How many of the words must be found."""
    if words <= 3:
        return words
    return words - 1 if words <= 5 else math.ceil(words * 0.7)


def _options(word: Word, searcher: tantivy.Searcher) -> tantivy.Query:
    from tantivy import Query

    if word.kind == "latin":
        return Query.disjunction_max_query(_latin(word.text, searcher), TIE)
    options = _in_words(word.text) if word.kind == "word" else []
    if len(word.text) == 1:
        options += [_term(name, word.text, boost) for name, boost in shape.PARTS.items()]
    else:
        options += _in_parts(word.text)
    if len(word.text) > 3:
        options += _in_pieces(word.text)
    return Query.disjunction_max_query(options, TIE)


def _in_words(text: str) -> list[tantivy.Query]:
    return [_term(name, text, boost) for name, boost in shape.WORDS.items()]


def _in_pieces(text: str) -> list[tantivy.Query]:
    """A long word by the shorter ones in it, apart from each other: 北京地铁 in 北京市地铁站."""
    from tantivy import Occur, Query

    pieces = [piece for piece in pieces_of(text) if piece != text]
    if len(pieces) < 2:
        return []
    each = [Query.disjunction_max_query(_in_words(piece), TIE) for piece in pieces]
    both = Query.boolean_query([(Occur.Must, piece) for piece in each])
    return [Query.boost_query(both, PIECES / len(pieces))]


def _in_parts(text: str) -> list[tantivy.Query]:
    fields = {**shape.PARTS, **shape.PAIRS_ONLY}
    return [_every(name, _pairs(text), boost) for name, boost in fields.items()]


def _latin(text: str, searcher: tantivy.Searcher) -> list[tantivy.Query]:
    stems = shape.analysers()["words"].analyze(text) or [text]
    options = [_term(name, stems[0], boost) for name, boost in shape.WORDS.items()]
    is_a_word = any(searcher.doc_freq(name, stems[0]) for name in shape.WORDS)
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


def _whole_runs(text: str, words: Sequence[Word]) -> list[tantivy.Query]:
    """Titles that hold a run of Chinese as it was typed come first."""
    runs = [run for run in RUN.findall(plain(text[:LONGEST_TEXT])) if len(run) > 2]
    known = {word.text for word in words}
    return [_every("part_title", _pairs(run), WHOLE_RUN) for run in runs if run not in known]


def _spelled_runs(words: Sequence[Word]) -> list[tantivy.Query]:
    """``di tie zhan`` sounds more like 地铁站 than the three syllables anywhere."""
    from tantivy import Query

    texts = [word.text for word in words]
    if len(texts) < 2 or not all(
        len(reading) == 1 for text in texts for reading in pinyin.readings(text)[:1]
    ):
        return []
    if not all(pinyin.readings(text) for text in texts):
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

"""Text into words: what the index keeps, and what a query means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kaishu.discovery.folding import fold, other

HAN = r"㐀-䶿一-鿿豈-﫿々〇"
RUN = re.compile(f"[{HAN}]+")
PIECE = re.compile(f"(?P<han>[{HAN}]+)|(?P<latin>[^\\W_{HAN}]+)")
LATIN = re.compile(f"[^\\W_{HAN}]+")
HAN_LETTER = re.compile(f"[{HAN}]")
#: Words that say nothing alone; left out of a query that has others.
EMPTY = frozenset("的了在和与及或是之有等各") | {"the", "of", "and", "in", "for", "a", "an", "to"}
LONGEST_TEXT, LONGEST_QUERY = 500, 60  # characters and words of a query that are looked at
LONGEST_TERM = 20
MOST_KEPT = 100_000  # words whose pieces are kept in memory
#: Terms of at least so many characters are found wherever they stand, shorter ones only as whole words.
ANYWHERE = 3

Synonyms = Mapping[str, tuple[str, ...]]
NONE: Synonyms = {}


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that a query asks for.

    ``kind`` is word (a Chinese word), part (characters that may be the middle of one), letter (a single
    character) or latin.  ``others`` are words that mean the same.
    """

    text: str
    kind: Literal["word", "part", "letter", "latin"]
    others: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Full width to half width, lower case, simplified characters."""
    if not text.isascii() and other().search(text):
        text = fold(unicodedata.normalize("NFKC", text))
    return text.casefold()


def index_words(text: str) -> str:
    """Words of a text for the index, with a blank between: long Chinese words also in their parts."""
    return words_of(plain(text))


def words_of(text: str) -> str:
    """The same of a text that is plain already."""
    return " ".join([*with_pieces(cut(text)), *LATIN.findall(text)])


def with_pieces(cut_words: Iterable[str]) -> Iterator[str]:
    """Those words that are Chinese, long ones with the words inside them."""
    if len(_pieces) > MOST_KEPT:
        _pieces.clear()
    return filter(None, map(_pieces.__getitem__, cut_words))


class _Pieces(dict[str, str]):
    """Every word met with the words inside it; nothing for what is not Chinese."""

    def __missing__(self, word: str) -> str:
        found = ""
        if HAN_LETTER.match(word):
            found = word if len(word) < 3 else " ".join(dict.fromkeys([*pieces_of(word), word]))
        self[word] = found
        return found


_pieces = _Pieces()


@lru_cache(maxsize=50_000)
def known_words(text: str) -> str:
    """The same for texts that come again and again: tags, themes, departments, names of fields."""
    return index_words(text)


def han_runs(text: str) -> str:
    """The Chinese of a text, with a blank wherever anything else stood."""
    return runs_of(plain(text))


def runs_of(text: str) -> str:
    """The same of a text that is plain already."""
    return " ".join(RUN.findall(text))


@lru_cache(maxsize=50_000)
def known_runs(text: str) -> str:
    """The same for texts that come again and again."""
    return han_runs(text)


def cut(text: str) -> list[str]:
    """A text into words that do not overlap, and whatever stands between them."""
    import rjieba

    return [] if text.isascii() else list(rjieba.cut(text))


def pieces_of(word: str) -> list[str]:
    """A Chinese word and the words inside it."""
    import rjieba

    return list(dict.fromkeys(rjieba.cut_for_search(word)))


def query_words(text: str, synonyms: Synonyms = NONE) -> list[Word]:
    """What a query asks for, in its order, each thing once."""
    found: list[Word] = []
    for piece in PIECE.finditer(plain(text[:LONGEST_TEXT])):
        if piece["latin"]:
            found.append(Word(piece["latin"], "latin", synonyms.get(piece["latin"], ())))
        else:
            found += _run_words(piece["han"], synonyms)
        if len(found) > LONGEST_QUERY:
            break
    kept = [word for word in found if word.text not in EMPTY] or found
    return list(dict.fromkeys(kept))[:LONGEST_QUERY]


def _run_words(run: str, synonyms: Synonyms) -> list[Word]:
    """Words of a run; terms with synonyms stand for themselves."""
    words: list[Word] = []
    start = place = 0
    while place < len(run) and synonyms:
        size = min(LONGEST_TERM, len(run) - place)
        while size >= ANYWHERE and run[place : place + size] not in synonyms:
            size -= 1
        if size < ANYWHERE:
            place += 1
            continue
        term = run[place : place + size]
        words += _han_words(run[start:place], synonyms)
        words.append(Word(term, "word", synonyms[term]))
        start = place = place + size
    return words + _han_words(run[start:], synonyms)


def _han_words(run: str, synonyms: Synonyms) -> list[Word]:
    """Words of a run; neighbours that the dictionary leaves single are taken together."""
    words: list[Word] = []
    loose = ""
    for word in [*cut(run), ""]:
        if len(word) == 1 and word not in EMPTY:
            loose += word
            continue
        if loose:
            kind: Literal["letter", "part"] = "letter" if len(loose) == 1 else "part"
            words.append(Word(loose, kind, synonyms.get(loose, ())))
            loose = ""
        if word:
            words.append(Word(word, "word", synonyms.get(word, ())))
    return words

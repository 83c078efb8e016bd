"""Text into words: what the index keeps, and what a query means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

HAN = r"㐀-䶿一-鿿豈-﫿々〇"
RUN = re.compile(f"[{HAN}]+")
PIECE = re.compile(f"(?P<han>[{HAN}]+)|(?P<latin>[^\\W_{HAN}]+)")
LATIN = re.compile(f"[^\\W_{HAN}]+")
#: Words that say nothing alone; left out of a query that has others.
EMPTY = frozenset("的了在和与及或是之有等各") | {"the", "of", "and", "in", "for", "a", "an", "to"}
LONGEST_TEXT, LONGEST_QUERY = 500, 60  # characters and words of a query that are looked at


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that a query asks for.

    ``kind`` is word (a Chinese word), part (characters that may be the middle of one), letter (a single
    character) or latin.
    """

    text: str
    kind: Literal["word", "part", "letter", "latin"]


def plain(text: str) -> str:
    """Full width to half width, lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def index_words(text: str) -> str:
    """Words of a text for the index, with a blank between: long Chinese words also in their parts."""
    import rjieba

    text = plain(text)
    if text.isascii():
        return " ".join(LATIN.findall(text))
    words = [word for word in rjieba.cut_for_search(text) if RUN.match(word)]
    words += LATIN.findall(text)
    return " ".join(words)


def han_runs(text: str) -> str:
    """The Chinese of a text, with a blank wherever anything else stood."""
    return " ".join(RUN.findall(text))


def cut(run: str) -> list[str]:
    """A run of Chinese into words that do not overlap."""
    import rjieba

    return list(rjieba.cut(run))


def pieces_of(word: str) -> list[str]:
    """A Chinese word and the words inside it."""
    import rjieba

    return list(dict.fromkeys(rjieba.cut_for_search(word)))


def query_words(text: str) -> list[Word]:
    """What a query asks for, in its order, each thing once."""
    found: list[Word] = []
    for piece in PIECE.finditer(plain(text[:LONGEST_TEXT])):
        if piece["latin"]:
            found.append(Word(piece["latin"], "latin"))
        else:
            found += _han_words(piece["han"])
        if len(found) > LONGEST_QUERY:
            break
    kept = [word for word in found if word.text not in EMPTY] or found
    return list(dict.fromkeys(kept))[:LONGEST_QUERY]


def _han_words(run: str) -> list[Word]:
    """Words of a run; neighbours that the dictionary leaves single are taken together."""
    words: list[Word] = []
    loose = ""
    for word in [*cut(run), ""]:
        if len(word) == 1 and word not in EMPTY:
            loose += word
            continue
        if loose:
            words.append(Word(loose, "letter" if len(loose) == 1 else "part"))
            loose = ""
        if word:
            words.append(Word(word, "word"))
    return words

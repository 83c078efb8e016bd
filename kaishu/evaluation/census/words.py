"""Words of titles and themes counted, by rjieba and a stop list that is shipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

import polars as pl

_DATA = Path(__file__).parent / "data"
_PUNCTUATION = frozenset(" \t\r\n　《》〈〉（）()【】[]“”\"'、，。；：,.;:·—–-_/|！？!?&")


@cache
def word_list(name: str) -> frozenset[str]:
    """A shipped list: ``stop-words`` or ``generic-theme-words``."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in their order; numbers and marks are none, and 生态环境 is 生态 and 环境.

    >>> words_of("城建住房")
    ('城建', '住房')
    """
    import rjieba

    found: list[str] = []
    for word in rjieba.cut(text):
        if all(letter in _PUNCTUATION or letter.isdigit() for letter in word):
            continue
        found += _halves(word)
    return tuple(found)


def _halves(word: str) -> list[str]:
    import rjieba

    if len(word) != 4:
        return [word]
    inner = rjieba.cut_for_search(word)
    halves = [word[:2], word[2:]]
    return halves if all(half in inner for half in halves) else [word]


def frequencies(
    texts: Iterable[tuple[str, int]], stop: Collection[str] | None = None, least: int = 1
) -> pl.DataFrame:
    """word, count, texts of (text, how often) pairs, the most frequent first.

    ``count`` counts every standing of a word, ``texts`` the texts that have it.  Words of one letter and
    those of ``stop`` (by default the shipped list) are left out.
    """
    left_out = word_list("stop-words") if stop is None else frozenset(stop)
    count: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for text, times in texts:
        words = [word for word in words_of(text) if len(word) > 1 and word not in left_out]
        for word in words:
            count[word] += times
        for word in set(words):
            holding[word] += times
    rows = sorted(count, key=lambda word: (-count[word], word))
    kept = [word for word in rows if count[word] >= least]
    return pl.DataFrame(
        {"word": kept, "count": [count[word] for word in kept], "texts": [holding[word] for word in kept]},
        schema={"word": pl.String, "count": pl.Int64, "texts": pl.Int64},
    )

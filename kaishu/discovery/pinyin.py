"""Chinese as it sounds: syllables and initials to index, and pinyin in a query cut into syllables."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from kaishu.discovery.syllables import LONGEST, SYLLABLES

SPLITS = 4  # ways of reading one query word: "xian" is 西安 or 先


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """One syllable for each character of a Chinese word, read as in that word."""
    from pypinyin import lazy_pinyin

    return tuple(part for part in lazy_pinyin(word, errors="ignore") if part)


def tokens(run: list[str]) -> list[str]:
    """What is indexed of a run of syllables: each, and each with its neighbour."""
    return [*run, *(first + second for first, second in pairwise(run))]


def initials(run: list[str]) -> str:
    """First letters of a run of syllables: 地铁站 → dtz."""
    return "".join(part[0] for part in run)


def readings(word: str) -> list[list[str]]:
    """The ways to cut letters into whole syllables, the fewest syllables first; [] if there is none.

    >>> readings("ditiezhan")[0]
    ['di', 'tie', 'zhan']
    """
    if not word.isascii() or not word.isalpha() or len(word) > 60:
        return []
    word = word.replace("ü", "v")
    ways: list[list[list[str]]] = [[[]]]
    for end in range(1, len(word) + 1):
        found: list[list[str]] = []
        for start in range(max(0, end - LONGEST), end):
            if word[start:end] in SYLLABLES:
                found += [[*way, word[start:end]] for way in ways[start]]
        ways.append(sorted(found, key=len)[:SPLITS])
    return ways[-1]

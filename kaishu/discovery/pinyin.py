"""Chinese as it sounds: syllables and initials to index, and pinyin in a query cut into syllables."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from string import ascii_lowercase

from kaishu.discovery.syllables import LONGEST, SYLLABLES

SPLITS = 4  # ways of reading one query word: "xian" is 西安 or 先
MOST_LETTERS = 36  # of a word with a wrong letter
NEAR_SPLITS = 2  # ways of reading what stands before and after the wrong letter
MOST_NEAR = 300


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


def near_readings(word: str) -> list[list[str]]:
    """The ways to cut letters of which one is wrong, missing, too much or swapped with its neighbour.

    >>> ["gong", "jiao", "che", "zhan"] in near_readings("gongjoachezhan")
    True
    """
    if not word.isascii() or not word.isalpha() or not 4 <= len(word) <= MOST_LETTERS:
        return []
    word = word.replace("ü", "v")
    found: dict[tuple[str, ...], None] = {}
    for start in range(len(word)):
        before = readings(word[:start])[:NEAR_SPLITS] if start else [[]]
        if not before:
            continue
        for end in range(start + 1, min(len(word), start + LONGEST + 1) + 1):
            after = readings(word[end:])[:NEAR_SPLITS] if end < len(word) else [[]]
            if after:
                for syllable in _one_off(word[start:end]):
                    found.update({(*one, syllable, *other): None for one in before for other in after})
    return [list(way) for way in sorted(found, key=len)[:MOST_NEAR]]


@lru_cache(maxsize=5_000)
def _one_off(letters: str) -> tuple[str, ...]:
    """Syllables that differ from these letters in one place."""
    parts = [(letters[:at], letters[at:]) for at in range(len(letters) + 1)]
    near = {one + other[1:] for one, other in parts if other}
    near |= {one + other[1] + other[0] + other[2:] for one, other in parts if len(other) > 1}
    near |= {one + letter + other[1:] for one, other in parts if other for letter in ascii_lowercase}
    near |= {one + letter + other for one, other in parts for letter in ascii_lowercase}
    return tuple(sorted((near & SYLLABLES) - {letters}))

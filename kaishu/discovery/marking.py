"""Where the words of a query stand in a text: spans, never HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kaishu.discovery.folding import fold
from kaishu.discovery.words import RUN, Word

Span = tuple[int, int]

#: The rest of a Latin word that a cut goes through, and its beginning with the letter after the cut.
LONGEST_PART = 20
PART = re.compile(rf"[0-9A-Za-z][0-9A-Za-z]{{1,{LONGEST_PART}}}(?![0-9A-Za-z])")
TAIL = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{2,}\Z")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a text with the spans to mark in it; ``before`` and ``after`` say if it was cut there."""

    text: str
    spans: list[Span]
    before: bool
    after: bool


def spans(text: str, words: Sequence[Word]) -> list[Span]:
    """Start and end of every place where a word stands, in order, none overlapping another."""
    text = fold(text)
    found: list[Span] = []
    for word in words:
        places = _places(text, word)
        for other in () if places else word.others:
            places += _places(text, Word(other, "word" if RUN.fullmatch(other) else "latin"))
        if not places and word.kind in ("part", "word") and len(word.text) > 2:
            for first, second in pairwise(word.text):
                places += _places(text, Word(first + second, "part"))
        found += places
    return _merged(found)


def snippet(text: str, words: Sequence[Word], length: int = 120) -> Snippet:
    """About ``length`` characters with the first word found in them, from the beginning if none is."""
    marked = spans(text, words)
    start = 0
    if marked and marked[0][1] > length:
        start = max(0, marked[0][0] - length // 3)
    end = min(len(text), start + length)
    if start and (head := PART.match(text, start - 1)) and head.end() <= marked[0][0]:
        start = head.end()
    if end < len(text) and (tail := TAIL.search(text, max(start + 1, end - LONGEST_PART), end + 1)):
        end = max(tail.start(), max((b for _a, b in marked if b <= end), default=start))
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marked if a < end and b > start]
    return Snippet(text[start:end], inside, start > 0, end < len(text))


def _places(text: str, word: Word) -> list[Span]:
    pattern = re.escape(word.text)
    if word.kind == "latin":
        pattern = rf"(?<![^\W_]){pattern}[^\W_]*"
    return [(hit.start(), hit.end()) for hit in re.finditer(pattern, text, re.IGNORECASE)]


def _merged(found: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged

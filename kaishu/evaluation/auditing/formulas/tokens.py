"""Cutting a formula into words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kaishu.evaluation.auditing.errors import BadFormula

WORDS = {
    *("and", "or", "not", "in", "is", "null", "between", "true", "false"),
    *("where", "join", "on", "top", "bottom", "by"),
}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<name>`(?:[^`]|``)+`)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|!=|==|[-+*/=<>(),.])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its kind: number, text, name, word, sign or end; ``place`` counts from 1."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> Iterator[Token]:
    """The words in order, and an end.  Raises ``BadFormula``."""
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            piece = text[place : place + 10]
            raise BadFormula(
                text=text,
                place=place + 1,
                reason_zh=f"看不懂“{piece}”",
                reason_en=f'"{piece}" is not understood',
            )
        kind, word = str(found.lastgroup), found.group()
        if kind == "word" and word.lower() in WORDS:
            yield Token("sign", word.lower(), place + 1)
        elif kind in ("text", "name"):
            yield Token(kind, word[1:-1].replace(word[0] * 2, word[0]), place + 1)
        elif kind != "space":
            yield Token(kind, word, place + 1)
        place = found.end()
    yield Token("end", "", len(text) + 1)

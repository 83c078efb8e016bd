"""Cutting an expression into words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaishu.base.grammar import Token, cut
from kaishu.quality.errors import BadExpression

WORDS = frozenset(["and", "or", "not", "in", "is", "null", "between", "matches", "true", "false"])
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<text>'(?:[^']|'')*')
      | (?P<column>`(?:[^`]|``)+`|"(?:[^"]|"")+")
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|!=|==|[-+*/%=<>(),])
    """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """The words in order, and an end: number, text, column, word, sign.  Raises ``BadExpression``."""
    return cut(text, _TOKEN, WORDS, ("text", "column"), BadExpression)

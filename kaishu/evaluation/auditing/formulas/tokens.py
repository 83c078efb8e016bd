"""Cutting a formula into words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaishu.base.grammar import Token, cut
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


def tokens(text: str) -> Iterator[Token]:
    """The words in order, and an end: number, text, name, word, sign.  Raises ``BadFormula``."""
    return cut(text, _TOKEN, WORDS, ("text", "name"), BadFormula)

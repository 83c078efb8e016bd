"""The part of Lucene's query language that catalogue clients use, parsed into a small tree.

``or`` binds loosest, then ``and`` (said or by standing side by side), then ``not``, ``+`` and ``-``.
What is not known here is refused, never skipped: a filter that is ignored gives wrong answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kaishu.api.ckan.errors import SearchQueryError


@dataclass(frozen=True, slots=True)
class Everything:
    """``*:*``."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, in a field or anywhere; ``prefix`` for a trailing ``*``."""

    field: str
    value: str
    phrase: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """``[low TO high]``; an end of None is open; braces leave the end itself out."""

    field: str
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All must hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One must hold."""

    parts: tuple[Node, ...]


Node = Everything | Term | Range | Not | And | Or

TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\))
    | (?P<range>[\[{]\s*(?P<low>"[^"]*"|[^\s\]}]+)\s+TO\s+(?P<high>"[^"]*"|[^\s\]}]+)\s*[\]}])
    | (?P<phrase>"(?:[^"\\]|\\.)*")
    | (?P<and>AND(?=[\s(]|$)|&&) | (?P<or>OR(?=[\s(]|$)|\|\|) | (?P<not>NOT(?=[\s(]|$)|!)
    | (?P<sign>[+-](?=\S))
    | (?P<field>[A-Za-z_*][A-Za-z0-9_.*-]*:)
    | (?P<word>(?:[^\s()"\\:]|\\.|:)+)
    )""",
    re.VERBOSE,
)
LONGEST = 4000
DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: str
    text: str


def parse(text: str) -> Node:
    """The tree of a query.  Raises ``SearchQueryError``."""
    if len(text) > LONGEST:
        raise SearchQueryError(reason=f"longer than {LONGEST} characters")
    if not text.strip():
        return Everything()
    reader = _Reader(_tokens(text))
    tree = reader.either("", 0)
    if reader.peek() is not None:
        raise SearchQueryError(reason=f'unexpected "{reader.tokens[reader.at].text}"')
    return tree


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise SearchQueryError(reason=f'cannot read "{text[at : at + 30].strip()}"')
        kind = next(k for k in KINDS if match.group(k) is not None)
        found.append(Token(kind, match.group(kind)))
        at = match.end()
        if kind in ("phrase", "close", "range") and at < len(text) and text[at] in "~^":
            raise SearchQueryError(reason=f'"{text[at]}" (fuzzy, proximity, boost) is not supported')
    return found


KINDS = ("open", "close", "range", "phrase", "and", "or", "not", "sign", "field", "word")


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str | None:
        """Kind of the next token."""
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def take(self) -> Token:
        """The next token.  Raises at the end."""
        if self.at >= len(self.tokens):
            raise SearchQueryError(reason="it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self, field: str, depth: int) -> Node:
        """``a OR b``."""
        if depth > DEEPEST:
            raise SearchQueryError(reason="nested too deeply")
        parts = [self.both(field, depth)]
        while self.peek() == "or":
            self.take()
            parts.append(self.both(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self, field: str, depth: int) -> Node:
        """``a AND b``, ``a b``."""
        parts = [self.one(field, depth)]
        while self.peek() not in (None, "or", "close"):
            if self.peek() == "and":
                self.take()
            parts.append(self.one(field, depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self, field: str, depth: int) -> Node:
        """One clause, with its sign."""
        if depth > DEEPEST:
            raise SearchQueryError(reason="nested too deeply")
        token = self.take()
        if token.kind == "not" or (token.kind == "sign" and token.text == "-"):
            return Not(self.one(field, depth + 1))
        if token.kind == "sign":
            return self.one(field, depth + 1)
        if token.kind == "open":
            inner = self.either(field, depth + 1)
            if self.peek() != "close":
                raise SearchQueryError(reason="a parenthesis is not closed")
            self.take()
            return inner
        if token.kind == "field":
            return self.fielded(token.text[:-1], depth)
        return _leaf(field, token)

    def fielded(self, name: str, depth: int) -> Node:
        """What follows ``field:``."""
        if name == "*":
            if self.take().text != "*":
                raise SearchQueryError(reason='only "*:*" may have * for a field')
            return Everything()
        if "*" in name or name.startswith("_"):
            raise SearchQueryError(reason=f'"{name}" is not a field')
        if self.peek() in ("open", "word", "phrase", "range"):
            return self.one(name, depth + 1)
        if self.peek() == "sign":
            sign = self.take()
            return _leaf(name, Token("word", sign.text + self.take().text))
        if self.peek() == "field":
            return _leaf(name, Token("word", self.take().text + self.take().text))
        raise SearchQueryError(reason=f'"{name}:" has no value')


def _leaf(field: str, token: Token) -> Node:
    if token.kind == "phrase":
        return Term(field, _plain(token.text[1:-1]), phrase=True)
    if token.kind == "range":
        return _range(field, token.text)
    if token.kind != "word":
        raise SearchQueryError(reason=f'unexpected "{token.text}"')
    text = token.text
    if text.startswith(("{!", "_val_")) or re.fullmatch(r"/[^/].*/", text):
        raise SearchQueryError(reason=f'"{text[:20]}" is not supported')
    if re.search(r"(?<!\\)[~^]", text):
        raise SearchQueryError(reason=f'fuzzy or boosted terms are not supported: "{text}"')
    if text == "*" and field:
        return Term(field, "", prefix=True)
    prefix = text.endswith("*") and not text.endswith("\\*")
    stem = text[:-1] if prefix else text
    if re.search(r"(?<!\\)[*?]", stem):
        raise SearchQueryError(reason=f'"*" may only stand at the end, "?" nowhere: "{text}"')
    return Term(field, _plain(stem), prefix=prefix)


def _range(field: str, text: str) -> Range:
    match = re.fullmatch(r"""([\[{])\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|[^\s\]}]+)\s*([\]}])""", text)
    if match is None or not field:
        raise SearchQueryError(reason=f'"{text}" is not a range of a field')
    low, high = (None if end == "*" else end.strip('"') for end in (match[2], match[3]))
    for end in (low, high):
        if end and end.startswith("NOW"):
            raise SearchQueryError(reason="date arithmetic (NOW) is not supported; give a date")
    return Range(field, low, high, match[1] == "[", match[4] == "]")


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)

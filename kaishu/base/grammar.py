"""What our small languages share: cutting a text into words, and the rungs of a parser that hold in all.

A language brings its signs and words, its tree and its error; precedence rises from ``either`` to ``value``.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from kaishu.base.errors import Said, Terminal

LONGEST = 4000
_COMPARE = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
Node = TypeVar("Node")


class BadText(Terminal):
    """A text in one of our languages cannot be read, or means nothing where it stands."""

    code = "base.bad-text"
    zh = "“{text}”第{place}个字符处：{reason_zh}"
    en = '"{text}", character {place}: {reason_en}'

    @property
    def said(self) -> Said:
        """The reason with its place, as a sentence in two languages."""
        return Said(self.sentence("zh"), self.sentence("en"))


class Function(Protocol):
    """How many arguments a function takes."""

    @property
    def least(self) -> int:
        """At least."""

    @property
    def most(self) -> int:
        """At most."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word; its kind is that of the pattern, ``sign`` for keywords, or ``end``; ``place`` is from 1."""

    kind: str
    text: str
    place: int


def cut(
    text: str, pattern: re.Pattern[str], keywords: Container[str], quoted: Container[str], bad: type[BadText]
) -> Iterator[Token]:
    """The words in order, and an end.  Groups of the pattern are kinds; ``quoted`` ones lose their quotes.

    Raises ``bad``.
    """
    place = 0
    while place < len(text):
        found = pattern.match(text, place)
        if found is None:
            piece = text[place : place + 10]
            raise bad(
                text=text,
                place=place + 1,
                reason_zh=f"看不懂“{piece}”",
                reason_en=f'"{piece}" is not understood',
            )
        kind, word = str(found.lastgroup), found.group()
        if kind == "word" and word.lower() in keywords:
            yield Token("sign", word.lower(), place + 1)
        elif kind in quoted:
            yield Token(kind, word[1:-1].replace(word[0] * 2, word[0]), place + 1)
        elif kind != "space":
            yield Token(kind, word, place + 1)
        place = found.end()
    yield Token("end", "", len(text) + 1)


class Parser(ABC, Generic[Node]):
    """Words to a tree.  Raises the language's ``bad`` with the character where it went wrong."""

    bad: ClassVar[type[BadText]]
    functions: ClassVar[Mapping[str, Function]]
    #: Signs that bind as multiplication does.
    products: ClassVar[tuple[str, ...]] = ("*", "/")

    def __init__(self, text: str, words: Callable[[str], Iterator[Token]]) -> None:
        if len(text) > LONGEST:
            raise self.bad(
                text=text[:40] + "…",
                place=LONGEST,
                reason_zh=f"超过{LONGEST}个字符",
                reason_en=f"longer than {LONGEST} characters",
            )
        self.text, self.words, self.at = text, list(words(text)), 0

    @abstractmethod
    def operation(self, name: str, of: tuple[Node, ...], place: int) -> Node:
        """An operator or a function with what it is applied to."""

    @abstractmethod
    def negated(self) -> Node:
        """What ``and`` joins."""

    @abstractmethod
    def signed(self) -> Node:
        """What multiplication joins."""

    def whole(self) -> Node:
        """The whole text."""
        root = self.either()
        self.expect("end", "")
        return root

    @property
    def next(self) -> Token:
        """The word that comes next."""
        return self.words[self.at]

    def wrong(self, zh: str, en: str, place: int | None = None) -> BadText:
        """The error, at the next word if no other place is given."""
        return self.bad(text=self.text, place=place or self.next.place, reason_zh=zh, reason_en=en)

    def take(self, *signs: str) -> Token | None:
        """The next word if it is one of these signs."""
        found = self.next
        if found.kind == "sign" and found.text in signs:
            self.at += 1
            return found
        return None

    def expect(self, kind: str, text: str) -> Token:
        """The next word, which must be this one."""
        found = self.next
        if found.kind != kind or (text and found.text != text):
            wanted, got = text or kind, found.text
            if wanted == "end":
                raise self.wrong(f"多出了“{got}”", f'"{got}" is too much')
            raise self.wrong(f"此处应为“{wanted}”，却是“{got}”", f'"{wanted}" should stand here, not "{got}"')
        self.at += 1
        return found

    def either(self) -> Node:
        """Joined by ``or``."""
        return self.joined(self.both, "or")

    def both(self) -> Node:
        """Joined by ``and``."""
        return self.joined(self.negated, "and")

    def sum(self) -> Node:
        """Joined by plus and minus."""
        return self.joined(self.product, "+", "-")

    def product(self) -> Node:
        """Joined by times and what binds as it does."""
        return self.joined(self.signed, *self.products)

    def joined(self, read: Callable[[], Node], *signs: str) -> Node:
        """What is read, joined by these signs from the left."""
        left = read()
        while sign := self.take(*signs):
            left = self.operation(sign.text, (left, read()), sign.place)
        return left

    def compared(self, left: Node) -> Node | None:
        """The comparison or ``is null`` that goes on from here, if one does."""
        if sign := self.take(*_COMPARE):
            return self.operation(_COMPARE[sign.text], (left, self.sum()), sign.place)
        if sign := self.take("is"):
            name = "is not null" if self.take("not") else "is null"
            self.expect("sign", "null")
            return self.operation(name, (left,), sign.place)
        return None

    def between(self, left: Node, sign: Token) -> Node:
        """What follows ``between``."""
        low = self.sum()
        self.expect("sign", "and")
        return self.operation("between", (left, low, self.sum()), sign.place)

    def function(self, word: Token) -> Node:
        """A function with its arguments; the word is its name."""
        name = word.text.lower()
        if name not in self.functions:
            known = ", ".join(self.functions)
            raise self.wrong(
                f"没有函数“{word.text}”；有：{known}",
                f'there is no function "{word.text}"; there are {known}',
                word.place,
            )
        self.expect("sign", "(")
        given: list[Node] = []
        while not self.take(")"):
            if given:
                self.expect("sign", ",")
            given.append(self.either())
        least, most = self.functions[name].least, self.functions[name].most
        if not least <= len(given) <= most:
            wanted = str(least) if least == most else f"{least}–{most}"
            raise self.wrong(
                f"{name} 需要{wanted}个参数，给了{len(given)}个",
                f"{name} takes {wanted} arguments, not {len(given)}",
                word.place,
            )
        return self.operation(name, tuple(given), word.place)

"""Words to a tree.

::

    or      = and {"or" and}
    and     = not {"and" not}
    not     = "not" not | test
    test    = sum [("=" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" sum
              | "between" sum "and" sum | "is" ["not"] "null"]
    sum     = product {("+" | "-") product}
    product = sign {("*" | "/") sign}
    sign    = "-" sign | number | text | "true" | "false" | "null" | function "(" ... ")"
              | "(" or {"," or} ")" | source
    source  = name ["." name] {"where" or | "join" name "on" name "=" name
              | ("top" | "bottom") number "by" sum}

In a condition and after ``by``, a table with clauses of its own stands in brackets.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kaishu.base.grammar import Parser, Token
from kaishu.evaluation.auditing.errors import BadFormula
from kaishu.evaluation.auditing.formulas.names import FUNCTIONS
from kaishu.evaluation.auditing.formulas.tokens import tokens
from kaishu.evaluation.auditing.formulas.tree import (
    Clause,
    Extreme,
    Formula,
    Joined,
    Literal,
    Node,
    Operation,
    Source,
    Where,
)

DEEPEST = 40


def parse_formula(text: str) -> Formula:
    """Parse a text.  Raises ``BadFormula`` with the character where it went wrong."""
    return Formula(text, _Parser(text).whole())


class _Parser(Parser[Node]):
    bad = BadFormula
    functions = FUNCTIONS

    def __init__(self, text: str) -> None:
        super().__init__(text, tokens)
        self.depth, self.plain = 0, False

    def operation(self, name: str, of: tuple[Node, ...], place: int) -> Node:
        return Operation(name, of, place)

    def negated(self) -> Node:
        sign = self.take("not")
        return (
            self.below(lambda: Operation("not", (self.negated(),), sign.place), plain=self.plain)
            if sign
            else self.test()
        )

    def test(self) -> Node:
        left = self.sum()
        if found := self.compared(left):
            return found
        if sign := self.take("between"):
            return self.between(left, sign)
        denied = self.take("not")
        if sign := self.take("in"):
            found = Operation("in", (left, self.sum()), sign.place)
            return Operation("not", (found,), denied.place) if denied else found
        if denied:
            raise self.wrong("not 之后应为 in", "in must follow not")
        return left

    def signed(self) -> Node:
        sign = self.take("-")
        return (
            self.below(lambda: Operation("negative", (self.signed(),), sign.place), plain=self.plain)
            if sign
            else self.value()
        )

    def below(self, read: Callable[[], Node], *, plain: bool = False) -> Node:
        """One level deeper; Python's own stack must never be what ends it.

        Where it is ``plain``, names take no clauses: those that follow belong to the table outside.
        """
        before, self.plain = self.plain, plain
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong("嵌套太深", "nested too deeply")
        found = read()
        self.depth -= 1
        self.plain = before
        return found

    def value(self) -> Node:
        word = self.next
        if self.take("("):
            found = self.below(lambda: self.listed(word))
            self.expect("sign", ")")
            return found
        if self.take("true", "false", "null"):
            return Literal({"true": True, "false": False, "null": None}[word.text], word.place)
        if word.kind not in ("number", "text", "name", "word"):
            raise self.wrong(
                "此处应有一张表、一个值或括号", "a table, a value or a bracket should stand here"
            )
        self.at += 1
        if word.kind == "number":
            return Literal(Fraction(word.text), word.place)
        if word.kind == "text":
            return Literal(word.text, word.place)
        if word.kind == "word" and self.next.kind == "sign" and self.next.text == "(":
            return self.below(lambda: self.function(word))
        return self.source(word)

    def listed(self, bracket: Token) -> Node:
        items = [self.either()]
        while self.take(","):
            items.append(self.either())
        return items[0] if len(items) == 1 else Operation("list", tuple(items), bracket.place)

    def source(self, word: Token) -> Node:
        column = self.name() if self.take(".") else None
        clauses: list[Clause] = []
        while not self.plain and (sign := self.take("where", "join", "top", "bottom")):
            clauses.append(self.clause(sign))
        return Source(word.text, column, tuple(clauses), word.place)

    def clause(self, sign: Token) -> Clause:
        if sign.text == "where":
            return Where(self.below(self.either, plain=True))
        if sign.text == "join":
            table = self.name()
            self.expect("sign", "on")
            left = self.name()
            self.expect("sign", "=")
            return Joined(table, left, self.name(), sign.place)
        number = self.expect("number", "")
        self.expect("sign", "by")
        if not number.text.isdigit():
            raise self.wrong("此处应为整数", "a whole number should stand here", number.place)
        return Extreme(sign.text == "top", int(number.text), self.below(self.sum, plain=True))

    def name(self) -> str:
        word = self.next
        if word.kind not in ("word", "name"):
            raise self.wrong("此处应有表名或列名", "the name of a table or column should stand here")
        self.at += 1
        return word.text

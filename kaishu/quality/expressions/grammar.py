"""Words to a tree.

::

    or      = and {"or" and}
    and     = not {"and" not}
    not     = "not" not | test
    test    = sum [("=" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" "(" sum {"," sum} ")"
              | ["not"] "between" sum "and" sum | "is" ["not"] "null" | ["not"] "matches" text]
    sum     = product {("+" | "-") product}
    product = sign {("*" | "/" | "%") sign}
    sign    = "-" sign | number | text | "true" | "false" | "null" | column | function "(" ... ")"
              | "(" or ")"
"""

from __future__ import annotations

from kaishu.base.grammar import Parser
from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions.functions import FUNCTIONS
from kaishu.quality.expressions.tokens import tokens
from kaishu.quality.expressions.tree import Expression, Literal, Name, Node, Operation

DEEPEST = 60
MOST_SIGNS = 200


def parse_expression(text: str) -> Expression:
    """Parse a text.  Raises ``BadExpression`` with the character where it went wrong."""
    parser = _Parser(text)
    if sum(word.kind == "sign" and word.text not in "(,)" for word in parser.words) > MOST_SIGNS:
        raise parser.wrong(f"运算多于{MOST_SIGNS}个", f"more than {MOST_SIGNS} operators")
    return Expression(text, parser.whole())


class _Parser(Parser[Node]):
    bad = BadExpression
    functions = FUNCTIONS
    products = ("*", "/", "%")

    def __init__(self, text: str) -> None:
        super().__init__(text, tokens)
        self.depth = 0

    def operation(self, name: str, of: tuple[Node, ...], place: int) -> Node:
        return Operation(name, of, place)

    def either(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong("嵌套太深", "nested too deeply")
        found = super().either()
        self.depth -= 1
        return found

    def negated(self) -> Node:
        signs = []
        while sign := self.take("not"):
            signs.append(sign)
        found = self.test()
        for sign in reversed(signs[-(len(signs) % 2) :] if len(signs) % 2 else []):
            found = Operation("not", (found,), sign.place)
        return found

    def test(self) -> Node:
        left = self.sum()
        if found := self.compared(left):
            return found
        denied = self.take("not")
        if sign := self.take("in"):
            found = Operation("in", (left, *self.listed()), sign.place)
        elif sign := self.take("between"):
            found = self.between(left, sign)
        elif sign := self.take("matches"):
            pattern = self.expect("text", "")
            found = Operation("matches", (left, Literal(pattern.text, pattern.place)), sign.place)
        elif denied:
            raise self.wrong("not 之后应为 in、between 或 matches", "in, between or matches must follow not")
        else:
            return left
        return Operation("not", (found,), denied.place) if denied else found

    def listed(self) -> list[Node]:
        self.expect("sign", "(")
        found = [self.sum()]
        while self.take(","):
            found.append(self.sum())
        self.expect("sign", ")")
        return found

    def signed(self) -> Node:
        minus = None
        count = 0
        while sign := self.take("-"):
            minus, count = sign, count + 1
        found = self.value()
        return Operation("negative", (found,), minus.place) if minus and count % 2 else found

    def value(self) -> Node:
        word = self.next
        if self.take("("):
            found = self.either()
            self.expect("sign", ")")
            return found
        if self.take("true", "false", "null"):
            return Literal({"true": True, "false": False, "null": None}[word.text], word.place)
        if word.kind not in ("number", "text", "column", "word"):
            raise self.wrong("此处应有一列、一个值或括号", "a column, a value or a bracket should stand here")
        self.at += 1
        if word.kind == "number":
            whole = word.text.isdigit() and len(word.text) <= 18
            return Literal(int(word.text) if whole else float(word.text), word.place)
        if word.kind == "text":
            return Literal(word.text, word.place)
        if word.kind == "word" and self.next.kind == "sign" and self.next.text == "(":
            return self.function(word)
        return Name(word.text, word.place)

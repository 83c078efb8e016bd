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

from kaishu.quality.errors import BadExpression
from kaishu.quality.expressions.functions import FUNCTIONS
from kaishu.quality.expressions.tokens import Token, tokens
from kaishu.quality.expressions.tree import Expression, Literal, Name, Node, Operation

LONGEST = 4000
DEEPEST = 60
MOST_SIGNS = 200
_COMPARE = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def parse_expression(text: str) -> Expression:
    """Parse a text.  Raises ``BadExpression`` with the character where it went wrong."""
    if len(text) > LONGEST:
        raise BadExpression(
            text=text[:40] + "…",
            place=LONGEST,
            reason_zh=f"超过{LONGEST}个字符",
            reason_en=f"longer than {LONGEST} characters",
        )
    parser = _Parser(text)
    if sum(word.kind == "sign" and word.text not in "(,)" for word in parser.words) > MOST_SIGNS:
        raise parser.wrong(f"运算多于{MOST_SIGNS}个", f"more than {MOST_SIGNS} operators")
    root = parser.either()
    parser.expect("end", "")
    return Expression(text, root)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.words, self.at, self.depth = text, list(tokens(text)), 0, 0

    @property
    def next(self) -> Token:
        return self.words[self.at]

    def wrong(self, zh: str, en: str) -> BadExpression:
        return BadExpression(text=self.text, place=self.next.place, reason_zh=zh, reason_en=en)

    def take(self, *signs: str) -> Token | None:
        """The next word if it is one of these signs."""
        found = self.next
        if found.kind == "sign" and found.text in signs:
            self.at += 1
            return found
        return None

    def expect(self, kind: str, text: str) -> Token:
        found = self.next
        if found.kind != kind or (text and found.text != text):
            wanted, got = text or kind, found.text
            zh = f"此处应为“{wanted}”，却是“{got}”" if wanted != "end" else f"多出了“{got}”"
            en = f'"{wanted}" should stand here, not "{got}"' if wanted != "end" else f'"{got}" is too much'
            raise self.wrong(zh, en)
        self.at += 1
        return found

    def either(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong("嵌套太深", "nested too deeply")
        left = self.both()
        while sign := self.take("or"):
            left = Operation("or", (left, self.both()), sign.place)
        self.depth -= 1
        return left

    def both(self) -> Node:
        left = self.negated()
        while sign := self.take("and"):
            left = Operation("and", (left, self.negated()), sign.place)
        return left

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
        if sign := self.take(*_COMPARE):
            return Operation(_COMPARE[sign.text], (left, self.sum()), sign.place)
        if sign := self.take("is"):
            found = Operation("is null" if not self.take("not") else "is not null", (left,), sign.place)
            self.expect("sign", "null")
            return found
        denied = self.take("not")
        if sign := self.take("in"):
            found = Operation("in", (left, *self.listed()), sign.place)
        elif sign := self.take("between"):
            low = self.sum()
            self.expect("sign", "and")
            found = Operation("between", (left, low, self.sum()), sign.place)
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

    def sum(self) -> Node:
        left = self.product()
        while sign := self.take("+", "-"):
            left = Operation(sign.text, (left, self.product()), sign.place)
        return left

    def product(self) -> Node:
        left = self.signed()
        while sign := self.take("*", "/", "%"):
            left = Operation(sign.text, (left, self.signed()), sign.place)
        return left

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

    def function(self, word: Token) -> Node:
        name = word.text.lower()
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise BadExpression(
                text=self.text,
                place=word.place,
                reason_zh=f"没有函数“{word.text}”；有：{known}",
                reason_en=f'there is no function "{word.text}"; there are {known}',
            )
        self.expect("sign", "(")
        given: list[Node] = []
        while not self.take(")"):
            if given:
                self.expect("sign", ",")
            given.append(self.either())
        least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
        if not least <= len(given) <= most:
            wanted = str(least) if least == most else f"{least}–{most}"
            raise BadExpression(
                text=self.text,
                place=word.place,
                reason_zh=f"{name} 需要{wanted}个参数，给了{len(given)}个",
                reason_en=f"{name} takes {wanted} arguments, not {len(given)}",
            )
        return Operation(name, tuple(given), word.place)

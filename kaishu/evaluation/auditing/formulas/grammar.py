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

from kaishu.evaluation.auditing.errors import BadFormula
from kaishu.evaluation.auditing.formulas.names import FUNCTIONS
from kaishu.evaluation.auditing.formulas.tokens import Token, tokens
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

LONGEST = 4000
DEEPEST = 40
_COMPARE = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def parse_formula(text: str) -> Formula:
    """Parse a text.  Raises ``BadFormula`` with the character where it went wrong."""
    if len(text) > LONGEST:
        raise BadFormula(
            text=text[:40] + "…",
            place=LONGEST,
            reason_zh=f"超过{LONGEST}个字符",
            reason_en=f"longer than {LONGEST} characters",
        )
    parser = _Parser(text)
    root = parser.either()
    parser.expect("end", "")
    return Formula(text, root)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.words, self.at, self.depth = text, list(tokens(text)), 0, 0
        self.plain = False

    @property
    def next(self) -> Token:
        return self.words[self.at]

    def wrong(self, zh: str, en: str, place: int | None = None) -> BadFormula:
        return BadFormula(text=self.text, place=place or self.next.place, reason_zh=zh, reason_en=en)

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
            if wanted == "end":
                raise self.wrong(f"多出了“{got}”", f'"{got}" is too much')
            raise self.wrong(f"此处应为“{wanted}”，却是“{got}”", f'"{wanted}" should stand here, not "{got}"')
        self.at += 1
        return found

    def either(self) -> Node:
        left = self.both()
        while sign := self.take("or"):
            left = Operation("or", (left, self.both()), sign.place)
        return left

    def both(self) -> Node:
        left = self.negated()
        while sign := self.take("and"):
            left = Operation("and", (left, self.negated()), sign.place)
        return left

    def negated(self) -> Node:
        sign = self.take("not")
        return (
            self.below(lambda: Operation("not", (self.negated(),), sign.place), plain=self.plain)
            if sign
            else self.test()
        )

    def test(self) -> Node:
        left = self.sum()
        if sign := self.take(*_COMPARE):
            return Operation(_COMPARE[sign.text], (left, self.sum()), sign.place)
        if sign := self.take("is"):
            name = "is not null" if self.take("not") else "is null"
            self.expect("sign", "null")
            return Operation(name, (left,), sign.place)
        if sign := self.take("between"):
            low = self.sum()
            self.expect("sign", "and")
            return Operation("between", (left, low, self.sum()), sign.place)
        denied = self.take("not")
        if sign := self.take("in"):
            found = Operation("in", (left, self.sum()), sign.place)
            return Operation("not", (found,), denied.place) if denied else found
        if denied:
            raise self.wrong("not 之后应为 in", "in must follow not")
        return left

    def sum(self) -> Node:
        left = self.product()
        while sign := self.take("+", "-"):
            left = Operation(sign.text, (left, self.product()), sign.place)
        return left

    def product(self) -> Node:
        left = self.signed()
        while sign := self.take("*", "/"):
            left = Operation(sign.text, (left, self.signed()), sign.place)
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

    def function(self, word: Token) -> Node:
        name = word.text.lower()
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
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
        least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
        if not least <= len(given) <= most:
            wanted = str(least) if least == most else f"{least}–{most}"
            raise self.wrong(
                f"{name} 需要{wanted}个参数，给了{len(given)}个",
                f"{name} takes {wanted} arguments, not {len(given)}",
                word.place,
            )
        return Operation(name, tuple(given), word.place)

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

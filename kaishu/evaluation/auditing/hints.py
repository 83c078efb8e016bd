"""What may have gone wrong where a printed number is not the computed one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from kaishu.base.errors import Said
from kaishu.evaluation.auditing.errors import BadFormula
from kaishu.evaluation.auditing.formulas import Span, Value, Values, compute, whole_parts, written
from kaishu.evaluation.auditing.formulas.running import Shelf
from kaishu.evaluation.auditing.formulas.tree import Formula, Node, Operation
from kaishu.evaluation.auditing.formulas.values import half_up
from kaishu.evaluation.auditing.printed import Printed
from kaishu.evaluation.auditing.verdicts import shown_as

Ask: TypeAlias = Callable[[Node], Fraction | None]
#: A base beyond this has a whole part for every percentage with two decimals.
_TELLING = 10_000


def hints(
    printed: Printed, value: Value, formula: Formula, shelf: Shelf, preferred: Sequence[str]
) -> list[Said]:
    """Hints for a number that is not equal, the plainest first; never a verdict."""
    number = printed.number
    if isinstance(value, Values) and len(value.items) == 1:
        value = value.items[0]
    if number is None or printed.relation != "exact":
        return []
    if isinstance(value, Span):
        low, high = written(value.low), written(value.high)
        return [Said(f"按数据只能在{low}到{high}之间", f"by the data it is between {low} and {high}")]
    if not isinstance(value, Fraction):
        return []

    def ask(node: Node) -> Fraction | None:
        try:
            found = compute(Formula(formula.text, node), shelf, preferred).value
        except BadFormula:
            return None
        if isinstance(found, Values) and len(found.items) == 1:
            found = found.items[0]
        return found if isinstance(found, Fraction) else None

    found: list[Said] = []
    if swapped(printed.text, shown_as(value, printed.decimals)):
        found.append(Said("两个数字互换了位置", "two digits have changed places"))
    root = formula.root
    if isinstance(root, Operation) and root.name == "share":
        found += _whole(printed, number, ask(root.of[1]))
    elif isinstance(root, Operation):
        found += _divisor(number, ask, root)
    return found


def swapped(printed: str, found: str) -> bool:
    """Are these the same digits but for two neighbours?

    >>> swapped("80.32", "80.23")
    True
    """
    if len(printed) != len(found):
        return False
    places = [at for at, (one, other) in enumerate(zip(printed, found, strict=True)) if one != other]
    return (
        len(places) == 2
        and places[1] - places[0] == 1
        and (printed[places[0]], printed[places[1]]) == (found[places[1]], found[places[0]])
    )


def _whole(printed: Printed, number: Fraction, base: Fraction | None) -> list[Said]:
    if base is None or base.denominator != 1 or not 0 < base <= _TELLING:
        return []
    fitting = whole_parts(number, printed.decimals, int(base))
    if fitting:
        words = ", ".join(map(str, fitting[:3]))
        return [Said(f"要得出它，{base}个里应有{words}个", f"it would take {words} of {base}")]
    return [Said(f"{base}个里没有整数个能得出它", f"no whole number of {base} gives it")]


def _divisor(number: Fraction, ask: Ask, root: Operation) -> list[Said]:
    """The divisor that the printed quotient would have; the formula is a quotient, or one for each row."""
    quotient: Node = root.of[1] if root.name == "each" else root
    if not isinstance(quotient, Operation) or quotient.name != "/" or not number:
        return []
    over: Node = Operation("number", quotient.of[:1], quotient.place)
    if root.name == "each":
        over = Operation("each", (root.of[0], over), root.place)
    dividend = ask(over)
    if dividend is None:
        return []
    shown = written(half_up(dividend / number, 1))
    return [Said(f"印出的值对应的除数约为{shown}", f"what is printed would take a divisor of about {shown}")]

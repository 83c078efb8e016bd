"""What each operator and function does, over Arrow arrays and scalars."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

from kaishu.quality.days import days_of
from kaishu.quality.expressions.tree import Literal, Operation
from kaishu.quality.expressions.typing import read_literal, shared_type
from kaishu.quality.patterns import matches

if TYPE_CHECKING:
    from kaishu.quality.expressions.values import Running

Apply = Callable[["Running", Operation], Any]
_COMPARE = {
    "=": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}
#: Numbers as people write them; Arrow refuses blanks and plus signs.
_NUMBER = r"^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$"


def converted(value: Any, type: str, wanted: str) -> Any:
    """A value of one type as another; text that cannot be read so is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if type == wanted or wanted in ("null", "boolean"):
        return value
    if type == "null":
        return pa.scalar(None, _ARROW[wanted]())
    if type == "text" and isinstance(value, pa.Scalar):
        return pa.scalar(read_literal(value.as_py(), wanted) if value.is_valid else None, _ARROW[wanted]())
    if type == "text" and wanted == "number":
        return numbers_of(value)
    if type == "text":
        days, good = days_of(value)
        found = pa.array(days, mask=~good).cast(pa.date32())
        return found if wanted == "date" else found.cast(pa.timestamp("us"))
    if wanted == "date" and type == "number":
        return converted(pc.cast(value, pa.string()), "text", "date")
    return pc.cast(value, _ARROW[wanted](), safe=False)


def numbers_of(texts: Any) -> Any:
    """Texts as float64; null where it is no number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        fits = pc.match_substring_regex(texts, _NUMBER)
        plain = pc.utf8_trim_whitespace(pc.if_else(fits, texts, pa.scalar(None, texts.type)))
        return pc.cast(pc.utf8_ltrim(plain, "+"), pa.float64())


def _arrow(name: str) -> Callable[[], Any]:
    def make() -> Any:
        import pyarrow as pa

        return {
            "number": pa.float64(),
            "text": pa.string(),
            "date": pa.date32(),
            "datetime": pa.timestamp("us"),
            "boolean": pa.bool_(),
        }[name]

    return make


_ARROW = {name: _arrow(name) for name in ("number", "text", "date", "datetime", "boolean")}


def _compare(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    wanted = shared_type(node.of, running.sight.types)
    left, right = (running.read(each, wanted) for each in node.of)
    return getattr(pc, _COMPARE[node.name])(left, right)


def _either(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    left, right = (_bool(running.value(each)) for each in node.of)
    return (pc.and_kleene if node.name == "and" else pc.or_kleene)(left, right)


def _not(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    return pc.invert(_bool(running.value(node.of[0])))


def _bool(value: Any) -> Any:
    import pyarrow as pa

    return value.cast(pa.bool_()) if pa.types.is_null(value.type) else value


def _null(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    value = running.value(node.of[0])
    return pc.is_null(value) if node.name == "is null" else pc.is_valid(value)


def _in(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    wanted = shared_type(node.of, running.sight.types)
    left, *members = (running.read(each, wanted) for each in node.of)
    return reduce(pc.or_kleene, (pc.equal(left, member) for member in members))


def _between(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    wanted = shared_type(node.of, running.sight.types)
    value, low, high = (running.read(each, wanted) for each in node.of)
    return pc.and_kleene(pc.greater_equal(value, low), pc.less_equal(value, high))


def _matches(running: Running, node: Operation) -> Any:
    pattern = node.of[1]
    assert isinstance(pattern, Literal)
    return matches(running.read(node.of[0], "text"), str(pattern.value))


def _arithmetic(running: Running, node: Operation) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    left_type, right_type = (running.type(each) for each in node.of)
    if left_type in ("date", "datetime"):
        left = pc.cast(running.read(node.of[0], "date"), pa.int32())
        if right_type in ("date", "datetime"):
            right = pc.cast(running.read(node.of[1], "date"), pa.int32())
            return pc.subtract(pc.cast(left, pa.int64()), pc.cast(right, pa.int64()))
        moved = pc.floor(pc.cast(running.read(node.of[1], "number"), pa.float64()))
        days = (pc.add if node.name == "+" else pc.subtract)(pc.cast(left, pa.float64()), moved)
        return pc.cast(pc.cast(days, pa.int32(), safe=False), pa.date32())
    left, right = (running.read(each, "number") for each in node.of)
    if node.name in ("/", "%"):
        return _divided(running, node.name, left, right)
    whole = {"+": pc.add_checked, "-": pc.subtract_checked, "*": pc.multiply_checked}[node.name]
    try:
        return whole(left, right)
    except pa.ArrowInvalid:
        # Whole numbers beyond 64 bits.
        return whole(pc.cast(left, pa.float64(), safe=False), pc.cast(right, pa.float64(), safe=False))


def _divided(running: Running, name: str, left: Any, right: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    left, right = (pc.cast(each, pa.float64(), safe=False) for each in (left, right))
    zero = pc.and_kleene(pc.equal(right, 0.0), pc.is_valid(left))
    running.divided_by_zero(zero)
    right = pc.if_else(zero, pa.scalar(None, pa.float64()), right)
    found = pc.divide(left, right)
    return found if name == "/" else pc.subtract(left, pc.multiply(pc.floor(found), right))


def _number(change: str) -> Apply:
    def apply(running: Running, node: Operation) -> Any:
        import pyarrow.compute as pc

        return getattr(pc, change)(running.read(node.of[0], "number"))

    return apply


def _text(change: str) -> Apply:
    def apply(running: Running, node: Operation) -> Any:
        import pyarrow.compute as pc

        return getattr(pc, change)(running.read(node.of[0], "text"))

    return apply


def _part_of_date(change: str) -> Apply:
    def apply(running: Running, node: Operation) -> Any:
        import pyarrow.compute as pc

        return getattr(pc, change)(running.read(node.of[0], "date"))

    return apply


def _round(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    digits = 0
    if len(node.of) == 2:
        digits = int(running.value(node.of[1]).as_py() or 0) if isinstance(node.of[1], Literal) else 0
    return pc.round(running.read(node.of[0], "number"), ndigits=digits, round_mode="half_towards_infinity")


def _substr(running: Running, node: Operation) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = running.read(node.of[0], "text")
    start, count = (running.read(each, "number") for each in node.of[1:])
    if isinstance(start, pa.Scalar) and isinstance(count, pa.Scalar) and start.is_valid and count.is_valid:
        first = max(int(start.as_py()) - 1, 0)
        return pc.utf8_slice_codeunits(text, first, first + max(int(count.as_py()), 0))
    length = running.sight.length
    parts = [each if isinstance(each, pa.Array) else pa.repeat(each, length) for each in (text, start, count)]
    rows = zip(*(each.to_pylist() for each in parts), strict=True)
    return pa.array([_slice(*row) for row in rows], pa.string())


def _slice(text: str | None, start: float | None, count: float | None) -> str | None:
    if text is None or start is None or count is None:
        return None
    first = max(int(start) - 1, 0)
    return text[first : first + max(int(count), 0)]


def _find(change: str) -> Apply:
    def apply(running: Running, node: Operation) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        text, part = (running.read(each, "text") for each in node.of)
        if isinstance(part, pa.Scalar):
            return getattr(pc, change)(text, part.as_py()) if part.is_valid else pa.scalar(None, pa.bool_())
        test = {"starts_with": str.startswith, "ends_with": str.endswith, "match_substring": str.__contains__}
        whole = text if isinstance(text, pa.Array) else pa.repeat(text, len(part))
        pairs = zip(whole.to_pylist(), part.to_pylist(), strict=True)
        return pa.array([None if None in pair else test[change](*pair) for pair in pairs], pa.bool_())

    return apply


def _days(running: Running, node: Operation) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    left, right = (pc.cast(pc.cast(running.read(each, "date"), pa.int32()), pa.int64()) for each in node.of)
    return pc.subtract(left, right)


def _years(running: Running, node: Operation) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    later, earlier = (running.read(each, "date") for each in node.of)

    def of_year(value: Any) -> Any:
        return pc.add(pc.multiply(pc.month(value), 100), pc.day(value))

    whole = pc.subtract(pc.year(later), pc.year(earlier))
    return pc.subtract(whole, pc.cast(pc.less(of_year(later), of_year(earlier)), pa.int64()))


def _today(running: Running, node: Operation) -> Any:
    import pyarrow as pa

    return pa.scalar(running.sight.today)


def _read_as(running: Running, node: Operation) -> Any:
    return running.read(node.of[0], node.name)


def _first(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    wanted = shared_type(node.of, running.sight.types)
    return pc.coalesce(*(running.read(each, wanted) for each in node.of))


def _extreme(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    wanted = shared_type(node.of, running.sight.types)
    change = pc.min_element_wise if node.name == "least" else pc.max_element_wise
    return change(*(running.read(each, wanted) for each in node.of), skip_nulls=False)


def _if(running: Running, node: Operation) -> Any:
    import pyarrow.compute as pc

    wanted = shared_type(node.of[1:], running.sight.types)
    condition = _bool(running.value(node.of[0]))
    return pc.if_else(condition, *(running.read(each, wanted) for each in node.of[1:]))


APPLY: dict[str, Apply] = {
    **dict.fromkeys(_COMPARE, _compare),
    **dict.fromkeys(("and", "or"), _either),
    **dict.fromkeys(("is null", "is not null"), _null),
    **dict.fromkeys(("+", "-", "*", "/", "%"), _arithmetic),
    **dict.fromkeys(("date", "number", "text"), _read_as),
    **dict.fromkeys(("least", "greatest"), _extreme),
    **{
        name: _number(change) for name, change in (("negative", "negate"), ("abs", "abs"), ("floor", "floor"))
    },
    **{
        name: _text(change)
        for name, change in (
            ("length", "utf8_length"),
            ("lower", "utf8_lower"),
            ("upper", "utf8_upper"),
            ("trim", "utf8_trim_whitespace"),
        )
    },
    **{name: _part_of_date(name) for name in ("year", "month", "day")},
    **{
        name: _find(change)
        for name, change in (
            ("starts_with", "starts_with"),
            ("ends_with", "ends_with"),
            ("contains", "match_substring"),
        )
    },
    "not": _not,
    "in": _in,
    "between": _between,
    "matches": _matches,
    "round": _round,
    "substr": _substr,
    "days": _days,
    "years": _years,
    "today": _today,
    "coalesce": _first,
    "if": _if,
}

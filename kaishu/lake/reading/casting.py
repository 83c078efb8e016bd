"""Text to typed values, a block at a time, every value checked.

The usual case is one Arrow kernel and a few cheap tests; only a block that fails them is looked at value by
value, still in compiled code.  ``bad`` marks the values that do not fit the type.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from kaishu.lake.reading import kinds

_ISO_DAY = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_DAYS = (
    (_ISO_DAY, "%Y-%m-%d"),
    (r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"),
    (r"^[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}", "%Y.%m.%d"),
    (r"^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日", "%Y年%m月%d日"),
)
_COMPACT = (r"^(?:19|20)[0-9]{6}$|^2100[0-9]{4}$", "%Y%m%d")
_CLOCKS = (
    (r"[ T][0-9]{1,2}:[0-9]{2}$", "%H:%M"),
    (r"[ T][0-9]{1,2}:[0-9]{2}:[0-9]{2}$", "%H:%M:%S"),
    (r"[ T][0-9]{1,2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,6}$", "%H:%M:%S%.f"),
)
_SURE_DIGITS = 18  # characters of a decimal that may be beyond a double


@dataclass(slots=True)
class Caster:
    """Casts one column; ``given`` says that a person set the type, which allows more ways of writing."""

    type: str
    given: bool = False
    compact: bool = False
    missing: Counter[str] = field(default_factory=Counter)
    rounded: int = 0

    def cast(self, texts: Any) -> tuple[Any, Any]:
        """Typed array and the mask of values that do not fit (None: all do); missing ones become null."""
        quick = _QUICK[self.type](self, texts)
        if quick is not None:
            return quick, None
        return self._slow(texts)

    def _slow(self, texts: Any) -> tuple[Any, Any]:
        import polars as pl
        import pyarrow as pa

        series = pl.Series("", texts, dtype=pl.String)
        trimmed = series.str.strip_chars()
        absent = trimmed.is_in(["", *kinds.MISSING]) & trimmed.is_not_null()
        if absent.any():
            self.missing.update(series.filter(absent).to_list())
            trimmed = pl.select(pl.when(absent).then(None).otherwise(trimmed)).to_series()
        values = _SLOW[self.type](self, trimmed)
        bad = values.is_null() & trimmed.is_not_null()
        typed = values.to_arrow().cast(arrow_type(self.type))
        return typed, (bad.to_arrow().cast(pa.bool_()) if bad.any() else None)


def arrow_type(name: str) -> Any:
    """Arrow type of one of our types."""
    import pyarrow as pa

    return {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us"),
    }[name]


def _try(texts: Any, target: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(texts, arrow_type(target))
    except pa.ArrowInvalid:
        return None


def _longest(texts: Any) -> int:
    import pyarrow.compute as pc

    return pc.max(pc.binary_length(texts)).as_py() or 0


def _zero_first(texts: Any, *, point: bool) -> bool:
    """Whether any value is a zero and more digits (``point``: 0.5 is none)."""
    import pyarrow.compute as pc

    for sign in ("", "-", "+") if point else ("", "-"):
        mask = pc.starts_with(texts, f"{sign}0")
        if sign and not pc.any(mask).as_py():
            continue
        mask = pc.and_(mask, pc.greater(pc.binary_length(texts), 1 + len(sign)))
        if point:
            mask = pc.and_not(mask, pc.starts_with(texts, f"{sign}0."))
        if pc.any(mask).as_py():
            return True
    return False


def _quick_integer(caster: Caster, texts: Any) -> Any:
    if not caster.given and (_longest(texts) > kinds.DIGITS or _zero_first(texts, point=False)):
        return None
    if caster.given and _zero_first(texts, point=False):
        return None
    return _try(texts, "integer")


def _quick_number(caster: Caster, texts: Any) -> Any:
    import pyarrow.compute as pc

    values = _try(texts, "number")
    if values is None or pc.all(pc.is_finite(values)).as_py() is False:
        return None
    if not caster.given and _zero_first(texts, point=True):
        return None
    if any(pc.any(pc.match_substring(texts, mark)).as_py() for mark in ("e", "E")):
        return None
    longest = _longest(texts)
    if longest > kinds.DIGITS and not caster.given:
        long = texts.filter(pc.greater(pc.binary_length(texts), kinds.DIGITS))
        if not pc.all(pc.match_substring(long, ".")).as_py():
            return None
    if longest > _SURE_DIGITS:
        caster.rounded += pc.sum(pc.greater(pc.binary_length(texts), _SURE_DIGITS)).as_py()
    return values


def _quick_boolean(caster: Caster, texts: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    truth = pc.is_in(texts, pa.array(kinds.TRUE_WORDS))
    known = pc.or_(truth, pc.is_in(texts, pa.array(kinds.FALSE_WORDS)))
    if pc.sum(known).as_py() != len(texts) - texts.null_count:
        return None
    return pc.if_else(pc.is_valid(texts), truth, pa.scalar(None, pa.bool_()))


def _quick_time(caster: Caster, texts: Any) -> Any:
    return _try(texts, caster.type)


def _quick_text(caster: Caster, texts: Any) -> Any:
    return texts


def _slow_integer(caster: Caster, texts: Any) -> Any:
    import polars as pl

    if caster.given:
        texts = texts.str.replace(r"^\+", "")
        grouped = texts.str.contains(r"^-?[0-9]{1,3}(,[0-9]{3})+$").fill_null(False)
        texts = pl.select(pl.when(grouped).then(texts.str.replace_all(",", "")).otherwise(texts)).to_series()
        texts = texts.str.replace(r"^(-?[0-9]+)\.0*$", "${1}")
        fits = texts.str.contains(r"^-?[0-9]{1,19}$")
    else:
        fits = texts.str.contains(rf"^-?(?:0|[1-9][0-9]{{0,{kinds.DIGITS - 1}}})$")
    return _kept(texts, fits).cast(pl.Int64, strict=False)


def _slow_number(caster: Caster, texts: Any) -> Any:
    import polars as pl

    if caster.given:
        grouped = texts.str.contains(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$").fill_null(False)
        texts = pl.select(pl.when(grouped).then(texts.str.replace_all(",", "")).otherwise(texts)).to_series()
        fits = texts.str.contains(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$")
    else:
        fits = texts.str.contains(f"^(?:{kinds.NUMBER.pattern})$")
        fits &= ~texts.str.contains(r"^[^.]*[eE][0-9]+$") & ~texts.str.contains(r"^[+-]?[0-9]{16,}$")
    values = _kept(texts, fits).str.strip_prefix("+").cast(pl.Float64, strict=False)
    caster.rounded += int((texts.str.len_bytes() > _SURE_DIGITS).sum() or 0)
    return _kept(values, values.is_finite())


def _slow_boolean(caster: Caster, texts: Any) -> Any:
    import polars as pl

    true = kinds.MORE_TRUE if caster.given else kinds.TRUE_WORDS
    false = kinds.MORE_FALSE if caster.given else kinds.FALSE_WORDS
    is_true, is_false = texts.is_in(list(true)), texts.is_in(list(false))
    return pl.select(
        pl.when(is_true).then(pl.lit(True)).when(is_false).then(pl.lit(False)).otherwise(None)
    ).to_series()


def _slow_date(caster: Caster, texts: Any) -> Any:
    forms = [(f"{pattern}$" if not pattern.endswith("$") else pattern, form) for pattern, form in _DAYS]
    if caster.given or caster.compact:
        forms.append(_COMPACT)
    return _first_form(texts, forms, day=True)


def _slow_datetime(caster: Caster, texts: Any) -> Any:
    forms = [(f"{pattern}$", form) for pattern, form in _DAYS]
    for pattern, form in _DAYS:
        for clock, shape in _CLOCKS:
            forms.append((pattern + clock, f"{form} {shape}"))
    return _first_form(texts, forms, day=False)


def _first_form(texts: Any, forms: list[tuple[str, str]], *, day: bool) -> Any:
    import polars as pl

    target: Any = pl.Date if day else pl.Datetime("us")
    found = pl.Series("", [None], dtype=target).new_from_index(0, len(texts))
    left = texts
    for pattern, form in forms:
        fits = left.str.contains(pattern).fill_null(False)
        if not fits.any():
            continue
        plain = _kept(left, fits).str.replace("T", " ", literal=True)
        days_only = "%H" not in form
        parsed = (
            plain.str.to_date(form, strict=False)
            if days_only
            else plain.str.to_datetime(form, strict=False, time_unit="us")
        )
        found = pl.select(pl.coalesce(found, parsed.cast(target))).to_series()
        left = _kept(left, ~fits)
        if left.null_count() == len(left):
            break
    return found


def _kept(series: Any, mask: Any) -> Any:
    import polars as pl

    return pl.select(pl.when(mask.fill_null(False)).then(series).otherwise(None)).to_series()


_QUICK = {
    "text": _quick_text,
    "integer": _quick_integer,
    "number": _quick_number,
    "boolean": _quick_boolean,
    "date": _quick_time,
    "datetime": _quick_time,
}
_SLOW = {
    "integer": _slow_integer,
    "number": _slow_number,
    "boolean": _slow_boolean,
    "date": _slow_date,
    "datetime": _slow_datetime,
}

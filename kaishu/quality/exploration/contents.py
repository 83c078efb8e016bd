"""What the values of a column are made of, from its different values and how often each occurs.

The values stream by in batches; of each batch the different shapes are looked at instead of the values, as
in ``quality.shapes``, and only values outside ASCII or with signs are looked at themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.quality.exploration.codes import CodeCount, counters_for
from kaishu.quality.exploration.signs import AGREED_TEXTS, CHARACTERS, pattern_of
from kaishu.quality.fields import plain, text_of
from kaishu.quality.shapes import kinds_of

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

_BATCH = 100_000
_EXAMPLES = 3
#: Different values that are kept to be compared with code tables.
ENUMERATED = 2_000
#: Forms of whole values, told from their shapes (d digit, a and A Latin, h Chinese, w other).
_FORMS = {
    "digits": r"^d+$",
    "latin": r"^[aA]+$",
    "alphanumeric": r"^[aAd]+$",
    "han": r"h",
    "integer": r"^[+-]?d+$",
    "number": r"^[+-]?(d+|d{1,3}(,d{3})+)(\.d+)?%?([aA][+-]?d+)?$",
    "date": r"^(d{4}[-/.]d{1,2}[-/.]d{1,2}|d{4}hd{1,2}hd{1,2}h|d{8})$",
    "datetime": r"^d{4}[-/.]d{1,2}[-/.]d{1,2}[ aA]d{1,2}:d{2}(:d{2}(\.d+)?)?A?$",
}
#: Shapes in which a value must be looked at itself for these kinds of characters.
_SUSPECT = r"[wh\x00-\x1f\x7f]|^\s|\s$"
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


@dataclass(slots=True)
class Contents:
    """Rows by form of the value, special characters, agreed values, codes; ``values`` if they are few."""

    forms: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    agreed: Counter[str] = field(default_factory=Counter)
    codes: list[CodeCount] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)
    odd: dict[str, list[str]] = field(default_factory=dict)
    decimals: int = 0
    digits: int = 0


def read_contents(connection: DuckDBPyConnection, profiled: dict[str, Any]) -> Contents:
    """Read the table ``tally`` (v, c) of one field; ``profiled`` is the field's profile."""
    import polars as pl

    found = Contents(codes=counters_for(profiled))
    keep = profiled["distinct"] <= ENUMERATED
    query = f"SELECT {text_of(profiled['type'])} AS v, c::BIGINT AS c FROM tally"  # noqa: S608
    for batch in connection.execute(query).to_arrow_reader(_BATCH):
        frame = pl.DataFrame(pl.from_arrow(batch))
        if keep:
            found.values.update(frame.iter_rows())
        for counter in found.codes:
            counter.take(batch.column("v"), frame["c"].to_numpy())
        if profiled["type"] == "text":
            _read_text(found, frame)
        elif profiled["type"] == "number":
            _read_numbers(found, frame)
    return found


def _read_text(found: Contents, frame: pl.DataFrame) -> None:
    import polars as pl

    _read_agreed(found, frame)
    frame = frame.with_columns(kinds_of(frame["v"].str.slice(0, 512)).alias("k"))
    shapes = frame.group_by("k").agg(pl.col("c").sum())
    flags = shapes.with_columns(
        [pl.col("k").str.contains(pattern).alias(name) for name, pattern in _FORMS.items()]
    )
    for name in _FORMS:
        found.forms[name] += int(flags.filter(pl.col(name))["c"].sum())
    leading = frame.filter(pl.col("k").str.contains("^dd+$") & pl.col("v").str.starts_with("0"))
    found.forms["leading-zero"] += int(leading["c"].sum())
    _read_dates(found, frame)
    for form in ("integer", "number", "date", "datetime"):
        _keep_odd(found, form, frame, flags)
    suspect = flags.filter(pl.col("k").str.contains(_SUSPECT)).select("k")
    if suspect.height:
        _read_characters(found, frame.join(suspect, on="k", how="semi"))


def _read_agreed(found: Contents, frame: pl.DataFrame) -> None:
    import polars as pl

    short = frame.filter(pl.col("v").str.len_bytes() <= 24)
    hits = short.filter(pl.col("v").str.strip_chars().str.to_lowercase().is_in(list(AGREED_TEXTS)))
    for value, count in hits.iter_rows():
        found.agreed[value.strip()] += count


def _read_dates(found: Contents, frame: pl.DataFrame) -> None:
    """Texts with the form of a day that are on the calendar, and those that are not."""
    import polars as pl

    like = frame.filter(pl.col("k").str.contains(_FORMS["date"]))
    if not like.height:
        return
    days = pl.coalesce([pl.col("v").str.to_date(form, strict=False) for form in _DATES])
    like = like.with_columns(days.alias("day"))
    sane = (pl.col("day").dt.year() >= 1800) & (pl.col("day").dt.year() <= 2200)
    found.forms["calendar"] += int(like.filter(sane)["c"].sum())
    compact = like.filter(sane & pl.col("k").eq("d" * 8))
    found.forms["compact-date"] += int(compact["c"].sum())
    wrong = like.filter(pl.col("day").is_null() & pl.col("k").ne("d" * 8))
    _examples(found.odd, "calendar", wrong["v"].to_list())
    found.forms["off-calendar"] += int(wrong["c"].sum())


def _keep_odd(found: Contents, form: str, frame: pl.DataFrame, flags: pl.DataFrame) -> None:
    """Examples of values that do not have the form."""
    import polars as pl

    if len(found.odd.get(form, ())) >= _EXAMPLES:
        return
    other = flags.filter(~pl.col(form)).select("k").head(_EXAMPLES)
    if other.height:
        _examples(found.odd, form, frame.join(other, on="k", how="semi")["v"].head(_EXAMPLES).to_list())


def _read_characters(found: Contents, frame: pl.DataFrame) -> None:
    import polars as pl

    marked = frame.with_columns(
        [pl.col("v").str.contains(pattern_of(kind)).alias(kind) for kind in CHARACTERS]
    )
    for kind in CHARACTERS:
        hits = marked.filter(pl.col(kind))
        if hits.height:
            found.characters[kind] += int(hits["c"].sum())
            _examples(found.examples, kind, hits["v"].head(_EXAMPLES).to_list())


def _examples(kept: dict[str, list[str]], kind: str, values: list[str]) -> None:
    """Add up to ``_EXAMPLES`` in all."""
    if values:
        known = kept.setdefault(kind, [])
        known += [plain(value) for value in values[: _EXAMPLES - len(known)]]


def _read_numbers(found: Contents, frame: pl.DataFrame) -> None:
    """Digits in all and after the point, as people write the numbers."""
    import polars as pl

    texts = frame.filter(pl.col("v").str.contains(r"^-?\d+(\.\d+)?$"))["v"]
    if texts.len():
        after = texts.str.extract(r"\.(\d+)$").str.len_chars().fill_null(0)
        whole = texts.str.extract(r"^-?0*(\d+)").str.len_chars().fill_null(1)
        found.decimals = max(found.decimals, *after.unique().to_list())
        found.digits = max(found.digits, *whole.unique().to_list())

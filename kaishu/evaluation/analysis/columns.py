"""Columns of a polars table as arrays; what is empty becomes NaN, what is no number is an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kaishu.evaluation.analysis.errors import (
    ColumnMissing,
    LengthsDiffer,
    NotANumber,
    TooFewValues,
    UnitTwice,
)

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

_SHOWN = 12


def column(frame: pl.DataFrame, name: str) -> pl.Series:
    """The column.  Raises ``ColumnMissing``, which names those there are."""
    if name not in frame.columns:
        raise ColumnMissing(name, frame.columns, _SHOWN)
    return frame[name]


def numbers(frame: pl.DataFrame, name: str) -> Floats:
    """(rows,) floats; empty cells are NaN.  Raises ``ColumnMissing``, ``NotANumber`` with the row from 1."""
    import polars as pl

    series = column(frame, name)
    if series.dtype == pl.String:
        texts = series.str.strip_chars().replace("", None)
        cast = texts.cast(pl.Float64, strict=False)
        wrong = (cast.is_null() & texts.is_not_null()) | cast.is_infinite().fill_null(False)
        if wrong.any():
            row = int(wrong.arg_max() or 0)
            raise NotANumber(name=name, row=row + 1, value=str(texts[row])[:40])
        series = cast
    elif not (series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null)):
        row = int(series.is_not_null().arg_max() or 0)
        raise NotANumber(name=name, row=row + 1, value=str(series[row])[:40])
    found = series.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
    return finite(found, name)


def finite(values: Numbers, name: str) -> Floats:
    """The values as floats; NaN stays.  Raises ``NotANumber`` at an infinite one."""
    found = np.asarray(values, dtype=np.float64)
    endless = np.isinf(found)
    if endless.any():
        row = int(np.argwhere(endless)[0][0])
        raise NotANumber(name=name, row=row + 1, value=str(found[endless].flat[0]))
    return found


def is_number(frame: pl.DataFrame, name: str) -> bool:
    """Whether the column holds numbers (text of digits included)."""
    try:
        numbers(frame, name)
    except NotANumber:
        return False
    return True


def labels(frame: pl.DataFrame, name: str) -> list[str | None]:
    """The column as text; empty cells are None.  Raises ``ColumnMissing``."""
    import polars as pl

    texts = column(frame, name).cast(pl.String).str.strip_chars()
    return [text or None for text in texts.to_list()]


def names_of_units(frame: pl.DataFrame, name: str | None) -> list[str]:
    """A name for each row: the column, or the row's number.  Raises ``UnitTwice``."""
    if name is None:
        return [str(row + 1) for row in range(frame.height)]
    found = [text or str(row + 1) for row, text in enumerate(labels(frame, name))]
    seen: set[str] = set()
    for text in found:
        if text in seen:
            raise UnitTwice(name=text, place=name)
        seen.add(text)
    return found


def matrix(frame: pl.DataFrame, names: Sequence[str]) -> Floats:
    """(rows, columns) floats; empty cells are NaN.  Raises ``ColumnMissing``, ``NotANumber``."""
    return np.column_stack([numbers(frame, name) for name in names]) if names else np.empty((frame.height, 0))


def design(frame: pl.DataFrame, names: Sequence[str]) -> tuple[Floats, list[str]]:
    """Columns for a regression: numbers as they are, text as 0/1 for each value but the first.

    A text column ``类型`` becomes ``类型=县``, ``类型=市``...; the first value in order is the base.
    """
    parts: list[Floats] = []
    heads: list[str] = []
    for name in names:
        if is_number(frame, name):
            parts.append(numbers(frame, name))
            heads.append(name)
            continue
        texts = labels(frame, name)
        for value in sorted({text for text in texts if text is not None})[1:]:
            parts.append(np.array([np.nan if text is None else float(text == value) for text in texts]))
            heads.append(f"{name}={value}")
    return (np.column_stack(parts) if parts else np.empty((frame.height, 0))), heads


def whole_rows(values: Floats, *others: Floats) -> npt.NDArray[np.bool_]:
    """(rows,) whether a row has every value."""
    keep = ~np.isnan(values.reshape(len(values), -1)).any(axis=1)
    for other in others:
        keep &= ~np.isnan(other.reshape(len(other), -1)).any(axis=1)
    return np.asarray(keep)


def same_length(
    first: str, values: Sequence[Any] | Floats, second: str, others: Sequence[Any] | Floats
) -> None:
    """Raises ``LengthsDiffer``."""
    if len(values) != len(others):
        raise LengthsDiffer(first=first, count=len(values), second=second, other=len(others))


def at_least(least: int, count: int, name: str) -> None:
    """Raises ``TooFewValues``."""
    if count < least:
        raise TooFewValues(name=name, count=count, least=least)


def table_of(values: Numbers, names: Sequence[str]) -> Floats:
    """(n, m) floats with a name for each column.  Raises ``LengthsDiffer``, ``NotANumber``."""
    found = finite(values, names[0] if names else "")
    found = found.reshape(len(found), -1)
    if found.shape[1] != len(names):
        raise LengthsDiffer(first="columns", count=found.shape[1], second="names", other=len(names))
    return found


def groups_of(labels: Sequence[str | None], values: Floats) -> tuple[dict[str, Floats], int]:
    """Values by group in the order of the groups' names, and how many rows lacked a value or a group."""
    found: dict[str, list[float]] = {}
    lost = 0
    for label, value in zip(labels, values.tolist(), strict=True):
        if label is None or value != value:
            lost += 1
        else:
            found.setdefault(label, []).append(value)
    return {name: np.array(found[name]) for name in sorted(found)}, lost

"""Words of a query as values of a column's type, in the form that the serving copy keeps them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from kaishu.delivery.columns import Column
from kaishu.delivery.errors import BadValue

Value = str | int | float

EXAMPLES = {
    "integer": "120",
    "number": "3.14",
    "boolean": "true / false",
    "date": "2026-01-31",
    "datetime": "2026-01-31T08:30:00",
    "text": "文字",
}
TRUE = frozenset({"true", "1", "yes", "t", "是"})
FALSE = frozenset({"false", "0", "no", "f", "否"})
_LARGEST = 2**63


def typed(column: Column, value: Any) -> Value:
    """The value as kept: dates as ISO text, booleans as 1 and 0.  Raises ``BadValue``."""
    try:
        return _READERS[column.type](value)
    except (ValueError, TypeError, OverflowError):
        raise BadValue(
            column=column.name, value=str(value)[:200], type=column.type, example=EXAMPLES[column.type]
        ) from None


def kept(column: Column, value: Any) -> bool:
    """Is this a value, or None, as the copy could hold it in that column?  Asked of paging keys."""
    if value is None:
        return True
    if column.type in ("integer", "boolean"):
        return isinstance(value, int) and -_LARGEST <= value < _LARGEST
    if column.type == "number":
        return isinstance(value, float | int) and not isinstance(value, bool) and abs(value) < 1e309
    return isinstance(value, str) and _encodable(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, list | dict) or value is None or not _encodable(text):
        raise ValueError(text)
    return text


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and not (text.isascii() and text.lstrip("+-").isdigit() and len(text) < 21):
        raise ValueError(text)
    number = int(text)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError(text)
    return number


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError(value)
    number = float(value)
    if math.isnan(number) or math.isinf(number):
        raise ValueError(value)
    return number


def _boolean(value: Any) -> int:
    word = str(value).strip().lower()
    if word in TRUE:
        return 1
    if word in FALSE:
        return 0
    raise ValueError(value)


def _date(value: Any) -> str:
    return date.fromisoformat(str(value).strip()[:10] if _midnight(value) else str(value).strip()).isoformat()


def _midnight(value: Any) -> bool:
    return str(value).strip()[10:] in ("T00:00:00", " 00:00:00", "T00:00:00Z")


def _datetime(value: Any) -> str:
    moment = datetime.fromisoformat(str(value).strip())
    if moment.tzinfo is not None:
        moment = moment.replace(tzinfo=None)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    if moment.microsecond % 1000:
        return f"{text}.{moment.microsecond:06d}"
    return f"{text}.{moment.microsecond // 1000:03d}" if moment.microsecond else text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_READERS: dict[str, Callable[[Any], Value]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}

"""Two spellings of a query: the row API's parameters and CKAN's arguments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kaishu.base import settings
from kaishu.base.errors import several
from kaishu.delivery.columns import Column, Columns
from kaishu.delivery.errors import (
    BadParameter,
    OperatorNotForType,
    UnknownColumn,
    UnknownOperator,
    UnknownParameter,
)
from kaishu.delivery.filters import OPS, TEXT_OPS, TEXT_TYPES, Filter
from kaishu.delivery.nested import LONGEST_LIST, nested_filters
from kaishu.delivery.values import FALSE, TRUE, typed

CKAN_LIMIT = 32_000
#: Where CKAN's clients want missing values; here they are the smallest, so they stand where these say.
_NULLS = re.compile(r"(?<= desc) nulls last$|(?<= asc) nulls first$", re.IGNORECASE)
MOST_FILTERS = 50
MOST_SORTS = 10


def row_parameters(columns: Columns, params: Mapping[str, str] | Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Fields of a ``RowQuery`` from ``列=值``, ``列__gt=值``, ``_sort=-列`` and so on."""
    found: dict[str, Any] = {}
    filters: list[Filter] = []
    for name, value in _pairs(params):
        if name in _RESERVED:
            field, reader = _RESERVED[name]
            found[field] = reader(columns, value)
        elif name.startswith("_") and not {name, name.rpartition("__")[0]} & columns.by_name.keys():
            raise UnknownParameter(parameter=name[:200], existing=several(_RESERVED))
        else:
            filters.append(_filter(columns, name, value))
    if len(filters) > MOST_FILTERS:
        raise _bad("filters", len(filters), f"至多 {MOST_FILTERS} 个", f"at most {MOST_FILTERS}")
    return found | {"filters": tuple(filters)}


def ckan_arguments(columns: Columns, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a ``RowQuery`` from filters, q, distinct, limit, offset, fields, sort, include_total."""
    filters = _loaded("filters", arguments.get("filters"), "{[")
    words = _loaded("q", arguments.get("q"))
    found: dict[str, Any] = {
        "filters": nested_filters(columns, filters, _suits),
        "limit": min(_whole("limit", arguments.get("limit", 100)), CKAN_LIMIT),
        "offset": _whole("offset", arguments.get("offset") or 0),
        "sort": _ckan_sort(columns, arguments.get("sort")),
        "distinct": _truth("distinct", arguments.get("distinct", False)),
        "count": _truth("include_total", arguments.get("include_total", True)),
    }
    if isinstance(words, dict):
        found["filters"] += tuple(
            Filter(_texty(columns, name).name, "contains", str(value)) for name, value in words.items()
        )
    elif words not in (None, ""):
        found["search"] = str(words)
    fields = arguments.get("fields")
    if fields:
        names = fields if isinstance(fields, list) else str(fields).split(",")
        found["columns"] = tuple(columns.named(str(name).strip()).name for name in names)
    return found


def _pairs(params: Any) -> Iterable[tuple[str, str]]:
    if hasattr(params, "multi_items"):
        return list(params.multi_items())
    return list(params.items()) if isinstance(params, Mapping) else list(params)


def _filter(columns: Columns, name: str, value: str) -> Filter:
    if name in columns.by_name:
        return Filter(name, "eq", typed(columns.by_name[name], value))
    stem, mark, op = name.rpartition("__")
    if not mark or stem not in columns.by_name:
        raise UnknownColumn(column=name[:200], existing=columns.listing())
    column = columns.by_name[stem]
    if op not in OPS:
        raise UnknownOperator(column=stem, operator=op[:50], existing=several(OPS))
    if op in ("isnull", "notnull"):
        yes = _truth(name, value) == (op == "isnull")
        return Filter(stem, "isnull" if yes else "notnull")
    if op == "in":
        return Filter(stem, op, _members(column, value.split(",")))
    _suits(column, op)
    return Filter(stem, op, str(value) if op in TEXT_OPS else typed(column, value))


def _members(column: Column, values: list[Any]) -> tuple[Any, ...]:
    if len(values) > LONGEST_LIST:
        raise _bad(column.name, len(values), f"至多 {LONGEST_LIST} 个值", f"at most {LONGEST_LIST} values")
    return tuple(typed(column, value) for value in values)


def _suits(column: Column, op: str) -> None:
    if (op in TEXT_OPS and column.type not in TEXT_TYPES) or (
        op in ("lt", "le", "gt", "ge") and column.type == "boolean"
    ):
        fit = [o for o in OPS if o not in TEXT_OPS]
        if column.type == "boolean":
            fit = ["eq", "ne", "in", "isnull", "notnull"]
        raise OperatorNotForType(column=column.name, type=column.type, operator=op, existing=several(fit))


def _texty(columns: Columns, name: str) -> Column:
    column = columns.named(name)
    _suits(column, "contains")
    return column


def _loaded(name: str, value: Any, begins: str = "{") -> Any:
    """CKAN takes objects as JSON text too, as a GET has nothing else."""
    if isinstance(value, str) and value.strip()[:1] in tuple(begins):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise _bad(name, value, "JSON 对象", "a JSON object") from None
    return value


def _sort(columns: Columns, value: str) -> tuple[tuple[str, bool], ...]:
    keys = []
    for part in value.split(","):
        name, down = part.strip(), False
        if name not in columns.by_name and name[:1] in "+-":
            name, down = name[1:], name[:1] == "-"
        keys.append((columns.named(name).name, down))
    return _few(value, keys)


def _ckan_sort(columns: Columns, value: Any) -> tuple[tuple[str, bool], ...]:
    if not value:
        return ()
    keys = []
    for part in value if isinstance(value, list) else str(value).split(","):
        name, down = _NULLS.sub("", str(part).strip()), False
        if name not in columns.by_name:
            stem, _, word = name.rpartition(" ")
            if word.lower() in ("asc", "desc") and stem:
                name, down = stem.strip(), word.lower() == "desc"
            name = name.strip('"')
        keys.append((columns.named(name).name, down))
    return _few(str(value), keys)


def _few(value: str, keys: list[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    if len(keys) > MOST_SORTS:
        raise _bad("_sort", value[:50], f"至多 {MOST_SORTS} 列", f"at most {MOST_SORTS} columns")
    seen: dict[str, bool] = {}
    for name, down in keys:
        seen.setdefault(name, down)
    return tuple(seen.items())


def _names(columns: Columns, value: str) -> tuple[str, ...]:
    if value in columns.by_name:
        return (value,)
    return tuple(dict.fromkeys(columns.named(part.strip()).name for part in value.split(",")))


def _limit(columns: Columns, value: str) -> int:
    most = settings.number("row_limit")
    limit = _whole("_limit", value)
    if limit > most:
        raise _bad("_limit", value, f" 0 至 {most} 的整数", f"a whole number from 0 to {most}")
    return limit


def _offset(columns: Columns, value: str) -> int:
    return _whole("_offset", value)


def _search(columns: Columns, value: str) -> str | None:
    return value if value.strip() else None


def _whole(name: str, value: Any) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _bad(name, value, "非负整数", "a whole number, 0 or more")
    return int(text)


def _truth(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in TRUE and word not in FALSE:
        raise _bad(name, value, " true 或 false", "true or false")
    return word in TRUE


def _bad(name: str, value: Any, zh: str, en: str) -> BadParameter:
    return BadParameter(parameter=name, value=str(value)[:200], wanted_zh=zh, wanted_en=en)


_RESERVED: dict[str, tuple[str, Callable[[Columns, str], Any]]] = {
    "_columns": ("columns", _names),
    "_sort": ("sort", _sort),
    "_search": ("search", _search),
    "_limit": ("limit", _limit),
    "_cursor": ("cursor", lambda columns, value: value or None),
    "_offset": ("offset", _offset),
    "_count": ("count", lambda columns, value: _truth("_count", value)),
    "_distinct": ("distinct", lambda columns, value: _truth("_distinct", value)),
}

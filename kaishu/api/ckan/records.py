"""Records that programs send for a table: their fields, their values, how they change the rows there are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from kaishu.base.errors import Invalid, Said

MOST = 200_000
#: PostgreSQL's types, as CKAN's clients name them, to ours.
TYPES = {
    "text": "text",
    "varchar": "text",
    "json": "text",
    "jsonb": "text",
    "int": "integer",
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "integer": "integer",
    "smallint": "integer",
    "bigint": "integer",
    "float": "number",
    "float4": "number",
    "float8": "number",
    "real": "number",
    "double precision": "number",
    "numeric": "number",
    "decimal": "number",
    "bool": "boolean",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "timestamptz": "datetime",
}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
METHODS = ("upsert", "insert", "update")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's fields (name to our type), its rows and the fields that tell them apart."""

    fields: dict[str, str]
    rows: list[Row]
    key: tuple[str, ...] = ()

    def document(self) -> tuple[str, bytes]:
        """The format and the bytes of a file that says it all: lines of JSON, without rows a header alone."""
        if not self.rows:
            text = io.StringIO()
            csv.writer(text).writerow(self.fields)
            return "csv", text.getvalue().encode()
        lines = (orjson.dumps({name: row.get(name) for name in self.fields}) for row in self.rows)
        return "ndjson", b"\n".join(lines) + b"\n"


def fields_of(given: Any) -> dict[str, str]:
    """``fields`` as [{id, type}], names to our types, empty where none is said.  Raises ``Invalid``."""
    found: dict[str, str] = {}
    for place, each in enumerate(_list("fields", given)):
        name = each.get("id") if isinstance(each, Mapping) else None
        if not isinstance(name, str) or not name.strip() or name.startswith("_") or '"' in name:
            raise _wrong("fields", f"第{place + 1}个没有可用的 id。", f"field {place + 1} has no valid id")
        kind = str(each.get("type") or "").strip().lower()
        if kind and kind not in TYPES:
            known = ", ".join(TYPES)
            raise _wrong(
                "fields", f"没有类型“{kind[:50]}”：{known}", f'no type "{kind[:50]}"; known: {known}'
            )
        if name.strip() in found:
            raise _wrong("fields", f"“{name}”重复。", f'"{name}" is given twice')
        found[name.strip()] = TYPES[kind] if kind else ""
    return found


def records_of(given: Any) -> list[Row]:
    """``records`` as a list of objects.  Raises ``Invalid``."""
    found = _list("records", given)
    if len(found) > MOST:
        raise _wrong("records", f"一次最多{MOST}条，请上传文件。", f"at most {MOST}; upload a file instead")
    for place, each in enumerate(found):
        if not isinstance(each, Mapping):
            raise _wrong("records", f"第{place + 1}条应为对象。", f"record {place + 1} is not an object")
    return [{str(key): value for key, value in each.items() if key != "_id"} for each in found]


def key_of(given: Any, fields: Mapping[str, str]) -> tuple[str, ...]:
    """``primary_key`` as a list or words with commas.  Raises ``Invalid`` for what is not a field."""
    names = given.split(",") if isinstance(given, str) else _list("primary_key", given)
    found = tuple(dict.fromkeys(str(name).strip() for name in names if str(name).strip()))
    for name in found:
        if name not in fields:
            raise _wrong("primary_key", f"没有字段“{name[:100]}”。", f'there is no field "{name[:100]}"')
    return found


def guessed(fields: Mapping[str, str], records: Sequence[Row]) -> dict[str, str]:
    """The fields with a type each; what is not said is told by the values, unknown keys become fields."""
    found = dict(fields)
    if not found:
        found = {name.strip(): "" for record in records for name in record}
        if any(not name or name.startswith("_") or '"' in name for name in found):
            raise _wrong("records", "字段名不可用。", "a key is no valid name of a field")
    for name, kind in found.items():
        if not kind:
            values = [record[name] for record in records if record.get(name) is not None]
            found[name] = _kind(values)
    return found


def changed(there: Rows, records: Sequence[Row], method: str) -> Rows:
    """The rows after records were put in.  Raises ``Invalid`` and changes nothing if one does not fit."""
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise _wrong("method", f"应为：{known}", f"must be one of {known}")
    if method != "insert" and not there.key:
        raise _wrong("table", "数据表没有主键，只能 insert。", "table does not have a unique key defined")
    places = {_mark(there.key, row): place for place, row in enumerate(there.rows)} if there.key else {}
    rows = list(there.rows)
    for number, record in enumerate(records, 1):
        _check_known(there.fields, record, number)
        row = {name: fit(value, there.fields[name], name, number) for name, value in record.items()}
        if not there.key:
            rows.append(row)
            continue
        mark = _mark(there.key, row)
        if any(part is None for part in mark):
            raise _wrong("records", f"第{number}条缺少主键。", f"record {number} lacks the primary key")
        place = places.get(mark)
        if place is None and method == "update":
            raise _wrong("key", f"没有主键为 {list(mark)} 的行。", f'key "{list(mark)}" not found')
        if place is not None and method == "insert":
            raise _wrong(
                "records", f"第{number}条的主键已有。", f"record {number}: duplicate key {list(mark)}"
            )
        if place is None:
            places[mark] = len(rows)
            rows.append(row)
        else:
            rows[place] = {**rows[place], **row}
    if len(rows) > MOST:
        raise too_many()
    return Rows(there.fields, rows, there.key)


def too_many() -> Invalid:
    """This way is for small tables."""
    return _wrong(
        "resource_id",
        f"超过{MOST}行的数据表请用 resource_update 上传文件。",
        f"a table of more than {MOST} rows is changed by uploading a file with resource_update",
    )


def fit(value: Any, kind: str, name: str, number: int) -> Any:
    """A value as its field takes it.  Raises ``Invalid`` naming record and field."""
    if value is None or (value == "" and kind != "text"):
        return None
    try:
        return _fitted(value, kind)
    except (ValueError, TypeError, OverflowError) as error:
        raise _wrong(
            "records",
            f"第{number}条“{name}”不是 {kind}：{str(value)[:100]}",
            f'record {number}, field "{name}": not {kind}: {str(value)[:100]}',
        ) from error


def _fitted(value: Any, kind: str) -> Any:
    if kind == "text":
        return value if isinstance(value, str) else orjson.dumps(value).decode()
    if isinstance(value, list | dict) or (isinstance(value, bool) and kind != "boolean"):
        raise ValueError(value)
    if kind == "boolean":
        word = str(value).strip().lower()
        if word not in ("true", "false", "t", "f", "1", "0", "yes", "no"):
            raise ValueError(value)
        return word in ("true", "t", "1", "yes")
    if isinstance(value, str) and kind in ("integer", "number") and not NUMBER.fullmatch(value.strip()):
        raise ValueError(value)
    if kind == "integer":
        whole = int(value) if not isinstance(value, float) or value.is_integer() else None
        if whole is None or not -(2**63) <= whole < 2**63:
            raise ValueError(value)
        return whole
    if kind == "number":
        number = float(value)
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError(value)
        return number
    if kind == "date":
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    # the time on the clock where it was written, as PostgreSQL's timestamp keeps it
    return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None).isoformat()


def _kind(values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values}
    if not kinds or kinds - {bool, int, float}:
        return "text"
    if bool in kinds:
        return "boolean" if kinds == {bool} else "text"
    return "number" if float in kinds else "integer"


def _check_known(fields: Mapping[str, str], record: Row, number: int) -> None:
    for name in record:
        if name not in fields:
            raise _wrong(
                "records",
                f"第{number}条：没有字段“{name[:100]}”。",
                f'record {number}: fields "{name[:100]}" do not exist',
            )


def _mark(key: Sequence[str], row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in key)


def _list(name: str, given: Any) -> list[Any]:
    if isinstance(given, str) and given.strip():
        try:
            given = orjson.loads(given)
        except orjson.JSONDecodeError as error:
            raise _wrong(name, "不是合法的 JSON。", "not valid JSON") from error
    if given in (None, ""):
        return []
    if not isinstance(given, list):
        raise _wrong(name, "应为列表。", "Not a list")
    return given


def _wrong(name: str, zh: str, en: str) -> Invalid:
    return Invalid({name: [Said(zh, en)]})

"""What a person may say about a file before it is read; everything left out is found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kaishu.base.errors import Invalid

TYPES = ("text", "integer", "number", "boolean", "date", "datetime")
FORMATS = ("csv", "tsv", "xls", "xlsx", "json", "ndjson", "xml", "geojson", "parquet")
_WORDS = ("format", "encoding", "delimiter", "sheet", "member", "record_path")
_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a table; None means find out.

    ``header_row`` is the 1-based line or row of the last header row, 0 says that there is none.
    ``member`` names a file inside a zip, ``record_path`` the place of the records in JSON (``data.items``)
    or XML (``l/p``).  ``types`` and ``names`` are keyed by column name: the final name and the name as
    found, in that order.  With ``may_be_empty`` a header without rows is a table too.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    member: str | None = None
    record_path: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: bool = False

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> ReadOptions:
        """Options from plain JSON; empty strings count as not given.  Raises ``Invalid``."""
        problems: dict[str, list[str]] = {}
        values: dict[str, Any] = {}
        for word in _WORDS:
            value = given.get(word)
            if value is not None and not isinstance(value, str):
                problems[word] = ["应为文字 / must be text"]
            elif value:
                values[word] = value
        _check_format(values, problems)
        _check_delimiter(values, problems)
        _check_header(given.get("header_row"), values, problems)
        for word in ("types", "names"):
            _check_mapping(word, given.get(word), values, problems)
        values["may_be_empty"] = given.get("may_be_empty") or False
        if not isinstance(values["may_be_empty"], bool):
            problems["may_be_empty"] = ["应为 true 或 false / must be true or false"]
        unknown = sorted(set(given) - {*_WORDS, "header_row", "types", "names", "may_be_empty"})
        for word in unknown:
            problems[word] = ["没有这个选项 / there is no such option"]
        if problems:
            raise Invalid(problems)
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON with the given options only; ``from_dict`` turns it back."""
        found = {word: getattr(self, word) for word in (*_WORDS, "header_row")}
        kept: dict[str, Any] = {word: value for word, value in found.items() if value is not None}
        if self.may_be_empty:
            kept["may_be_empty"] = True
        kept.update({word: dict(getattr(self, word)) for word in ("types", "names") if getattr(self, word)})
        return kept


def _check_format(values: dict[str, Any], problems: dict[str, list[str]]) -> None:
    if "format" in values:
        values["format"] = values["format"].lower().lstrip(".")
        if values["format"] not in FORMATS:
            problems["format"] = [f"只能是 / one of: {', '.join(FORMATS)}"]


def _check_delimiter(values: dict[str, Any], problems: dict[str, list[str]]) -> None:
    if "delimiter" in values:
        values["delimiter"] = mark = _DELIMITER_NAMES.get(values["delimiter"].lower(), values["delimiter"])
        if len(mark) != 1 or not mark.isascii() or mark in '"\r\n\0' or mark.isalnum():
            problems["delimiter"] = ["应为一个英文标点或制表符 / must be one ASCII mark or tab"]


def _check_header(value: Any, values: dict[str, Any], problems: dict[str, list[str]]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        problems["header_row"] = ["应为 0 到 10000 的整数 / must be a whole number from 0 to 10000"]
    else:
        values["header_row"] = value


def _check_mapping(word: str, value: Any, values: dict[str, Any], problems: dict[str, list[str]]) -> None:
    if value is None:
        return
    if not isinstance(value, Mapping) or not all(
        isinstance(key, str) and isinstance(entry, str) for key, entry in value.items()
    ):
        problems[word] = ["应为文字到文字的对照 / must map text to text"]
        return
    kept = {key: entry.strip() for key, entry in value.items() if entry.strip()}
    if word == "types":
        wrong = sorted(set(kept.values()) - set(TYPES))
        if wrong:
            problems[word] = [f"{', '.join(wrong)}: 只能是 / one of: {', '.join(TYPES)}"]
            return
    if kept:
        values[word] = kept

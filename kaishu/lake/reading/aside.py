"""Rows that could not be read: kept as NDJSON with line number, reason and the text as it stood."""

from __future__ import annotations

from collections import Counter
from typing import BinaryIO

import orjson

REASONS: dict[str, tuple[str, str]] = {
    "ragged-row": (
        "该行有{found}列，表头有{expected}列",
        "the row has {found} fields, the header {expected}",
    ),
    "unclosed-quote": (
        "双引号直到文件末尾没有闭合",
        "a double quote is not closed before the end of the file",
    ),
    "section-row": ("分节标题，不是数据", "a section title, not data"),
    "note-row": ("表尾注释，不是数据", "a note below the table, not data"),
    "not-integer": ("“{column}”列的值“{value}”不是整数", '"{value}" in column "{column}" is not an integer'),
    "not-number": ("“{column}”列的值“{value}”不是数值", '"{value}" in column "{column}" is not a number'),
    "not-boolean": ("“{column}”列的值“{value}”不是是否值", '"{value}" in column "{column}" is not a boolean'),
    "not-date": ("“{column}”列的值“{value}”不是日期", '"{value}" in column "{column}" is not a date'),
    "not-datetime": (
        "“{column}”列的值“{value}”不是日期时间",
        '"{value}" in column "{column}" is not a datetime',
    ),
    "broken-json": ("该行不是有效的 JSON：{detail}", "the line is not valid JSON: {detail}"),
    "not-record": ("该条不是记录（对象）", "the entry is not a record (object)"),
    "key-twice": (
        "主键“{key}”在本批第{row}条和第{other}条各出现一次",
        'key "{key}" is in records {row} and {other} of this batch',
    ),
    "key-missing": ("本批第{row}条的主键是空的", "record {row} of this batch has no key"),
    "key-twice-in-table": (
        "主键“{key}”在数据表中不止一行（第一行 _id 为 {other}）",
        'key "{key}" is in several rows of the table (the first has _id {other})',
    ),
    "operation-unknown": (
        "本批第{row}条的操作不是 I、U、D",
        "the operation of record {row} of this batch is none of I, U and D",
    ),
}

#: The reasons without what they name, for a count of rows.
SHORT: dict[str, tuple[str, str]] = {
    "ragged-row": ("列数与表头不同", "other number of fields than the header"),
    "unclosed-quote": ("双引号没有闭合", "a double quote is not closed"),
    "section-row": ("分节标题", "section titles"),
    "note-row": ("表尾注释", "notes below the table"),
    "not-integer": ("值不是整数", "a value is not an integer"),
    "not-number": ("值不是数值", "a value is not a number"),
    "not-boolean": ("值不是是否值", "a value is not a boolean"),
    "not-date": ("值不是日期", "a value is not a date"),
    "not-datetime": ("值不是日期时间", "a value is not a datetime"),
    "broken-json": ("不是有效的 JSON", "not valid JSON"),
    "not-record": ("不是记录", "not a record"),
    "key-twice": ("主键在本批出现不止一次", "the key is in the batch more than once"),
    "key-missing": ("主键是空的", "no key"),
    "key-twice-in-table": ("主键在数据表中不止一行", "the key is in several rows of the table"),
    "operation-unknown": ("操作不是 I、U、D", "an operation that is none of I, U and D"),
}

_FOOTERS = (
    "注：",
    "注:",
    "注1",
    "注释",
    "备注：",
    "说明：",
    "说明:",
    "数据来源",
    "资料来源",
    "来源：",
    "Source:",
    "Note:",
)


def is_footer(text: str) -> bool:
    """Whether a lone cell reads like a note below a table."""
    return text.strip().startswith(_FOOTERS)


class SetAside:
    """Writes set-aside rows and counts them by reason."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.counts: Counter[str] = Counter()

    def add(self, line: int, reason: str, text: str, **facts: object) -> None:
        """One row, with the facts that the reason's sentence names."""
        zh, en = REASONS[reason]
        short = {key: value[:100] if isinstance(value, str) else value for key, value in facts.items()}
        self._out.write(
            orjson.dumps(
                {
                    "line": line,
                    "reason": reason,
                    "zh": zh.format(**short),
                    "en": en.format(**short),
                    "text": text,
                }
            )
            + b"\n"
        )
        self.counts[reason] += 1

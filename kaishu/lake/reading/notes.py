"""Reading notes: what was found and done while a table was read.  Each code has a line in docs/reading.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kaishu.lake.reading.aside import SHORT

NOTES: dict[str, tuple[str, str]] = {
    "byte-order-mark": (
        "文件开头有字节顺序标记（{encoding}）。",
        "The file begins with a byte-order mark ({encoding}).",
    ),
    "not-utf8": (
        "文件不是 UTF-8（第{line}行、字节偏移 {offset} 处不符），按 GB18030 读取。",
        "The file is not UTF-8 (from line {line}, byte offset {offset}) and was read as GB18030.",
    ),
    "zip-member": (
        "压缩包内有{count}个文件，读取了“{member}”。",
        'The archive holds {count} files; "{member}" was read.',
    ),
    "sheet-chosen": (
        "工作簿有{count}个工作表，读取了“{sheet}”。",
        'The workbook has {count} sheets; "{sheet}" was read.',
    ),
    "comment-line": (
        "表头之前有{count}行以 # 开头的注释：{text}",
        "{count} comment lines (#) above the header: {text}",
    ),
    "title-rows": ("表头之前有{count}行标题：{text}", "{count} title rows above the header: {text}"),
    "no-header": (
        "文件没有表头，列名为列1、列2……",
        "The file has no header row; columns are named 列1, 列2 …",
    ),
    "joined-header": (
        "表头占{count}行，已合并为一行列名。",
        "The header takes {count} rows, joined into one row of names.",
    ),
    "blank-header": (
        "第{position}列没有列名，命名为“{name}”。",
        'Column {position} has no name and is called "{name}".',
    ),
    "duplicate-header": (
        "第{position}列的列名“{source}”重复，改为“{name}”。",
        'Column {position} repeats the name "{source}" and is called "{name}".',
    ),
    "changed-header": (
        "第{position}列的列名“{source}”改写为“{name}”。",
        'The name of column {position}, "{source}", was written as "{name}".',
    ),
    "trailing-delimiter": (
        "每行末尾多一个分隔符，第{position}列全空，未收入。",
        "Every line ends in a delimiter: the empty column {position} is left out.",
    ),
    "empty-column": (
        "第{position}列没有列名也没有内容，未收入。",
        "Column {position} has neither name nor content and is left out.",
    ),
    "merged-filled": (
        "{count}处合并单元格已把内容填入每一格。",
        "{count} merged cells were filled into every cell they cover.",
    ),
    "blank-lines": ("空行{count}个，不计入行数。", "{count} blank lines, not counted as rows."),
    "section-rows": (
        "表内有{count}行分节标题，已另存。",
        "{count} section rows inside the table were set aside.",
    ),
    "set-aside": (
        "{count}行未能读入，已连同原因另存：{reason}。",
        "Rows set aside with their reason: {count} ({reason}).",
    ),
    "missing-token": (
        "“{column}”列中的“{token}”{count}处作缺失处理。",
        'In column "{column}", "{token}" was read as missing {count} times.',
    ),
    "type-widened": (
        "“{column}”列第{row}行的值“{value}”不是{narrow}，整列按{wider}读取。",
        'Column "{column}" is read as {wider}: the value "{value}" in line {row} is not {narrow}.',
    ),
    "column-appeared": ("第{row}行起出现“{column}”列。", 'The column "{column}" first appears in row {row}.'),
    "rounded-number": (
        "“{column}”列有{count}个数超过17位有效数字，已取最接近的双精度数。",
        'Column "{column}" holds {count} numbers of more than 17 digits, kept as the nearest double.',
    ),
    "excel-digits": (
        "“{column}”列有{count}个超过15位的数以数值存放，后面的位数在存入 Excel 时已丢失。",
        'Column "{column}" holds {count} numbers of more than 15 digits stored as numbers; '
        "their last digits were lost when they were saved in Excel.",
    ),
    "formula-cells": (
        "有{count}个公式单元格，读取的是保存的结果。",
        "{count} formula cells: their saved results were read.",
    ),
    "formula-without-value": (
        "有{count}个公式单元格没有保存结果，读作空值。",
        "{count} formula cells have no saved result and were read as empty.",
    ),
    "error-cells": (
        "有{count}个错误单元格（如 #N/A），读作空值。",
        "{count} error cells (such as #N/A) were read as empty.",
    ),
    "hidden-sheets": (
        "有{count}个隐藏的工作表未读取：{names}",
        "{count} hidden sheets were not read: {names}",
    ),
    "nested-values": (
        "“{column}”列含嵌套内容，按 JSON 文本保存。",
        'Column "{column}" holds nested values, kept as JSON text.',
    ),
    "nested-records": (
        "记录取自“{path}”，上级的内容已带入每条记录。",
        'Records were taken from "{path}"; what stands above them was carried into each.',
    ),
    "parents-without-records": (
        "“{path}”的上级中有{count}个没有记录，不产生行。",
        '{count} parents of "{path}" hold no records and give no row.',
    ),
    "compact-dates": (
        "“{column}”列的八位数字读作日期。",
        'The eight digits in column "{column}" were read as dates.',
    ),
    "zoned-times": (
        "“{column}”列的时刻带时区，换算为协调世界时。",
        'The times in column "{column}" carry a zone and were turned into UTC.',
    ),
    "binary-column": (
        "“{column}”列是二进制内容，按 Base64 文本保存。",
        'Column "{column}" is binary, kept as Base64 text.',
    ),
    "decimal-column": (
        "“{column}”列是高精度小数，按文字保存。",
        'Column "{column}" holds exact decimals too long for a double, kept as text.',
    ),
    "key-twice": (
        "主键“{key}”在本批第{row}条和第{other}条各出现一次，两条都未并入。",
        'Key "{key}" is in records {row} and {other} of this batch; neither was merged.',
    ),
    "deletions-unknown": (
        "{count}条删除指向表中没有的主键，未作改动。",
        "{count} deletions name keys that the table does not have; nothing was done.",
    ),
    "missing-rows-kept": (
        "本批有未能读入的行，因此没有删除“本批中缺少”的行。",
        "Some rows of this batch were set aside, so no row was deleted for being absent from it.",
    ),
    "table-rewritten": (
        "改动已积累较多，本批重写了整表（{count}行）；旧版不受影响。",
        "Changes had piled up, so this batch wrote the whole table ({count} rows); older versions stay.",
    ),
}


@dataclass(slots=True)
class Note:
    """One reading note: a code, a sentence in two languages, the facts in it."""

    code: str
    zh: str
    en: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """``{"code", "zh", "en", **facts}``."""
        return {**self.facts, "code": self.code, "zh": self.zh, "en": self.en}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Note:
        """Reverse of ``to_dict``."""
        facts = {key: value for key, value in given.items() if key not in ("code", "zh", "en")}
        return cls(given["code"], given["zh"], given["en"], facts)


def make_note(code: str, **facts: Any) -> Note:
    """A note of that code with its sentences filled in; KeyError for an unknown code."""
    zh, en = NOTES[code]
    if code == "set-aside":
        first, second = SHORT[facts["reason"]]
        return Note(
            code, zh.format(**{**facts, "reason": first}), en.format(**{**facts, "reason": second}), facts
        )
    return Note(code, zh.format(**facts), en.format(**facts), facts)

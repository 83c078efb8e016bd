"""Errors of compilation."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal


class NoDutyColumn(Terminal):
    """The file has no column that names duties."""

    code = "compilation.no-duty-column"
    zh = "文件“{file}”里找不到事项名称这一列。读到的列：{columns}。"
    en = 'The file "{file}" has no column that names the duties. Its columns: {columns}.'
    next_zh = "请把那一列的表头写成“事项名称”或“职权名称”，再上传一次。"
    next_en = "Give that column the heading 事项名称 or 职权名称 and upload the file again."


class DutyRowsWrong(Terminal):
    """Rows of a duty list are wrong, and taking only the good ones was not asked for."""

    code = "compilation.duty-rows-wrong"
    zh = "清单里有{count}行有问题，没有导入任何内容。第一处：第{row}行，{reason}"
    en = "{count} rows of the list are wrong; nothing was taken. The first: row {row}, {reason_en}"
    next_zh = "请改好这些行再上传，或选择只导入没有问题的行。"
    next_en = "Mend those rows and upload again, or choose to take only the good rows."


class AlreadyDecided(Conflict):
    """The proposal has been accepted or declined before."""

    code = "compilation.already-decided"
    zh = "建议“{information}”已经处理过了（{state}）。"
    en = 'The proposal "{information}" has been decided already ({state}).'


class NoSheetColumns(Terminal):
    """The file is not a catalogue sheet."""

    code = "compilation.no-sheet-columns"
    zh = "文件“{file}”不是目录表：找不到列“{missing}”。读到的列：{columns}。"
    en = 'The file "{file}" is no catalogue sheet: the column {missing} is missing. Its columns: {columns}.'
    next_zh = "请先取出目录表，在它上面修改，保留第一行的列名。"
    next_en = "Take the sheet out first and change that one; leave the headings in its first row."


class SheetRowsWrong(Terminal):
    """Rows of a sheet are wrong or in conflict, and taking only the good ones was not asked for."""

    code = "compilation.sheet-rows-wrong"
    zh = "目录表里有{count}处有问题，没有改动任何内容。第一处：{place}，{reason}"
    en = "{count} things in the sheet are wrong; nothing was changed. The first: {place_en}: {reason_en}"
    next_zh = "请按提示改好再放回，或选择只接受没有问题的行。"
    next_en = "Mend them as noted and put the sheet back, or choose to take only the good rows."

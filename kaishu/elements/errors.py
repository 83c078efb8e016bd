"""Errors of elements."""

from __future__ import annotations

from kaishu.base.errors import Conflict, Terminal


class BadRepresentation(Terminal):
    """A representation that the grammar does not know."""

    code = "elements.bad-representation"
    zh = "表示格式“{text}”不对：{why}。"
    en = 'The representation "{text}" is wrong: {why_en}.'
    next_zh = "例如 an..100（最多100个字符）、n6（6位数字）、d8（YYYYMMDD）、n..10,2（最多10位、小数2位）。"
    next_en = (
        "For example an..100 (up to 100 characters), n6 (6 digits), d8 (YYYYMMDD), n..10,2 (2 decimals)."
    )


class Shipped(Conflict):
    """A shipped element or code set cannot be changed here."""

    code = "elements.shipped"
    zh = "“{name}”随软件提供，只能查阅，不能修改。"
    en = '"{name}" ships with the software and can only be read.'
    next_zh = "需要不同的口径时，请用另一个标识提出本地的数据元或代码集。"
    next_en = "Where you need it otherwise, propose a local one under another identifier."


class UnderReview(Conflict):
    """A version is being reviewed already."""

    code = "elements.under-review"
    zh = "“{name}”已有一个版本在审，请等它办结或先撤回。"
    en = 'A version of "{name}" is under review; wait for it or take it back first.'


class NotAgreed(Conflict):
    """Offices that were asked have objected, or have still time to answer."""

    code = "elements.not-agreed"
    zh = "还不能发布：{offices}。"
    en = "It cannot be released yet: {offices_en}."
    next_zh = "请等部门答复或期限届满；有异议的，协商后请该部门改答，或退回提出者。"
    next_en = "Wait for the answers or the last day; where an office objects, agree with it or send it back."


class InUse(Conflict):
    """A code set is still named by elements."""

    code = "elements.in-use"
    zh = "“{name}”还被这些数据元引用：{elements}。"
    en = 'These elements still refer to "{name}": {elements}.'
    next_zh = "请先修改或撤销这些数据元。"
    next_en = "Change or withdraw those elements first."


class NoSheetColumn(Terminal):
    """A sheet of elements or codes lacks a column that is needed."""

    code = "elements.no-sheet-column"
    zh = "文件“{file}”缺少这些列：{missing}。读到的列：{columns}。"
    en = 'The file "{file}" lacks these columns: {missing}. Its columns: {columns}.'
    next_zh = "请补上表头再上传；模板可以在数据元工作台下载。"
    next_en = "Add the headings and upload it again; the desk has a template."


class SheetRowsWrong(Terminal):
    """Rows of a sheet are wrong; nothing was taken."""

    code = "elements.sheet-rows-wrong"
    zh = "有{count}行不对，没有导入任何内容。第一处：第{row}行，{reason}"
    en = "{count} rows are wrong; nothing was taken. The first: row {row}, {reason_en}"
    next_zh = "请按提示改好后再导入。"
    next_en = "Mend them as noted and import again."

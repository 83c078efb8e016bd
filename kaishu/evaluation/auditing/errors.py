"""What can be wrong with a list of statements, with the formulas in it and with the tables they count."""

from __future__ import annotations

from kaishu.base.errors import Terminal
from kaishu.base.grammar import BadText
from kaishu.base.problems import BadFile, CellProblem


class BadFormula(BadText):
    """A formula cannot be read, or cannot be computed over the tables that are there."""

    code = "auditing.bad-formula"
    zh = "算式“{text}”第{place}个字符处：{reason_zh}"
    en = 'Formula "{text}", character {place}: {reason_en}'
    next_zh = "请改正算式；写法见文档 audit-figures。"
    next_en = "Mend the formula; the page audit-figures tells how formulas are written."


class BadStatements(BadFile[CellProblem]):
    """A list of statements cannot be checked; every problem is named with its row and column."""

    code = "auditing.bad-statements"
    zh = "“{file}”有{count}处问题：{summary}"
    en = '"{file}" has {count_en}: {summary}'
    next_zh = "请按行和列改正后再试；各列的写法见文档 audit-figures。"
    next_en = "Mend the cells named and try again; the page audit-figures tells what the columns mean."


class TableUnreadable(Terminal):
    """A CSV file cannot be read as a table."""

    code = "auditing.table-unreadable"
    zh = "“{file}”读不成表：{reason_zh}"
    en = '"{file}" cannot be read as a table: {reason_en}'
    next_zh = "请另存为 UTF-8 的 CSV，第一行是各不相同的列名。"
    next_en = "Save it as CSV in UTF-8 whose first line names the columns, each once."

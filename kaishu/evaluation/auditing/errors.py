"""What can be wrong with a list of statements, with the formulas in it and with the tables they count."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu.base.errors import Said, Terminal, in_language
from kaishu.base.grammar import BadText
from kaishu.base.problems import BadFile


class BadFormula(BadText):
    """A formula cannot be read, or cannot be computed over the tables that are there."""

    code = "auditing.bad-formula"
    zh = "算式“{text}”第{place}个字符处：{reason_zh}"
    en = 'Formula "{text}", character {place}: {reason_en}'
    next_zh = "请改正算式；写法见文档 audit-figures。"
    next_en = "Mend the formula; the page audit-figures tells how formulas are written."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the line in the file (from 1, the header is 1), the column, what is wrong."""

    line: int
    column: str
    said: Said

    def sentence(self, language: str) -> str:
        """Place and message in one language."""
        words = in_language(self.said, language)
        if language == "en":
            return f"line {self.line}, column {self.column}: {words}"
        return f"第{self.line}行，{self.column}列：{words}"


class BadStatements(BadFile[Problem]):
    """A list of statements cannot be checked; every problem is named with its line and column."""

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

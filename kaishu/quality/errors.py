"""What can be wrong with rules, and with what a rule refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaishu.base.errors import Said, Terminal, in_language


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a rule file: line (from 1; 0 unknown), the key as a path, what is wrong."""

    line: int
    key: str
    said: Said

    def sentence(self, language: str) -> str:
        """Place and message in one language."""
        words = in_language(self.said, language)
        place = (f"line {self.line}" if language == "en" else f"第{self.line}行") if self.line else ""
        return " ".join(part for part in (place, self.key + ":" if self.key else "", words) if part)


class BadRules(Terminal):
    """A rule file cannot be used; every problem is named with its line and key."""

    code = "quality.bad-rules"
    zh = "规则文件“{file}”有{count}处问题：{summary}"
    en = 'The rule file "{file}" has {count} problems: {summary}'
    next_zh = "请按行号改正后再试；规则的写法见文档 quality-rules。"
    next_en = "Mend the lines named and try again; the page quality-rules tells how rules are written."

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        listed = [
            {"line": each.line, "key": each.key, "zh": str(each.said), "en": each.said.en}
            for each in problems
        ]
        super().__init__(file=file, count=len(listed), problems=listed, summary="")

    def sentence(self, language: str) -> str:
        """All problems, a line each."""
        summary = "".join(f"\n  {each.sentence(language)}" for each in self.problems)
        facts = {**self.facts, "summary": summary}
        return (self.en if language == "en" else self.zh).format(**facts)


class BadExpression(Terminal):
    """An expression between columns cannot be parsed, or compares what cannot be compared."""

    code = "quality.bad-expression"
    zh = "表达式“{text}”第{place}个字符处：{reason_zh}"
    en = 'Expression "{text}", character {place}: {reason_en}'
    next_zh = "请改正表达式。"
    next_en = "Mend the expression."

    @property
    def said(self) -> Said:
        """The reason with its place, as a sentence in two languages."""
        return Said(super().sentence("zh"), super().sentence("en"))


class ReferenceColumnMissing(Terminal):
    """The table that a rule refers to does not have the column."""

    code = "quality.reference-column-missing"
    zh = "规则参照的“{file}”没有“{column}”列；它有：{known}"
    en = 'A rule refers to column "{column}" of "{file}", which has: {known}'
    next_zh = "请改正规则里的 reference 或 reference-column。"
    next_en = "Mend reference or reference-column in the rule."


class ReferenceMissing(Terminal):
    """The file that a rule refers to is not there."""

    code = "quality.reference-missing"
    zh = "规则参照的文件“{file}”不存在。"
    en = 'A rule refers to the file "{file}", which does not exist.'
    next_zh = "路径从规则文件所在的文件夹算起；请检查。"
    next_en = "Paths count from the folder of the rule file; check it."

"""What can be wrong with a passport."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaishu.base.errors import NotFound, Said, Terminal, in_language


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a passport: line (from 1; 0 unknown), the key as a path, what is wrong."""

    line: int
    key: str
    said: Said

    def sentence(self, language: str) -> str:
        """Place and message in one language."""
        words = in_language(self.said, language)
        place = (f"line {self.line}" if language == "en" else f"第{self.line}行") if self.line else ""
        return " ".join(part for part in (place, self.key + ":" if self.key else "", words) if part)


class BadSystem(Terminal):
    """An indicator system cannot be used; every problem is named with its line and key."""

    code = "evaluation.bad-system"
    zh = "指标体系“{file}”有{count}处问题：{summary}"
    en = 'The indicator system "{file}" has {count} problems: {summary}'
    next_zh = "请按行号改正后再试；写法见文档 evaluation，或用 kaishu evaluate --schema 取得 JSON Schema。"
    next_en = (
        "Mend the lines named and try again; the page evaluation tells how it is written, "
        "and kaishu evaluate --schema prints its JSON Schema."
    )

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


class NoSystem(NotFound):
    """No built-in system of this name, and no file."""

    code = "evaluation.no-system"
    zh = "没有内置的指标体系“{name}”，也没有这个文件。内置的有：{known}"
    en = 'There is no built-in indicator system "{name}", and no such file. Built in are: {known}'
    next_zh = "请检查名称，或给出 YAML 文件的路径；kaishu evaluate --list 列出内置的体系。"
    next_en = (
        "Check the name, or give the path of a YAML file; kaishu evaluate --list names the built-in ones."
    )

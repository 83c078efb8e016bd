"""What keeps a census from being taken."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu.base.errors import NotFound, Said, in_language
from kaishu.base.problems import BadFile


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a file: row (the header is 1; 0: the whole file), column, what is wrong."""

    row: int
    column: str
    said: Said

    def sentence(self, language: str) -> str:
        """Place and message in one language."""
        words = in_language(self.said, language)
        if language == "en":
            place = [f"row {self.row}"] if self.row else []
            place += [f'column "{self.column}"'] if self.column else []
            return f"{', '.join(place)}: {words}" if place else words
        place = [f"第{self.row}行"] if self.row else []
        place += [f"“{self.column}”列"] if self.column else []
        return f"{''.join(place)}：{words}" if place else words


class BadCensusFile(BadFile[Problem]):
    """A file of platforms, themes, policies or decisions cannot be used; every problem has row and column."""

    code = "census.bad-file"
    zh = "“{file}”有{count}处问题：{summary}"
    en = '"{file}" has {count_en}: {summary}'
    next_zh = "请按行和列改正后再试；各列的写法见文档 census。"
    next_en = "Mend the cells named and try again; the page census tells what the columns are."

    shown = 30


class NoScheme(NotFound):
    """No theme scheme, platform or province of this name."""

    code = "census.no-scheme"
    zh = "没有叫“{name}”的主题体系、平台或省份。相近的有：{known}"
    en = 'There is no theme scheme, platform or province "{name}". Near to it: {known}'
    next_zh = "kaishu census schemes 列出全部；也可以给出一个文件，每行一个主题。"
    next_en = "kaishu census schemes lists them all; a file with a theme on each line will do, too."
